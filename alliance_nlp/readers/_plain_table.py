"""Rows of a table that is no transcript, in the formats of the transcript tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import delimited, jsonl
from alliance_nlp.readers._source import BinarySource, TextSource
from alliance_nlp.readers._table import Row
from alliance_nlp.readers._workbook import Sheet, SheetRow, Workbook, open_workbook

_WORKBOOKS = (".xlsx", ".xlsm")
SUFFIXES = (*delimited.SUFFIXES, *jsonl.SUFFIXES, *_WORKBOOKS)


class PlainTable(NamedTuple):
    """A table that is being read."""

    unit: str
    """What `Row.line` counts."""
    rows: Iterator[Row]


def plain_table(path: Path, columns: Collection[str]) -> PlainTable:
    """Rows of a table (CSV, TSV, JSON Lines, Excel), column names in small letters.

    Parameters
    ----------
    path : Path
        The file; its ending tells the format. Of a workbook, the visible sheet with most of the columns is read.
    columns : collection of str
        Those that will be read; each may be there once.

    Raises
    ------
    TranscriptError
        Where the file is no such table, or has one of the columns twice.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TranscriptError(
            path,
            "",
            f"{suffix or 'a file without an ending'} is no table that can be read here; save it as .csv, .xlsx or "
            ".jsonl",
        )

    def check(header: Sequence[str], line: int, unit: str = "line") -> None:
        doubled = sorted(name for name in columns if header.count(name) > 1)
        if doubled:
            raise TranscriptError(path, f"{unit} {line}", f"the column {doubled[0]!r} is there twice; rename one")

    if suffix in _WORKBOOKS:
        rows = _sheet_rows(path, columns)
        unit, heading = next(rows)
        check(heading.names, heading.line, unit)
        return PlainTable(unit, (row for _, row in rows))
    if suffix in jsonl.SUFFIXES:
        return PlainTable("line", jsonl.rows(TextSource(path), check, columns))
    return PlainTable("line", delimited.rows(TextSource(path), check))


def _sheet_rows(path: Path, columns: Collection[str]) -> Iterator[tuple[str, Row]]:
    """The row that names the columns, then those below it, each with what messages call a row of its sheet."""
    with open_workbook(BinarySource(path)) as book:
        sheet, heading = _heading(path, book, columns)
        unit, names = book.unit_of(sheet), heading.names
        yield unit, Row(heading.number, names, names)
        for row in _below(path, book, sheet, heading.number, names, columns):
            yield unit, row


def _heading(path: Path, book: Workbook, columns: Collection[str]) -> tuple[Sheet, SheetRow]:
    """The visible sheet that has most of the columns, and its row that names them."""
    found = []
    for sheet in book.sheets:
        rows = book.first_rows(sheet) if sheet.shows else ()
        known = [(len(set(row.names) & set(columns)), row) for row in rows]
        if known:
            found.append((*max(known, key=lambda item: item[0]), sheet))
    most = max((n_known for n_known, _, _ in found), default=0)
    if not most:
        named = ", ".join(list(columns)[:3])
        hidden = "" if all(sheet.shows for sheet in book.sheets) else "; unhide those that are hidden"
        raise TranscriptError(path, "", f"no visible sheet has a row that names columns such as {named}{hidden}")
    (_, heading, sheet), *others = [item for item in found if item[0] == most]
    if others:
        sheets = " and ".join(book.name_of(item) for item in (sheet, others[0][2]))
        raise TranscriptError(
            path, "", f"the sheets {sheets} both have the columns; put all rows on one, or save each as a file"
        )
    return sheet, heading


def _below(
    path: Path, book: Workbook, sheet: Sheet, heading: int, names: Sequence[str], columns: Collection[str]
) -> Iterator[Row]:
    wanted = [place for place, name in enumerate(names) if name in columns]
    for row in book.rows(sheet):
        if row.number <= heading or not any(cell.text.strip() for cell in row.cells):
            continue
        for place in wanted:
            reason = ""
            if (row.number, place + 1) in sheet.facts.unstored:
                reason = "is a formula without a stored value; open the file in Excel and save it"
            elif place < len(row.cells) and row.cells[place].error:
                reason = "shows the error of a formula; put the value there"
            if reason:
                raise TranscriptError(path, f"{book.unit_of(sheet)} {row.number}", f"the {names[place]} {reason}")
        cells = [cell.text for cell in row.cells[: len(names)]]
        yield Row(row.number, names, [*cells, *[""] * (len(names) - len(cells))])
