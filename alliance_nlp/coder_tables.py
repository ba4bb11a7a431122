"""A coded table of one coder: which columns hold codes, on whose lines, and which line of the transcript a row is."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import RatingsError, shown
from alliance_nlp.rating_sets import MISSING, Origin, Rating
from alliance_nlp.rating_table import shown_value
from alliance_nlp.readers._table import Row
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS, SpeakerRole

_ALIKE = 0.8
"""From which likeness on a column is taken for another one misspelt; of `difflib`."""


class CodeColumns(NamedTuple):
    """Which columns of a coded table hold codes, and on whose lines."""

    names: tuple[str, ...]
    """Of markers, sets and codes of sets; of the last two, those that a table has."""
    must_be_there: tuple[str, ...]
    expected: dict[str, tuple[str, ...]]
    """Markers and sets of a codebook that was given: the columns, of which one at least must be there."""
    role_of_marker: dict[str, SpeakerRole]
    roles: RoleNames

    @classmethod
    def of(cls, codebook: Codebook, given: bool, markers: tuple[str, ...], roles: RoleNames) -> CodeColumns:
        """Columns by a codebook, which the user gave or not, or for these markers only."""
        role_of_marker = {marker.name: marker.role for marker in codebook.markers}
        role_of_marker |= {entry.name: entry.role for entry in codebook.sets}
        names = list(markers or codebook.variable_names)
        codes_of = {entry.name: entry.code_names for entry in codebook.sets if entry.name in names}
        of_codes = [name for codes in codes_of.values() for name in codes]
        must_be_there = tuple(name for name in markers if name not in {entry.name for entry in codebook.sets})
        expected = {name: (name, *codes_of.get(name, ())) for name in names} if given else {}
        return cls((*names, *of_codes), must_be_there, expected, role_of_marker, roles)

    def require(self, path: Path, header: Sequence[str]) -> list[str]:
        """Markers and sets that a table has no column of.

        Raises
        ------
        RatingsError
            Where there is no column at all, or one is there by a name that is all but right.
        """
        absent = [name for name in self.names if name.casefold() not in header]
        absent_wanted = [name for name in absent if name in self.must_be_there]
        missing = [
            name for name, columns in self.expected.items() if not any(one.casefold() in header for one in columns)
        ]
        known = {*TABLE_COLUMNS, CLIENT_COLUMN, *(name.casefold() for name in self.names)}
        for name in missing:
            near = difflib.get_close_matches(name.casefold(), [one for one in header if one not in known], 1, _ALIKE)
            if near:
                raise RatingsError(f"{shown(path)}: no column {name!r}; the nearest is {near[0]!r}: rename it")
        if absent_wanted or len(absent) == len(self.names):
            raise RatingsError(
                f"{shown(path)}: no column {(absent_wanted or absent)[0]!r}; a coded table has a column per marker: "
                "name those of your own with --marker, or give your --codebook"
            )
        return missing


class _Lines(NamedTuple):
    """The rows that a coder's tables have of a session."""

    n_rows: int
    numbered: bool
    """Whether they are known by their number alone."""
    path: Path


class CoderTables:
    """Takes coded tables one after the other.

    Parameters
    ----------
    columns : CodeColumns
        Those that hold codes.

    Attributes
    ----------
    notes : list of str
        What the tables do not have, or what of them was passed over.
    """

    def __init__(self, columns: CodeColumns) -> None:
        self.columns = columns
        self.notes: list[str] = []
        self._lines: dict[str, dict[str, _Lines]] = {}

    def ratings(self, origin: Origin, header: Sequence[str], rows: Iterable[Row], coder: str) -> Iterator[Rating]:
        """The codes of a table, row by row; its rows are numbered where it has no ids of utterances.

        Raises
        ------
        RatingsError
            As `CodeColumns.require`.
        """
        missing = self.columns.require(origin.path, header)
        if missing:
            self.notes.append(f"{shown(origin.path)} has no column {', '.join(missing)}: no code of it is read there.")
        numbers: Counter[str] = Counter()
        numbered: set[str] = set()
        passed_over: dict[str, list[int]] = {}
        for row in rows:
            cell = dict(zip(row.names, row.cells, strict=True)).get
            session_id = cell("session_id", origin.path.stem).strip()
            numbers[session_id] += 1
            utterance_id = cell("utterance_id", "").strip()
            if not utterance_id:
                numbered.add(session_id)
                utterance_id = str(numbers[session_id])
            speaker_role = self.columns.roles.role_of(cell("speaker_role", "") or cell("speaker", ""))
            for marker in self.columns.names:
                if marker.casefold() not in row.names:
                    continue
                role = self.columns.role_of_marker.get(marker)
                value = cell(marker.casefold(), "").strip()
                if None in (speaker_role, role) or speaker_role == role:
                    yield Rating(row.line, session_id, utterance_id, coder, marker, value)
                elif value not in (*MISSING, "0", "0.0"):
                    passed_over.setdefault(marker, []).append(row.line)
        for marker, lines in passed_over.items():
            self.notes.append(
                f"{origin.at(lines[0])}: a code of {marker} on a line that is not the "
                f"{self.columns.role_of_marker[marker]}'s is passed over"
                f"{f', as are {len(lines) - 1} more in this file' if len(lines) > 1 else ''}."
            )
        for session_id, n_rows in numbers.items():
            of_session = self._lines.setdefault(session_id, {})
            before = of_session.get(coder, _Lines(0, False, origin.path))
            is_numbered = before.numbered or session_id in numbered
            of_session[coder] = _Lines(before.n_rows + n_rows, is_numbered, origin.path)

    def require_same_lines(self) -> None:
        """Raise a `RatingsError` where rows are known by number alone and coders have not as many of a session."""
        for session_id, of_coders in self._lines.items():
            numbered = next((lines for lines in of_coders.values() if lines.numbered), None)
            other = next((lines for lines in of_coders.values() if numbered and lines.n_rows != numbered.n_rows), None)
            if numbered and other:
                raise RatingsError(
                    f"{shown(numbered.path)}: no utterance_id, so that its rows are known by their number alone, but "
                    f"of session {shown_value(session_id)} it has {numbered.n_rows} and {shown(other.path)} "
                    f"{other.n_rows}; keep session_id and utterance_id in every coder's table, or say which columns "
                    "they are: --columns utterance_id=COLUMN"
                )
