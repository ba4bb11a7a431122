"""Probabilities of a set sum to one, also as they are written, and exactly one code is chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from alliance_nlp.set_rule import SetRule, one_of, set_probabilities

LOG_ODDS = arrays(
    float, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=9), elements=st.floats(-40, 40, width=32)
)


@given(LOG_ODDS)
def test_probabilities_of_a_row_sum_to_one_to_the_last_digit(log_odds):
    probabilities = set_probabilities(log_odds)
    units = np.rint(probabilities * 10_000)
    assert (units.sum(axis=1) == 10_000).all()
    np.testing.assert_allclose(probabilities, units / 10_000, rtol=0, atol=1e-12)


@given(LOG_ODDS)
def test_probabilities_are_the_softmax_but_for_a_unit(log_odds):
    exact = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    exact /= exact.sum(axis=1, keepdims=True)
    assert np.abs(set_probabilities(log_odds) - exact).max() < 1e-4 + 1e-9


@given(LOG_ODDS)
def test_exactly_one_code_is_tagged(log_odds):
    rule = SetRule(slice(0, log_odds.shape[1]), (1.0,) * log_odds.shape[1])
    probabilities, tags = np.empty_like(log_odds), np.zeros(log_odds.shape, dtype=bool)
    rule.apply(log_odds, probabilities, tags)
    assert (tags.sum(axis=1) == 1).all()
    assert (probabilities[tags] == probabilities.max(axis=1)).all()


def test_a_priority_favours_a_rare_code():
    probabilities = np.array([[0.6, 0.4], [0.8, 0.2]])
    assert SetRule(slice(0, 2), (1.0, 1.0)).decide(probabilities).tolist() == [0, 0]
    assert SetRule(slice(0, 2), (0.5, 1.0)).decide(probabilities).tolist() == [1, 0]


def test_other_markers_are_left_alone():
    probabilities, tags = np.full((1, 4), 0.3), np.array([[True, True, True, False]])
    SetRule(slice(1, 3), (1.0, 1.0)).apply(np.array([[9.0, 0.0, 1.0, 9.0]]), probabilities, tags)
    assert tags.tolist() == [[True, False, True, False]]
    assert probabilities[0, [0, 3]].tolist() == [0.3, 0.3]
    assert probabilities[0, 1:3].sum() == pytest.approx(1)


def test_one_of_makes_a_mask():
    assert one_of(np.array([2, 0]), 3).tolist() == [[False, False, True], [True, False, False]]
