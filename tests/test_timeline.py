import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NAMES, TALK, tagged

from alliance_nlp.timeline import N_POINTS, clock, timeline


def test_times_are_the_measure_where_there_are_any():
    of_session = timeline(tagged(seconds=10.0))
    assert of_session.timed
    np.testing.assert_allclose(of_session.starts, np.arange(len(TALK)) / len(TALK))


def test_words_are_the_measure_where_there_are_no_times():
    of_session = timeline(tagged(talk=[("T", "one two three", {}), ("C", "four", {})]))
    assert not of_session.timed
    assert of_session.starts.tolist() == [0, 0.75]
    assert of_session.ends.tolist() == [0.75, 1]


def test_an_utterance_without_a_word_has_its_place():
    of_session = timeline(tagged(talk=[("T", "...", {}), ("C", "...", {})]))
    assert of_session.starts.tolist() == [0, 0.5]


def test_one_utterance_is_a_timeline():
    assert timeline(tagged(talk=[("C", "Yes.", {})])).ends.tolist() == [1]


def test_a_density_is_high_where_the_marks_are():
    talk = [("C", "Yes.", {"rupture": (0.9, [])} if 40 <= line < 60 else {}) for line in range(100)]
    density = timeline(tagged(talk=talk)).densities[:, NAMES.index("rupture")]
    assert density.shape == (N_POINTS,)
    assert density[50] == pytest.approx(90, abs=1)
    assert density[0] == density[-1] == pytest.approx(2, abs=0.1)


def test_a_role_that_is_silent_has_no_density():
    densities = timeline(tagged(talk=[("C", "Yes.", {}), ("C", "No.", {})])).densities
    assert np.isnan(densities[:, NAMES.index("empathy")]).all()
    assert not np.isnan(densities[:, NAMES.index("rupture")]).any()


def test_minutes_are_labelled_where_there_are_times():
    assert [label for _, label in timeline(tagged(seconds=60.0)).ticks][:3] == ["0 min", "5 min", "10 min"]


def test_lines_are_labelled_where_there_are_no_times():
    labels = [label for _, label in timeline(tagged(talk=TALK[:12])).ticks]
    assert labels == ["line 1", "line 5", "line 10"]


words = st.lists(st.tuples(st.sampled_from("TCM"), st.sampled_from(["", "a", "a b c d e"])), min_size=1, max_size=60)


@given(words, st.sampled_from([None, 0.5, 7.0, 400.0]))
def test_everything_lies_within_the_session_in_order(lines, seconds):
    of_session = timeline(tagged(talk=[(who, text, {}) for who, text in lines], seconds=seconds))
    assert of_session.starts[0] == 0
    assert of_session.ends[-1] == 1
    np.testing.assert_allclose(of_session.ends[:-1], of_session.starts[1:])
    assert (of_session.ends > of_session.starts).all()
    assert len(of_session.ticks) <= 10
    assert all(0 <= x <= 1 for x, _ in of_session.ticks)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3599, "59:59"), (3600, "1:00:00"), (4025, "1:07:05")]
)
def test_a_clock_is_read_as_on_a_player(seconds, shown):
    assert clock(seconds) == shown
