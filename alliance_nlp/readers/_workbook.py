"""Excel workbooks: their sheets, and rows of cells as the sheet shows them, by openpyxl and with mistrust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.formulas import restore
from alliance_nlp.readers._archive import Archive, open_archive
from alliance_nlp.readers._elements import attribute, child, local
from alliance_nlp.readers._number_format import moment_as_shown, number_as_shown, plain
from alliance_nlp.readers._quiet_book import quiet_book
from alliance_nlp.readers._sheet_facts import FactsTarget, SheetFacts
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._xml import NothingKept, feed_xml, parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_COLUMNS = 1000
"""Of a sheet that are looked at: one cell far to the right must not make every row as wide."""
_ROWS_SEARCHED = 20
_LONGEST_NAME = 31
"""Of a sheet, in Excel."""

_BOOK = re.compile(r"xl/workbook\d*\.xml")
_BINARY_BOOK = "xl/workbook.bin"
_STRICT = "purl.oclc.org"
# ECMA-376, 22.9.2.19 (ST_Xstring): how a cell holds what XML cannot.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_HALVES = re.compile("AM/PM|A/P", re.IGNORECASE)
_ERROR = "e"
_DAY = 86_400


class ShownCell(NamedTuple):
    """A cell as the sheet shows it."""

    text: str
    time: str = ""
    """Where it is a number or a time of day: the same as a clock or seconds, for a column of times."""
    error: bool = False
    """Whether it shows an error of a formula, such as ``#N/A``."""


class SheetRow(NamedTuple):
    """A row that holds a value."""

    number: int
    """As Excel shows it, from 1."""
    cells: list[ShownCell]

    @property
    def names(self) -> list[str]:
        """Its cells as names of columns, in small letters."""
        return [" ".join(cell.text.split()).casefold() for cell in self.cells]


class Sheet(NamedTuple):
    """A sheet of a workbook."""

    name: str
    shows: bool
    facts: SheetFacts


class Workbook:
    """An opened workbook; made by `open_workbook`.

    Attributes
    ----------
    sheets : list of Sheet
        In their order.
    comments : int
        On cells.
    has_macros : bool
        Whether it holds macros, which are not run.
    unfollowed : int
        Cells so far whose number format is not followed, and which are shown plain.
    """

    def __init__(self, book: Any, sheets: list[Sheet], comments: int, has_macros: bool) -> None:
        self._book = book
        self.sheets = sheets
        self.comments = comments
        self.has_macros = has_macros
        self.unfollowed = 0

    def name_of(self, sheet: Sheet) -> str:
        """Name of a sheet as it may be shown, or else its number."""
        name = " ".join(sheet.name.split())
        return name if name.isprintable() and 0 < len(name) <= _LONGEST_NAME else str(self.sheets.index(sheet) + 1)

    def unit_of(self, sheet: Sheet) -> str:
        """What messages call a row of a sheet."""
        return f"sheet {self.name_of(sheet)}, row" if len(self.sheets) > 1 else "row"

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """Rows of a sheet that hold a value."""
        if not sheet.facts.rows:
            return
        wanted = set(sheet.facts.rows)
        opened = self._book[sheet.name]
        # The size that a file claims for its sheet need not be true.
        opened.reset_dimensions()
        last_column = min(sheet.facts.last_column, MAX_COLUMNS)
        for number, cells in enumerate(opened.iter_rows(max_row=sheet.facts.rows[-1], max_col=last_column), 1):
            if number in wanted:
                yield SheetRow(number, [self._shown(cell) for cell in cells])

    def first_rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """Those among which the row that names the columns is looked for."""
        return islice(self.rows(sheet), _ROWS_SEARCHED)

    def _shown(self, cell: Any) -> ShownCell:
        value = cell.value
        if value is None:
            return ShownCell("")
        if isinstance(value, str):
            return _text(cell, value)
        if isinstance(value, bool):
            return ShownCell(str(value).upper())
        code = cell.number_format
        if isinstance(value, datetime | date | time | timedelta):
            return ShownCell(moment_as_shown(value, code), _clock(value, code))
        text = number_as_shown(value, code)
        self.unfollowed += text is None
        return ShownCell(plain(value) if text is None else text, plain(value))


