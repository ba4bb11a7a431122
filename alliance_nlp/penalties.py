"""How strongly a marker's weights are held down: the choice among several penalties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alliance_nlp.classifier import PENALTY_C, fit_calibration
from alliance_nlp.evaluation import Codes, Floats
from alliance_nlp.logistic import sigmoid
from alliance_nlp.ratings import NOT_CODED

PENALTIES = (0.1, 0.4, PENALTY_C, 6.0)
"""C of the logistic regressions that are tried, each about four times the one before."""


def choose_penalties(scores: Floats, codes: Codes) -> list[int]:
    """For each marker, the place of the penalty whose calibrated scores have the least log loss.

    The usual one is kept unless the mean of what another gains is above its standard error: the rule of one standard
    error (Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees, 3.4.3), on paired differences.
    A least that is one by chance costs more than it gives, most of all where a code is rare.

    Parameters
    ----------
    scores : ndarray of shape (n_penalties, n_utterances, n_markers)
        By models that had not seen the utterances; in the order of `PENALTIES`.
    codes : ndarray of shape (n_utterances, n_markers)
        0, 1, or not coded; of each marker both are there.
    """
    usual = PENALTIES.index(PENALTY_C)
    chosen = []
    for marker, of_marker in enumerate(codes.T):
        rated = of_marker != NOT_CODED
        losses = np.stack([_log_losses(of_penalty[rated, marker], of_marker[rated]) for of_penalty in scores])
        least = int(losses.mean(axis=1).argmin())
        gains = losses[usual] - losses[least]
        chosen.append(least if gains.mean() > gains.std() / np.sqrt(len(gains)) else usual)
    return chosen


def scores_at(scores: Floats, chosen: Sequence[int]) -> Floats:
    """Of scores for several penalties, each marker's at its own; of shape (n_utterances, n_markers)."""
    return np.stack([scores[place, :, marker] for marker, place in enumerate(chosen)], axis=1)


def _log_losses(scores: Floats, codes: Codes) -> Floats:
    """Of each utterance, once the scores are calibrated on all of them."""
    slope, offset = fit_calibration(scores, codes)
    probability_of_code = sigmoid(np.where(codes == 1, 1, -1) * (scores * slope + offset))
    return np.asarray(-np.log(np.maximum(probability_of_code, np.finfo(float).tiny)))
