"""Which n-grams an utterance holds; no word of one client alone is kept."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.bundle import FILES, MANIFEST, save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.lexicon import families_of_words
from alliance_nlp.ngrams import ngrams, several_clients_only
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.training import TrainingSettings, train

UTTERANCES = st.lists(st.sampled_from(["i", "you", "so", "not", "?", "sounds"]), max_size=9)
FAMILY_OF = {"you": "⟨people⟩", "i": "⟨people⟩", "so": "⟨emphasis⟩"}
SESSIONS = st.lists(st.lists(UTTERANCES, min_size=1, max_size=6), min_size=1, max_size=3)


def test_ngrams_of_an_utterance():
    assert list(ngrams(["so", "then"])) == [
        ("so",), ("then",),
        ("<s>", "so"), ("so", "then"), ("then", "</s>"),
        ("<s>", "so", "then"), ("so", "then", "</s>"),
        ("⟨opens⟩", "so"), ("⟨opens⟩", "so", "then"),
    ]  # fmt: skip


def test_pairs_have_one_to_four_words_between():
    words = ["it", "was", "so", "very", "hard", "then"]
    pairs = {(ngram[0], ngram[2]) for ngram in ngrams(words) if ngram[1:2] == ("⟨…⟩",)}
    between = {(first, second): words.index(second) - words.index(first) - 1 for first in words for second in words}
    assert pairs == {pair for pair, width in between.items() if 1 <= width <= 4}


def test_family_pairs_stand_at_most_three_words_apart_and_hold_a_family():
    words = ["my", "mum", "was", "so", "hard", "then"]
    family_of = {"mum": "⟨kin⟩", "hard": "⟨hardship⟩"}
    pairs = [(ngram[0], ngram[2]) for ngram in ngrams(words, family_of) if ngram[1:2] == ("⟨near⟩",)]
    assert sorted(pairs) == sorted(
        [
            ("my", "⟨kin⟩"), ("⟨kin⟩", "was"), ("⟨kin⟩", "so"), ("⟨kin⟩", "hard"), ("⟨kin⟩", "⟨hardship⟩"),
            ("mum", "⟨hardship⟩"), ("was", "⟨hardship⟩"), ("so", "⟨hardship⟩"), ("⟨hardship⟩", "then"),
        ]
    )  # fmt: skip
    assert not any("⟨near⟩" in ngram for ngram in ngrams(words))


@given(SESSIONS, st.integers(1, 3))
def test_kept_ngrams_are_exactly_those_of_enough_clients(sessions, min_clients):
    clients = ["ada", "ben", "ada"][: len(sessions)]
    found_by = {}
    for session, client in zip(sessions, clients, strict=True):
        for words in session:
            for ngram in ngrams(words, FAMILY_OF):
                found_by.setdefault(ngram, set()).add(client)
    needed = {ngram: (2 if "⟨…⟩" in ngram else 1) * min_clients for ngram in found_by}
    enough = sorted(ngram for ngram, found in found_by.items() if len(found) >= needed[ngram])
    if enough:
        assert several_clients_only(sessions, clients, min_clients, FAMILY_OF) == enough
    else:
        with pytest.raises(CorpusError):
            several_clients_only(sessions, clients, min_clients, FAMILY_OF)


def test_two_sessions_of_one_client_count_once():
    sessions = [[["so", "paul"]], [["so", "paul"]], [["so"]]]
    kept = several_clients_only(sessions, ["ada", "ada", "ben"], 2)
    assert ("so",) in kept
    assert not any("paul" in ngram for ngram in kept)


def test_no_ngram_left_is_told_with_numbers_and_remedy():
    with pytest.raises(CorpusError) as raised:
        several_clients_only([[["so"]], [["well"]]], ["ada", "ben"], 3)
    assert "sessions of 3 clients (there are 2)" in str(raised.value)
    assert "--min-clients" in str(raised.value)


def test_vocabulary_of_a_trained_model_is_that_of_three_clients(coded_sessions, small_bundle):
    family_of = families_of_words(small_bundle.features.lexicon)
    clients_of = {}
    for item in coded_sessions:
        for words in Tokenizer().tokens(utterance.text for utterance in item.session.utterances):
            for ngram in ngrams(words, family_of):
                clients_of.setdefault(ngram, set()).add(item.client)
    assert small_bundle.features.ngrams == sorted(
        ngram for ngram, found in clients_of.items() if len(found) >= (6 if "⟨…⟩" in ngram else 3)
    )


def test_a_name_that_one_client_alone_holds_is_nowhere_in_the_model(coded_sessions, tmp_path):
    first = coded_sessions[0]
    utterances = tuple(
        line._replace(
            text=f"Xanthippe, {line.text} Xanthippe.", speaker="Xanthippe", utterance_id=f"Xanthippe {number}"
        )
        for number, line in enumerate(first.session.utterances)
    )
    named = replace(
        first, session=replace(first.session, session_id="Xanthippe-1", utterances=utterances), client="Xanthippe"
    )
    bundle, _ = train([named, *coded_sessions[1:]], read_codebook(), TrainingSettings(), {"files": []})
    save_bundle(bundle, tmp_path / "model")
    for name in (*FILES, MANIFEST):
        assert b"xanthippe" not in (tmp_path / "model" / name).read_bytes().lower(), name
