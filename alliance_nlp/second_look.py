"""A second look at each utterance, once the whole session was seen: what the first scores say before and after it.

Stacked sequential learning (Cohen & Carvalho 2005): a strain shows more surely
where others were seen near by, a repair where there was something to repair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alliance_nlp.logistic import sigmoid
from alliance_nlp.surroundings import Floats, faded_sums, line_away

VIEWS = {"here": 0, "before": 0, "after": 0, "1 before": 1, "2 before": 2, "1 after": -1, "2 after": -2}
"""What is seen of every marker: here, in all of the session on either side, and how many lines away one by one."""

_PENALTY_C = 0.005
"""Inverse strength of the L2 penalty, on inputs of unit variance."""
_OWN_EASE, _ONE_LINE_EASE = 20.0, 0.5
"""How easily the marker's own score, and what single lines say, may weigh beside the other inputs."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Weights of the first scores here, and of the markers' likelihood before and after.

    Attributes
    ----------
    weights : ndarray of shape (len(VIEWS) * n_markers, n_markers)
        Rows: per view, in the order of `VIEWS`, the markers; a column per marker.
    intercepts : ndarray of shape (n_markers,)
        Added to the products.
    usual : ndarray of shape (len(VIEWS) * n_markers,)
        What the inputs come to on average, 0 for the scores here; they count by how far they are from it.
    """

    weights: npt.NDArray[np.float32]
    intercepts: Floats
    usual: Floats

    def scores(self, inputs: Floats) -> Floats:
        """Second scores, of shape (n_utterances, n_markers), from `second_look_inputs`."""
        weights = self.weights.astype(np.float64)
        return np.asarray(inputs @ weights + (self.intercepts - self.usual @ weights))


def second_look_inputs(first_scores: Floats, coded: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Floats:
    """What the second look sees: first scores here, faded sums of likelihoods around, likelihoods of the nearest lines.

    Parameters
    ----------
    first_scores : ndarray of shape (n_utterances, n_markers)
        Scores of whole sessions, laid end to end.
    coded : ndarray of bool, shape (n_utterances, n_markers)
        Whether the marker is coded on the role of the utterance's speaker; other scores say nothing.
    begins : ndarray of bool, shape (n_utterances,)
        Where a session begins.

    Returns
    -------
    ndarray of shape (n_utterances, len(VIEWS) * n_markers)
    """
    n_utterances, n_markers = first_scores.shape
    likelihood = np.where(coded, sigmoid(first_scores), 0)
    inputs = np.empty((n_utterances, len(VIEWS), n_markers))
    inputs[:, 0] = np.where(coded, first_scores, 0)
    inputs[:, 1], inputs[:, 2] = faded_sums(likelihood, begins)
    for place, distance in enumerate(VIEWS.values()):
        if distance:
            inputs[:, place] = line_away(likelihood, begins, distance)
    return inputs.reshape(n_utterances, -1)


def second_look_names(markers: Sequence[str]) -> list[str]:
    """What the inputs stand for, as a person reads it; the first scores are their features and have no name."""
    return [f"⟨{view}: {marker}⟩" for view in list(VIEWS)[1:] for marker in markers]


def fit_second_look(inputs: Floats, codes: npt.NDArray[np.int8], not_coded: int) -> SecondLook:
    """Fit the second look to scores of utterances that the model had not seen.

    Parameters
    ----------
    inputs : ndarray of shape (n_utterances, len(VIEWS) * n_markers)
        See `second_look_inputs`.
    codes : ndarray of shape (n_utterances, n_markers)
        0, 1, or `not_coded`; both of 0 and 1 present for each marker.
    not_coded : int
        Stands for no code.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    n_markers = codes.shape[1]
    usual = inputs.mean(axis=0)
    usual[:n_markers] = 0
    ease = np.repeat([_ONE_LINE_EASE if distance else 1.0 for distance in VIEWS.values()], n_markers)
    weights, intercepts = [], []
    for marker, codes_of_marker in enumerate(codes.T):
        rated = codes_of_marker != not_coded
        spread = inputs[rated].std(axis=0)
        scale = np.where(spread > 0, spread, 1) / ease
        # A small corpus that says nothing of the surroundings leaves the first score as it is.
        scale[marker] /= _OWN_EASE
        model = LogisticRegression(C=_PENALTY_C, solver="newton-cholesky", tol=1e-8, max_iter=1000)
        # One thread: the same numbers on any number of cores.
        with threadpool_limits(1, user_api="blas"):
            model.fit((inputs[rated] - usual) / scale, codes_of_marker[rated])
        weights.append(model.coef_[0] / scale)
        intercepts.append(float(model.intercept_[0]))
    return SecondLook(np.column_stack(weights), np.array(intercepts), usual)
