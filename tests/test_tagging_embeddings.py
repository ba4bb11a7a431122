"""Tagging by a model that was trained with sentence embeddings."""

import numpy as np
import pytest
from made_embeddings import TABLE, write_embeddings

from alliance_nlp.bundle import save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.embeddings import open_embeddings
from alliance_nlp.errors import EmbeddingsError, UsageError
from alliance_nlp.evidence import in_words, other_reasons
from alliance_nlp.features import MEANING
from alliance_nlp.private_cache import open_cache
from alliance_nlp.tagging import Reason, Tagger, load_tagger
from alliance_nlp.training import TrainingSettings, train


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_embeddings(tmp_path_factory.mktemp("embeddings") / "tiny")


def trained(coded_sessions, folder, **how):
    settings = TrainingSettings("meaning", penalty=1.5, embeddings=open_embeddings(folder))
    return train(coded_sessions, read_codebook(), settings, {"files": []}, **how)[0]


@pytest.fixture(scope="module")
def bundle(coded_sessions, folder):
    return trained(coded_sessions, folder)


@pytest.fixture(scope="module")
def tagger(bundle, folder):
    return Tagger(bundle, embeddings=open_embeddings(folder))


def test_embeddings_bear_on_the_probabilities(tagger, small_bundle, demo_session):
    weights = tagger.bundle.classifier.weights[tagger.bundle.features.n_counted :]
    assert (np.abs(weights) > 0.01).all(axis=1).any()
    own, plain = tagger.tag(demo_session).probabilities, Tagger(small_bundle).tag(demo_session).probabilities
    assert (own != plain)[~np.isnan(own)].any()


def test_a_session_is_tagged_alike_alone_and_beside_others(tagger, demo_session, coded_sessions):
    others = [item.session for item in coded_sessions[:3]]
    alone, beside = tagger.tag(demo_session, explain=3), tagger.tag_all([*others, demo_session], explain=3)[-1]
    np.testing.assert_array_equal(alone.probabilities, beside.probabilities)
    assert alone.reasons == beside.reasons


def test_meaning_is_one_reason_and_all_reasons_sum_to_the_log_odds(tagger, demo_session):
    tagged = tagger.tag(demo_session, explain=10**6)
    for of_utterance, probabilities in zip(tagged.reasons, tagged.probabilities, strict=True):
        for marker, (reasons, probability) in enumerate(zip(of_utterance, probabilities, strict=True)):
            if not np.isnan(probability):
                assert sum(reason.feature == MEANING for reason in reasons) <= 1
                of_role = np.array([other.role == tagged.markers[marker].role for other in tagged.markers])
                log_odds = sum(reason.contribution for reason in reasons) + tagger.bundle.classifier.base(
                    marker, of_role
                )
                assert 1 / (1 + np.exp(-log_odds)) == pytest.approx(probability, abs=0.5001e-4)
    assert any(reason.feature == MEANING for reason in tagged.reasons[0][0])


def test_meaning_is_said_in_plain_words():
    assert in_words(MEANING) == "what it says as a whole"
    assert other_reasons([Reason(MEANING, 0.4), Reason("so", 0.2)]) == ["what it says as a whole"]


def test_without_embeddings_it_is_said_which_are_wanted(bundle):
    with pytest.raises(EmbeddingsError) as raised:
        Tagger(bundle)
    assert "name the folder that holds them with --embeddings FOLDER (tiny, SHA-256 " in str(raised.value)


def test_other_embeddings_are_refused(bundle, tmp_path):
    other = open_embeddings(write_embeddings(tmp_path / "other", table=TABLE + 1))
    with pytest.raises(EmbeddingsError) as raised:
        Tagger(bundle, embeddings=other)
    assert str(bundle.embeddings) in str(raised.value) and str(other.model) in str(raised.value)


def test_a_model_without_them_takes_none(small_bundle, folder):
    with pytest.raises(UsageError, match="was trained without sentence embeddings"):
        Tagger(small_bundle, embeddings=open_embeddings(folder))


def test_load_tagger_takes_their_folder(bundle, tagger, folder, demo_session, tmp_path):
    save_bundle(bundle, tmp_path / "model")
    loaded = load_tagger(tmp_path / "model", embeddings=folder)
    np.testing.assert_array_equal(loaded.tag(demo_session).probabilities, tagger.tag(demo_session).probabilities)


def test_the_bundle_is_the_same_for_any_number_of_processes_and_from_the_cache(
    bundle, coded_sessions, folder, tmp_path
):
    cache = open_cache(tmp_path / "cache")
    for how in ({"jobs": 2}, {"memory": cache}, {"memory": cache}):
        again = trained(coded_sessions, folder, **how)
        np.testing.assert_array_equal(again.classifier.weights, bundle.classifier.weights)
        assert (again.training, again.card) == (bundle.training, bundle.card)


def test_the_cache_tells_embeddings_apart(bundle, coded_sessions, folder, small_bundle, tmp_path):
    cache = open_cache(tmp_path / "cache")
    trained(coded_sessions, folder, memory=cache)
    other = trained(coded_sessions, write_embeddings(tmp_path / "other", table=TABLE[::-1]), memory=cache)
    assert (other.classifier.weights != bundle.classifier.weights).any()
    settings = TrainingSettings("small", seed=7, notice="A test.")
    plain, _ = train(coded_sessions, read_codebook(), settings, {"files": []}, memory=cache)
    np.testing.assert_array_equal(plain.classifier.weights, small_bundle.classifier.weights)
