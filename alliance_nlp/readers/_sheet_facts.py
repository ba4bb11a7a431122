"""What a sheet of a workbook holds, seen in the file itself and not through a library.

It is the count that the rows read are compared with, and it tells what openpyxl leaves out when it reads row by row:
hidden rows, merged cells, formulas without a stored value. A sheet that openpyxl would go wrong with is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._xml import NothingKept

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""Of a sheet of Excel."""
_MAX_MERGED = 100_000
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass
class SheetFacts:
    """Facts about one sheet.

    Attributes
    ----------
    rows : list of int
        Numbers of the rows that hold a value, in order.
    last_column : int
        That holds a value.
    hidden : set of int
        Rows that hold a value and do not show.
    merged : list of tuple of int
        First row and column, last row and column.
    unstored : set of tuple of int
        Row and column of formulas whose value is not in the file.
    """

    rows: list[int] = field(default_factory=list)
    last_column: int = 0
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unstored: set[tuple[int, int]] = field(default_factory=set)


class FactsTarget(NothingKept):
    """Gathers facts about a sheet as its XML goes by; for `feed_xml`.

    Parameters
    ----------
    file : Path
        For the messages.
    part : str
        Which file of the archive it is.

    Raises
    ------
    TranscriptError
        Where rows or columns are numbered as no program numbers them.
    """

    def __init__(self, file: Path, part: str) -> None:
        super().__init__()
        self.facts = SheetFacts()
        self._file, self._part = file, part
        self._row = self._column = 0
        self._hidden = self._formula = self._value = self._in_value = False

    def start(self, tag: str, attrs: dict[str, str], /) -> None:
        """An element begins."""
        super().start(tag, attrs)
        name = tag[tag.rfind("}") + 1 :]
        if name == "c":
            self._cell(attrs.get("r"))
        elif name == "row":
            self._begin_row(attrs)
        elif name in {"v", "t"}:
            self._in_value = True
        elif name == "f":
            self._formula = True
        elif name == "mergeCell":
            self._merge(attrs.get("ref", ""))

    def data(self, text: str, /) -> None:
        """Text inside an element."""
        if self._in_value and text:
            self._value = True

    def end(self, tag: str, /) -> None:
        """An element ends."""
        super().end(tag)
        name = tag[tag.rfind("}") + 1 :]
        if name == "c":
            self._end_cell()
        elif name in {"v", "t"}:
            self._in_value = False

    def close(self) -> SheetFacts:
        """The sheet ends."""
        return self.facts

    def _begin_row(self, attrs: dict[str, str]) -> None:
        number = attrs.get("r")
        row = self._row + 1 if number is None else int(number) if number.isdecimal() and len(number) < 9 else 0
        # openpyxl drops a row that stands below one of a higher number, and counts up to any number.
        if not self._row < row <= MAX_ROWS:
            raise self._damaged()
        self._row, self._column = row, 0
        self._hidden = attrs.get("hidden") in {"1", "true"}

    def _cell(self, place: str | None) -> None:
        self._formula = self._value = False
        if place is None:
            self._column += 1
        else:
            row, self._column = self._place(place)
            if row != self._row:
                raise self._damaged()
        if self._column > MAX_COLUMNS:
            raise self._damaged()

    def _end_cell(self) -> None:
        facts = self.facts
        if self._value:
            if not facts.rows or facts.rows[-1] != self._row:
                facts.rows.append(self._row)
                if self._hidden:
                    facts.hidden.add(self._row)
            facts.last_column = max(facts.last_column, self._column)
        elif self._formula:
            facts.unstored.add((self._row, self._column))

    def _merge(self, range_: str) -> None:
        first, _, last = range_.partition(":")
        if last and len(self.facts.merged) < _MAX_MERGED:
            self.facts.merged.append((*self._place(first), *self._place(last)))

    def _place(self, place: str) -> tuple[int, int]:
        match = _PLACE.fullmatch(place)
        if not match:
            raise self._damaged()
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        return int(match[2]), column

    def _damaged(self) -> TranscriptError:
        return TranscriptError(
            self._file, self._part, "rows or cells are numbered as no sheet is; save the workbook again in Excel"
        )
