"""Rows of a sheet in an Excel workbook, opened with care."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

LARGEST = 500_000_000
"""Bytes of all parts of a workbook, unpacked."""
_MOST_PARTS = 10_000


class SheetError(Exception):
    """A workbook cannot be read; the text says why and what to do."""


class SheetRow(NamedTuple):
    """A row that is not empty."""

    number: int
    """As the program shows it, from 1."""
    cells: list[str | int | float | bool | None]


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of a workbook.

    Raises
    ------
    SheetError
        Where the file is no workbook, or too large.
    """
    with _Opened(path) as book:
        names: list[str] = book.sheetnames
    return names


def sheet_rows(path: Path, name: str | None = None) -> Iterator[SheetRow]:
    """Rows of a sheet, the first one where none is named.

    Raises
    ------
    SheetError
        Where the file is no workbook, damaged or too large, or a cell holds a formula.
    """
    with _Opened(path) as book:
        sheet = book[name] if name else book.worksheets[0]
        # The size that a file claims for its sheet need not be true.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_value(cell, number) for cell in row]
            if any(cell not in (None, "") for cell in cells):
                yield SheetRow(number, cells)


def _value(cell: Any, row: int) -> str | int | float | bool | None:
    value = cell.value
    if cell.data_type == "f":
        raise SheetError(f"row {row}: a cell holds a formula; put its value there (copy, paste values)")
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


class _Opened:
    """A workbook, closed in the end, whose every fault is a `SheetError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book: Any = None

    def __enter__(self) -> Any:
        from openpyxl import load_workbook

        try:
            with zipfile.ZipFile(self._path) as archive:
                parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
                raise SheetError(f"unpacks to more than {LARGEST:,} bytes; hand in fewer sessions at a time")
            self._book = load_workbook(self._path, read_only=True, data_only=False, keep_links=False)
        except SheetError:
            raise
        except Exception as error:
            raise SheetError(f"no Excel workbook, or a damaged one ({type(error).__name__}); save it again") from error
        return self._book

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if self._book:
            self._book.close()
        if isinstance(error, Exception) and not isinstance(error, SheetError):
            raise SheetError(f"a damaged sheet ({type(error).__name__}); save it again") from error
