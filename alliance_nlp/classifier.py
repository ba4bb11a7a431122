"""Features to calibrated probabilities: a logistic regression per marker, then a second look over the whole session.

Training is scikit-learn's; what it learned is kept as plain arrays, so that
tagging needs no more than a sparse product and a bundle holds no objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.logistic import sigmoid
from alliance_nlp.second_look import SecondLook, second_look_inputs
from alliance_nlp.surroundings import Floats, Matrix

if TYPE_CHECKING:
    from alliance_nlp.features import Features

PENALTY_C = 1.5
"""Inverse strength of the L2 penalty."""
SHIFT = 2.0
"""How far each utterance's score may be shifted by itself while weights are fitted; 0 is not at all."""
DECIMALS = 4
"""Probabilities are rounded before the threshold is applied, so that a table of them shows every decision."""


class Calibration(NamedTuple):
    """Platt scaling: ``log odds = slope * score + offset`` (Platt 1999)."""

    slope: float
    offset: float


class Scores(NamedTuple):
    """What the second look makes of the first scores."""

    inputs: Floats
    """Of shape (n_utterances, len(VIEWS) * n_markers); see `second_look_inputs`."""
    log_odds: Floats
    """Calibrated, of shape (n_utterances, n_markers)."""

    @property
    def probabilities(self) -> Floats:
        """Calibrated probabilities, rounded to `DECIMALS`."""
        return sigmoid(self.log_odds).round(DECIMALS)


@dataclass(frozen=True, slots=True)
class MarkerClassifier:
    """Linear scores per marker, seen again beside those of their surroundings, calibrated.

    Attributes
    ----------
    weights : ndarray of shape (n_features, n_markers)
        Coefficients of the logistic regressions.
    intercepts : ndarray of shape (n_markers,)
        Their intercepts.
    second_look : SecondLook
        What the scores of an utterance and of those around it come to.
    calibrations : tuple of Calibration
        One per marker.
    """

    weights: npt.NDArray[np.float32]
    intercepts: Floats
    second_look: SecondLook
    calibrations: tuple[Calibration, ...]

    def first_scores(self, features: Features) -> Floats:
        """Scores by an utterance's own features and the words around it, of shape (n_utterances, n_markers)."""
        return features @ self.weights.astype(np.float64) + self.intercepts

    def scores(self, first_scores: Floats, coded: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Scores:
        """Calibrated log odds of whole sessions.

        Parameters
        ----------
        first_scores : ndarray of shape (n_utterances, n_markers)
            Of sessions laid end to end.
        coded : ndarray of bool, shape (n_utterances, n_markers)
            Whether the marker is coded on the role of the utterance's speaker.
        begins : ndarray of bool, shape (n_utterances,)
            Where a session begins.
        """
        slopes, offsets = np.array(self.calibrations, dtype=np.float64).T
        inputs = second_look_inputs(first_scores, coded, begins)
        return Scores(inputs, self.second_look.scores(inputs) * slopes + offsets)

    def contributions(self, features: Matrix, inputs: Floats, marker: int, coded: npt.NDArray[np.bool_]) -> Matrix:
        """What each feature, and each input of the second look, adds to the calibrated log odds of a marker.

        Parameters
        ----------
        features : csr_matrix of shape (n_utterances, n_features)
            Weighted features, multiplied out.
        inputs : ndarray of shape (n_utterances, len(VIEWS) * n_markers)
            Of the second look.
        marker : int
            Index of the marker.
        coded : ndarray of bool, shape (n_markers,)
            Which markers are coded on the utterances' role.

        Returns
        -------
        csr_matrix of shape (n_utterances, n_features + (len(VIEWS) - 1) * n_markers)
            Each row sums, with `base`, to the log odds.
        """
        n_markers, slope = len(self.intercepts), self.calibrations[marker].slope
        look = self.second_look.weights[:, marker].astype(np.float64) * slope
        by_feature = self.weights.astype(np.float64) @ (look[:n_markers] * coded)
        own = features.copy()
        own.data = own.data * by_feature[own.indices]
        return sparse.hstack(
            [own, sparse.csr_matrix((inputs - self.second_look.usual)[:, n_markers:] * look[n_markers:])], format="csr"
        )

    def base(self, marker: int, coded: npt.NDArray[np.bool_]) -> float:
        """Calibrated log odds of a marker before any feature speaks; `coded` as in `contributions`."""
        slope, offset = self.calibrations[marker]
        own = self.second_look.weights[: len(self.intercepts), marker].astype(np.float64)
        score = (own * coded) @ self.intercepts + self.second_look.intercepts[marker]
        return float(score * slope + offset)


def fit_scores(
    features: Matrix, codes: npt.NDArray[np.int8], seed: int, penalty_c: float = PENALTY_C
) -> tuple[Floats, float]:
    """Coefficients of shape (n_features,) and intercept of one marker's logistic regression, classes balanced.

    Notes
    -----
    Each utterance has a shift of its own, penalised as the weights are and forgotten once they are fitted (Tibshirani &
    Manning 2014, Robust logistic regression using shift parameters; the penalty here is of the second power). So what
    is peculiar to one utterance need not be told by words that others share; see docs/decisions/0010.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    # liblinear: no start values, and one thread, so that the same rows give the same weights on any number of cores.
    model = LogisticRegression(
        C=penalty_c, class_weight="balanced", solver="liblinear", tol=1e-6, max_iter=1000, random_state=seed
    )
    with threadpool_limits(1, user_api="blas"):
        model.fit(sparse.hstack([features, SHIFT * sparse.identity(features.shape[0])], format="csr"), codes)
    return model.coef_[0, : features.shape[1]], float(model.intercept_[0])


def fit_calibration(scores: Floats, codes: npt.NDArray[np.int8]) -> Calibration:
    """Platt scaling from scores of utterances that the model had not seen.

    With the smoothed targets of Platt (1999), so that few utterances never lead to certainty.

    Parameters
    ----------
    scores : ndarray of shape (n_utterances,)
        Out-of-fold scores.
    codes : ndarray of shape (n_utterances,)
        Their codes, 0 or 1, with both present.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    n_positive = int(codes.sum())
    n_negative = len(codes) - n_positive
    target = np.where(codes == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    # A target between 0 and 1 is an utterance of each code, weighted.
    model = LogisticRegression(C=1e6, solver="lbfgs", tol=1e-8, max_iter=1000)
    with threadpool_limits(1, user_api="blas"):
        model.fit(
            np.tile(scores, 2).reshape(-1, 1),
            np.repeat([1, 0], len(scores)),
            sample_weight=np.concatenate([target, 1 - target]),
        )
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope < 0:
        # Scores that tell less than nothing: every utterance gets the prevalence.
        return Calibration(0.0, float(np.log(n_positive / n_negative)))
    return Calibration(slope, offset)
