"""Ratings of one marker as a matrix: levels, their order, what is shown of a value."""

import pytest

from alliance_nlp.errors import RatingsError, UsageError
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.rating_table import Scale, shown_value
from alliance_nlp.ratings import NOT_CODED


def table_of(tmp_path, *ratings):
    """A table of ``utterance coder value`` triples, all on one marker of one session."""
    path = tmp_path / "r.csv"
    lines = [",".join(("s", *rating.split()[:2], "m", rating.split()[2])) for rating in ratings]
    path.write_text("session_id,utterance_id,coder,marker,value\n" + "\n".join(lines), "utf-8")
    return read_ratings([path])


def test_rows_are_utterances_and_columns_are_coders(tmp_path):
    found = table_of(tmp_path, "1 ana 1", "2 ben 0", "1 ben 0").ratings("m", ["ben", "ana"])
    assert found.utterances == (("s", "1"), ("s", "2"))
    assert found.codes.tolist() == [[0, 1], [0, NOT_CODED]]
    assert found.of(["ana"]).utterances == (("s", "1"),)


@pytest.mark.parametrize(
    ("values", "scale", "levels"),
    [
        (["1"], None, ("0", "1")),
        (["1.0", "0"], None, ("0", "1")),
        (["b", "a"], None, ("a", "b")),
        (["10", "9"], None, ("9", "10")),
        (["1", "4"], Scale.ORDINAL, ("1", "2", "3", "4")),
        (["1", "4"], Scale.INTERVAL, ("1", "4")),
        (["0.5", "2"], Scale.ORDINAL, ("0.5", "2")),
    ],
)
def test_levels_come_from_the_values_in_their_order(tmp_path, values, scale, levels):
    table = table_of(tmp_path, *(f"{number} ana {value}" for number, value in enumerate(values)))
    assert table.ratings("m", ["ana"], scale).levels == levels


@pytest.mark.parametrize(
    ("values", "scale", "levels", "reason"),
    [
        (["low", "high"], Scale.ORDINAL, (), "--levels low,medium,high"),
        (["low", "high"], Scale.INTERVAL, ("low", "high"), "an interval scale needs numbers"),
        (["low", "hihg"], None, ("low", "high"), "the value 'hihg' is not among the levels low, high"),
        (list(map(str, range(101))), None, (), "101 different values, more than a code has"),
    ],
)
def test_values_that_make_no_levels_are_refused(tmp_path, values, scale, levels, reason):
    table = table_of(tmp_path, *(f"{number} ana {value}" for number, value in enumerate(values)))
    with pytest.raises(RatingsError, match=reason):
        table.ratings("m", ["ana"], scale, levels)


def test_what_was_settled_and_who_decided_are_no_coders_unless_asked_for(tmp_path):
    table = table_of(tmp_path, "1 ana 1", "1 Consensus 1", "1 adjudicator 1")
    assert table.choose_coders() == ("ana",)
    assert table.choose_coders(["Consensus", "ana"]) == ("Consensus", "ana")
    assert table_of(tmp_path, "1 Consensus 1").choose_coders() == ("Consensus",)
    with pytest.raises(UsageError, match="no ratings of a coder 'ben'; there are those of ana, Consensus, adjudicator"):
        table.choose_coders(["ben"])
    with pytest.raises(UsageError, match="no ratings of a marker 'x'; there are those of m"):
        table.choose_markers(["x"])


def test_what_may_be_words_of_a_client_is_not_shown():
    assert shown_value("S001") == "'S001'"
    assert shown_value("I never told anyone that") == "a text of 24 characters"
    assert shown_value("x" * 41) == "a text of 41 characters"
    assert shown_value("a\x1b[2J") == "a text of 5 characters"
