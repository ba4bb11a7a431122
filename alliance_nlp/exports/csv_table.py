"""CSV: UTF-8, commas, formulas made inert."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.formulas import make_inert
from alliance_nlp.whole_file import whole_file

SUFFIX = ".csv"


class Table:
    """A CSV file that is being written. See `alliance_nlp.exports`."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer_in_quotes = csv.writer(self._file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._text_columns = [place for place, column in enumerate(columns) if column.type == CellType.TEXT]
        self._writer.writerow(column.name for column in columns)

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            cells = list(row)
            writer = self._writer
            for place in self._text_columns:
                text = cells[place]
                if isinstance(text, str):
                    cells[place] = make_inert(text)
                    if "\r" in text:
                        # The csv module leaves a text with a lone carriage return without quotes.
                        writer = self._writer_in_quotes
            writer.writerow(cells)

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def write_csv(path: Path, filled: Filled, overwrite: bool) -> None:
    """Write a table into a file, which appears whole or not at all.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    with whole_file(path, overwrite) as partial, Table(partial, filled.columns) as table:
        table.write(filled.rows)
