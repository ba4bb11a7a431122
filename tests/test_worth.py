"""What coding a line would teach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.worth import entropy, expected_rates, set_worth, worth_of_lines

PROBABILITIES = st.floats(0, 1)


def test_entropy_in_bits():
    # Shannon's figures for one and two in eight, and for an even chance.
    assert entropy(np.array([0, 0.125, 0.25, 0.5, 1])).tolist() == pytest.approx([0, 0.5436, 0.8113, 1, 0], abs=5e-5)


@given(PROBABILITIES)
def test_yes_and_no_are_equally_unsure_and_never_more_than_a_bit(probability):
    there, not_there = entropy(np.array([probability, 1 - probability]))
    assert there == pytest.approx(not_there, abs=1e-9)
    assert 0 <= there <= 1


def test_rates_are_means_where_a_marker_is_coded():
    probabilities = np.array([[0.2, np.nan], [0.4, np.nan], [np.nan, np.nan]])
    assert expected_rates(probabilities).tolist() == pytest.approx([0.3, 0])


def test_a_line_as_likely_as_the_marker_is_common_is_worth_one():
    rates = np.array([0.1, 0.3])
    assert worth_of_lines(rates[None], rates).tolist() == [[pytest.approx(1), pytest.approx(1)]]


def test_the_same_doubt_weighs_more_on_a_rare_marker():
    [[rare, common]] = worth_of_lines(np.array([[0.4, 0.4]]), np.array([0.02, 0.3]))
    assert rare > 5 * common


def test_what_is_not_coded_or_certain_is_worth_nothing_and_a_marker_never_expected_stays_finite():
    worth = worth_of_lines(np.array([[np.nan, 0.0], [1.0, 0.3]]), np.array([0.2, 0.0]))
    assert worth[0].tolist() == [0, 0]
    assert worth[1, 0] == 0
    assert 0 < worth[1, 1] < np.inf


def test_a_set_is_worth_most_where_its_codes_are_least_told_apart():
    probabilities = np.array([[1.0, 0.0, 0.0], [0.5, 0.3, 0.2], [0.9, 0.05, 0.05], [np.nan] * 3])
    worth = set_worth(probabilities, np.array([0.5, 0.3, 0.2]))
    assert worth[[0, 3]].tolist() == [0, 0]
    assert worth[1] == pytest.approx(1)
    assert 0 < worth[2] < worth[1]


def test_a_set_of_two_codes_is_worth_what_a_marker_is():
    p = np.array([0.1, 0.4, 0.5])
    of_set = set_worth(np.column_stack([p, 1 - p]), np.array([0.2, 0.8]))
    np.testing.assert_allclose(of_set, worth_of_lines(p[:, None], np.array([0.2]))[:, 0])
