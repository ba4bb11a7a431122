"""Calibrates the codes of a set against each other, and fits the rule that chooses one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.classifier import Calibration
from alliance_nlp.set_rule import SetRule, one_of, set_probabilities
from alliance_nlp.set_scoring import confusion, macro_f1
from alliance_nlp.surroundings import Floats

Places = npt.NDArray[np.int64]

EXPONENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Tried for how far a rare code is favoured: 0 not at all, 1 as if all codes were equally frequent."""
_RIDGE = 0.01
"""On the offsets, so that they stay finite where a code is missing from a fold."""


class FittedSet(NamedTuple):
    """What one set needs at tagging time."""

    calibrations: tuple[Calibration, ...]
    rule: SetRule
    exponent: float
    """How far rare codes are favoured, of `EXPONENTS`."""


def fit_set(scores: Floats, of_codes: Sequence[Calibration], places: Places, columns: slice) -> FittedSet:
    """Calibrate a set and fit its rule on scores of utterances that the model had not seen.

    Parameters
    ----------
    scores : ndarray of shape (n_utterances, n_codes)
        Out-of-fold scores of the set's codes.
    of_codes : sequence of Calibration
        Of each code by itself (Platt).
    places : ndarray of shape (n_utterances,)
        Which code the coders gave.
    columns : slice
        Where the codes stand among the markers.

    Notes
    -----
    One slope for all codes and an offset for each, by maximum likelihood: matrix scaling with a tied diagonal (Guo et
    al. 2017), on top of Platt scaling. Codes are then chosen by probability over prevalence to the power `exponent`,
    the one with the best macro-F1. Levels are told no better by rules that use their order (docs/decisions/0047).
    """
    slopes, offsets = np.array(of_codes, dtype=float).T
    slope, added = _softmax_fit(scores * slopes + offsets, places)
    calibrations = tuple(
        Calibration(round(float(a), 6), round(float(b), 6))
        for a, b in zip(slope * slopes, slope * offsets + added, strict=True)
    )
    probabilities = set_probabilities(scaled(scores, calibrations))
    prevalence = (np.bincount(places, minlength=scores.shape[1]) + 1) / (len(places) + scores.shape[1])
    rules = [SetRule(columns, _priorities(prevalence, exponent)) for exponent in EXPONENTS]
    reached = [float(macro_f1(confusion(places, rule.decide(probabilities), scores.shape[1]))) for rule in rules]
    best = int(np.argmax(reached))
    return FittedSet(calibrations, rules[best], EXPONENTS[best])


def fit_sets(
    scores: Floats, codes: npt.NDArray[np.int8], calibrations: Sequence[Calibration], sets: Sequence[slice]
) -> tuple[FittedSet, ...]:
    """Fit every set to out-of-fold scores.

    Parameters
    ----------
    scores, codes : ndarray of shape (n_utterances, n_markers)
        Of models that had not seen the client, and of the coders.
    calibrations : sequence of Calibration
        Of each marker by itself.
    sets : sequence of slice
        Where the codes of each set stand among the markers.
    """
    fitted = []
    for columns in sets:
        has_code, places = places_of(codes[:, columns])
        fitted.append(fit_set(scores[has_code, columns], calibrations[columns], places, columns))
    return tuple(fitted)


def tell_sets(
    fitted: Sequence[FittedSet],
    scores: Floats,
    rows: npt.NDArray[np.bool_],
    probabilities: Floats,
    tags: npt.NDArray[np.int8],
) -> None:
    """Put what is said of the sets into the rows of arrays of shape (n_utterances, n_markers).

    Parameters
    ----------
    fitted : sequence of FittedSet
        Fitted without these utterances.
    scores : ndarray of shape (n_rows, n_markers)
        Of the utterances in `rows`.
    rows : ndarray of bool, shape (n_utterances,)
        Which utterances.
    probabilities, tags : ndarray of shape (n_utterances, n_markers)
        Written into.
    """
    for of_set in fitted:
        columns = of_set.rule.columns
        told = set_probabilities(scaled(scores[:, columns], of_set.calibrations))
        probabilities[rows, columns] = told
        tags[rows, columns] = one_of(of_set.rule.decide(told), told.shape[1])


def places_of(codes: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.bool_], Places]:
    """Which utterances have a code of a set, and its place on those.

    Parameters
    ----------
    codes : ndarray of shape (n_utterances, n_codes)
        1 and 0, or `NOT_CODED` in a whole row.
    """
    has_code = (codes == 1).any(axis=1)
    return has_code, codes[has_code].argmax(axis=1)


def scaled(scores: Floats, calibrations: Sequence[Calibration]) -> Floats:
    """Calibrated log odds of scores of shape (n_utterances, n_codes)."""
    slopes, offsets = np.array(calibrations, dtype=float).T
    return np.asarray(scores * slopes + offsets)


def _priorities(prevalence: Floats, exponent: float) -> tuple[float, ...]:
    """Factors with a geometric mean of 1."""
    logs = -exponent * np.log(prevalence)
    return tuple(np.exp(logs - logs.mean()).round(4).tolist())


def _softmax_fit(log_odds: Floats, places: Places) -> tuple[float, Floats]:
    """The slope and the offsets that make ``softmax(slope * log_odds + offsets)`` likeliest."""
    from scipy.optimize import minimize

    n_codes = log_odds.shape[1]
    given = places[:, None] == np.arange(n_codes)
    # Platt's targets for several codes, so that few utterances never lead to certainty.
    sure = (np.bincount(places, minlength=n_codes) + 1) / (np.bincount(places, minlength=n_codes) + 2)
    target = np.where(given, sure[places][:, None], (1 - sure[places][:, None]) / (n_codes - 1))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        values = log_odds * parameters[0] + parameters[1:]
        values -= values.max(axis=1, keepdims=True)
        total = np.exp(values).sum(axis=1, keepdims=True)
        error = np.exp(values) / total - target
        gradient = np.concatenate([[(error * log_odds).sum()], error.sum(axis=0) + 2 * _RIDGE * parameters[1:]])
        likelihood = float(np.log(total).sum() - (target * values).sum() + _RIDGE * (parameters[1:] ** 2).sum())
        return likelihood / len(places), gradient / len(places)

    start = np.concatenate([[1.0], np.zeros(n_codes)])
    bounds = [(0.0, None), *[(None, None)] * n_codes]
    options = {"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-10}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    return float(found[0]), np.asarray(found[1:])
