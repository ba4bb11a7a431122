"""A saved model is the model; one that is not whole is refused with the file's name; opening one runs no code."""

import hashlib
import io
import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_embeddings import DIMENSIONS, write_embeddings

from alliance_nlp.bundle import FILES, FORMAT, MANIFEST, load_bundle, save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.embeddings import open_embeddings
from alliance_nlp.errors import BundleError, OutputError
from alliance_nlp.features import FeatureSpace, MeaningBlock
from alliance_nlp.readers import read_session
from alliance_nlp.tagging import Tagger, load_tagger
from alliance_nlp.training import TrainingSettings, train

DATA = Path(__file__).parent / "data"


@pytest.fixture
def model(small_model, tmp_path):
    """A copy of the small model that a test may damage."""
    return shutil.copytree(small_model, tmp_path / "model")


def refusal(folder):
    with pytest.raises(BundleError) as raised:
        load_bundle(folder)
    return str(raised.value)


def reseal(folder, **changes):
    """Write a manifest that fits the files as they are now, as somebody who forges a bundle would."""
    manifest = json.loads((folder / MANIFEST).read_bytes()) | changes
    manifest["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    del manifest["digest"]
    manifest["digest"] = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def test_a_loaded_model_gives_the_same_probabilities_as_the_one_saved(small_bundle, small_model, demo_session):
    saved, loaded = Tagger(small_bundle), Tagger(load_bundle(small_model))
    np.testing.assert_array_equal(saved.tag(demo_session).probabilities, loaded.tag(demo_session).probabilities)
    assert saved.bundle.thresholds == loaded.bundle.thresholds


def test_a_loaded_model_has_all_that_was_saved(small_bundle, small_model):
    loaded = load_bundle(small_model)
    assert loaded.features.ngrams == small_bundle.features.ngrams
    for name in ("name", "codebook", "pipeline", "training", "card"):
        assert getattr(loaded, name) == getattr(small_bundle, name), name


def test_saving_a_loaded_model_gives_the_same_files_and_digest(small_model, tmp_path):
    save_bundle(load_bundle(small_model), tmp_path / "again")
    for name in (*FILES, MANIFEST):
        assert (tmp_path / "again" / name).read_bytes() == (small_model / name).read_bytes(), name
    assert load_bundle(tmp_path / "again").digest == load_bundle(small_model).digest


def test_words_with_a_space_in_them_are_kept_whole(small_bundle, tmp_path):
    # A pipeline's rules can hold a space, and its tokens then do: "of course".
    known = small_bundle.features
    place = known.ngrams.index(("the",))
    ngrams = [*known.ngrams[:place], ("of course",), *known.ngrams[place + 1 :]]
    save_bundle(
        replace(small_bundle, features=FeatureSpace(ngrams, known.lexicon, known.idf)),
        tmp_path / "model",
    )
    assert load_bundle(tmp_path / "model").features.ngrams == ngrams


def test_a_model_without_a_name_can_be_opened(small_bundle, tmp_path):
    save_bundle(replace(small_bundle, name=""), tmp_path / "model")
    assert load_bundle(tmp_path / "model").name == ""


def test_a_model_is_not_saved_over_another_unless_asked(small_bundle, model):
    with pytest.raises(OutputError, match="--overwrite"):
        save_bundle(small_bundle, model)
    save_bundle(small_bundle, model, overwrite=True)


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_truncated_file_is_named(model, name):
    content = (model / name).read_bytes()
    (model / name).write_bytes(content[: len(content) // 2])
    assert refusal(model).startswith(f"{model / name}: ")


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_an_empty_file_is_named(model, name):
    (model / name).write_bytes(b"")
    assert refusal(model).startswith(f"{model / name}: ")


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_one_byte_altered_is_named(model, name):
    content = bytearray((model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model / name).write_bytes(content)
    assert refusal(model).startswith(f"{model / name}: altered or cut off")


@pytest.mark.parametrize("name", FILES)
def test_a_removed_file_is_named(model, name):
    (model / name).unlink()
    assert refusal(model).startswith(f"{model / name}: cannot be read")


def test_a_manifest_with_any_one_byte_altered_is_refused(model):
    content = (model / MANIFEST).read_bytes()
    for place in range(len(content)):
        altered = bytearray(content)
        altered[place] ^= 1
        if not altered[place : place + 1].isspace():
            (model / MANIFEST).write_bytes(altered)
            assert refusal(model).startswith(f"{model / MANIFEST}: "), place


@pytest.mark.parametrize(
    "manifest", [b"[]", b"7", b"\xff", b"[" * 100_000, b'{"format": 1, "files": [], "digest": ""}']
)
def test_a_manifest_that_is_none_is_named(model, manifest):
    (model / MANIFEST).write_bytes(manifest)
    assert refusal(model).startswith(f"{model / MANIFEST}: ")


def test_a_newer_format_is_told_to_upgrade(model):
    reseal(model, format=FORMAT + 1)
    text = refusal(model)
    newer, known = FORMAT + 1, FORMAT
    assert f"bundle format {newer} is newer than this program knows ({known})" in text
    assert "pip install --upgrade alliance-nlp" in text


def test_an_older_format_is_told_to_be_trained_anew(model):
    reseal(model, format=1)
    text = refusal(model)
    assert f"bundle format 1 is that of an earlier program (now {FORMAT})" in text
    assert "train the model anew" in text


def test_a_newer_format_of_another_layout_is_told_to_upgrade(model):
    (model / MANIFEST).write_text(json.dumps({"format": FORMAT + 1, "contents": []}), "utf-8")
    assert "pip install --upgrade alliance-nlp" in refusal(model)


def test_a_folder_that_is_no_bundle_is_told_so(tmp_path):
    assert refusal(tmp_path).startswith(f"{tmp_path}: is not a model bundle (it holds no bundle.json)")


def test_a_folder_that_is_not_there_is_told_so(tmp_path):
    assert refusal(tmp_path / "nowhere").startswith(f"{tmp_path / 'nowhere'}: no such model folder")


def test_a_resealed_bundle_is_opened(model):
    reseal(model)
    assert load_bundle(model).name == "small"


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.fixture
def trap(tmp_path):
    """An array with a trap in it, as the bytes of an .npy file, and the file that it creates when it goes off."""
    sprung = tmp_path / "sprung"
    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap(sprung)], dtype=object), allow_pickle=True)
    return buffer.getvalue(), sprung


def test_the_trap_goes_off_where_objects_are_allowed(trap):
    content, sprung = trap
    np.load(io.BytesIO(content), allow_pickle=True)
    assert sprung.exists()


@pytest.mark.parametrize("name", ["idf.npy", "weights.npy"])
def test_an_array_with_objects_is_refused_and_runs_nothing(model, name, trap):
    content, sprung = trap
    (model / name).write_bytes(content)
    reseal(model)
    assert str(model) in refusal(model)
    assert not sprung.exists()


@pytest.mark.parametrize("name", ["idf.npy", "weights.npy"])
def test_a_bare_pickle_is_refused_and_runs_nothing(model, name, tmp_path):
    (model / name).write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    reseal(model)
    assert str(model) in refusal(model)
    assert not (tmp_path / "sprung").exists()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


ONE = npy(np.ones(1, dtype="<f4"))
WRONG_CONTENTS = {
    "codebook that is no TOML": ("codebook.toml", b"name ="),
    "settings without markers": ("settings.json", b"{}"),
    "settings nested without end": ("settings.json", b"[" * 100_000),
    "training that is a number": ("training.json", b"7"),
    "ngrams that are too few": ("ngrams.json", b'["so"]'),
    "ngrams that are numbers": ("ngrams.json", b"[1]"),
    "array of nothing": ("idf.npy", b""),
    "array cut off": ("idf.npy", ONE[:-1]),
    "array of another length": ("idf.npy", ONE),
    "array that is an archive": ("idf.npy", b"PK\x03\x04 an archive, cut off"),
    "array with a broken head": ("weights.npy", ONE.replace(b"(1,)", b"((((")),
    "array that no memory holds": ("weights.npy", ONE.replace(b"(1,), }" + b" " * 14, b"(999999999999999,), }")),
    "array of another type": ("weights.npy", npy(np.ones((3, 5), dtype="<f8"))),
    "card that is no text": ("MODEL_CARD.md", b"\xff"),
}


@pytest.mark.parametrize("wrong", WRONG_CONTENTS)
def test_wrong_contents_under_right_digests_are_refused(model, wrong):
    name, content = WRONG_CONTENTS[wrong]
    (model / name).write_bytes(content)
    reseal(model)
    assert str(model) in refusal(model)


def test_ngrams_that_are_plain_texts_are_refused(model, small_bundle):
    texts = [" ".join(ngram) for ngram in small_bundle.features.ngrams]
    (model / "ngrams.json").write_text(json.dumps(texts), "utf-8")
    reseal(model)
    assert str(model) in refusal(model)


@pytest.mark.parametrize("key", ["threshold", "intercept", "slope", "offset"])
def test_a_setting_that_is_no_number_is_refused(model, key):
    settings = json.loads((model / "settings.json").read_bytes())
    settings["markers"]["rupture"][key] = None
    (model / "settings.json").write_text(json.dumps(settings), "utf-8")
    reseal(model)
    assert str(model) in refusal(model)


@pytest.mark.parametrize("of_format", [2, 3, 4, 5])
def test_a_bundle_of_an_earlier_format_opens_tags_as_ever_and_stays_what_it_is(of_format, tmp_path):
    session = read_session(DATA / "tiny-session.txt")
    tagged = load_tagger(DATA / f"bundle-format-{of_format}").tag(session)
    assert (tagged.tags == 1).any(axis=0).all()
    told = json.loads((DATA / "bundles-told.json").read_bytes())[str(of_format)]
    np.testing.assert_allclose(tagged.probabilities, np.array(told, dtype=float), atol=1.5e-4)
    save_bundle(load_bundle(DATA / f"bundle-format-{of_format}"), tmp_path / "now")
    np.testing.assert_array_equal(load_tagger(tmp_path / "now").tag(session).probabilities, tagged.probabilities)


def test_punctuation_counts_around_an_utterance_in_earlier_bundles_alone(small_bundle):
    earlier = load_bundle(DATA / "bundle-format-3").features
    marks = [name for name in map(earlier.name, range(earlier.n_features)) if name == "⟨self before: .⟩"]
    assert marks
    assert "⟨self before: .⟩" not in map(small_bundle.features.name, range(small_bundle.features.n_features))


@pytest.mark.parametrize(("block", "length"), [("runs", 0), ("pairs", "x"), ("side", float("inf")), ("shape", None)])
def test_lengths_of_blocks_that_are_none_are_refused(model, block, length):
    settings = json.loads((model / "settings.json").read_bytes())
    settings["lengths"][block] = length
    (model / "settings.json").write_text(json.dumps(settings), "utf-8")
    reseal(model)
    assert str(model) in refusal(model)


@pytest.fixture(scope="module")
def meaning_model(coded_sessions, tmp_path_factory):
    """A model with sentence embeddings, and the folder it is saved in; not to be written to."""
    work = tmp_path_factory.mktemp("meaning")
    settings = TrainingSettings("meaning", penalty=1.5, embeddings=open_embeddings(write_embeddings(work / "tiny")))
    bundle, _ = train(coded_sessions, read_codebook(), settings, {"files": []})
    save_bundle(bundle, work / "model")
    return bundle, work / "model"


@pytest.fixture
def with_meaning(meaning_model, tmp_path):
    """A copy of it that a test may damage."""
    return shutil.copytree(meaning_model[1], tmp_path / "meaning")


def test_a_bundle_says_which_embeddings_it_wants(meaning_model):
    bundle, folder = meaning_model
    loaded = load_bundle(folder)
    assert loaded.embeddings == bundle.embeddings
    assert loaded.features.meaning == bundle.features.meaning == MeaningBlock(DIMENSIONS)
    settings = json.loads((folder / "settings.json").read_bytes())["embeddings"]
    digest = open_embeddings(folder.parent / "tiny").model.sha256
    assert settings == {"name": "tiny", "sha256": digest, "dimensions": DIMENSIONS, "length": MeaningBlock().length}


def test_a_bundle_without_embeddings_says_nothing_of_them(model):
    assert "embeddings" not in json.loads((model / "settings.json").read_bytes())


@pytest.mark.parametrize(
    ("key", "value"),
    [("dimensions", DIMENSIONS - 1), ("dimensions", 0), ("dimensions", "x"), ("length", 0), ("length", None)],
)
def test_embeddings_that_do_not_fit_are_refused(with_meaning, key, value):
    settings = json.loads((with_meaning / "settings.json").read_bytes())
    settings["embeddings"][key] = value
    (with_meaning / "settings.json").write_text(json.dumps(settings), "utf-8")
    reseal(with_meaning)
    assert str(with_meaning) in refusal(with_meaning)


def test_saving_a_loaded_model_with_embeddings_gives_the_same_files(meaning_model, tmp_path):
    save_bundle(load_bundle(meaning_model[1]), tmp_path / "again")
    for name in (*FILES, MANIFEST):
        assert (tmp_path / "again" / name).read_bytes() == (meaning_model[1] / name).read_bytes(), name


def test_the_card_names_the_embeddings(meaning_model):
    bundle, _ = meaning_model
    assert f"SHA-256\n`{bundle.embeddings.sha256}`" in bundle.card
