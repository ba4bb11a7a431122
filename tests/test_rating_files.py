"""Ratings from files: three kinds of table, and mistakes named with file and line."""

import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.codebook import read_codebook
from alliance_nlp.errors import AllianceError, RatingsError, TranscriptError, UsageError
from alliance_nlp.rating_files import ADJUDICATOR, RatingRecords, read_ratings
from alliance_nlp.readers._records import RecordTable
from alliance_nlp.roles import RoleNames

HEADER = "session_id,utterance_id,coder,marker,value\n"


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write


def plain(table):
    """Every rating, in words."""
    return {
        (*table.utterances[utterance], table.coders[coder], table.markers[marker]): table.values[value]
        for utterance, coder, marker, value in table.rows.tolist()
    }


def test_a_ratings_table_is_read(write):
    path = write("r.csv", HEADER + "s,1,ana,empathy,1\ns,1,ben,empathy,\ns,2,ana,empathy,0.0\ns,2,ben,empathy,NA\n")
    table = read_ratings([path])
    assert plain(table) == {("s", "1", "ana", "empathy"): "1", ("s", "2", "ana", "empathy"): "0"}


def test_json_lines_and_semicolons_and_folders_are_read_alike(write, tmp_path):
    row = {"session_id": "s", "utterance_id": 1, "coder": "ana", "marker": "empathy", "value": 1, "other": [2]}
    write("one.jsonl", json.dumps(row) + "\n")
    write("two.csv", (HEADER + "s,2,ana,empathy,0\n").replace(",", ";"))
    write("notes.txt", "not a table")
    write(".hidden.csv", "not a table")
    assert plain(read_ratings([tmp_path])) == {("s", "1", "ana", "empathy"): "1", ("s", "2", "ana", "empathy"): "0"}


def test_coded_tables_are_told_apart_by_the_coders_name(write):
    ana = write("ana.csv", "session_id,speaker,text,empathy,rupture\ns,T,Hm.,1,\ns,C,Well.,,1\n")
    ben = write("ben.csv", "session_id,speaker,text,empathy,rupture\ns,T,Hm.,0,\ns,C,Well.,0,0\n")
    # An utterance's number is its place in the session; a code on another speaker's line is passed over.
    assert plain(read_ratings([f"ana={ana}", f"ben={ben}"])) == {
        ("s", "1", "ana", "empathy"): "1",
        ("s", "2", "ana", "rupture"): "1",
        ("s", "1", "ben", "empathy"): "0",
        ("s", "2", "ben", "rupture"): "0",
    }


def test_a_coded_table_without_session_ids_is_named_after_its_file(write):
    path = write("monday.csv", "speaker,text,empathy\nA,Hm.,1\nB,Well.,0\n")
    found = plain(read_ratings([f"ana={path}"], roles=RoleNames.parse(["A=therapist", "B=client"])))
    assert found == {("monday", "1", "ana", "empathy"): "1"}


def test_columns_of_ones_own_are_named(write):
    path = write("ana.csv", "session_id,utterance_id,text,Depth\ns,7,Hm.,3\n")
    assert plain(read_ratings([f"ana={path}"], markers=["Depth"])) == {("s", "7", "ana", "Depth"): "3"}
    with pytest.raises(RatingsError, match="no column 'depth2'"):
        read_ratings([f"ana={path}"], markers=["Depth", "depth2"])
    with pytest.raises(RatingsError, match="name those of your own with --marker"):
        read_ratings([f"ana={path}"])


def test_decisions_of_a_sheet_are_those_of_an_adjudicator(write):
    sheet = write("sheet.csv", "session_id,utterance_id,marker,text,code_ana,decision,note\ns,1,empathy,Hm.,1,0,\n"
                  "s,2,empathy,Hm.,1,,open\n")  # fmt: skip
    assert plain(read_ratings([sheet])) == {("s", "1", ADJUDICATOR, "empathy"): "0"}
    assert plain(read_ratings([f"meeting={sheet}"])) == {("s", "1", "meeting", "empathy"): "0"}


def test_a_path_with_an_equals_sign_is_a_path_if_it_is_there(write, tmp_path, monkeypatch):
    write("a=b.csv", HEADER + "s,1,ana,empathy,1\n")
    monkeypatch.chdir(tmp_path)
    assert len(read_ratings(["a=b.csv"]).rows) == 1
    with pytest.raises(UsageError, match="write NAME=FILE"):
        read_ratings(["=b.csv"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEADER, "headers but no rows"),
        ("session_id,utterance_id,coder,value\ns,1,ana,1\n", "no column 'marker'"),
        ("speaker,text\nT,Hm.\n", "say whose codes they are: NAME=r.csv"),
        (HEADER + "s,1,,empathy,1\n", "r.csv, line 2: the coder is empty"),
        (HEADER + "s,1,ana,empathy,1\n\ns,1,ana,empathy,0\n",
         r"line 4: coder 'ana' has rated 'empathy' on session 's', utterance '1' before \(.*r.csv, line 2\)"),
        (HEADER + "s,1,ana,empathy,\n", "no rating found"),
        (HEADER + f"s,1,ana,empathy,{'word ' * 20}\n", "line 2: the value is a text of 99 characters"),
    ],
)  # fmt: skip
def test_mistakes_are_named(write, text, reason):
    with pytest.raises(RatingsError, match=reason):
        read_ratings([write("r.csv", text)])


