"""How the codes of a set are told apart: probabilities that sum to one, and exactly one tag.

Each code has its own classifier and its own calibrated log odds, as an independent marker has. Set against each other
by softmax they are probabilities of a set; what decides is fitted by `alliance_nlp.set_fitting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alliance_nlp.surroundings import Floats

DECIMALS = 4
"""Probabilities are rounded before a code is chosen, so that a table of them shows every decision."""


@dataclass(frozen=True, slots=True)
class SetRule:
    """How one code of a set is chosen.

    Attributes
    ----------
    columns : slice
        Where its codes stand among the markers.
    priorities : tuple of float
        By how much each code's probability is multiplied before one is chosen; above 1 for codes that the
        likeliest-code rule would pass over because they are rare.
    """

    columns: slice
    priorities: tuple[float, ...]

    def decide(self, probabilities: Floats) -> npt.NDArray[np.int64]:
        """Place of the code with the highest weighted probability, for each utterance.

        Parameters
        ----------
        probabilities : ndarray of shape (n_utterances, n_codes)
            See `set_probabilities`.
        """
        return np.asarray((probabilities * np.array(self.priorities)).argmax(axis=1))

    def apply(self, log_odds: Floats, probabilities: Floats, tags: npt.NDArray[np.bool_]) -> None:
        """Put the set's probabilities and tags into the columns of its codes.

        Parameters
        ----------
        log_odds, probabilities, tags : ndarray of shape (n_utterances, n_markers)
            Calibrated log odds of every marker; the other two are written into.
        """
        of_set = set_probabilities(log_odds[:, self.columns])
        probabilities[:, self.columns] = of_set
        tags[:, self.columns] = one_of(self.decide(of_set), of_set.shape[1])


def one_of(places: npt.NDArray[np.int64], n_codes: int) -> npt.NDArray[np.bool_]:
    """Mask of shape (n_utterances, n_codes) with one code of each utterance."""
    return np.asarray(places[:, None] == np.arange(n_codes))


def set_probabilities(log_odds: Floats) -> Floats:
    """Softmax of the codes' log odds, rounded so that each row still sums to one.

    Parameters
    ----------
    log_odds : ndarray of shape (n_utterances, n_codes)
        Calibrated for the set.

    Returns
    -------
    ndarray of shape (n_utterances, n_codes)
        In units of 10 to the minus `DECIMALS`, what rounding down leaves over going to the largest remainders.
    """
    exponentials = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    units = exponentials / exponentials.sum(axis=1, keepdims=True) * 10**DECIMALS
    whole = np.floor(units)
    missing = np.rint(10**DECIMALS - whole.sum(axis=1, keepdims=True))
    rank = np.argsort(np.argsort(whole - units, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(((whole + (rank < missing)) / 10**DECIMALS).round(DECIMALS))
