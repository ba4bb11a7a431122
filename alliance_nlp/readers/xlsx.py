"""The core transcript table in Excel workbooks.

Every sheet that shows and has the columns is read; where there are several and they have no ``session_id``, each is a
session named after the file and the sheet. Cells are read as the sheet shows them, formulas by their stored values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError, shown
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._office import require_archive
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._sheet_table import SheetTable
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._table import naming, read_rows, require_columns
from alliance_nlp.readers._tally import counted
from alliance_nlp.readers._workbook import Sheet, Workbook, open_workbook
from alliance_nlp.transcript import Session

NAME = "xlsx"
TITLE = "an Excel workbook"
SUFFIXES = (".xlsx", ".xlsm")
REFUSED = (".xls", ".xlsb", ".ods")
SOURCE = BinarySource

_BOOK = "xl/workbook"


def looks_like(head: Head) -> bool:
    """Whether the archive holds a workbook of Excel."""
    return any(name.startswith(_BOOK) for name in head.members)


class _Heading(NamedTuple):
    """Where a sheet has the columns."""

    sheet: Sheet
    row: int
    names: list[str]
    fits: bool


def read(source: BinarySource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """Read the sessions of a workbook.

    Raises
    ------
    TranscriptError
        Where the file is protected, old, damaged or made to do harm, or no sheet has the columns.
    """
    require_archive(source, ".xlsx")
    file = source.path
    with open_workbook(source) as book:
        headings = [heading for sheet in book.sheets if (heading := _heading(book, sheet, options))]
        fitting = [heading for heading in headings if heading.fits and heading.sheet.shows]
        if not fitting:
            _refuse(file, headings, options)
        notes = _notes(file, book, headings, fitting)
        tables = [
            (book.name_of(sheet), SheetTable(file, row, names, options, book.unit_of(sheet)))
            for sheet, row, names, _ in fitting
        ]
        for heading, (_, table) in zip(fitting, tables, strict=True):
            table.take(book.rows(heading.sheet), heading.sheet.facts)
        if book.unfollowed:
            cells = counted(book.unfollowed, "cell")
            notes.append(f"{shown(file)}: {cells} with a number format that is not followed, read plain")
    yield from _sessions(file, session_id, tables, notes, options)


def _sessions(
    file: Path, session_id: str, tables: Sequence[tuple[str, SheetTable]], notes: list[str], options: ReadOptions
) -> Iterator[Session | TranscriptError]:
    seen: set[str] = set()
    for sheet, table in tables:
        name = f"{session_id}-{sheet}" if len(tables) > 1 else session_id
        notes += table.notes
        if not table.rows:
            notes.append(f"{shown(file)}: {table.unit.removesuffix(', row')} has a heading and no rows")
            continue
        of_sheet: set[str] = set()
        for item in read_rows(file, table.open_rows, name, options, table.unit):
            if isinstance(item, Session):
                of_sheet.add(item.session_id)
                failed = table.failed.get(item.session_id) or table.failed.get("")
                if failed:
                    item = failed
                elif item.session_id in seen:
                    where = f"{table.unit.removesuffix(', row')}, session {item.session_id}"
                    item = TranscriptError(file, where, "the session is on a sheet above too; delete one, or rename it")
                else:
                    item, notes = replace(item, notes=(*notes, *item.notes)), []
            yield item
        seen |= of_sheet
    if not any(table.rows for _, table in tables):
        reason = "the table has headers but no rows of speakers and texts; was it exported completely?"
        raise TranscriptError(file, "", reason)


def _heading(book: Workbook, sheet: Sheet, options: ReadOptions) -> _Heading | None:
    """The first row that names the columns, or else the first that holds a value."""
    name_of = naming(options.columns)
    first: _Heading | None = None
    for row in book.first_rows(sheet):
        names = [name_of(name) for name in row.names]
        fits = "text" in names and not {"speaker", "speaker_role"}.isdisjoint(names)
        if fits or first is None:
            first = _Heading(sheet, row.number, names, fits)
        if fits:
            break
    return first


def _refuse(file: Path, headings: Sequence[_Heading], options: ReadOptions) -> None:
    hidden = next((heading for heading in headings if heading.fits), None)
    if hidden:
        raise TranscriptError(file, "", "the sheet that has the columns is hidden; unhide it in Excel")
    if not headings:
        raise TranscriptError(file, "", "no cell of the workbook holds a value")
    in_sight = [heading for heading in headings if heading.sheet.shows] or list(headings)
    # What a person sees first is where they will look.
    require_columns(file, in_sight[0].names, options, in_sight[0].row, "row")
    raise AssertionError("a heading that does not fit has the columns")


def _notes(file: Path, book: Workbook, headings: Sequence[_Heading], fitting: Sequence[_Heading]) -> list[str]:
    notes = []
    hidden = sum(heading.fits and not heading.sheet.shows for heading in headings)
    others = sum(heading.sheet.shows for heading in headings) - len(fitting)
    if hidden:
        sheets = counted(hidden, "hidden sheet")
        notes.append(f"{shown(file)}: {sheets} with the columns left out; unhide in Excel to read them")
    if others:
        notes.append(f"{shown(file)}: {counted(others, 'sheet')} without the columns left out")
    if book.comments:
        notes.append(f"{shown(file)}: {counted(book.comments, 'comment')} on cells left out")
    if book.has_macros:
        notes.append(f"{shown(file)}: holds macros, which were neither run nor read")
    return notes
