"""A session is known again by what was said, and by nothing that can be guessed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.known_sessions import FEWEST_WORDS, known_sessions, session_digests
from alliance_nlp.transcript import Session, SpeakerRole, Utterance


def session(name, *texts):
    lines = (Utterance(str(number), text, "T", SpeakerRole.THERAPIST) for number, text in enumerate(texts))
    return Session(name, tuple(lines))


LONG = [session(f"S{number}", *[f"Well, {number} so it was."] * 20) for number in range(3)]


def test_a_session_is_known_again_under_another_name_and_with_other_line_breaks():
    digests = session_digests(LONG)
    said = " ".join(line.text for line in LONG[1].utterances)
    renamed = session("renamed", said.upper().replace(",", ""))
    assert known_sessions([renamed, *LONG[:1]], digests) == [renamed, LONG[0]]


def test_other_sessions_are_not_known():
    assert known_sessions([session("S9", *["Quite another talk, that."] * 20)], session_digests(LONG)) == []
    assert known_sessions(LONG, {}) == []


@given(st.integers(1, FEWEST_WORDS + 3))
def test_what_is_short_has_no_digest(n_words):
    digests = session_digests([session("short", "yes " * n_words)])
    assert len(digests["sha256"]) == (n_words >= FEWEST_WORDS)


def test_the_order_of_sessions_changes_nothing_and_another_corpus_everything():
    assert session_digests(LONG) == session_digests(LONG[::-1])
    assert not set(session_digests(LONG)["sha256"]) & set(session_digests(LONG[:2])["sha256"])


def test_digests_do_not_depend_on_who_speaks():
    swapped = replace(LONG[0], utterances=tuple(line._replace(speaker="C") for line in LONG[0].utterances))
    assert known_sessions([swapped], session_digests(LONG))
