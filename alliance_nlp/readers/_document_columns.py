"""Tables in documents that hold a transcript: which column is the speaker's, which the words, which the time.

The first row names the columns, or the user does (``--columns``); otherwise they are told from what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from alliance_nlp.readers._document import MAX_COLUMNS, Cell, Table
from alliance_nlp.readers._labelled_lines import is_heading, labelled_line
from alliance_nlp.readers._labels import CODE_OR_NAME
from alliance_nlp.roles import RoleNames

_USUAL = {
    "speaker": {"speaker", "speaker name", "name", "who", "participant", "role", "person", "voice", "interlocutor"},
    "text": {
        "text", "utterance", "utterances", "transcript", "transcription", "content", "dialogue", "speech", "words",
        "message", "what was said", "verbatim", "verbatim transcript",
    },
    "start": {"time", "start", "start time", "timestamp", "time stamp", "timecode", "time code", "timespan",
              "time span", "timing", "begin"},
    "end": {"end", "end time"},
}  # fmt: skip
_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
TIME = re.compile(rf"[\[(]?({_CLOCK})(?:\s{{0,3}}(?:-->|[-–—])\s{{0,3}}({_CLOCK}))?[\])]?", re.ASCII)
"""Times in a cell: a start and, where there is one, an end."""
_NUMBER = re.compile(r"\d{1,6}[.)]?", re.ASCII)
_MOSTLY = 0.8
_LONGEST_LABEL = 40


class Columns(NamedTuple):
    """Which column of a table is which; None where there is none."""

    text: int
    speaker: int | None = None
    start: int | None = None
    end: int | None = None
    number: int | None = None
    heading_rows: int = 0

    @property
    def used(self) -> frozenset[int]:
        """Columns that are read, and those whose numbers only count."""
        return frozenset(place for place in self[:5] if place is not None)


def columns_of(table: Table, roles: RoleNames, given: Mapping[str, str]) -> Columns | None:
    """Which column is which; None where the table holds no transcript.

    Parameters
    ----------
    table : Table
        The table.
    roles : RoleNames
        Tells the role of a label.
    given : mapping of str to str
        Columns that go by other names, see `ReadOptions`.
    """
    grid = [placed(row) for row in table.rows]
    if not grid:
        return None
    named = _named([cell.text for cell in grid[0].values()], list(grid[0]), given)
    if named:
        return named
    rows = grid[table.headings :]
    width = max((place + 1 for row in rows for place in row), default=0)
    columns = {place: [row[place].text for row in rows if place in row and row[place].text] for place in range(width)}
    return _from_content({place: texts for place, texts in columns.items() if texts}, roles, table.headings)


def placed(row: Sequence[Cell]) -> dict[int, Cell]:
    """Cells of a row by the column in which they begin."""
    found: dict[int, Cell] = {}
    place = 0
    for cell in row:
        if place >= MAX_COLUMNS:
            break
        found[place] = cell
        place += cell.columns
    return found


def label_in(text: str) -> str:
    """A label as it stands in a cell."""
    return " ".join(text.split()).rstrip(":").rstrip()


def _named(cells: Sequence[str], places: Sequence[int], given: Mapping[str, str]) -> Columns | None:
    names = [" ".join(cell.split()).casefold().rstrip(":") for cell in cells]
    found: dict[str, int] = {}
    for column, usual in _USUAL.items():
        wanted = {given[column]} if column in given else usual
        place = next((place for place, name in zip(places, names, strict=True) if name in wanted), None)
        if place is not None and place not in found.values():
            found[column] = place
    if "text" not in found or len(found) < min(len(cells), 2):
        return None
    return Columns(found["text"], found.get("speaker"), found.get("start"), found.get("end"), None, 1)


def _from_content(columns: Mapping[int, Sequence[str]], roles: RoleNames, headings: int) -> Columns | None:
    left = dict(columns)
    start = _taken(left, lambda text: TIME.fullmatch(text.strip()) is not None)
    end = _taken(left, lambda text: TIME.fullmatch(text.strip()) is not None) if start is not None else None
    number = _taken(left, lambda text: _NUMBER.fullmatch(text.strip()) is not None)
    speaker = next((place for place, texts in left.items() if len(left) > 1 and _are_labels(texts, roles)), None)
    if speaker is not None:
        del left[speaker]
    elif len(left) > 1:
        left = {place: texts for place, texts in left.items() if _hold_labels(texts, roles)}
    if not left:
        return None
    text = max(left, key=lambda place: sum(map(len, left[place])))
    return Columns(text, speaker, start, end, number, headings)


def _taken(columns: dict[int, Sequence[str]], fits: Callable[[str], bool]) -> int | None:
    """Take the first column of which most cells fit."""
    for place, texts in columns.items():
        if sum(map(fits, texts)) >= _MOSTLY * len(texts):
            del columns[place]
            return place
    return None


def _are_labels(texts: Sequence[str], roles: RoleNames) -> bool:
    labels = [label_in(text) for text in texts]
    if any(is_heading(label, roles) for label in labels):
        return False
    known = sum(roles.role_of(label) is not None for label in labels)
    if known >= len(labels) / 2:
        return True
    short = [label for label in labels if len(label) <= _LONGEST_LABEL and CODE_OR_NAME.fullmatch(label)]
    return len(short) >= _MOSTLY * len(labels) and len(set(short)) <= len(short) / 2


def _hold_labels(texts: Iterable[str], roles: RoleNames) -> bool:
    found = [labelled_line(text, roles) is not None for text in texts]
    return sum(found) >= len(found) / 2
