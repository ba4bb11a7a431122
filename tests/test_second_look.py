"""The second look sees whole sessions, only codes of the speaker's role, and learns what stands around a code."""

import numpy as np
import pytest

from alliance_nlp.second_look import fit_second_look, second_look_inputs, second_look_names
from alliance_nlp.surroundings import session_begins

BOTH = np.array([[True, False], [False, True]] * 3)


def test_inputs_are_the_scores_here_and_the_likelihood_around():
    scores = np.array([[0.0, 9.0], [9.0, 0.0]])
    inputs = second_look_inputs(scores, BOTH[:2], session_begins([2]))
    # Here; before: nothing, then a likelihood of one half for the first marker; after the other way round.
    assert inputs == pytest.approx(np.array([[0, 0, 0, 0, 0, 0.5], [0, 0, 0.5, 0, 0, 0]]))


def test_scores_of_a_role_that_is_not_coded_say_nothing():
    random = np.random.default_rng(1)
    scores = random.normal(size=(6, 2))
    other = np.where(BOTH, scores, random.normal(size=(6, 2)))
    begins = session_begins([4, 2])
    np.testing.assert_array_equal(second_look_inputs(scores, BOTH, begins), second_look_inputs(other, BOTH, begins))


def test_a_marker_that_stands_beside_another_is_told_by_it():
    random = np.random.default_rng(2)
    n = 400
    first = random.random(n) < 0.3
    codes = np.column_stack([first, np.roll(first, 1)]).astype(np.int8)
    scores = np.column_stack([np.where(first, 3.0, -3.0), random.normal(size=n)])
    inputs = second_look_inputs(scores, np.ones((n, 2), dtype=bool), session_begins([n]))
    look = fit_second_look(inputs, codes, not_coded=-1)
    second = look.scores(inputs)[:, 1]
    assert second[codes[:, 1] == 1].mean() > second[codes[:, 1] == 0].mean() + 0.5


def test_utterances_that_nobody_coded_do_not_count():
    random = np.random.default_rng(3)
    inputs, codes = random.normal(size=(60, 3)), (random.random((60, 1)) < 0.4).astype(np.int8)
    uncoded = np.concatenate([codes, np.full((9, 1), -1, dtype=np.int8)])
    look = fit_second_look(np.concatenate([inputs, random.normal(size=(9, 3))]), uncoded, not_coded=-1)
    assert look.weights == pytest.approx(fit_second_look(inputs, codes, not_coded=-1).weights)


def test_an_input_that_is_always_the_same_does_no_harm():
    codes = np.array([[0], [1], [0], [1]], dtype=np.int8)
    look = fit_second_look(np.array([[0.0, 1, 0], [1, 1, 0], [0, 1, 0], [1, 1, 0]]), codes, not_coded=-1)
    assert np.isfinite(look.weights).all()


def test_names_follow_the_order_of_the_inputs():
    assert second_look_names(["a", "b"]) == ["⟨before: a⟩", "⟨before: b⟩", "⟨after: a⟩", "⟨after: b⟩"]
