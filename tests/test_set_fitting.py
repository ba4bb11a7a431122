"""A set is calibrated by maximum likelihood, and rare codes are favoured as far as macro-F1 gains by it."""

import numpy as np
import pytest

from alliance_nlp.classifier import Calibration
from alliance_nlp.set_fitting import EXPONENTS, fit_set, scaled
from alliance_nlp.set_rule import set_probabilities
from alliance_nlp.set_scoring import confusion, macro_f1

PLAIN = (Calibration(1.0, 0.0),) * 3


def drawn(n=4000, shares=(0.8, 0.15, 0.05), noise=2.0, seed=0):
    """Scores of codes drawn by their shares: those of the true code are higher, with noise."""
    random = np.random.default_rng(seed)
    places = random.choice(3, n, p=shares)
    scores = random.normal(size=(n, 3)) * noise
    scores[np.arange(n), places] += 3
    return scores, places


def test_probabilities_are_those_of_the_shares():
    scores, places = drawn()
    probabilities = set_probabilities(scaled(scores, fit_set(scores, PLAIN, places, slice(0, 3)).calibrations))
    np.testing.assert_allclose(probabilities.mean(axis=0), np.bincount(places) / len(places), atol=0.002)
    sure = probabilities.max(axis=1) > 0.9
    right = probabilities.argmax(axis=1) == places
    assert right[sure].mean() == pytest.approx(probabilities.max(axis=1)[sure].mean(), abs=0.02)


def test_the_fit_undoes_any_scale_of_the_scores():
    scores, places = drawn()
    one = fit_set(scores, PLAIN, places, slice(0, 3))
    other = fit_set(scores * 7 - 2, PLAIN, places, slice(0, 3))
    np.testing.assert_allclose(
        scaled(scores, one.calibrations) - scaled(scores, one.calibrations)[:, :1],
        scaled(scores * 7 - 2, other.calibrations) - scaled(scores * 7 - 2, other.calibrations)[:, :1],
        atol=2e-3,
    )


def test_rare_codes_are_favoured_as_far_as_macro_f1_gains():
    scores, places = drawn()
    fitted = fit_set(scores, PLAIN, places, slice(0, 3))
    assert fitted.exponent in EXPONENTS
    assert fitted.exponent > 0
    assert fitted.rule.priorities == tuple(sorted(fitted.rule.priorities))
    probabilities = set_probabilities(scaled(scores, fitted.calibrations))
    by_rule = macro_f1(confusion(places, fitted.rule.decide(probabilities), 3))
    assert by_rule > macro_f1(confusion(places, probabilities.argmax(axis=1), 3)) + 0.01


def test_few_utterances_never_lead_to_certainty():
    places = np.repeat([0, 1, 2], 4)
    scores = np.eye(3)[places] * 10.0
    probabilities = set_probabilities(scaled(scores, fit_set(scores, PLAIN, places, slice(0, 3)).calibrations))
    assert probabilities.max() < 0.9


def test_a_code_that_is_missing_gets_little_and_no_infinity():
    scores, places = drawn(shares=(0.7, 0.3, 0.0))
    fitted = fit_set(scores, PLAIN, places, slice(0, 3))
    assert np.isfinite(fitted.calibrations).all()
    assert set_probabilities(scaled(scores, fitted.calibrations))[:, 2].mean() < 0.01
