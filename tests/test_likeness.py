"""Picks that are worth much and unlike each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.likeness import pick_unlike, word_vectors


def vectors_of(*texts):
    return word_vectors([text.split() for text in texts])


def column(*worth):
    return np.array(worth, dtype=float)[:, None]


def places(*arguments, **options):
    return [pick.place for pick in pick_unlike(*arguments, **options)]


def test_vectors_tell_how_alike_texts_are():
    vectors = vectors_of("i feel sad .", "i feel sad .", "i feel tired .", "what bus ?", "")
    alike = (vectors @ vectors.T).toarray()
    assert alike[0, 1] == pytest.approx(1)
    assert 0 < alike[0, 2] < 1
    assert alike[0, 3] == 0
    assert alike[4].tolist() == [0] * 5


def test_texts_without_words_are_like_nothing():
    assert word_vectors([[], []]).shape == (2, 1)


def test_the_double_of_a_pick_gives_way_to_something_else():
    vectors = vectors_of("mm hm yes", "mm hm yes", "that was hard")
    assert places(column(3, 2.9, 1), vectors, 3) == [0, 2]


def test_without_likeness_the_order_is_that_of_the_worth_and_equals_keep_theirs():
    assert places(column(1, 3, 2, 2), vectors_of("a", "b", "c", "d"), 9) == [1, 2, 3, 0]


def test_one_group_counts_as_alike():
    vectors = vectors_of("a", "b", "c")
    assert places(column(3, 2.9, 2), vectors, 3, ["ann", "ann", "ben"], same_group=0.5) == [0, 2, 1]


def test_every_marker_has_its_turn():
    worth = np.array([[2.0, 0]] * 8 + [[0, 1.0]] * 8)
    picked = pick_unlike(worth, vectors_of(*"abcdefghijklmnop"), 6)
    # D'Hondt's divisors: two to one.
    assert [pick.marker for pick in picked] == [0, 0, 1, 0, 0, 1]
    assert all((pick.place >= 8) == pick.marker for pick in picked)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=1, max_size=12), st.integers(0, 15))
def test_each_is_picked_once_and_nothing_that_is_worth_nothing(worth, how_many):
    worth = np.array(worth)
    picked = places(worth, vectors_of(*(f"w{number}" for number in range(len(worth)))), how_many)
    assert len(set(picked)) == len(picked) == min(how_many, int((worth.sum(axis=1) > 0).sum()))
    assert (worth[picked].sum(axis=1) > 0).all()
