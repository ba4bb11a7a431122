from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import tagged

from alliance_nlp.caseload import _firth, case_groups, fit_trend
from alliance_nlp.errors import UsageError
from alliance_nlp.session_info import session_order
from alliance_nlp.summary import summarise


@pytest.mark.parametrize(("k", "n"), [((3, 8), (20, 25)), ((0, 4), (10, 10)), ((0, 9), (9, 9))])
def test_two_groups_get_the_half_that_firth_adds(k, n):
    """In a saturated model Firth's penalty adds 1/2 to each cell (Firth 1993, section 3.1), even where one is empty."""
    design = np.array([[1.0, 0], [1, 1]])
    coefficients, _ = _firth(design, np.array(k, float), np.array(n, float))
    odds = [(successes + 0.5) / (trials - successes + 0.5) for successes, trials in zip(k, n, strict=True)]
    np.testing.assert_allclose(coefficients, [log(odds[0]), log(odds[1] / odds[0])], atol=1e-7)


def test_the_slope_of_many_trials_is_found():
    sessions = np.arange(12)
    n = np.full(12, 1_000_000)
    k = np.round(n / (1 + np.exp(-(-2 + 0.15 * sessions))))
    trend = fit_trend(k, n)
    value, low, high = trend.odds_ratio
    assert value == pytest.approx(exp(0.15), rel=1e-3)
    assert 1 < low < value < high
    assert trend.direction == 1
    assert trend.fitted[0] == pytest.approx(1 / (1 + exp(2)), rel=1e-3)


def test_the_interval_is_wider_where_sessions_differ_more_than_chance():
    n = [100] * 10
    calm, wild = [20] * 10, [5, 35] * 5
    spread = [trend.odds_ratio[2] / trend.odds_ratio[0] for trend in (fit_trend(calm, n), fit_trend(wild, n))]
    # Pearson's statistic over its degrees of freedom, against 1.
    assert log(spread[1]) / log(spread[0]) == pytest.approx((10 * 225 / 16 / 8) ** 0.5, rel=0.02)


def test_the_interval_is_no_narrower_where_sessions_differ_less_than_chance():
    """As wide as the information of the trials says: the variance of a binomial slope, Student's t on 8 degrees."""
    trend = fit_trend([20] * 10, [100] * 10)
    deviations = np.arange(10) - 4.5
    error = (100 * 0.2 * 0.8 * (deviations**2).sum()) ** -0.5
    assert log(trend.odds_ratio[2] / trend.odds_ratio[0]) == pytest.approx(2.306 * error, rel=0.02)


@pytest.mark.parametrize(
    ("k", "n"), [([1] * 4, [9] * 4), ([0] * 6, [9] * 6), ([], []), ([1, 1, 1, 1, 0], [9, 9, 9, 9, 0])]
)
def test_too_little_makes_no_trend(k, n):
    assert fit_trend(k, n) is None


def test_a_session_without_trials_has_a_fitted_share_nonetheless():
    assert len(fit_trend([1, 2, 0, 3, 1, 2], [9, 9, 0, 9, 9, 9]).fitted) == 6


shares = st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12)


@given(shares)
def test_a_trend_is_a_share_within_its_interval(sessions):
    trend = fit_trend([k for k, _ in sessions], [n for _, n in sessions])
    if trend:
        for low, fitted, high in zip(trend.low, trend.fitted, trend.high, strict=True):
            assert 0 <= low <= fitted <= high <= 1


@given(shares)
def test_a_trend_backwards_is_the_trend_the_other_way(sessions):
    there, back = (fit_trend([k for k, _ in order], [n for _, n in order]) for order in (sessions, sessions[::-1]))
    if there and back:
        np.testing.assert_allclose(there.fitted, back.fitted[::-1], atol=1e-6)
        assert there.direction == -back.direction


def groups(info, columns, names=("a", "b", "c")):
    summaries = {name: summarise(tagged(name)) for name in names}
    return case_groups(summaries, info, session_order(names, info), columns)


def test_sessions_are_grouped_by_a_column_and_keep_their_order():
    info = {"a": {"date": "2026-02-01", "therapist": "Ann"}, "b": {"date": "2026-01-01", "therapist": "Ann"},
            "c": {"date": "2026-03-01", "therapist": "Ben"}}  # fmt: skip
    found = [(g.name, [s.summary.session_id for s in g.sessions]) for g in groups(info, ["therapist"])]
    assert found == [({"therapist": "Ann"}, ["b", "a"]), ({"therapist": "Ben"}, ["c"])]


def test_a_session_without_the_column_is_in_a_group_of_its_own():
    assert [group.name["x"] for group in groups({"a": {"x": "1"}}, ["x"])] == ["1", ""]


def test_a_column_that_no_session_has_is_told():
    with pytest.raises(UsageError, match="no session has a column 'therapist'; there are client"):
        groups({"a": {"client": "1"}}, ["therapist"])


def test_sessions_in_the_order_of_their_names_have_no_trend():
    names = [f"session-{number}" for number in range(1, 7)]
    numbered = {name: {"session_number": name[-1]} for name in names}
    (of_numbers,), (of_names,) = groups(numbered, [], names), groups({}, [], names)
    assert of_numbers.order_known
    assert of_numbers.trends["rupture"]
    assert not of_names.order_known
    assert of_names.trends == dict.fromkeys(of_numbers.trends)


def test_without_columns_all_sessions_are_one_group():
    (group,) = groups({}, [])
    assert len(group.sessions) == 3
    assert set(group.trends.values()) == {None}
