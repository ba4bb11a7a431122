"""Parquet, by pyarrow (``pip install alliance-nlp[parquet]``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from alliance_nlp.errors import UsageError
from alliance_nlp.exports import Cell, CellType, Column

SUFFIX = ".parquet"

_ROWS_AT_ONCE = 20_000


class Table:
    """A Parquet file that is being written. See `alliance_nlp.exports`."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise UsageError("Parquet needs pyarrow: pip install 'alliance-nlp[parquet]'") from error

        types = {CellType.TEXT: pyarrow.string(), CellType.INTEGER: pyarrow.int64(), CellType.NUMBER: pyarrow.float64()}
        self._schema = pyarrow.schema([(column.name, types[column.type]) for column in columns])
        self._batch = pyarrow.record_batch
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._waiting: list[Sequence[Cell]] = []

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        self._waiting.extend(rows)
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            cells = [list(column) for column in zip(*self._waiting, strict=True)]
            self._writer.write_batch(self._batch(cells, schema=self._schema))
            self._waiting.clear()

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()
