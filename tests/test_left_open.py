"""Rated lines that are left open: how many there are, and what is said of them."""

import pytest
from made_sets import CODEBOOK

from alliance_nlp.codebook import read_codebook
from alliance_nlp.consensus import Method, settle_sessions
from alliance_nlp.left_open import left_open, lines_left_open
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.readers import read_sessions

CONSENSUS = {"rated": {"mending": 1217, "blame": 40, "praise": 9}, "open": {"mending": 107, "blame": 2, "praise": 0}}
LINES = "107 of 1,217 lines of mending, 2 of 40 lines of blame"


@pytest.fixture
def study(tmp_path):
    """A session of which two coders rated a marker and two sets, and a meeting decided on one line."""
    (tmp_path / "book.toml").write_text(CODEBOOK, "utf-8")
    (tmp_path / "one.csv").write_text("speaker,text\nT,Welcome.\nC,Thanks.\nT,Good.\nC,Yes.\nT,Fine.\nC,No.\n", "utf-8")
    given = [
        # The client's line is none for warmth, whatever two coders say of it; line 5 has one coder alone.
        ("ana", "warmth", {1: "1", 2: "", 3: "1", 5: "1"}), ("ben", "warmth", {1: "1", 3: "0"}),
        ("ana", "behaviour", {1: "question", 3: "question"}), ("ben", "behaviour", {1: "Q", 3: "reflection"}),
        ("ana", "strength", {2: "0", 4: "1", 6: "0"}), ("ben", "strength", {2: "1", 4: "2", 6: "0"}),
        ("meeting", "strength", {4: "2"}),
    ]  # fmt: skip
    lines = [f"one,{line},{coder},{name},{value}" for coder, name, of in given for line, value in of.items()]
    # A session without a transcript.
    lines += ["two,1,ana,warmth,1", "two,1,ben,warmth,0"]
    text = "\n".join(["session_id,utterance_id,coder,marker,value", *lines, ""])
    (tmp_path / "ratings.csv").write_text(text, "utf-8")
    return tmp_path


def counted(study, method, adjudicator=""):
    codebook = read_codebook(study / "book.toml")
    table = read_ratings([study / "ratings.csv"], codebook)
    sessions = list(read_sessions(study / "one.csv"))
    coders = ("ana", "ben")
    coded = settle_sessions(sessions, table, codebook, method, coders, adjudicator)
    return left_open(coded, table, codebook, coders)


def test_lines_of_the_corpus_on_which_several_coders_differ_are_counted(study):
    assert counted(study, Method.MAJORITY) == {
        "rated": {"warmth": 3, "behaviour": 2, "strength": 3},
        "open": {"warmth": 1, "behaviour": 1, "strength": 2},
    }


def test_what_an_adjudicator_decided_is_not_open(study):
    assert counted(study, Method.ADJUDICATOR, "meeting")["open"] == {"warmth": 1, "behaviour": 1, "strength": 1}


def test_a_line_of_the_other_speaker_is_no_rated_line(study):
    with (study / "ratings.csv").open("a", encoding="utf-8") as file:
        file.write("one,4,ana,warmth,1\none,4,ben,warmth,0\none,6,ana,warmth,0\none,6,ben,warmth,0\n")
    found = counted(study, Method.MAJORITY)
    assert (found["rated"]["warmth"], found["open"]["warmth"]) == (3, 1)


def test_only_where_lines_are_open_is_anything_said():
    assert lines_left_open(CONSENSUS) == LINES
    assert lines_left_open(CONSENSUS, ["blame", "praise"]) == "2 of 40 lines of blame"
    assert lines_left_open(CONSENSUS, ["praise"]) == ""


def test_a_record_without_the_counts_says_nothing():
    assert lines_left_open({"method": "majority", "coders": 2, "adjudicated": False}) == ""
    assert lines_left_open({}) == ""
