"""The sheet for a coder."""

import csv

import pytest

from alliance_nlp.codebook import read_codebook
from alliance_nlp.errors import OutputError, TranscriptError
from alliance_nlp.ratings import NOT_CODED, read_coded_sessions
from alliance_nlp.readers import read_session
from alliance_nlp.suggestion_sheet import write_suggestions
from alliance_nlp.suggestions import SuggestedLine, SuggestedSession

CODEBOOK = read_codebook()
TALK = "T: Come in.\nC: =Thanks.\nT: How was the week?\nC: Long.\nT: Long how?\n"


@pytest.fixture
def suggested(tmp_path):
    """Two sessions, two lines pointed out in the first of them."""
    found = []
    for name, lines in (("S2", (SuggestedLine(1, 2, "why two"), SuggestedLine(4, 1, "why one"))), ("S1", ())):
        path = tmp_path / f"{name}.txt"
        path.write_text(TALK, "utf-8")
        found.append(SuggestedSession(read_session(path), 1.2, f"why {name}", lines))
    return found


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write_rows(path, rows, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def sheet(tmp_path, suggested):
    path = tmp_path / "sheet.csv"
    write_suggestions(path, suggested, CODEBOOK, context=2)
    return path


def test_sessions_are_whole_and_what_is_pointed_out_shows_what_came_before(sheet):
    rows = rows_of(sheet)
    assert [(row["session_id"], row["utterance_id"]) for row in rows] == [
        (name, str(number)) for name in ("S2", "S1") for number in range(1, 6)
    ]
    assert all(row[name] == "" for row in rows for name in CODEBOOK.marker_names)
    assert [row["line rank"] for row in rows] == ["", "2", "", "", "1", *[""] * 5]
    assert [row["why this line"] for row in rows if row["line rank"]] == ["why two", "why one"]
    assert rows[4]["context before"] == "T: How was the week?\nC: Long."
    assert rows[3]["context before"] == ""
    assert [row["session rank"] for row in rows] == ["1"] * 5 + ["2"] * 5
    assert [row["why this session"] for row in rows if row["why this session"]] == ["why S2", "why S1"]


def test_a_spreadsheet_does_not_take_words_for_a_formula_and_they_come_back_whole(sheet):
    assert rows_of(sheet)[1]["text"] == "'=Thanks."
    first, _ = read_coded_sessions([sheet], CODEBOOK)
    assert first.session.utterances[1].text == "=Thanks."


def test_an_empty_sheet_codes_nothing_and_a_filled_cell_codes_its_line(sheet, tmp_path):
    assert all((item.codes == NOT_CODED).all() for item in read_coded_sessions([sheet], CODEBOOK))
    rows = rows_of(sheet)
    rows[4]["repair"] = "1"
    rows[1]["rupture"] = "0"
    write_rows(tmp_path / "filled.csv", rows)
    first, second = read_coded_sessions([tmp_path / "filled.csv"], CODEBOOK)
    assert first.codes.tolist() == [[-1] * 5, [-1, -1, -1, 0, -1], [-1] * 5, [-1] * 5, [-1, -1, -1, -1, 1]]
    assert (second.codes == NOT_CODED).all()


def test_the_order_of_the_transcript_survives_sorting_by_rank(sheet, tmp_path):
    by_rank = sorted(rows_of(sheet), key=lambda row: (row["line rank"] or "9", row["text"]))
    write_rows(tmp_path / "sorted.csv", by_rank, delimiter=";")
    as_written = {item.session.session_id: item.session.utterances for item in read_coded_sessions([sheet], CODEBOOK)}
    after = read_coded_sessions([tmp_path / "sorted.csv"], CODEBOOK)
    assert {item.session.session_id: item.session.utterances for item in after} == as_written


def test_rows_that_are_gone_are_noticed(sheet, tmp_path):
    write_rows(tmp_path / "cut.csv", [row for row in rows_of(sheet) if row["line rank"]])
    with pytest.raises(TranscriptError, match=r"session S2, line 3: rows of the sheet are gone .* --ratings NAME=cut"):
        read_coded_sessions([tmp_path / "cut.csv"], CODEBOOK)


def test_a_row_without_its_number_is_named(sheet, tmp_path):
    rows = rows_of(sheet)
    rows[2]["sheet row"] = "?"
    write_rows(tmp_path / "sheet2.csv", rows)
    with pytest.raises(TranscriptError, match="line 4: the sheet row is not the number that stood there"):
        read_coded_sessions([tmp_path / "sheet2.csv"], CODEBOOK)


def test_a_sheet_that_somebody_may_have_filled_in_is_not_replaced_unasked(sheet, suggested):
    with pytest.raises(OutputError, match="already exists"):
        write_suggestions(sheet, suggested, CODEBOOK)
    write_suggestions(sheet, suggested, CODEBOOK, context=0, overwrite=True)
    assert rows_of(sheet)[4]["context before"] == ""


def test_codes_and_clients_that_were_there_stay(tmp_path, suggested, sheet):
    rows = rows_of(sheet)
    for row in rows:
        row["client_id"] = "K7"
    rows[0]["empathy"] = "1"
    write_rows(tmp_path / "first.csv", rows)
    sessions = [item.session for item in read_coded_sessions([tmp_path / "first.csv"], CODEBOOK)]
    again = [item._replace(session=session) for item, session in zip(suggested, sessions, strict=True)]
    write_suggestions(tmp_path / "second.csv", again, CODEBOOK)
    second = rows_of(tmp_path / "second.csv")
    assert {row["client_id"] for row in second} == {"K7"}
    assert [row["empathy"] for row in second] == ["1", *[""] * 9]
