"""Which one of several codes: a second look for code sets, and a decision that does not forget the rare ones.

A multinomial logistic regression over what the second look sees (`second_look_inputs`). Its likeliest code is seldom a
rare one; so a code counts by its probability over its share of the corpus, to a power between 0 (the likeliest) and 1
(as if all were equally frequent; Elkan 2001), chosen for the best macro-F1 on scores of unseen clients. What this
gives on public corpora beside other rules stands in ``docs/decisions/0042-one-of-several.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alliance_nlp.surroundings import Floats

STRENGTHS = tuple(step / 10 for step in range(11))
_PENALTY_C = 0.05
"""As in the second look of single markers; inputs have unit variance."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OneOfSeveral:
    """What decides between codes of which one applies.

    Attributes
    ----------
    weights : ndarray of shape (n_inputs, n_codes)
        Of the multinomial logistic regression.
    intercepts : ndarray of shape (n_codes,)
        Its intercepts.
    shares : ndarray of shape (n_codes,)
        Of the codes in the corpus.
    strength : float
        How far rare codes are favoured: 0 not at all, 1 as if all were equally frequent.
    """

    weights: Floats
    intercepts: Floats
    shares: Floats
    strength: float

    def probabilities(self, inputs: Floats) -> Floats:
        """Of shape (n_utterances, n_codes); a row sums to 1."""
        scores = inputs @ self.weights + self.intercepts
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def decide(self, probabilities: Floats) -> Numbers:
        """The place of each utterance's code."""
        return decided(probabilities, self.shares, self.strength)


def decided(probabilities: Floats, shares: Floats, strength: float) -> Numbers:
    """The place of the code whose probability, over its share to the power of `strength`, is highest.

    Parameters
    ----------
    probabilities : ndarray of shape (n_utterances, n_codes)
        Of the codes.
    shares : ndarray of shape (n_codes,)
        How frequent they are, each above 0.
    strength : float
        0 takes the most probable.
    """
    return np.asarray((probabilities / shares**strength).argmax(axis=1))


def fit_one_of_several(inputs: Floats, codes: Numbers, fold_of: Numbers) -> OneOfSeveral:
    """Fit to inputs from first scores of utterances that the models had not seen.

    Parameters
    ----------
    inputs : ndarray of shape (n_utterances, n_inputs)
        See `second_look_inputs`.
    codes : ndarray of shape (n_utterances,)
        The place of each one's code, from 0; each place occurs.
    fold_of : ndarray of shape (n_utterances,)
        Clients stay together. The strength is chosen on what the fit on the other folds says of each.
    """
    n_codes = int(codes.max()) + 1
    shares = np.bincount(codes, minlength=n_codes) / len(codes)
    probabilities = np.full((len(codes), n_codes), np.finfo(float).tiny)
    for fold, others in _folds(fold_of):
        # A code that is in one fold alone is unknown to the others.
        known, places = np.unique(codes[others], return_inverse=True)
        if len(known) > 1:
            weights, intercepts = _fit(inputs[others], places, len(known))
            told = OneOfSeveral(weights, intercepts, shares[known], 0).probabilities(inputs[fold])
            probabilities[np.ix_(fold, known)] = told
    macro = [_macro_f1(codes, decided(probabilities, shares, strength), n_codes) for strength in STRENGTHS]
    weights, intercepts = _fit(inputs, codes, n_codes)
    return OneOfSeveral(weights, intercepts, shares, STRENGTHS[int(np.argmax(macro))])


def _folds(fold_of: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    for fold in np.unique(fold_of):
        yield np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)


def _fit(inputs: Floats, codes: Numbers, n_codes: int) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    spread = inputs.std(axis=0)
    scale = np.where(spread > 0, spread, 1)
    model = LogisticRegression(C=_PENALTY_C, solver="lbfgs", tol=1e-8, max_iter=1000)
    with threadpool_limits(1, user_api="blas"):
        model.fit(inputs / scale, codes)
    weights, intercepts = model.coef_.T / scale[:, np.newaxis], model.intercept_
    if n_codes == 2:
        # scikit-learn gives one column for two classes.
        weights = np.hstack([np.zeros_like(weights), weights])
        intercepts = np.concatenate([[0.0], intercepts])
    return weights, intercepts


def _macro_f1(codes: Numbers, decisions: Numbers, n_codes: int) -> float:
    right = np.bincount(codes[codes == decisions], minlength=n_codes)
    both = np.bincount(codes, minlength=n_codes) + np.bincount(decisions, minlength=n_codes)
    return float((2 * right / np.maximum(both, 1)).mean())