def test_the_same_rating_in_two_files_is_refused(write):
    first, second = (write(name, HEADER + "s,1,ana,empathy,1\n") for name in ("a.csv", "b.csv"))
    with pytest.raises(RatingsError, match=r"b.csv, line 2: .* before \(.*a.csv, line 2\)"):
        read_ratings([first, second])


def test_a_doubled_column_and_an_unknown_format_are_named(write):
    with pytest.raises(TranscriptError, match="the column 'value' is there twice"):
        read_ratings([write("r.csv", "session_id,utterance_id,coder,marker,value,value\ns,1,a,m,1,1\n")])
    with pytest.raises(TranscriptError, match=r"save it as .csv, .xlsx or .jsonl"):
        read_ratings([write("r.xls", "x")])
    with pytest.raises(UsageError, match="no such file"):
        read_ratings(["nowhere.csv"])


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match="no table found in this folder"):
        read_ratings([tmp_path])


def test_a_codebook_allows_its_own_markers_only(write):
    path = write("r.csv", HEADER + "s,1,ana,empathy,1\ns,1,ana,warmth,1\n")
    with pytest.raises(RatingsError, match="line 3: the marker 'warmth' is not in the codebook"):
        read_ratings([path], read_codebook())
    with pytest.raises(UsageError, match="no marker 'warmth' in this codebook"):
        read_ratings([path], read_codebook(), ["warmth"])
    assert read_ratings([path], markers=["warmth"]).markers == ("warmth",)


def test_a_table_that_names_its_coders_needs_no_other_name(write):
    path = write("r.csv", HEADER + "s,1,ana,empathy,1\n")
    with pytest.raises(RatingsError, match="give it without ben="):
        read_ratings([f"ben={path}"])


@given(st.text(max_size=200))
def test_whatever_a_file_holds_the_error_is_one_of_ours(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(HEADER + text, "utf-8", newline="")
    try:
        read_ratings([path])
    except AllianceError as error:
        assert "\n" not in str(error)


# Excel workbooks


def workbook(path, *rows):
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def test_workbooks_hold_ratings_as_csv_files_do(write, tmp_path):
    rows = [("s", 1, "ana", "empathy", 1), ("s", 1, "ben", "empathy", None), ("s", 2, "ben", "empathy", "NA"),
            ("007", "a", "ben", "empathy", 0)]  # fmt: skip
    names = HEADER.strip().split(",")
    csv = write("r.csv", HEADER + "".join(",".join("" if c is None else str(c) for c in row) + "\n" for row in rows))
    assert plain(read_ratings([workbook(tmp_path / "r.xlsx", names, *rows)])) == plain(read_ratings([csv]))


def test_coded_workbooks_and_decided_sheets_are_read_beside_csv_files(write, tmp_path):
    names = ["session_id", "utterance_id", "speaker", "text", "empathy"]
    ana = workbook(tmp_path / "ana.xlsx", names, ("s", 1, "T", "-- so", 1), ("s", 2, "C", "=", None))
    write("ben.csv", "session_id,utterance_id,speaker,text,empathy\ns,1,T,x,0\n")
    sheet = workbook(tmp_path / "decided.xlsx", ["session_id", "utterance_id", "marker", "decision"],
                     ("s", 1, "empathy", 1))  # fmt: skip
    table = read_ratings([f"ana={ana}", f"ben={tmp_path / 'ben.csv'}", sheet])
    about = {("s", "1", coder, "empathy"): value for coder, value in (("ana", "1"), ("ben", "0"), (ADJUDICATOR, "1"))}
    assert plain(table) == about


def test_a_folder_of_workbooks_is_read_without_those_that_excel_has_open(tmp_path):
    workbook(tmp_path / "one.xlsx", HEADER.strip().split(","), ("s", 1, "ana", "empathy", 1))
    (tmp_path / "~$one.xlsx").write_bytes(b"\0")
    assert len(plain(read_ratings([tmp_path]))) == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("s", 1, None, "empathy", 1)], "r.xlsx, row 2: the coder is empty; fill it in"),
        ([("s", 1, "a", "empathy", 1), ("s", 1, "a", "empathy", 0)], "before .*r.xlsx, row 2.*; keep one of the two"),
        (
            [("s", 1, "a", "empathy", "wintergreen " * 9)],
            "row 2: the value a text of 107 characters of empathy is neither",
        ),
        ([("s", 1, "a", "joy", 1)], "row 2: the marker 'joy' is not in the codebook"),
        ([], "headers but no rows"),
    ],
)
def test_mistakes_in_a_workbook_are_named_with_their_row(tmp_path, rows, message):
    path = workbook(tmp_path / "r.xlsx", HEADER.strip().split(","), *rows)
    with pytest.raises(RatingsError, match=message) as caught:
        read_ratings([path], read_codebook())
    assert "wintergreen" not in str(caught.value)


def test_tables_in_memory_are_read_and_their_rows_counted_from_0():
    row = {"session_id": "s", "utterance_id": 1, "coder": "ana", "marker": "empathy", "value": 1.0}
    given = RatingRecords(RecordTable([row, row | {"coder": "ben", "value": None}], "ratings"))
    assert plain(read_ratings([given])) == {("s", "1", "ana", "empathy"): "1"}
    doubled = RatingRecords(RecordTable([row, row], "ratings"))
    with pytest.raises(RatingsError, match=r"ratings, row 1: .* before \(ratings, row 0\)"):
        read_ratings([doubled])
    coded = RatingRecords(RecordTable([{"session_id": "s", "speaker": "T", "empathy": 1}], "ratings"))
    with pytest.raises(RatingsError, match=r"say whose codes they are: \{'NAME': table\}"):
        read_ratings([coded])
