"""Cells of Excel workbooks: how they hold texts, and the rows of a sheet, opened with mistrust."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import BinarySource
from alliance_nlp.readers._archive import open_archive
from alliance_nlp.readers._quiet_book import quiet_book

# ECMA-376, 22.9.2.19 (ST_Xstring): how a cell holds what XML cannot, and a text that only looks like it.
_TO_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """A text as a cell of a workbook holds it."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class SheetRow(NamedTuple):
    """A row that is not empty."""

    number: int
    """As Excel shows it, from 1."""
    cells: list[str | int | float | bool | None]


def sheet_rows(path: Path, name: str | None = None) -> Iterator[SheetRow]:
    """Rows of a sheet, the first one where none is named.

    Raises
    ------
    TranscriptError
        Where the file is no workbook, damaged or hostile, or a cell holds a formula.
    """
    with _opened(path) as book:
        sheet = book[name] if name else book.worksheets[0]
        # The size that a file claims for its sheet need not be true.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_value(cell, path, f"sheet {sheet.title}, row {number}") for cell in row]
            if any(cell not in (None, "") for cell in cells):
                yield SheetRow(number, cells)


def _value(cell: Any, path: Path, place: str) -> str | int | float | bool | None:
    value = cell.value
    if cell.data_type == "f":
        raise TranscriptError(path, place, "a cell holds a formula; put its value there (copy, paste values)")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value if value is None or isinstance(value, int | float) else str(value)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A workbook, every fault of which is a `TranscriptError`."""
    try:
        with open_archive(BinarySource(path)) as archive:
            archive.measure()
        with quiet_book(path) as book:
            yield book
    except TranscriptError:
        raise
    except Exception as error:
        reason = f"no Excel workbook, or a damaged one ({type(error).__name__}); save it again in Excel"
        raise TranscriptError(path, "", reason) from error
