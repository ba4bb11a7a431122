"""Tables of results as DataFrames."""

import sys

import pandas as pd
import pytest

from alliance_nlp.errors import UsageError
from alliance_nlp.exports import CellType, Column, Filled
from alliance_nlp.frames import frame

COLUMNS = (Column("name", CellType.TEXT), Column("count", CellType.INTEGER), Column("rate", CellType.NUMBER))


def test_types_hold_with_gaps_and_without_rows():
    table = frame(Filled(COLUMNS, iter([("a", 1, 0.5), ("", None, ""), ("=b", "", None)])))
    assert table["name"].tolist() == ["a", "", "=b"]
    assert table["count"].tolist() == [1, pd.NA, pd.NA]
    assert table["rate"].isna().tolist() == [False, True, True]
    empty = frame(Filled(COLUMNS, iter(())))
    assert list(empty.columns) == ["name", "count", "rate"]
    assert empty.dtypes.tolist() == table.dtypes.tolist()


def test_without_pandas_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"pip install 'alliance-nlp\[pandas\]'"):
        frame(Filled(COLUMNS, iter(())))
