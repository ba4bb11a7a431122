"""What stands around a line is what a plain loop over the session finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.surroundings import REACH, SIDES, faded_sums, line_away, neighbours, session_begins

SESSIONS = st.lists(st.lists(st.sampled_from("TCW"), min_size=1, max_size=25), min_size=1, max_size=3)


def test_begins_of_sessions_laid_end_to_end():
    assert session_begins([2, 1, 3]).tolist() == [True, False, True, True, False, False]


@given(SESSIONS)
def test_neighbours_are_those_of_a_plain_search(sessions):
    speakers = [speaker for session in sessions for speaker in session]
    begins = session_begins([len(session) for session in sessions])
    ours = dict(zip(SIDES, neighbours(speakers, begins), strict=True))
    start = 0
    for session in sessions:
        for place, speaker in enumerate(session):
            for side in SIDES:
                who, way = side.split()
                step = -1 if way == "before" else 1
                found = [
                    other
                    for other in range(place + step, place + step * (REACH + 1), step)
                    if 0 <= other < len(session) and (session[other] == speaker) == (who == "self")
                ]
                expected = np.zeros(len(speakers))
                weights = 0.7 ** np.arange(len(found))
                if found:
                    expected[start + np.array(found)] = weights / np.linalg.norm(weights)
                assert ours[side][start + place].toarray()[0] == pytest.approx(expected)
        start += len(session)


@given(SESSIONS, st.integers(0, 99))
def test_faded_sums_are_those_of_a_plain_loop(sessions, seed):
    lengths = [len(session) for session in sessions]
    values = np.random.default_rng(seed).random((sum(lengths), 2))
    before, after = faded_sums(values, session_begins(lengths))
    start = 0
    for length in lengths:
        for place in range(length):
            line = start + place
            for ours, others in ((before, range(start, line)), (after, range(line + 1, start + length))):
                theirs = sum((0.9 ** (abs(line - other) - 1) * values[other] for other in others), np.zeros(2))
                assert ours[line] == pytest.approx(theirs)
        start += length


@given(SESSIONS, st.sampled_from([-3, -2, -1, 1, 2, 3]))
def test_a_line_away_is_that_of_a_plain_loop(sessions, distance):
    lengths = [len(session) for session in sessions]
    values = np.arange(1.0, 2 * sum(lengths) + 1).reshape(-1, 2)
    expected, start = np.zeros(values.shape), 0
    for length in lengths:
        for line in range(start, start + length):
            if start <= line - distance < start + length:
                expected[line] = values[line - distance]
        start += length
    assert (line_away(values, session_begins(lengths), distance) == expected).all()
