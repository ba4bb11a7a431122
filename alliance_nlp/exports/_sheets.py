"""Excel workbooks, by openpyxl: typed cells, texts that no program runs, the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook as _Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from alliance_nlp.errors import OutputError
from alliance_nlp.exports import Cell, CellType, Column
from alliance_nlp.exports._zip import write_zip
from alliance_nlp.formulas import make_inert
from alliance_nlp.sheets import escaped

MOST_CHARACTERS = 32_767
"""Of a cell, counted in UTF-16 units, as Excel does."""
MOST_ROWS = 1_048_576

_WIDTHS = {CellType.TEXT: 16.0, CellType.INTEGER: 10.0, CellType.NUMBER: 10.0}
_WIDE = 80.0
_CLOSED = "E7E6E6"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


class Workbook:
    """A workbook that is being written; `save` ends it."""

    def __init__(self) -> None:
        self._book = _Workbook(write_only=True)
        self._sheets: list[Sheet] = []

    def sheet(self, name: str, columns: Sequence[Column], wide: Sequence[str] = (), codes: Sequence[str] = ()) -> Sheet:
        """A new sheet with a heading that stays in sight and a filter.

        Parameters
        ----------
        name : str
            On its tab.
        columns : sequence of Column
            In order.
        wide : sequence of str
            Columns of long texts, which are wrapped.
        codes : sequence of str
            Columns that take 1, 0 or nothing.
        """
        sheet = Sheet(self._book.create_sheet(name), columns, wide, codes)
        self._sheets.append(sheet)
        return sheet

    def save(self, path: Path) -> None:
        """Write the file."""
        for sheet in self._sheets:
            sheet.finish()
        packed = io.BytesIO()
        self._book.save(packed)
        with zipfile.ZipFile(packed) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
        core = "docProps/core.xml"
        content[core] = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z", content[core])
        write_zip(path, content)

    def abandon(self) -> None:
        """Close what was begun, where it will not be saved."""
        for sheet in self._sheets:
            sheet.abandon()


class Sheet:
    """A sheet that is being written; made by `Workbook.sheet`."""

    def __init__(self, sheet: Any, columns: Sequence[Column], wide: Sequence[str], codes: Sequence[str]) -> None:
        self._sheet = sheet
        self._columns = columns
        self._n_rows = 1
        self._codes = {place for place, column in enumerate(columns) if column.name in codes}
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, 1):
            width = _WIDE if column.name in wide else max(_WIDTHS[column.type], len(column.name) + 4)
            sheet.column_dimensions[get_column_letter(number)].width = width
        top = Alignment(vertical="top")
        wrapped = Alignment(vertical="top", wrap_text=True)
        self._styles = [self._style(alignment=wrapped if column.name in wide else top) for column in columns]
        self._closed = self._style(fill=PatternFill("solid", fgColor=_CLOSED))
        heading = self._style(font=Font(bold=True))
        sheet.append([self._cell(column.name, heading) for column in columns])

    def write(self, rows: Iterable[Sequence[Cell]], closed: Iterable[frozenset[int]] = ()) -> None:
        """Add rows.

        Parameters
        ----------
        rows : iterable of sequence
            Cells in the order of the columns.
        closed : iterable of frozenset of int
            For each row the places of cells that are not to be filled in, which are greyed; none by default.

        Raises
        ------
        OutputError
            Where a sheet cannot hold so many rows, or a cell so long a text.
        """
        greyed = iter(closed)
        for row in rows:
            self._n_rows += 1
            if self._n_rows > MOST_ROWS:
                raise OutputError(f"an Excel sheet has {MOST_ROWS:,} rows at most; write csv or parquet")
            grey = next(greyed, frozenset())
            self._sheet.append(
                [
                    self._cell(value, self._closed if place in grey else self._styles[place])
                    for place, value in enumerate(row)
                ]
            )

    def finish(self) -> None:
        """Set what needs to know how many rows there are."""
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._n_rows}"
        if self._codes and self._n_rows > 1:
            choice = DataValidation("list", formula1='"0,1"', allow_blank=True, showErrorMessage=True)
            choice.error = "Write 1 (there), 0 (looked, and not there) or nothing (not coded)."
            for place in sorted(self._codes):
                letter = get_column_letter(place + 1)
                choice.add(f"{letter}2:{letter}{self._n_rows}")
            self._sheet.data_validations.append(choice)

    def abandon(self) -> None:
        """Close what was begun."""
        with suppress(Exception):
            self._sheet.close()

    def _style(self, **parts: Any) -> Any:
        cell = WriteOnlyCell(self._sheet)
        for name, part in parts.items():
            setattr(cell, name, part)
        return cell._style

    def _cell(self, value: Cell, style: Any) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell._style = style
        if isinstance(value, str):
            if too_long(value):
                raise OutputError(f"a text longer than the {MOST_CHARACTERS:,} characters of an Excel cell; write csv")
            cell.value = escaped(value)
            # Typed as text, whatever it begins with; quoted, so that editing the cell does not make it a formula.
            cell.data_type = "s"
            if make_inert(value) != value:
                cell._style = copy(style)
                cell._style.quotePrefix = 1
        elif isinstance(value, float):
            # With all its digits: openpyxl would leave the seventeenth out.
            cell._value, cell.data_type = repr(value), "n"
        elif value is not None:
            cell.value = value
        return cell


def too_long(text: str) -> bool:
    """Whether a text does not fit into a cell."""
    return len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le", "replace")) // 2 > MOST_CHARACTERS
