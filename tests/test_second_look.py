"""The second look sees whole sessions, only codes of the speaker's role, and learns what stands around a code."""

import numpy as np
import pytest

from alliance_nlp.second_look import VIEWS, fit_second_look, second_look_inputs, second_look_names
from alliance_nlp.surroundings import session_begins

BOTH = np.array([[True, False], [False, True]] * 3)


def test_inputs_are_the_scores_here_and_the_likelihood_around():
    scores = np.array([[0.0, 9.0], [9.0, 0.0]])
    inputs = second_look_inputs(scores, BOTH[:2], session_begins([2]))
    # Before the second: a likelihood of one half for the first marker; after the first the other way round.
    views = {view: inputs[:, 2 * place : 2 * place + 2] for place, view in enumerate(VIEWS)}
    for view in ("before", "1 before"):
        assert views[view] == pytest.approx(np.array([[0, 0], [0.5, 0]]))
    for view in ("after", "1 after"):
        assert views[view] == pytest.approx(np.array([[0, 0.5], [0, 0]]))
    for view in ("here", "2 before", "2 after"):
        assert not views[view].any()


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
    inputs, codes = random.normal(size=(60, len(VIEWS))), (random.random((60, 1)) < 0.4).astype(np.int8)
    uncoded = np.concatenate([codes, np.full((9, 1), -1, dtype=np.int8)])
    look = fit_second_look(np.concatenate([inputs, random.normal(size=(9, len(VIEWS)))]), uncoded, not_coded=-1)
    assert look.weights == pytest.approx(fit_second_look(inputs, codes, not_coded=-1).weights)


def test_an_input_that_is_always_the_same_does_no_harm():
    codes = np.array([[0], [1], [0], [1]], dtype=np.int8)
    inputs = np.zeros((4, len(VIEWS)))
    inputs[:, :2] = [[0, 1], [1, 1], [0, 1], [1, 1]]
    look = fit_second_look(inputs, codes, not_coded=-1)
    assert np.isfinite(look.weights).all()


def test_names_follow_the_order_of_the_inputs():
    names = second_look_names(["a", "b"])
    assert names[:3] == ["⟨before: a⟩", "⟨before: b⟩", "⟨after: a⟩"]
    assert names[-4:] == ["⟨1 after: a⟩", "⟨1 after: b⟩", "⟨2 after: a⟩", "⟨2 after: b⟩"]


def test_a_small_corpus_leaves_the_first_score_as_it_is():
    random = np.random.default_rng(4)
    codes = (random.random((80, 1)) < 0.3).astype(np.int8)
    inputs = random.normal(size=(80, len(VIEWS)))
    inputs[:, 0] += 2 * codes[:, 0]
    second = fit_second_look(inputs, codes, not_coded=-1).scores(inputs)[:, 0]
    assert np.corrcoef(second, inputs[:, 0])[0, 1] > 0.97
