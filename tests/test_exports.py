import csv
import json

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.errors import OutputError
from alliance_nlp.exports import FORMATS, CellType, Column, open_table
from alliance_nlp.formulas import restore
from alliance_nlp.sheets import sheet_rows

COLUMNS = (Column("words", CellType.TEXT), Column("count", CellType.INTEGER), Column("share", CellType.NUMBER))
ROWS = [
    ("Hello.", 1, 0.0625),
    ("=1+1", 0, 1e-05),
    ('-and then\nhe, "left"; it’s \'=so 🙂', None, None),
    ("'=kept", -3, -0.1),
    ("\ttab", 10**12, 0.1 + 0.2),
    ("carriage\rreturn", 2, 2.0),
    (" ", 3, 3.0),
    (None, 4, 4.0),
]


def rows_from_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == [column.name for column in COLUMNS]
    return [
        (restore(words) or None, int(count) if count else None, float(share) if share else None)
        for words, count, share in rows
    ]


def rows_from_jsonl(path):
    with path.open(encoding="utf-8", newline="\n") as file:
        return [tuple(json.loads(line)[column.name] for column in COLUMNS) for line in file]


def rows_from_parquet(path):
    return [tuple(row[column.name] for column in COLUMNS) for row in pyarrow.parquet.read_table(path).to_pylist()]


def rows_from_xlsx(path):
    header, *rows = [(cells + [None] * len(COLUMNS))[: len(COLUMNS)] for _, cells in sheet_rows(path)]
    assert header == [column.name for column in COLUMNS]
    return [tuple(row) for row in rows]


READ = {"csv": rows_from_csv, "jsonl": rows_from_jsonl, "parquet": rows_from_parquet, "xlsx": rows_from_xlsx}


def written(folder, file_format, rows):
    with open_table(folder, "table", file_format, COLUMNS) as table:
        table.write(rows)
    return folder / f"table.{file_format}"


def test_every_format_is_read_back_below():
    assert set(READ) == set(FORMATS)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row[0]))
def test_a_row_is_the_same_in_every_format(tmp_path, file_format, row):
    path = written(tmp_path, file_format, [ROWS[0], row, ROWS[0]])
    assert READ[file_format](path) == [ROWS[0], row, ROWS[0]]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_table_without_rows_can_be_read(tmp_path, file_format):
    assert READ[file_format](written(tmp_path, file_format, [])) == []


@pytest.mark.parametrize("file_format", FORMATS)
def test_rows_may_come_in_many_parts(tmp_path, file_format):
    rows = [(f"row {number}", number, number / 7) for number in range(45_000)]
    with open_table(tmp_path, "table", file_format, COLUMNS) as table:
        for start in range(0, len(rows), 9_000):
            table.write(iter(rows[start : start + 9_000]))
    assert READ[file_format](tmp_path / f"table.{file_format}") == rows


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_rows_give_the_same_bytes(tmp_path, file_format):
    (tmp_path / "again").mkdir()
    rows = [row for row in ROWS if row[0] != "carriage\rreturn"]
    first, again = written(tmp_path, file_format, rows), written(tmp_path / "again", file_format, rows)
    assert first.read_bytes() == again.read_bytes()


def test_formulas_are_inert_in_csv(tmp_path):
    path = written(tmp_path, "csv", [("=1+1", 1, 1.0)])
    assert path.read_text("utf-8").splitlines()[1] == "'=1+1,1,1.0"


def test_negative_numbers_stay_numbers_in_csv(tmp_path):
    path = written(tmp_path, "csv", [("a", -1, -0.5)])
    assert path.read_text("utf-8").splitlines()[1] == "a,-1,-0.5"


def test_formulas_are_texts_in_excel_even_after_editing(tmp_path):
    cell = openpyxl.load_workbook(written(tmp_path, "xlsx", [("=1+1", 1, 1.0)]))["table"]["A2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == ("=1+1", "s", True)


def test_texts_that_a_cell_cannot_hold_are_refused(tmp_path):
    with pytest.raises(OutputError, match="32,767 characters"):
        written(tmp_path, "xlsx", [("🙂" * 17_000, 1, 1.0)])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_formulas_are_left_as_they_are_elsewhere(tmp_path, file_format):
    path = written(tmp_path, file_format, [("=1+1", 1, 1.0)])
    content = pyarrow.parquet.read_table(path)["words"][0].as_py() if file_format == "parquet" else path.read_text()
    assert "'" not in content


def test_letters_of_other_scripts_can_be_read_in_json_lines(tmp_path):
    assert "café 🙂" in written(tmp_path, "jsonl", [("café 🙂", 1, 1.0)]).read_text("utf-8")


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@pytest.mark.parametrize("file_format", FORMATS)
@settings(deadline=None)
@given(words=st.lists(texts, min_size=1))
def test_any_text_comes_back(tmp_path_factory, file_format, words):
    rows = [(text, 1, 0.5) for text in words]
    assert READ[file_format](written(tmp_path_factory.getbasetemp(), file_format, rows)) == rows
