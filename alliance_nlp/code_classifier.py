"""How codes are told from features, as a classifier of scikit-learn's, for its pipelines and searches.

What a model bundle does beyond it, the second look over the whole session, needs the scores of all markers at once and
has no place in a classifier for one of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from alliance_nlp.classifier import PENALTY_C, Calibration, fit_calibration, fit_scores
from alliance_nlp.errors import UsageError
from alliance_nlp.evaluation import client_folds
from alliance_nlp.logistic import sigmoid
from alliance_nlp.set_fitting import fit_set, scaled
from alliance_nlp.surroundings import Floats
from alliance_nlp.thresholds import ThresholdRule, parse_rules

Numbers = npt.NDArray[np.int64]

_LIKELIEST = 0.5


class CodeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tells a marker (two classes) or a code of a set (several) by balanced logistic regressions, calibrated on folds.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty.
    decision : str
        Which class is predicted: ``"likeliest"``, as scikit-learn's own classifiers do; or by a rule that is fitted on
        the folds, for a marker ``"kappa"``, ``"f1"``, ``"precision=.8"`` or ``"recall=.9"``, for a set ``"macro_f1"``.
    folds : int
        At most so many, on which probabilities are calibrated and the rule is fitted.
    random_state : int
        Of folds and optimiser.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The codes; of two, the second is the one that is there or not.
    coef_ : ndarray of shape (n_scores, n_features)
        One row where there are two classes, otherwise one a class.
    intercept_ : ndarray of shape (n_scores,)
        Beside it.
    calibrations_ : list of Calibration
        One a score.
    threshold_ : float
        Of two classes: the probability from which on the second is predicted.
    priorities_ : ndarray of shape (n_classes,)
        Of several: by what their probabilities are multiplied before the highest is predicted.
    n_features_in_ : int
        Number of columns.
    """

    def __init__(
        self, C: float = PENALTY_C, decision: str = "likeliest", folds: int = 5, random_state: int = 0
    ) -> None:
        self.C = C
        self.decision = decision
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: Any, y: Any, groups: Any = None) -> CodeClassifier:
        """Fit to features and codes.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The features.
        y : array of shape (n_samples,)
            The codes.
        groups : array of shape (n_samples,), optional
            Whose each sample is; those of one client stay in one fold. Without them each sample stands for itself.

        Raises
        ------
        ValueError
            Where a class has too few samples, or groups, for folds; or a parameter is not as it must be.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", accept_large_sparse=False)
        check_classification_targets(y)
        self.classes_, places = np.unique(y, return_inverse=True)
        n_classes = len(self.classes_)
        if n_classes < 2:
            raise ValueError("codes of one class only: there is nothing to tell apart; give those of two at least")
        rule = self._rule(n_classes)
        # Of two classes, the scores of the second say all.
        codes = (places[:, np.newaxis] == np.arange(n_classes)).astype(np.int8)[:, 1 if n_classes == 2 else 0 :]
        scores = self._out_of_fold(X, codes, places, groups)
        weights, intercepts = self._fit_scores(X, codes)
        self.coef_, self.intercept_ = weights.T, intercepts
        by_itself = [fit_calibration(of_class, given) for of_class, given in zip(scores.T, codes.T, strict=True)]
        if n_classes == 2:
            self.calibrations_: list[Calibration] = by_itself
            told = sigmoid(scaled(scores, by_itself)[:, 0])
            self.threshold_ = rule.threshold(told, codes[:, 0]).value if rule else _LIKELIEST
        else:
            fitted = fit_set(scores, by_itself, places, slice(0, n_classes))
            self.calibrations_ = list(fitted.calibrations)
            likeliest = self.decision == "likeliest"
            self.priorities_ = np.ones(n_classes) if likeliest else np.array(fitted.rule.priorities)
        return self

    def decision_function(self, X: Any) -> Floats:
        """How far each sample is beyond the decision.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
            Of two classes, the log odds beyond those of the threshold: above 0 the second is predicted. Of several, the
            calibrated log odds with their priorities: the highest is predicted.
        """
        log_odds = self._log_odds(X)
        if len(self.classes_) == 2:
            return np.asarray(log_odds[:, 0] - _logit(self.threshold_))
        return np.asarray(log_odds + np.log(self.priorities_))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Codes, of shape (n_samples,)."""
        decision = self.decision_function(X)
        if decision.ndim > 1:
            return np.asarray(self.classes_[decision.argmax(axis=1)])
        # A rule's threshold is reached by the probability that it is; of two equally likely classes, the first counts.
        beyond = decision > 0 if self.decision == "likeliest" else decision >= 0
        return np.asarray(self.classes_[beyond.astype(int)])

    def predict_proba(self, X: Any) -> Floats:
        """Calibrated probabilities, of shape (n_samples, n_classes)."""
        log_odds = self._log_odds(X)
        if len(self.classes_) == 2:
            second = sigmoid(log_odds[:, 0])
            return np.column_stack([1 - second, second])
        odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def _log_odds(self, X: Any) -> Floats:
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        return scaled(np.asarray(X @ self.coef_.T + self.intercept_), self.calibrations_)

    def _rule(self, n_classes: int) -> ThresholdRule | None:
        if self.decision == "likeliest" or (self.decision == "macro_f1" and n_classes > 2):
            return None
        try:
            if n_classes == 2:
                return parse_rules([self.decision], ()).general
        except UsageError:
            pass
        known = "kappa, f1, precision=.8 or recall=.9" if n_classes == 2 else "macro_f1"
        raise ValueError(f"decision {self.decision!r}: for {n_classes} classes, give likeliest, {known}")

    def _out_of_fold(self, X: Any, codes: npt.NDArray[np.int8], places: Numbers, groups: Any) -> Floats:
        """Scores of shape (n_samples, n_scores), each by a fit that had not seen the sample's group."""
        group_of = np.arange(len(places)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
        check_consistent_length(places, group_of)
        held = [len(np.unique(group_of[places == place])) for place in range(len(self.classes_))]
        if min(held) < 2 or self.folds < 2:
            few = self.classes_[int(np.argmin(held))]
            what = "sample" if groups is None else "group"
            raise ValueError(
                f"class {few!r} has {min(held)} {what}; calibration on folds needs 2 of each class and 2 folds or more"
            )
        scores = np.empty(codes.shape)
        for test in client_folds(places, group_of, min(self.folds, *held), self.random_state):
            if not (codes[~test] != codes[~test][:1]).any(axis=0).all():
                raise ValueError("the folds but one lack a class: its samples stand in too few groups")
            weights, intercepts = self._fit_scores(X[~test], codes[~test])
            scores[test] = X[test] @ weights + intercepts
        return scores

    def _fit_scores(self, X: Any, codes: npt.NDArray[np.int8]) -> tuple[Floats, Floats]:
        fits = [fit_scores(X, of_class, self.random_state, self.C) for of_class in codes.T]
        weights, intercepts = zip(*fits, strict=True)
        return np.column_stack(weights), np.array(intercepts)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _logit(probability: float) -> float:
    # A threshold of 0 or 1 lets every sample through, or those of certainty alone.
    clipped = min(max(probability, np.finfo(float).eps), 1 - np.finfo(float).eps)
    return float(np.log(clipped / (1 - clipped)))
