"""How strongly a marker's weights are held down: the choice among several penalties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alliance_nlp.classifier import fit_calibration
from alliance_nlp.evaluation import Codes, Floats
from alliance_nlp.logistic import sigmoid
from alliance_nlp.ratings import NOT_CODED

PENALTIES = (0.1, 0.4, 1.5, 6.0)
"""C of the logistic regressions that are tried, each about four times the one before."""


def choose_penalties(scores: Floats, codes: Codes) -> list[int]:
    """For each marker, the place of the penalty whose calibrated scores have the least log loss.

    Parameters
    ----------
    scores : ndarray of shape (n_penalties, n_utterances, n_markers)
        By models that had not seen the utterances.
    codes : ndarray of shape (n_utterances, n_markers)
        0, 1, or not coded; of each marker both are there.
    """
    chosen = []
    for marker, of_marker in enumerate(codes.T):
        rated = of_marker != NOT_CODED
        losses = [_log_loss(of_penalty[rated, marker], of_marker[rated]) for of_penalty in scores]
        chosen.append(int(np.argmin(losses)))
    return chosen


def scores_at(scores: Floats, chosen: Sequence[int]) -> Floats:
    """Of scores for several penalties, each marker's at its own; of shape (n_utterances, n_markers)."""
    return np.stack([scores[place, :, marker] for marker, place in enumerate(chosen)], axis=1)


def _log_loss(scores: Floats, codes: Codes) -> float:
    slope, offset = fit_calibration(scores, codes)
    probability_of_code = sigmoid(np.where(codes == 1, 1, -1) * (scores * slope + offset))
    return float(-np.log(np.maximum(probability_of_code, np.finfo(float).tiny)).mean())