@contextmanager
def open_workbook(source: BinarySource) -> Iterator[Workbook]:
    """Open a workbook.

    Raises
    ------
    TranscriptError
        Where the file is none, is damaged, or made to do harm.
    """
    file = source.path
    with open_archive(source) as archive:
        sheets, comments = _look_through(file, archive)
        has_macros = any(name.endswith("vbaProject.bin") for name in archive.names)
    try:
        with quiet_book(file, data_only=True) as book:
            there = {sheet.title for sheet in book.worksheets}
            yield Workbook(book, [sheet for sheet in sheets if sheet.name in there], comments, has_macros)
    except TranscriptError:
        raise
    except Exception as error:
        # openpyxl raises whatever Python happens to raise at the damaged place.
        reason = f"the workbook is damaged ({type(error).__name__}); open it and save it again as .xlsx"
        raise TranscriptError(file, "", reason) from error


def _look_through(file: Path, archive: Archive) -> tuple[list[Sheet], int]:
    """Look at all XML before a library does; the sheets, and how many comments there are."""
    if _BINARY_BOOK in archive.names:
        raise TranscriptError(file, "", "a binary workbook; open it and save it as .xlsx")
    place = next(filter(_BOOK.fullmatch, archive.names), None)
    if place is None:
        raise TranscriptError(file, "", "no Excel workbook inside; open it and save it as .xlsx")
    book = parse_xml(file, archive.read(place), place)
    if _STRICT in book.tag:
        raise TranscriptError(file, "", "a Strict Open XML workbook; save it as Excel Workbook (.xlsx)")
    parts = _sheet_parts(file, archive, book, place)
    facts: dict[str, SheetFacts] = {}
    comments = 0
    for name in archive.names:
        if name in parts.values():
            facts[name] = feed_xml(file, archive.blocks(name), FactsTarget(file, name), name)
        elif name.startswith("xl/comments") and name.endswith(".xml"):
            comments += sum(local(item) == "comment" for item in parse_xml(file, archive.read(name), name).iter())
        elif name.endswith((".xml", ".rels")):
            feed_xml(file, archive.blocks(name), NothingKept(), name)
    listed = child(book, "sheets")
    sheets = [
        Sheet(attribute(item, "name"), _shows(item), facts[part])
        for item in (listed if listed is not None else ())
        if (part := parts.get(_id(item))) in facts
    ]
    return sheets, comments


def _sheet_parts(file: Path, archive: Archive, book: Element, place: str) -> dict[str, str]:
    """Files of the archive that hold sheets, by their ids."""
    folder, _, name = place.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    parts = {}
    for relation in parse_xml(file, archive.read(relations), relations):
        kind, target = attribute(relation, "Type"), attribute(relation, "Target")
        part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        if kind.endswith(("/worksheet", "/sharedStrings", "/styles", "/theme")) and not part.endswith(".xml"):
            raise TranscriptError(file, relations, "refers to parts of other kinds than a workbook has; save it again")
        if kind.endswith("/worksheet"):
            parts[attribute(relation, "Id")] = part
    return parts


def _id(sheet: Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _shows(sheet: Element) -> bool:
    return attribute(sheet, "state") in {"", "visible"}


def _text(cell: Any, value: str) -> ShownCell:
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    # An apostrophe that Excel itself keeps apart is not part of the text; one that came in from CSV is taken off.
    if text[:1] == "'" and not cell.style_array.quotePrefix:
        text = restore(text)
    return ShownCell(text, error=cell.data_type == _ERROR)


def _clock(value: datetime | date | time | timedelta, code: str) -> str:
    """A time of day as a place in a recording.

    Excel takes ``1:12`` for hours and minutes and shows it as it was typed; from ``24:00`` on it adds seconds, and
    shows ``25:30`` as ``25:30:00``. No recording is a day long: it is minutes and seconds that were meant.
    """
    if isinstance(value, timedelta) and value.total_seconds() >= _DAY and not value.total_seconds() % 60:
        return plain(value.total_seconds() / 60)
    return moment_as_shown(value, _HALVES.sub("", code)).strip()
