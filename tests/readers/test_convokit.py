import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import ids, read_samples, said, times

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session, read_sessions


def line(name="u1", **others):
    entry = {"id": name, "conversation_id": "c1", "text": f"text of {name}", "speaker": "T", "meta": {}}
    return json.dumps(entry | {"reply-to": None, "timestamp": None} | others) + "\n"


@pytest.fixture
def read(tmp_path):
    def write_and_read(*lines):
        path = tmp_path / "utterances.jsonl"
        path.write_text("".join(lines), "utf-8")
        return read_session(path)

    return write_and_read


def test_conversations_become_sessions_in_the_order_of_replies_or_of_time():
    first, second = read_samples("convokit/utterances.jsonl")
    assert (first.session_id, ids(first)) == ("c1", ["u1", "u2", "u3"])
    assert said(first)[1] == ("ben", "Long. I wrote it all down: every night.")
    assert [start for start, _ in times(first)] == [2, 9, 14]
    # Replies branch, so time decides; it is a date, and counted from the first line.
    assert (second.session_id, ids(second)) == ("c2", ["u8", "u9", "u10"])
    assert [start for start, _ in times(second)] == [0, 9.5, 19.5]


def test_the_older_names_of_the_keys_are_known():
    (session,) = read_samples("convokit/older.jsonl")
    assert said(session) == [("therapist", "How has the week been?"), ("client", "Long.")]


def test_a_key_of_meta_can_be_kept(tmp_path):
    path = tmp_path / "utterances.jsonl"
    path.write_text(line("u1", meta={"empathy": True}) + line("u2", meta={"empathy": 0, "tags": [1]}))
    (session,) = read_sessions(path, keep=["empathy"])
    assert session.columns == {"empathy": ("1", "0")}


def test_replies_that_branch_without_times_are_read_as_they_stand_and_said_to_be(read):
    session = read(line("u1"), line("u3", **{"reply-to": "u1"}), line("u2", **{"reply-to": "u1"}))
    assert ids(session) == ["u1", "u3", "u2"]
    assert "its replies make no single chain" in session.notes[0]


@pytest.mark.parametrize("replies", [("u2", "u1"), ("u1", "u2"), ("gone", "u1")])
def test_replies_in_a_circle_end(read, replies):
    session = read(*(line(name, **{"reply-to": reply}) for name, reply in zip(("u1", "u2"), replies, strict=True)))
    assert sorted(ids(session)) == ["u1", "u2"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("[1]\n", "line 2: not a JSON object"), ("{\n", "line 2: not valid JSON"),
        (line(text=None), "line 2: has no 'text'"),
        (line(speaker={"name": 1}), "line 2: has no 'speaker'"), (line(id=7), "line 2: has no 'id'"),
        (line(conversation_id=None), "line 2: has no 'conversation_id'"), (line("u0"), "utterance_id 'u0' is already"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_utterance_is_refused(read, bad, message):
    with pytest.raises(TranscriptError, match=message):
        read(line("u0"), bad)


@settings(deadline=None)
@given(st.permutations([f"u{number}" for number in range(6)]))
def test_a_chain_of_replies_is_followed_however_the_lines_stand(tmp_path_factory, names):
    path = tmp_path_factory.getbasetemp() / "chain.jsonl"
    before = {f"u{number}": f"u{number - 1}" if number else None for number in range(6)}
    path.write_text("".join(line(name, **{"reply-to": before[name]}) for name in names))
    assert ids(read_session(path)) == sorted(names)
