"""Tables out, one module a format.

A format module names the ending of its files in ``SUFFIX`` and has a class
``Table(path, columns)``: a context manager whose ``write(rows)`` takes rows of
cells in the order of the columns. Libraries that a format needs are imported
when a table is opened.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

__all__ = ["FORMATS", "Cell", "CellType", "Column", "Table", "open_table"]

Cell = str | int | float | None
"""None is an empty cell."""


class CellType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: CellType


class Table(Protocol):
    """A table that is being written."""

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""

    def __enter__(self) -> Table: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


FORMATS = ("csv", "jsonl", "parquet")


def open_table(folder: Path, name: str, file_format: str, columns: Sequence[Column]) -> Table:
    """A new table ``folder/name.<ending of the format>``.

    Raises
    ------
    UsageError
        Where the format needs a library that is not installed.
    """
    module = importlib.import_module(f"{__name__}.{file_format}_table")
    table: Table = module.Table(folder / f"{name}{module.SUFFIX}", columns)
    return table
