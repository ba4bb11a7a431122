"""The core transcript table in memory: a pandas DataFrame, or dictionaries, one an utterance."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from alliance_nlp.errors import TranscriptError
from alliance_nlp.formulas import restore
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._table import Row, naming, read_rows, require_columns
from alliance_nlp.transcript import TABLE_COLUMNS, Session

UNIT = "row"
"""Rows are counted from 0, as ``DataFrame.iloc`` counts them."""

SESSION = "session"
"""Id of the session of a table without ``session_id``."""


class RecordTable:
    """A table in memory, its cells as texts; what is missing is an empty text.

    Parameters
    ----------
    data : DataFrame or iterable of mapping
        Index levels with a name are columns too.
    name : str, optional
        What messages call it.

    Attributes
    ----------
    path : Path
        Its name, where messages have that of a file.
    names : list of str
        Of the columns, in small letters.
    rows : list of Row
        Counted from 0.

    Raises
    ------
    TranscriptError
        Where there is no row, or it is no table.
    """

    def __init__(self, data: Any, name: str = "") -> None:
        frame = is_frame(data)
        self.path = Path(name or ("DataFrame" if frame else "records"))
        names, rows = _of_frame(data) if frame else _of_mappings(data, self.path)
        self.names = [str(column).strip().casefold() for column in names]
        self.rows = [
            Row(number, self.names, [self._text(number, *cell) for cell in zip(self.names, cells, strict=True)])
            for number, cells in enumerate(rows)
        ]
        if not self.rows:
            raise TranscriptError(self.path, "", "the table has no rows; was it filtered down to nothing?")

    @cached_property
    def sha256(self) -> str:
        """Digest of names and cells."""
        content = [self.names, *(row.cells for row in self.rows)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def sessions(self, options: ReadOptions) -> Iterator[Session | TranscriptError]:
        """Sessions one after the other; one that fails comes as its error.

        Raises
        ------
        TranscriptError
            Where a column is missing or there twice.
        """
        name_of = naming(options.columns)
        names = [name_of(name) for name in self.names]
        try:
            require_columns(self.path, names, options)
        except TranscriptError as error:
            raise TranscriptError(error.file, "", error.reason) from None
        rows = [Row(row.line, names, row.cells) for row in self.rows]
        return read_rows(self.path, lambda: iter(rows), SESSION, options, UNIT)

    def _text(self, number: int, name: str, value: Any) -> str:
        if isinstance(value, str):
            # pandas leaves on the apostrophe that our CSV files have before what a spreadsheet would compute.
            return restore(value)
        if _is_missing(value):
            return ""
        if isinstance(value, timedelta):
            return str(value.total_seconds())
        if isinstance(value, list | tuple | dict | set):
            if name in TABLE_COLUMNS:
                reason = f"{name!r} holds a {type(value).__name__}; it must be plain text"
                raise TranscriptError(self.path, f"{UNIT} {number}", reason)
            return ""
        if hasattr(value, "item"):  # a number of NumPy's
            value = value.item()
        if isinstance(value, float):
            # A column of ids or codes with gaps comes out of pandas as 1.0 and 2.0.
            return str(int(value)) if value.is_integer() else f"{value:.9f}" if "e" in repr(value) else repr(value)
        return str(int(value)) if isinstance(value, bool) else str(value)


def is_frame(data: object) -> bool:
    """Whether it is a DataFrame of pandas, which is not imported to find out."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _is_missing(value: Any) -> bool:
    # NaN and NaT differ from themselves; pandas.NA does not say whether it does.
    return value is None or type(value).__name__ == "NAType" or (not hasattr(value, "__len__") and value != value)


def _of_frame(frame: Any) -> tuple[Sequence[object], Iterable[Sequence[Any]]]:
    levels = [name for name in frame.index.names if name is not None and name not in frame.columns]
    if levels:
        frame = frame.reset_index(levels)
    whole = frame.astype(object).where(frame.notna(), None)
    return list(whole.columns), whole.itertuples(index=False, name=None)


def _of_mappings(data: Any, path: Path) -> tuple[Sequence[object], Iterable[Sequence[Any]]]:
    remedy = "give a DataFrame or a list of dictionaries, one an utterance"
    if isinstance(data, Mapping) or not isinstance(data, Iterable):
        raise TranscriptError(path, "", f"a {type(data).__name__} is no table; {remedy}")
    records = list(data)
    for number, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise TranscriptError(path, f"{UNIT} {number}", f"a {type(record).__name__}; {remedy}")
    names = list(dict.fromkeys(name for record in records for name in record))
    return names, ([record.get(name) for name in names] for record in records)
