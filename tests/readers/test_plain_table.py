"""Excel workbooks as plain tables: which sheet is read, and mistakes named with file, sheet and row."""

import openpyxl
import pytest
from office_files import data, row, xlsx

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._plain_table import plain_table

COLUMNS = ("session_id", "utterance_id", "coder", "marker", "value")
SPOKEN = "wintergreen"
"""A word that somebody says, and that no message may repeat."""


@pytest.fixture
def book(tmp_path):
    """Write a workbook: sheets by name, each a list of rows."""

    def write(hidden=(), **sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for cells in rows:
                sheet.append(cells)
            sheet.sheet_state = "hidden" if name in hidden else "visible"
        made.save(tmp_path / "r.xlsx")
        return tmp_path / "r.xlsx"

    return write


def read(path):
    table = plain_table(path, COLUMNS)
    return table.unit, [(row.line, dict(zip(row.names, row.cells, strict=True))) for row in table.rows]


def refused(path):
    with pytest.raises(TranscriptError) as caught:
        read(path)
    assert SPOKEN not in str(caught.value)
    return str(caught.value)


def test_rows_come_as_the_sheet_shows_them_and_are_counted_as_excel_does(book):
    head = [" Session_ID ", "Utterance_id", "Coder", "marker", "VALUE", "remark"]
    first, second = ["s", 1, "ana", "empathy", 1], ["s", 2.0, "ana", "empathy", None, SPOKEN]
    path = book(Codes=[["Our codes"], [], head, first, [None] * 6, second])
    about = {"session_id": "s", "coder": "ana", "marker": "empathy"}
    assert read(path) == (
        "row",
        [
            (4, about | {"utterance_id": "1", "value": "1", "remark": ""}),
            (6, about | {"utterance_id": "2", "value": "", "remark": SPOKEN}),
        ],
    )


def test_of_several_sheets_the_one_with_most_of_the_columns_is_read(book):
    path = book(
        Read=[["coder", "what to do"], ["ana", "code"]],
        Codes=[list(COLUMNS), ["s", 1, "ana", "empathy", 1]],
        Old=[list(COLUMNS), ["s", 1, "ana", "empathy", 0]],
        hidden=["Old"],
    )
    unit, [(line, cells)] = read(path)
    assert (unit, line, cells["value"]) == ("sheet Codes, row", 2, "1")


def test_two_sheets_that_would_do_are_named(book):
    rows = [list(COLUMNS), ["s", 1, "ana", "empathy", 1]]
    message = refused(book(Ana=rows, Ben=rows))
    assert "r.xlsx" in message
    assert "the sheets Ana and Ben both have the columns; put all rows on one, or save each as a file" in message


def test_a_workbook_without_the_columns_says_which(book):
    assert "no visible sheet has a row that names columns such as session_id" in refused(book(Talk=[[SPOKEN], ["x"]]))
    hidden = refused(book(Talk=[[SPOKEN]], Codes=[list(COLUMNS)], hidden=["Codes"]))
    assert hidden.endswith("; unhide those that are hidden")
    assert "no visible sheet" in refused(book(Empty=[]))


def test_a_doubled_column_is_named_with_its_row(book):
    path = book(A=[["codes"], [*COLUMNS, "value"], ["s", 1, "ana", "empathy", 1, 0]], B=[[SPOKEN]])
    assert "sheet A, row 2: the column 'value' is there twice; rename one" in refused(path)


def test_a_formula_counts_by_its_value_and_one_without_is_named(tmp_path, book):
    head = row(1, *COLUMNS)
    told = '<c r="@"><f>1+0</f><v>1</v></c>'
    (tmp_path / "told.xlsx").write_bytes(xlsx([("S", data(head, row(2, "s", 1, "ana", "empathy", told)))]))
    assert read(tmp_path / "told.xlsx")[1][0][1]["value"] == "1"
    path = book(S=[list(COLUMNS), ["s", 1, "ana", "empathy", 1], ["s", 2, "ana", "empathy", "=1+0"]])
    assert "row 3: the value is a formula without a stored value; open the file in Excel" in refused(path)
    wrong = '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    (tmp_path / "e.xlsx").write_bytes(xlsx([("S", data(head, row(2, "s", 1, "ana", "empathy", wrong)))]))
    assert "row 2: the value shows the error of a formula; put the value there" in refused(tmp_path / "e.xlsx")


def test_other_columns_may_hold_anything(book):
    path = book(S=[[*COLUMNS, "text"], ["s", 1, "ana", "empathy", 1, "=SPOKEN()"]])
    assert read(path)[1][0][1]["value"] == "1"


@pytest.mark.parametrize("content", [b"no workbook", b"", b"PK\x03\x04 cut off"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    (tmp_path / "r.xlsx").write_bytes(content)
    assert "r.xlsx" in refused(tmp_path / "r.xlsx")


def test_other_formats_are_named_with_a_remedy(tmp_path):
    (tmp_path / "r.ods").write_text(SPOKEN, "utf-8")
    assert ".ods is no table that can be read here; save it as .csv, .xlsx or .jsonl" in refused(tmp_path / "r.ods")
