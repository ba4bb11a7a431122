"""An Excel workbook with one sheet, by openpyxl."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from alliance_nlp.exports import Cell, Column

SUFFIX = ".xlsx"


class Table:
    """An Excel file that is being written. See `alliance_nlp.exports`."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        from alliance_nlp.exports._sheets import Workbook

        self._path = path
        self._book = Workbook()
        self._sheet = self._book.sheet(path.stem, columns, wide=["text"])

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        self._sheet.write(rows)

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._book.save(self._path)
        else:
            self._book.abandon()
