"""Tokens are spaCy's own, whatever was remembered before."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.symbols import ORTH
from spacy.tokens import Doc

from alliance_nlp import tokenization
from alliance_nlp.errors import UsageError
from alliance_nlp.tokenization import Tokenizer

CORPORA = Path(__file__).parents[1] / "corpora" / "alliance"
NLP = spacy.blank("en")
TOKENIZER = Tokenizer()

PIECES = st.sampled_from(
    [
        "I", "you", "well", "Tuesday", "don't", "I’ve", "cannot", "y'all", "e.g.", "U.S.", "a.m.", "Dr.", "o’clock",
        "3.5", "12:30", "£20", "1,000", "50%", "-", "–", "—", "...", "…", ",", ".", "?", "!", "?!", '"', "“", "”", "'",
        "‘", "’", "(", ")", "[", "]", "[laughs]", "[NAME]", "/", "\\", "*", "_", "#", "@", "&", "<", ">", ":", ";",
        ":)", ":-(", ";)", ":))", "=)", "(:", ":'(", "^_^", "(-_-)", "<3", ":/", "xD", "😊", "👍🏽", "https://a.org/b",
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3)  # fmt: skip
STRETCHES = st.lists(PIECES, min_size=1, max_size=4).map("".join)
SPACES = st.text(st.sampled_from(" \t\n\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000"), min_size=1, max_size=2)
TEXTS = st.lists(st.tuples(STRETCHES, SPACES).map("".join), max_size=8).map("".join)


def spacy_tokens(text, nlp=NLP):
    plain = text.replace("’", "'").replace("ʼ", "'").replace("‘", "'")
    return [token.lower_ for token in nlp(plain) if not token.is_space]


def corpus_texts():
    for name in ("train.csv", "demo.csv"):
        with (CORPORA / name).open(encoding="utf-8", newline="") as file:
            yield from (row["text"] for row in csv.DictReader(file))


def test_tokens_of_the_shipped_corpus_are_those_of_spacy():
    texts = list(corpus_texts())
    assert Tokenizer().tokens(texts) == [spacy_tokens(text) for text in texts]


@settings(max_examples=400)
@example("fine:) )")
@given(TEXTS)
def test_tokens_of_any_text_are_those_that_spacy_gives_each_stretch(text):
    # On a whole text, spaCy lets emoticons and brackets in neighbouring stretches change each other's tokens.
    stretches = text.split()
    assert TOKENIZER.tokens([text]) == [[token for stretch in stretches for token in spacy_tokens(stretch)]]


def test_tokens_of_a_word_do_not_depend_on_the_words_met_beside_it():
    words = [f"{letter}:)" for letter in "abcdefghijklmnopqrstuvwxyz"]
    tokenizer = Tokenizer()
    tokenizer.tokens([" ".join([*words, ")"])])
    assert tokenizer.tokens(words) == [[word[0], ":)"] for word in words]


def test_typographic_apostrophes_count_as_plain_ones():
    assert Tokenizer().tokens(["I don’t", "I donʼt", "I don‘t"]) == [["i", "do", "n't"]] * 3


@pytest.mark.parametrize("text", ["", " ", "\n\t\xa0"])
def test_a_text_without_words_has_no_tokens(text):
    assert Tokenizer().tokens([text]) == [[]]


def test_no_texts_have_no_tokens():
    assert Tokenizer().tokens([]) == []


def test_forgetting_what_was_remembered_changes_no_token(monkeypatch):
    monkeypatch.setattr(tokenization, "_REMEMBERED_STRETCHES", 50)
    tokenizer = Tokenizer()
    texts = list(corpus_texts())[:60]
    assert [tokenizer.tokens([text])[0] for text in texts] == [spacy_tokens(text) for text in texts]


def test_another_language_is_tokenized_by_its_own_rules():
    text = "Das war z.B. am 3. Mai, wie geht's?"
    assert Tokenizer("blank:de").tokens([text]) == [spacy_tokens(text, spacy.blank("de"))]
    assert Tokenizer("blank:de").tokens([text]) != Tokenizer("blank:en").tokens([text])


def test_a_pipeline_saved_in_a_folder_is_used(tmp_path):
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("dunno", [{ORTH: "dun"}, {ORTH: "no"}])
    nlp.to_disk(tmp_path / "pipeline")
    assert Tokenizer(str(tmp_path / "pipeline")).tokens(["I dunno"]) == [["i", "dun", "no"]]


def test_rules_that_reach_across_spaces_are_kept(tmp_path):
    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("of course", [{ORTH: "of course"}])
    nlp.to_disk(tmp_path / "pipeline")
    assert Tokenizer(str(tmp_path / "pipeline")).tokens(["Yes, of course."]) == [["yes", ",", "of course", "."]]


def test_a_language_that_is_not_split_at_spaces_is_tokenized():
    assert Tokenizer("blank:zh").tokens(["我很难过。", ""]) == [["我", "很", "难", "过", "。"], []]


def test_packages_that_offer_components_are_not_imported_and_may_be_again():
    """Presidio is one."""
    looked = (
        "import sys, spacy; from alliance_nlp.tokenization import Tokenizer; Tokenizer(); "
        "print('presidio_analyzer' in sys.modules); spacy.blank('en'); print('presidio_analyzer' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


class TokenizerAtBars:
    def __init__(self, vocab):
        self.vocab = vocab

    def __call__(self, text):
        words = [word for word in text.split("|") if word]
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def to_disk(self, path, exclude=()):
        pass

    def from_disk(self, path, exclude=()):
        return self


@spacy.registry.tokenizers("test.at_bars")
def tokenizer_at_bars():
    return lambda nlp: TokenizerAtBars(nlp.vocab)


def test_a_tokenizer_of_another_class_sees_whole_texts(tmp_path):
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "test.at_bars"}}})
    nlp.to_disk(tmp_path / "pipeline")
    assert Tokenizer(str(tmp_path / "pipeline")).tokens(["So then|I don’t"]) == [["so then", "i don't"]]


@pytest.mark.parametrize("pipeline", ["blank:qq", "blank:", "no_such_pipeline", "", "."])
def test_a_pipeline_that_cannot_be_loaded_is_named_with_the_remedy(pipeline, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as raised:
        Tokenizer(pipeline)
    assert repr(pipeline) in str(raised.value)
    assert "name blank:LANG, an installed package or a pipeline folder" in str(raised.value)
