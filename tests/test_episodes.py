"""Which ruptures belong together, and which repair takes them up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.episodes import REACH, Episode, find_episodes

PLACES = st.sets(st.integers(0, 120), max_size=15).map(sorted)


def test_reach_is_10_utterances():
    assert REACH == 10


def test_without_rupture_there_is_no_episode():
    assert find_episodes([], [3, 7]) == []


def test_ruptures_10_apart_are_one_episode():
    assert find_episodes([5, 15], []) == [Episode((5, 15), None)]


def test_ruptures_11_apart_are_two_episodes():
    assert find_episodes([5, 16], []) == [Episode((5,), None), Episode((16,), None)]


def test_an_episode_goes_on_from_its_last_rupture():
    assert find_episodes([0, 10, 20, 30], []) == [Episode((0, 10, 20, 30), None)]


def test_a_repair_inside_takes_an_episode_up():
    assert find_episodes([5, 15], [8]) == [Episode((5, 15), 8)]


def test_a_repair_10_after_the_last_rupture_takes_it_up():
    assert find_episodes([5, 15], [25]) == [Episode((5, 15), 25)]


def test_a_repair_11_after_the_last_rupture_does_not():
    assert find_episodes([5, 15], [26]) == [Episode((5, 15), None)]


def test_a_repair_before_the_opening_does_not_count():
    assert find_episodes([5], [4]) == [Episode((5,), None)]


def test_a_repair_belongs_to_the_episode_before_it_only():
    assert find_episodes([0, 11], [10]) == [Episode((0,), 10), Episode((11,), None)]


def test_the_first_repair_is_the_one():
    assert find_episodes([5], [2, 7, 9]) == [Episode((5,), 7)]


def test_distance_is_from_the_opening_rupture_to_the_repair():
    assert Episode((5, 9), 12).distance == 7
    assert Episode((5, 9), None).distance is None


def test_an_episode_is_addressed_where_it_has_a_repair():
    assert Episode((5,), 6).addressed
    assert not Episode((5,), None).addressed


@given(PLACES, PLACES)
def test_every_rupture_is_in_exactly_one_episode(ruptures, repairs):
    assert [place for episode in find_episodes(ruptures, repairs) for place in episode.ruptures] == ruptures


@given(PLACES)
def test_episodes_are_more_than_10_apart_and_their_ruptures_are_not(ruptures):
    episodes = find_episodes(ruptures, [])
    for before, after in pairwise(episodes):
        assert after.ruptures[0] - before.ruptures[-1] > 10
    for episode in episodes:
        assert all(b - a <= 10 for a, b in pairwise(episode.ruptures))


@given(PLACES, PLACES)
def test_a_repair_takes_up_one_episode_at_most(ruptures, repairs):
    taken = [episode.repair for episode in find_episodes(ruptures, repairs) if episode.addressed]
    assert len(taken) == len(set(taken))
