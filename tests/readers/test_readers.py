from pathlib import Path

import pytest

from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.readers import format_of, read_session, read_sessions, suffixes


def test_the_endings_that_can_be_read_are_listed_in_order():
    assert {".csv", ".jsonl", ".ndjson", ".tab", ".text", ".tsv", ".txt"} <= set(suffixes())
    assert suffixes() == sorted(suffixes())


def test_an_ending_in_capitals_is_known():
    assert format_of(Path("SESSION.TXT")) == format_of(Path("session.txt"))


def test_an_unknown_ending_is_refused_with_those_that_are_known():
    with pytest.raises(TranscriptError, match=r"no reader for \.mp3; can read .*\.csv, "):
        format_of(Path("session.mp3"))


def test_a_file_without_an_ending_is_refused():
    with pytest.raises(TranscriptError, match="a file without an ending"):
        format_of(Path("session"))


def test_a_session_is_read_from_a_path_given_as_text(tmp_path):
    path = tmp_path / "first.txt"
    path.write_text("T: Hello.\n")
    assert read_session(str(path)).session_id == "first"


def test_read_session_refuses_a_file_of_many_sessions(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("session_id,speaker,text\nS1,T,a\nS2,T,b\n")
    with pytest.raises(UsageError, match="2 sessions"):
        read_session(path)


def test_read_sessions_raises_at_a_session_that_cannot_be_read(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("session_id,speaker,text\nS1,T,a\nS2,,b\n")
    sessions = read_sessions(path)
    next(sessions)
    with pytest.raises(TranscriptError, match="speaker is empty"):
        next(sessions)
