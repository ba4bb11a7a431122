"""Intraclass correlations: the published example, intervals that hold, cases without an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import SHROUT_FLEISS_1979

from alliance_nlp.agreement.icc import two_way_icc


def test_the_figures_are_those_of_shrout_and_fleiss_1979():
    """Shrout & Fleiss (1979), table 4: ICC(2,1) = .29, ICC(2,4) = .62."""
    single, average = two_way_icc(np.array(SHROUT_FLEISS_1979, float))
    assert (round(single.value, 2), round(average.value, 2)) == (0.29, 0.62)


def test_the_intervals_are_those_that_psych_prints_for_the_same_data():
    """R's psych, ICC(sf): .019 to .76 for the single, .071 to .93 for the average random raters."""
    single, average = two_way_icc(np.array(SHROUT_FLEISS_1979, float))
    assert (round(single.low, 3), round(single.high, 2)) == (0.019, 0.76)
    assert (round(average.low, 3), round(average.high, 2)) == (0.071, 0.93)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    random = np.random.default_rng(4)
    truth = 4 / (4 + 1 + 2)
    held = 0
    for _ in range(400):
        sessions, coders = random.normal(0, 2, (30, 1)), random.normal(0, 1, (1, 5))
        single, _ = two_way_icc(sessions + coders + random.normal(0, 2**0.5, (30, 5)))
        held += single.low <= truth <= single.high
    assert 0.92 <= held / 400 <= 0.98


def test_the_average_of_coders_stands_surer_than_one():
    single, average = two_way_icc(np.array(SHROUT_FLEISS_1979, float))
    assert average.value == pytest.approx(4 * single.value / (1 + 3 * single.value))


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ([[1], [2]], "only one coder"),
        ([[1, 2]], "fewer than two sessions"),
        (np.empty((0, 2)), "fewer than two sessions"),
        ([[3, 3], [3, 3], [3, 3]], "no variance"),
        (np.full((7, 3), 0.1), "no variance"),
        ([[0, 1], [1, 0]], "only coders contradict each other"),
    ],
)
def test_what_is_undefined_says_why(scores, reason):
    for figure in two_way_icc(np.array(scores, float)):
        assert figure.value is figure.low is figure.high is None
        assert figure.note.startswith("undefined: ")
        assert reason in figure.note


def test_coders_who_never_differ_agree_fully_without_an_interval():
    single, average = two_way_icc(np.array([[1, 1, 1], [4, 4, 4]], float))
    assert (single.value, average.value, single.low) == (1, 1, None)
    assert "no interval" in single.note


def test_coders_who_contradict_each_other_have_no_reliable_average():
    single, average = two_way_icc(np.array([[1, 5], [5, 1], [1, 5], [5, 1]], float))
    assert single.value < 0
    assert average.value is None
    assert "differ more than sessions" in average.note


tallies = st.tuples(st.integers(2, 6), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 3), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@pytest.mark.filterwarnings("error")
@given(tallies)
def test_whatever_the_tallies_are_there_is_an_interval_around_the_figure_or_a_reason(scores):
    for figure in two_way_icc(np.array(scores, float)):
        assert (figure.low is None) == (figure.high is None)
        if figure.low is None:
            assert figure.note
        else:
            assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9
        if figure.value is not None:
            assert -1e6 < figure.value <= 1


@given(tallies, st.integers(1, 5))
def test_the_same_more_for_every_tally_changes_nothing(scores, more):
    one, two = (two_way_icc(np.array(scores, float) + by)[0].value for by in (0, more))
    assert (one is None) == (two is None)
    if one is not None:
        assert one == pytest.approx(two)
