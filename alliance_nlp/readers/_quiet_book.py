"""openpyxl's workbooks, without what it says of them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any


@contextmanager
def quiet_book(file: Path, data_only: bool = False) -> Iterator[Any]:
    """Open a workbook row by row; `data_only` for what formulas came to in place of formulas.

    Raises
    ------
    Exception
        Whatever Python happens to raise at a damaged place.
    """
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # Of styles, names and the like, which are no concern of ours.
        warnings.simplefilter("ignore")
        # Of some it prints, which would end in the midst of our own output.
        with redirect_stdout(io.StringIO()):
            book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
        try:
            yield book
        finally:
            book.close()
