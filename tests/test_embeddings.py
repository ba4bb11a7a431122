"""Texts to vectors: what they come to, and that a text's vector depends on the text alone."""

import builtins

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_embeddings import DIMENSIONS, TABLE, WORDS, write_embeddings, write_json

from alliance_nlp.embeddings import DECIMALS, SentenceEmbeddings, open_embeddings
from alliance_nlp.errors import EmbeddingsError, UsageError

SPOKEN = "wintergreen"
"""A word that is said, and must be repeated in no message."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Not to be written to."""
    return write_embeddings(tmp_path_factory.mktemp("embeddings") / "tiny")


@pytest.fixture
def damaged(tmp_path):
    return write_embeddings(tmp_path / "damaged")


def unit(vector):
    return (vector / np.linalg.norm(vector)).round(DECIMALS)


def of_words(*words):
    return TABLE[[WORDS.index(word) for word in words]]


def without(monkeypatch, *libraries):
    """Import as where these are not installed."""
    found = builtins.__import__

    def refuse(name, *arguments, **others):
        if name.partition(".")[0] in libraries:
            raise ImportError(f"No module named {name!r}", name=name)
        return found(name, *arguments, **others)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_a_vector_is_the_mean_of_the_tokens_brought_to_length_1(folder):
    found = open_embeddings(folder).vectors(["You feel tired", "I"])
    assert found.dtype == np.float32
    expected = [unit(of_words("you", "feel", "tired").mean(axis=0)), unit(TABLE[WORDS.index("i")])]
    assert found == pytest.approx(np.array(expected), abs=1.5e-4)


@pytest.mark.parametrize(("pooling", "pool"), [("cls", lambda of: of[0]), ("max", lambda of: of.max(axis=0))])
def test_other_poolings(damaged, pooling, pool):
    write_json(damaged / "1_Pooling" / "config.json", {"pooling_mode": pooling})
    expected = unit(pool(of_words("so", "sad", "?")))
    assert open_embeddings(damaged).vectors(["so sad?"])[0] == pytest.approx(expected, abs=1.5e-4)


def test_small_letters_and_a_prompt_come_first(damaged):
    write_json(damaged / "config_sentence_transformers.json", {"prompts": {"q": "hear "}, "default_prompt_name": "q"})
    expected = unit(of_words("hear", "you").mean(axis=0))
    assert open_embeddings(damaged).vectors(["YOU"])[0] == pytest.approx(expected, abs=1.5e-4)


def test_what_is_longer_than_the_limit_is_cut_off(folder):
    eight, more = open_embeddings(folder).vectors(["i " * 4 + "sad " * 4, "i " * 4 + "sad " * 40])
    assert (eight == more).all()


def test_a_text_without_a_token_has_a_vector_of_zeros(folder):
    assert (open_embeddings(folder).vectors(["", "so"])[0] == 0).all()


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=8), st.data())
def test_a_text_has_the_same_vector_whatever_else_is_asked_for(folder, texts, data):
    chosen = data.draw(st.lists(st.sampled_from(texts), min_size=1))
    together = dict(zip(texts, open_embeddings(folder).vectors(texts, data.draw(st.sampled_from([1, 2]))), strict=True))
    for text, vector in zip(chosen, open_embeddings(folder).vectors(chosen), strict=True):
        assert (vector == together[text]).all()


def test_each_different_text_is_run_once(folder):
    class Counting:
        ran = 0

        def vectors(self, texts, jobs):
            self.ran += len(texts)
            return np.ones((len(texts), DIMENSIONS), dtype=np.float32)

    embeddings = SentenceEmbeddings(open_embeddings(folder).folder)
    embeddings._runner = Counting()
    embeddings.vectors(["mm-hm", "so", "mm-hm"])
    embeddings.vectors(["so", "and"])
    assert embeddings._runner.ran == 3


