"""Tables of results as DataFrames of pandas (``pip install alliance-nlp[pandas]``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliance_nlp.errors import UsageError
from alliance_nlp.exports import CellType, Filled

if TYPE_CHECKING:
    from pandas import DataFrame

_TYPES = {CellType.TEXT: "object", CellType.INTEGER: "Int64", CellType.NUMBER: "float64"}
"""Integers may have gaps."""


def frame(filled: Filled) -> DataFrame:
    """A DataFrame with the columns and rows of a table that could also be written as CSV.

    Raises
    ------
    UsageError
        Where pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise UsageError("a DataFrame needs pandas: pip install 'alliance-nlp[pandas]'") from error
    names = [column.name for column in filled.columns]
    cells: list[list[Any]] = [list(column) for column in zip(*filled.rows, strict=True)] or [[] for _ in names]
    columns = {
        column.name: pandas.Series(
            # The tables have an empty text where a number is missing.
            values if column.type == CellType.TEXT else [None if value == "" else value for value in values],
            dtype=_TYPES[column.type],
        )
        for column, values in zip(filled.columns, cells, strict=True)
    }
    return pandas.DataFrame(columns, columns=names)
