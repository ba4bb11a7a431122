"""Counts are those of a plain count by strings, weights those of scikit-learn; no word of one client alone is kept."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer

from alliance_nlp.bundle import FILES, MANIFEST, save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.features import SHAPES, FeatureSpace, Line, ngrams, several_clients_only
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.training import TrainingSettings, train

WORDS = st.sampled_from(["i", "you", "so", "not", "well", "?", ".", "n't", "sounds"])
LINES = st.builds(
    Line,
    st.lists(WORDS, max_size=9) | st.lists(WORDS, min_size=9, max_size=60),
    st.sampled_from(["T", "C"]),
)
SESSIONS = st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=3)
LENGTHS = [(0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 12), (13, 20), (21, 33), (34, 54), (55, 10**9)]


def length_name(of, n_words):
    low, high = next(span for span in LENGTHS if n_words <= span[1])
    span = f"{low}+" if low == 55 else f"{low}" if low == high else f"{low}–{high}"
    return f"⟨{of} {span} words⟩"


def shape_names(line, before):
    """What the shape of a line is, from the line and the one before it in its session, or None."""
    words, words_before = line.words, before.words if before else []
    names = [length_name("length", len(words)), length_name("before: length", len(words_before))]
    shared = len(set(words) & set(words_before))
    fifths = max(fifths for fifths in range(5) if not fifths or (words and 5 * shared >= fifths * len(set(words))))
    names.append(f"⟨{20 * fifths} % or more shared with before⟩")
    questions = list(words).count("?")
    if questions == 1:
        names.append("⟨1 question mark⟩")
    elif questions:
        names.append("⟨2 question marks⟩" if questions == 2 else "⟨3 or more question marks⟩")
    if "?" in words_before:
        names.append("⟨before: a question⟩")
    who = "nobody" if before is None else "same speaker" if before.speaker == line.speaker else "other speaker"
    return [*names, f"⟨before: {who}⟩"]


def naive_counts(sessions, vocabulary):
    for session in sessions:
        for before, line in zip([None, *session], session, strict=False):
            counts = Counter(ngram for ngram in ngrams(line.words) if ngram in vocabulary)
            yield counts + Counter(shape_names(line, before))


def begins_of(sessions):
    return np.array([place == 0 for session in sessions for place in range(len(session))])


def counts_of(space, sessions):
    return space.counts([line for session in sessions for line in session], begins_of(sessions))


@given(SESSIONS, st.integers(1, 5))
def test_counts_are_those_of_a_plain_count(sessions, every):
    vocabulary = sorted({("so",), *(ngram for line in sessions[0] for ngram in ngrams(line.words))})[::every]
    space = FeatureSpace(vocabulary)
    names = [*vocabulary, *SHAPES]
    counted = [
        Counter({names[column]: int(times) for column, times in enumerate(row) if times})
        for row in counts_of(space, sessions).toarray()
    ]
    assert counted == list(naive_counts(sessions, set(vocabulary)))


def test_ngrams_of_an_utterance():
    assert list(ngrams(["so", "then"])) == [
        ("so",), ("then",),
        ("<s>", "so"), ("so", "then"), ("then", "</s>"),
        ("<s>", "so", "then"), ("so", "then", "</s>"),
        ("⟨opens⟩", "so"), ("⟨opens⟩", "so", "then"),
    ]  # fmt: skip


def test_no_context_reaches_over_the_begin_of_a_session():
    space = FeatureSpace([("so",)])
    one, other = [Line(["so", "?"], "C")], [Line(["so"], "C"), Line(["well"], "T")]
    alone = [counts_of(space, [session]).toarray() for session in (one, other)]
    together = counts_of(space, [one, other]).toarray()
    assert (together == np.concatenate(alone)).all()
    assert together[1, 1 + SHAPES.index("⟨before: nobody⟩")] == 1


@given(SESSIONS)
def test_weighed_rows_have_length_1(sessions):
    space = FeatureSpace([("i",), ("so",)])
    counts = counts_of(space, sessions)
    space.fit_idf(counts)
    assert np.linalg.norm(space.weigh(counts).toarray(), axis=1) == pytest.approx(1)


@given(SESSIONS)
def test_weights_are_those_of_scikit_learn(sessions):
    space = FeatureSpace(sorted({ngram for line in sessions[0] for ngram in ngrams(line.words)} | {("so",)}))
    counts = counts_of(space, sessions)
    space.fit_idf(counts)
    theirs = TfidfTransformer(sublinear_tf=True, smooth_idf=True).fit_transform(counts.astype(np.float64))
    assert space.weigh(counts).toarray() == pytest.approx(theirs.toarray(), abs=1e-6)


@given(SESSIONS, st.integers(1, 3))
def test_kept_ngrams_are_exactly_those_of_enough_clients(sessions, min_clients):
    clients = ["ada", "ben", "ada"][: len(sessions)]
    found_by = {}
    for session, client in zip(sessions, clients, strict=True):
        for line in session:
            for ngram in ngrams(line.words):
                found_by.setdefault(ngram, set()).add(client)
    enough = sorted(ngram for ngram, found in found_by.items() if len(found) >= min_clients)
    if enough:
        assert several_clients_only(sessions, clients, min_clients) == enough
    else:
        with pytest.raises(CorpusError):
            several_clients_only(sessions, clients, min_clients)


def test_two_sessions_of_one_client_count_once():
    sessions = [[Line(["so", "paul"], "C")], [Line(["so", "paul"], "C")], [Line(["so"], "C")]]
    kept = several_clients_only(sessions, ["ada", "ada", "ben"], 2)
    assert ("so",) in kept
    assert not any("paul" in ngram for ngram in kept)


def test_no_ngram_left_is_told_with_numbers_and_remedy():
    with pytest.raises(CorpusError) as raised:
        several_clients_only([[Line(["so"], "C")], [Line(["well"], "C")]], ["ada", "ben"], 3)
    assert "sessions of 3 clients (there are 2)" in str(raised.value)
    assert "--min-clients" in str(raised.value)


def test_vocabulary_of_a_trained_model_is_that_of_three_clients(coded_sessions, small_bundle):
    clients_of = {}
    for item in coded_sessions:
        for words in Tokenizer().tokens(utterance.text for utterance in item.session.utterances):
            for ngram in ngrams(words):
                clients_of.setdefault(ngram, set()).add(item.client)
    assert small_bundle.features.ngrams == sorted(ngram for ngram, found in clients_of.items() if len(found) >= 3)


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
