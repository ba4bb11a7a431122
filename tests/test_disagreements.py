"""The sheet for the consensus meeting."""

import csv

import pytest
from published import ratings_of

from alliance_nlp.disagreements import find_disagreements, write_sheet
from alliance_nlp.errors import RatingsError
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.readers import read_session


@pytest.fixture
def session(tmp_path):
    path = tmp_path / "S1.txt"
    path.write_text("T: Come in.\nC: =Thanks.\nT: How was the week?\nC: Long.\nT: Long how?\n", "utf-8")
    return read_session(path)


def sheet_of(path, rows, sessions=(), numbers=None, **options):
    ratings = ratings_of(rows, sessions=[1] * len(rows))
    utterances = tuple(("S1", str(number)) for number in numbers or range(1, len(rows) + 1))
    ratings = type(ratings)(*(ratings.marker, ratings.levels, ratings.scale, ratings.coders), utterances, ratings.codes)
    without = write_sheet(path, find_disagreements([ratings]), ratings.coders, sessions, **options)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), without


def test_only_differing_codes_are_listed_each_with_who_said_what_before(tmp_path, session):
    rows, without = sheet_of(
        tmp_path / "d.csv", [(1, 1, 1), (0, 0, None), (1, 0, None), (0, None, None)], [session], context=2
    )
    assert without == []
    [row] = rows
    assert (row["session_id"], row["utterance_id"], row["marker"]) == ("S1", "3", "x")
    assert (row["speaker"], row["text"]) == ("T", "How was the week?")
    assert row["context"] == "T: Come in.\nC: =Thanks."
    assert [row[f"code_{coder}"] for coder in "ABC"] == ["1", "0", ""]
    assert row["decision"] == row["note"] == ""


def test_a_spreadsheet_does_not_take_words_for_a_formula(tmp_path, session):
    [row] = sheet_of(tmp_path / "d.csv", [(1, 1), (1, 0)], [session], context=0)[0]
    assert row["text"] == "'=Thanks."
    assert row["context"] == ""


def test_without_transcripts_the_words_stay_empty(tmp_path):
    [row], without = sheet_of(tmp_path / "d.csv", [(1, 0)])
    assert row["text"] == row["context"] == ""
    assert without == ["S1"]


def test_an_utterance_that_is_not_in_the_transcript_is_named(tmp_path, session):
    with pytest.raises(RatingsError, match="session S1: the rated utterance '9' is not in the transcript"):
        sheet_of(tmp_path / "d.csv", [(1, 0)], [session], numbers=[9])


def test_sessions_come_in_the_order_of_their_numbers():
    found = find_disagreements([ratings_of([(1, 0)] * 3, sessions=[10, 9, 2])])
    assert [item.session_id for item in found] == ["S2", "S9", "S10"]


def test_markers_of_an_utterance_stand_together():
    first, second = ratings_of([(1, 0), (0, 1)], sessions=[1, 1]), ratings_of([(0, 1), (1, 0)], sessions=[1, 1])
    found = find_disagreements([first, second])
    assert [item.utterance_id for item in found] == ["0", "0", "1", "1"]


def test_a_filled_in_sheet_is_read_back(tmp_path, session):
    path = tmp_path / "d.csv"
    rows, _ = sheet_of(path, [(1, 0), (0, 1)], [session])
    for row, decision in zip(rows, "10", strict=True):
        row["decision"] = decision
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    found = read_ratings([path]).ratings("x", ["adjudicator"])
    assert found.utterances == (("S1", "1"), ("S1", "2"))
    assert found.codes[:, 0].tolist() == [1, 0]
