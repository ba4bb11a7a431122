"""Scores come from models that had not seen the client, for any number of processes, and are found again in a cache."""

import numpy as np
import pytest

from alliance_nlp.corpus_features import CorpusFeatures
from alliance_nlp.fold_scores import fold_scores, n_models
from alliance_nlp.private_cache import open_cache
from alliance_nlp.shapes import Line

N_CLIENTS, N_LINES = 8, 6
CLIENTS = np.array([f"client {number}" for number in range(N_CLIENTS)])
FOLD_OF = np.repeat(np.arange(N_CLIENTS) % 4, N_LINES)
PENALTIES = (0.1, 2.0)


@pytest.fixture(scope="module")
def codes():
    random = np.random.default_rng(0)
    return np.column_stack([np.tile([0, 1], N_CLIENTS * N_LINES // 2), random.integers(-1, 2, N_CLIENTS * N_LINES)])


@pytest.fixture(scope="module")
def corpus(codes):
    words = np.array(["so", "well"])[codes[:, 0]].reshape(N_CLIENTS, N_LINES)
    lines = [[Line([word, f"own{number}"], "C") for word in session] for number, session in enumerate(words)]
    return CorpusFeatures(lines, {}, CLIENTS, 1, "corpus")


@pytest.fixture(scope="module")
def scores(corpus, codes):
    return fold_scores(corpus, codes.astype(np.int8), FOLD_OF, PENALTIES, True, 0)


def test_each_utterance_has_a_score_by_each_model_that_lacks_its_fold(scores, codes):
    assert scores.outer.shape == (2, *codes.shape)
    assert not np.isnan(scores.outer).any()
    for fold in range(4):
        assert (np.isnan(scores.inner[fold]).all(axis=(0, 2)) == (fold == FOLD_OF)).all()


def test_inner_scores_do_not_change_with_the_codes_of_either_fold(corpus, codes, scores):
    changed = codes.astype(np.int8)
    changed[np.isin(FOLD_OF, [0, 2])] = 1 - changed[np.isin(FOLD_OF, [0, 2])].clip(0)
    anew = fold_scores(corpus, changed, FOLD_OF, PENALTIES, True, 0)
    between = FOLD_OF == 2
    assert (anew.inner[0][:, between] == scores.inner[0][:, between]).all()
    assert (anew.outer[:, between] != scores.outer[:, between]).any()


def test_the_number_of_processes_changes_nothing(corpus, codes, scores):
    told = []
    again = fold_scores(corpus, codes.astype(np.int8), FOLD_OF, PENALTIES, True, 0, 2, told.append)
    np.testing.assert_array_equal(again.outer, scores.outer)
    np.testing.assert_array_equal(again.inner, scores.inner)
    assert told == list(range(1, n_models(4, True) + 1))


def test_a_cache_gives_the_same_and_is_asked_only_for_the_same(corpus, codes, scores, tmp_path, monkeypatch):
    memory, codes = open_cache(tmp_path / "kept"), codes.astype(np.int8)
    first = fold_scores(corpus, codes, FOLD_OF, PENALTIES, False, 0, memory=memory)
    np.testing.assert_array_equal(first.outer, scores.outer)

    def refuse(*arguments):
        raise AssertionError("fitted anew")

    monkeypatch.setattr("alliance_nlp.fold_scores.fit_markers", refuse)
    second = fold_scores(corpus, codes, FOLD_OF, PENALTIES, False, 0, memory=memory)
    np.testing.assert_array_equal(second.outer, scores.outer)
    others = codes.copy()
    others[0, 0] = 1 - others[0, 0]
    for differing in ((others, PENALTIES, 0), (codes, (0.1, 3.0), 0), (codes, PENALTIES, 1)):
        with pytest.raises(AssertionError, match="fitted anew"):
            fold_scores(corpus, differing[0], FOLD_OF, differing[1], False, differing[2], memory=memory)
