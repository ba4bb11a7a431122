"""Features to calibrated probabilities: one logistic regression per marker.

Training is scikit-learn's; what it learned is kept as plain arrays, so that
tagging needs no more than a sparse product and a bundle holds no objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from alliance_nlp.features import Matrix

Floats = npt.NDArray[np.float64]

PENALTY_C = 1.0
"""Inverse strength of the L2 penalty."""
DECIMALS = 4
"""Probabilities are rounded before the threshold is applied, so that a table of them shows every decision."""


class Calibration(NamedTuple):
    """Platt scaling: ``log odds = slope * score + offset`` (Platt 1999)."""

    slope: float
    offset: float


@dataclass(frozen=True, slots=True)
class MarkerClassifier:
    """Linear scores per marker, calibrated.

    Attributes
    ----------
    weights : ndarray of shape (n_features, n_markers)
        Coefficients of the logistic regressions.
    intercepts : ndarray of shape (n_markers,)
        Their intercepts.
    calibrations : tuple of Calibration
        One per marker.
    """

    weights: npt.NDArray[np.float32]
    intercepts: Floats
    calibrations: tuple[Calibration, ...]

    def log_odds(self, features: Matrix) -> Floats:
        """Calibrated log odds, of shape (n_utterances, n_markers)."""
        slopes, offsets = np.array(self.calibrations, dtype=np.float64).T
        scores = features @ self.weights.astype(np.float64) + self.intercepts
        return np.asarray(scores * slopes + offsets)

    def probabilities(self, features: Matrix) -> Floats:
        """Calibrated probabilities, rounded to `DECIMALS`, of shape (n_utterances, n_markers)."""
        return sigmoid(self.log_odds(features)).round(DECIMALS)

    def contributions(self, features: Matrix, marker: int) -> Matrix:
        """What each feature adds to the calibrated log odds of a marker.

        Parameters
        ----------
        features : csr_matrix of shape (n_utterances, n_features)
            Weighted features.
        marker : int
            Index of the marker.

        Returns
        -------
        csr_matrix of shape (n_utterances, n_features)
            Each row sums, with `base`, to the log odds.
        """
        contributions = features.copy()
        contributions.data = contributions.data * self.weights[contributions.indices, marker].astype(np.float64)
        contributions.data *= self.calibrations[marker].slope
        return contributions

    def base(self, marker: int) -> float:
        """Calibrated log odds of a marker before any feature speaks."""
        slope, offset = self.calibrations[marker]
        return float(self.intercepts[marker] * slope + offset)


def sigmoid(log_odds: Floats) -> Floats:
    """Probability from log odds, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * log_odds)))


def fit_scores(features: Matrix, codes: npt.NDArray[np.int8], seed: int) -> tuple[Floats, float]:
    """Coefficients of shape (n_features,) and intercept of one marker's logistic regression, classes balanced."""
    from sklearn.linear_model import LogisticRegression

    # liblinear: one thread and no start values, so that the same rows give the same weights.
    model = LogisticRegression(
        C=PENALTY_C, class_weight="balanced", solver="liblinear", tol=1e-6, max_iter=1000, random_state=seed
    )
    model.fit(features, codes)
    return model.coef_[0], float(model.intercept_[0])


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

    n_positive = int(codes.sum())
    n_negative = len(codes) - n_positive
    target = np.where(codes == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    # A target between 0 and 1 is an utterance of each code, weighted.
    model = LogisticRegression(C=1e6, solver="lbfgs", tol=1e-8, max_iter=1000).fit(
        np.tile(scores, 2).reshape(-1, 1),
        np.repeat([1, 0], len(scores)),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope < 0:
        # Scores that tell less than nothing: every utterance gets the prevalence.
        return Calibration(0.0, float(np.log(n_positive / n_negative)))
    return Calibration(slope, offset)
