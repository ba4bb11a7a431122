"""A model that begins from another: what may be its base, what it takes, what it says of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_embeddings import write_embeddings

from alliance_nlp.base_model import open_base_model, require_unseen, shipped_base
from alliance_nlp.bundle import load_bundle, save_bundle
from alliance_nlp.cautions import cautions
from alliance_nlp.codebook import read_codebook
from alliance_nlp.corpus_evaluation import evaluate, with_learning_curve
from alliance_nlp.embeddings import open_embeddings
from alliance_nlp.errors import BundleError, CorpusError, UsageError
from alliance_nlp.features import FeatureSpace
from alliance_nlp.learning_curve import learning_curve
from alliance_nlp.private_cache import open_cache
from alliance_nlp.ratings import read_coded_sessions
from alliance_nlp.shipped import default_model
from alliance_nlp.tagging import Tagger, load_tagger
from alliance_nlp.training import TrainingSettings, train

ROOT = Path(__file__).parents[1]
TEST_PART = ROOT / "corpora" / "alliance" / "test.csv"
PROVENANCE = {"files": [{"file": "few.csv", "sha256": "1" * 64}]}
ENGLISH = "blank:en"


@pytest.fixture(scope="module")
def few(excerpt):
    """A dozen coded sessions that neither the small model nor the shipped one learned from."""
    return read_coded_sessions([excerpt / "test.csv"], read_codebook())


@pytest.fixture(scope="module")
def others(excerpt):
    """A dozen coded sessions that the small model did not learn from."""
    return read_coded_sessions([excerpt / "development.csv"], read_codebook())


def trained(coded, base, **how):
    settings = TrainingSettings("built", penalty=1.5, notice="Ours.", base=base)
    return train(coded, read_codebook(), settings, PROVENANCE, **how)[0]


@pytest.fixture(scope="module")
def base(small_model):
    return open_base_model(small_model, ENGLISH)


@pytest.fixture(scope="module")
def built(few, base):
    return trained(few, base)


@pytest.fixture(scope="module")
def plain(few):
    return trained(few, None)


# What may be a base.


def test_default_is_the_shipped_model_where_no_folder_has_that_name(small_model, tmp_path, monkeypatch):
    assert open_base_model("default", ENGLISH).digest == load_bundle(default_model()).digest
    (tmp_path / "default").symlink_to(small_model)
    monkeypatch.chdir(tmp_path)
    assert open_base_model("default", ENGLISH).name == "small"


def test_a_base_has_no_embeddings(coded_sessions, tmp_path):
    embeddings = open_embeddings(write_embeddings(tmp_path / "tiny"))
    settings = TrainingSettings("meaning", penalty=1.5, embeddings=embeddings)
    save_bundle(train(coded_sessions, read_codebook(), settings, {"files": []})[0], tmp_path / "meaning")
    with pytest.raises(UsageError, match="was trained with sentence embeddings"):
        open_base_model(tmp_path / "meaning", ENGLISH)


def test_a_base_has_the_tokenizer_of_the_new_model(small_model):
    with pytest.raises(UsageError, match="has the tokenizer blank:en, not blank:de; give --pipeline blank:en"):
        open_base_model(small_model, "blank:de")


def test_a_base_of_an_earlier_version_is_refused(small_bundle, tmp_path):
    with pytest.raises(UsageError, match="was trained by another version of the program"):
        open_base_model(ROOT / "tests" / "data" / "bundle-format-4", ENGLISH)
    known = small_bundle.features
    lexicon = {name: phrases[1:] if name == "kin" else phrases for name, phrases in known.lexicon.items()}
    save_bundle(replace(small_bundle, features=FeatureSpace(known.ngrams, lexicon, known.idf)), tmp_path / "model")
    with pytest.raises(UsageError, match="was trained by another version of the program"):
        open_base_model(tmp_path / "model", ENGLISH)


def test_a_base_is_a_bundle(tmp_path):
    with pytest.raises(BundleError, match="no such model folder; name a bundle's folder, or default for the shipped"):
        open_base_model(tmp_path / "nowhere", ENGLISH)
    with pytest.raises(BundleError, match="is not a model bundle"):
        open_base_model(tmp_path, ENGLISH)


def test_a_base_that_learned_from_a_session_of_the_corpus_is_refused(few, base, coded_sessions):
    with pytest.raises(CorpusError) as raised:
        trained([*few, coded_sessions[3]], base)
    first = coded_sessions[3].session.session_id
    assert f"small learned from 1 of these 13 sessions ({first}), and every figure" in str(raised.value)
    assert "leave them out, or train without --base" in str(raised.value)


def test_the_sessions_that_a_base_learned_from_are_named_up_to_twenty(few, base, coded_sessions):
    known = [*coded_sessions, *coded_sessions]
    names = [item.session.session_id for item in known]
    for n, said in ((20, f"({', '.join(names[:20])}),"), (23, f"({', '.join(names[:20])}, … and 3 more),")):
        with pytest.raises(CorpusError) as raised:
            require_unseen(base, [*few, *known[:n]])
        assert f"learned from {n} of these {n + 12} sessions {said}" in str(raised.value)


# What it gives.


def test_the_model_has_the_words_of_both(built, base, plain):
    assert built.features.ngrams == sorted({*base.features.ngrams, *plain.features.ngrams})
    place = {ngram: number for number, ngram in enumerate(built.features.ngrams)}
    columns = [place[ngram] for ngram in base.features.ngrams]
    np.testing.assert_array_equal(built.features.idf[columns], base.features.idf[: len(columns)])


def test_words_of_the_base_alone_weigh_what_its_scores_do(built, base, plain):
    of_both = {*plain.features.ngrams}
    place = {ngram: number for number, ngram in enumerate(built.features.ngrams)}
    alone = [(place[ngram], number) for number, ngram in enumerate(base.features.ngrams) if ngram not in of_both]
    in_built, in_base = np.array(alone).T
    ours, theirs = built.classifier.weights[in_built], base.classifier.weights[in_base].astype(float)
    # One number for each pair of their marker and ours tells all the weights.
    taken, *_ = np.linalg.lstsq(theirs, ours, rcond=None)
    np.testing.assert_allclose(theirs @ taken, ours, atol=2e-4)
    assert (np.diag(taken) > 0.05).all()


def test_a_base_tells_a_small_corpus_more(few):
    unseen = read_coded_sessions([TEST_PART], read_codebook())[len(few) : 3 * len(few)]
    found = {}
    for name, base in (("plain", None), ("built", open_base_model("default", ENGLISH))):
        evaluation = evaluate(trained(few, base), unseen, read_codebook(), PROVENANCE)
        found[name] = [marker.scores.figures["auc"].value for marker in evaluation.markers]
    assert np.mean(found["built"]) > np.mean(found["plain"]) + 0.05


def test_a_session_is_tagged_alike_alone_and_beside_others(built, demo_session, coded_sessions):
    others = [item.session for item in coded_sessions[:3]]
    tagger = Tagger(built)
    alone, beside = tagger.tag(demo_session, explain=3), tagger.tag_all([*others, demo_session], explain=3)[-1]
    np.testing.assert_array_equal(alone.probabilities, beside.probabilities)
    assert alone.reasons == beside.reasons


def test_the_saved_model_needs_no_base(built, demo_session, tmp_path):
    save_bundle(built, tmp_path / "model")
    loaded = load_tagger(tmp_path / "model")
    np.testing.assert_array_equal(loaded.tag(demo_session).probabilities, Tagger(built).tag(demo_session).probabilities)


def test_the_bundle_is_the_same_for_any_number_of_processes_and_from_the_cache(built, few, base, tmp_path):
    cache = open_cache(tmp_path / "cache")
    for how in ({"jobs": 2}, {"memory": cache}, {"memory": cache}):
        again = trained(few, base, **how)
        np.testing.assert_array_equal(again.classifier.weights, built.classifier.weights)
        assert (again.training, again.card) == (built.training, built.card)


def test_the_cache_tells_bases_apart(few, base, coded_sessions, tmp_path):
    save_bundle(trained(coded_sessions[:8], None), tmp_path / "other")
    other = open_base_model(tmp_path / "other", ENGLISH)
    cache = open_cache(tmp_path / "cache")
    models = [trained(few, one, memory=cache) for one in (None, base, other, None)]
    weights = [one.classifier.weights for one in models]
    np.testing.assert_array_equal(weights[0], weights[3])
    assert len({len(of_model) for of_model in weights}) == 3


def test_a_base_goes_with_embeddings(few, base, demo_session, tmp_path):
    embeddings = open_embeddings(write_embeddings(tmp_path / "tiny"))
    settings = TrainingSettings("both", penalty=1.5, embeddings=embeddings, base=base)
    bundle, _ = train(few, read_codebook(), settings, PROVENANCE)
    assert (np.abs(bundle.classifier.weights[bundle.features.n_counted :]) > 0.01).any()
    save_bundle(bundle, tmp_path / "model")
    loaded = load_tagger(tmp_path / "model", embeddings=tmp_path / "tiny")
    own = Tagger(bundle, embeddings=embeddings).tag(demo_session).probabilities
    np.testing.assert_array_equal(loaded.tag(demo_session).probabilities, own)


# What is said of it.


def test_card_and_training_name_the_base_and_what_is_to_be_said_of_it(built, base):
    (kept,) = built.training["bases"]
    assert (kept["name"], kept["sha256"]) == ("small", base.digest)
    assert kept["corpus"]["session_digests"] == base.training["corpus"]["session_digests"]
    assert built.training["notice"] == "Ours. Base model: A test."
    assert built.card.startswith("# Model card: built\n\nOurs. Base model: A test.\n")
    assert f"multiplied out into its own: `small`, SHA-256\n`{base.digest}`" in built.card
    assert "Those of the base model are in it too." in built.card


def test_without_a_base_nothing_is_said_of_one(plain):
    assert "bases" not in plain.training and "base model" not in plain.card


def test_a_base_can_have_one_and_both_are_known(built, few, others, coded_sessions, tmp_path):
    save_bundle(built, tmp_path / "built")
    second = open_base_model(tmp_path / "built", ENGLISH)
    twice = trained(others, second)
    assert [one["name"] for one in twice.training["bases"]] == ["built", "small"]
    assert f"`built`, SHA-256\n`{second.digest}`, which has the base model `small`" in twice.card
    for known in (few[0], coded_sessions[0]):
        with pytest.raises(CorpusError, match="learned from 1 of these 13 sessions"):
            trained([*others, known], second)


def test_an_evaluation_on_what_the_base_learned_from_is_cautioned(built, coded_sessions, demo_session):
    sessions = [coded_sessions[0].session, demo_session]
    elsewhere = {"files": [{"file": "other.csv", "sha256": "0" * 64}]}
    (said,) = cautions(built, built.codebook, elsewhere, [], [], sessions)
    assert said.startswith(f"Its base model small was trained on 1 of these 2 sessions ({sessions[0].session_id}):")


def test_a_learning_curve_is_one_of_models_with_the_shipped_base(built, plain, others, small_model, monkeypatch):
    def curve(bundle, sessions):
        found = with_learning_curve(evaluate(bundle, sessions, read_codebook(), PROVENANCE), sessions, read_codebook())
        return found.to_dict()["learning_curve"], any(
            "models without the base model" in warning for warning in found.warnings
        )

    without, said = curve(plain, others[:4])
    assert not said
    assert curve(built, others[:4]) == (without, True)
    monkeypatch.setattr("alliance_nlp.base_model.default_model", lambda: small_model)
    learned, said = curve(built, others[:4])
    assert not said
    assert learned != without
    settings = TrainingSettings(seed=0, base=shipped_base(built))
    markers = ["empathy", "validation", "self_disclosure", "rupture", "repair"]
    assert learned == [step.to_dict() for step in learning_curve(others[:4], read_codebook(), markers, settings)]


def test_a_learning_curve_is_without_a_base_that_learned_from_its_sessions(
    built, few, coded_sessions, small_model, monkeypatch
):
    monkeypatch.setattr("alliance_nlp.base_model.default_model", lambda: small_model)
    seen = coded_sessions[:4]
    evaluation = with_learning_curve(evaluate(built, seen, read_codebook(), PROVENANCE), seen, read_codebook())
    assert any("models without the base model" in warning for warning in evaluation.warnings)
    assert any(step.figures for step in evaluation.learning)
