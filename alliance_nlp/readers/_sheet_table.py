"""A table on a sheet of a workbook, made rows of the core table: merged cells, hidden rows, formulas."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._sheet_facts import SheetFacts
from alliance_nlp.readers._table import Row, require_columns
from alliance_nlp.readers._tally import Tally
from alliance_nlp.readers._workbook import SheetRow
from alliance_nlp.transcript import TABLE_COLUMNS

_SAID = ("speaker", "speaker_role", "text")
_TIMES = ("start", "end")
_OF_ONE_ROW = ("text", "utterance_id")


class SheetTable:
    """A table that is being read.

    Parameters
    ----------
    file : Path
        For the messages.
    heading : int
        The row that names the columns.
    names : sequence of str
        Of the columns.
    options : ReadOptions
        What the user says about the table.
    unit : str
        What a row is called in messages: ``"row"``, ``"sheet Raw, row"``.

    Attributes
    ----------
    rows : list of Row
        Of the table.
    notes : list of str
        What was left out.
    failed : dict of str to TranscriptError
        For a session whose cells show errors, or formulas without a stored value, the first of them; an empty id where
        the table has no ``session_id``.

    Raises
    ------
    TranscriptError
        Where a column is missing or there twice.
    """

    def __init__(self, file: Path, heading: int, names: Sequence[str], options: ReadOptions, unit: str) -> None:
        require_columns(file, names, options, heading, unit)
        self.unit = unit
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.failed: dict[str, TranscriptError] = {}
        self._file = file
        self._heading = heading
        self._names = list(names)
        self._place_of = {name: names.index(name) for name in (*TABLE_COLUMNS, *options.keep) if name in names}

    def open_rows(self) -> Iterator[Row]:
        """The rows from the first on, for `read_rows`."""
        return iter(self.rows)

    def take(self, rows: Iterable[SheetRow], facts: SheetFacts) -> None:
        """Read the rows."""
        tally = Tally(self._file, "row")
        merged = _Merged(facts, self._place_of, self._heading)
        taken = 0
        for row in rows:
            cells = self._cells(row)
            across = merged.fill(row.number, cells)
            place = f"{self.unit} {row.number}"
            if row.number < self._heading:
                tally.leave_out(place, "above the names of the columns")
            elif row.number == self._heading:
                taken += 1
            elif across:
                tally.leave_out(place, "whose text is merged with another cell")
            elif not any(cells[self._place_of[name]].strip() for name in _SAID if name in self._place_of):
                tally.leave_out(place, "without speaker and text")
            else:
                taken += 1
                if row.number in facts.hidden:
                    tally.mend(place, "that are hidden" if len(facts.hidden) > 1 else "that is hidden")
                self.rows.append(Row(row.number, self._names, cells))
                error = self._error(row, facts)
                if error:
                    self.failed.setdefault(self.session_of(cells), error)
        self.notes = tally.notes(len(facts.rows), taken)

    def session_of(self, cells: Sequence[str]) -> str:
        """Id of the session that a row is of; empty where the table has none."""
        place = self._place_of.get("session_id")
        return "" if place is None else cells[place].strip()

    def _cells(self, row: SheetRow) -> list[str]:
        cells = [cell.text for cell in row.cells[: len(self._names)]]
        cells += [""] * (len(self._names) - len(cells))
        for name in _TIMES if row.number > self._heading else ():
            place = self._place_of.get(name)
            if place is not None and place < len(row.cells) and row.cells[place].time:
                cells[place] = row.cells[place].time
        return cells

    def _error(self, row: SheetRow, facts: SheetFacts) -> TranscriptError | None:
        for name, place in self._place_of.items():
            reason = ""
            if (row.number, place + 1) in facts.unstored:
                reason = "is a formula without a stored value; open the file in Excel and save it"
            elif place < len(row.cells) and row.cells[place].error:
                reason = "shows the error of a formula; put the value there"
            if reason:
                return TranscriptError(self._file, f"{self.unit} {row.number}", f"the {name} {reason}")
        return None


class _Merged:
    """Cells that are merged: what stands in the first holds for all rows, except for a text."""

    def __init__(self, facts: SheetFacts, place_of: dict[str, int], heading: int) -> None:
        text = place_of["text"] + 1
        filled = {place + 1 for name, place in place_of.items() if name not in _OF_ONE_ROW}
        self._down = deque(
            sorted(
                (first, last, left)
                for first, left, last, _ in facts.merged
                # The name of a column is no speaker.
                if last > first > heading and left in filled
            )
        )
        self._texts = deque(
            sorted(
                (first + (left == text), last)
                for first, left, last, right in facts.merged
                if left <= text <= right and (left < text or last > first)
            )
        )
        self._open: dict[int, tuple[int, str]] = {}
        self._covered_to = 0

    def fill(self, row: int, cells: list[str]) -> bool:
        """Fill in what merged cells hold; whether the text is only part of another cell. Rows come in order."""
        while self._down and self._down[0][0] <= row:
            first, last, column = self._down.popleft()
            # A range whose first row holds nothing has nothing to hand down.
            self._open[column] = last, cells[column - 1] if first == row else ""
        for column, (last, value) in self._open.items():
            if row <= last and value and not cells[column - 1]:
                cells[column - 1] = value
        while self._texts and self._texts[0][0] <= row:
            self._covered_to = max(self._covered_to, self._texts.popleft()[1])
        return row <= self._covered_to