def test_it_is_said_how_many_are_done(folder):
    said = []
    embeddings = open_embeddings(folder, lambda *numbers: said.append(numbers))
    embeddings.vectors([f"so {'i ' * (number // 2)}" for number in range(900)])
    assert said[-1] == (450, 450) and [number for number, _ in said] == sorted({number for number, _ in said})
    assert len(said) > 1
    embeddings.vectors(["so "])
    assert said[-1] == (450, 450)


@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids")])
def test_a_model_gets_the_inputs_that_it_takes(tmp_path, folder, inputs):
    other = write_embeddings(tmp_path / "other", inputs=inputs)
    texts = ["so sad", "you"]
    assert (open_embeddings(other).vectors(texts) == open_embeddings(folder).vectors(texts)).all()


def test_a_model_that_takes_something_else_is_refused(tmp_path):
    other = write_embeddings(tmp_path / "other", inputs=("pixels",))
    with pytest.raises(EmbeddingsError, match=r"takes pixels, and not input_ids"):
        open_embeddings(other).vectors(["so"])


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"{}"])
def test_a_damaged_file_is_refused_in_a_line(damaged, file, content):
    (damaged / file).write_bytes(content)
    with pytest.raises(EmbeddingsError) as raised:
        open_embeddings(damaged).vectors([SPOKEN])
    text = str(raised.value)
    assert text.startswith(f"--embeddings {damaged}: its files cannot be opened")
    assert "\n" not in text and SPOKEN not in text


def test_a_vocabulary_that_the_model_does_not_have_is_refused_without_a_word(tmp_path):
    short = write_embeddings(tmp_path / "short", table=TABLE[:3])
    with pytest.raises(EmbeddingsError) as raised:
        open_embeddings(short).vectors([f"sad {SPOKEN}"])
    assert "does not give one vector a text" in str(raised.value)
    assert SPOKEN not in f"{raised.value!r}{raised.value.__cause__!r}"


def test_vectors_that_are_no_numbers_are_refused(tmp_path):
    broken = write_embeddings(tmp_path / "broken", table=np.full_like(TABLE, np.nan))
    with pytest.raises(EmbeddingsError, match="no numbers"):
        open_embeddings(broken).vectors(["so"])


def test_the_extra_is_named_where_the_library_is_missing(folder, monkeypatch):
    without(monkeypatch, "onnxruntime")
    with pytest.raises(UsageError, match=r"needs onnxruntime.*pip install 'alliance-nlp\[embeddings\]'"):
        open_embeddings(folder).vectors(["so"])


def test_what_runs_safetensors_is_named_where_it_is_missing(damaged, monkeypatch):
    without(monkeypatch, "sentence_transformers")
    (damaged / "model.onnx").rename(damaged / "model.safetensors")
    with pytest.raises(UsageError, match=r"pip install sentence-transformers, or export it to ONNX"):
        open_embeddings(damaged).vectors(["so"])


def test_damaged_safetensors_are_refused(damaged):
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    (damaged / "model.onnx").rename(damaged / "model.safetensors")
    with pytest.raises(EmbeddingsError, match="its files cannot be opened"):
        open_embeddings(damaged).vectors(["so"])


def test_safetensors_give_what_the_library_gives(tmp_path):
    library = pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    transformers = pytest.importorskip("transformers")
    (tmp_path / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS[1:]]))
    tokenizer = transformers.BertTokenizerFast(vocab=str(tmp_path / "vocab.txt"))
    config = transformers.BertConfig(
        vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(config).save_pretrained(tmp_path / "plain")
    tokenizer.save_pretrained(tmp_path / "plain")
    model = library.SentenceTransformer(str(tmp_path / "plain"), device="cpu")
    model.save(str(tmp_path / "model"))
    texts = ["you feel tired", "so", "i hear you and it is not so"]
    embeddings = open_embeddings(tmp_path / "model")
    assert embeddings.folder.onnx is None
    expected = np.array([unit(vector) for vector in model.encode(texts)])
    assert embeddings.vectors(texts) == pytest.approx(expected, abs=1.5e-4)
