"""The core transcript table: rows with a speaker and a text, grouped into sessions.

Columns: ``session_id`` (or one session per file), ``utterance_id`` (or numbered
from 1), ``speaker`` or ``speaker_role`` (or both), ``text``, optional ``start`` and ``end``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.transcript import SHEET_ROW, TABLE_COLUMNS, Session, SpeakerRole

_OFTEN_CALLED = {
    "text": {"utterance", "utterances", "text", "content", "transcript", "message", "sentence", "words"},
    "speaker": {"speaker", "interlocutor", "role", "participant", "name"},
}


class Row(NamedTuple):
    """One row of a table."""

    line: int
    names: Sequence[str]
    """Of the columns, in small letters."""
    cells: Sequence[str]


Arrange = Callable[[list[Row]], tuple[list[Row], list[str]]]


def naming(columns: Mapping[str, str]) -> Callable[[str], str]:
    """What each column of a file is called here.

    Parameters
    ----------
    columns : mapping of str to str
        See `ReadOptions`.

    Returns
    -------
    callable
        Takes a column's name in the file, in small letters. A column that only happens to have the name of one that
        the user gave is put aside.
    """
    name_of = {column: name for name, column in columns.items()}
    return lambda column: name_of.get(column) or (f"{column} (put aside)" if column in columns else column)


def require_columns(file: Path, header: Sequence[str], options: ReadOptions, line: int = 1, unit: str = "line") -> None:
    """Raise a `TranscriptError` that names the nearest column where one that must be there is not."""
    place = f"{unit} {line}"
    doubled = sorted({name for name in header if name in (*TABLE_COLUMNS, *options.keep) and header.count(name) > 1})
    if doubled:
        named = options.columns.get(doubled[0], doubled[0])
        raise TranscriptError(file, place, f"the column {named!r} is there twice; rename one")
    for name, column in options.columns.items():
        if name not in header:
            near = next(iter(difflib.get_close_matches(column, header, 1)), None)
            remedy = f"the nearest is {near!r}" if near else "the first row must name the columns"
            raise TranscriptError(
                file,
                place,
                f"no column {column!r}, given for {name} by --columns, among {len(header)}; {remedy}",
            )
    missing = ["text"] if "text" not in header else []
    if "speaker" not in header and "speaker_role" not in header:
        missing.append("speaker")
    if missing:
        near = _nearest(missing[0], header)
        remedy = (
            f"the nearest is {near!r}: rename it to {missing[0]!r}, or say --columns {missing[0]}={_quoted(near)}"
            if near
            else f"name the columns in the first row, or say which one it is with --columns {missing[0]}=COLUMN"
        )
        raise TranscriptError(file, place, f"no column {missing[0]!r} among {len(header)}; {remedy}")


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


def _nearest(wanted: str, header: Sequence[str]) -> str | None:
    # Only names known to mean the same or spelled alike: a table without headings has somebody's words there.
    free = [name for name in header if name not in TABLE_COLUMNS]
    words = {name: re.split(r"\W|_", name) for name in free}
    meant = [name for name in free if len(words[name]) <= 2 and _OFTEN_CALLED[wanted].intersection(words[name])]
    return next(iter(meant or difflib.get_close_matches(wanted, free, 1, cutoff=0.6)), None)


def read_rows(
    file: Path,
    open_rows: Callable[[], Iterator[Row]],
    session_name: str,
    options: ReadOptions,
    unit: str = "line",
    arrange: Arrange | None = None,
) -> Iterator[Session | TranscriptError]:
    """Sessions of a table, in the order in which they end; a session that fails comes as its error.

    The rows are gone through twice, so that no more is held in memory than
    the sessions that are open at once, in whatever order the rows stand.

    Parameters
    ----------
    file : Path
        For the messages.
    open_rows : callable
        Starts a new pass over the rows.
    session_name : str
        Id of the session where the table has no ``session_id``.
    options : ReadOptions
        What the user says about the table.
    unit : str
        What `Row.line` counts, for the messages.
    arrange : callable, optional
        Puts the rows of a session in the transcript's order; they stand in it unless something is said here. Also
        returns notes for the user.
    """
    last_line = {session_id: row.line for session_id, row in _with_session_id(file, open_rows(), session_name, unit)}
    if not last_line:
        raise TranscriptError(file, "", "the table has headers but no rows; was it exported completely?")
    open_sessions: dict[str, list[Row]] = {}
    for session_id, row in _with_session_id(file, open_rows(), session_name, unit):
        open_sessions.setdefault(session_id, []).append(row)
        if last_line[session_id] == row.line:
            try:
                yield _session(file, session_id, open_sessions.pop(session_id), options, unit, arrange)
            except TranscriptError as error:
                yield error


def _with_session_id(file: Path, rows: Iterable[Row], session_name: str, unit: str) -> Iterator[tuple[str, Row]]:
    names: Sequence[str] = ()
    place: int | None = None
    for number, row in enumerate(rows):
        # In most formats all rows share one list of names.
        if row.names is not names:
            had_id, names = place is not None, row.names
            place = names.index("session_id") if "session_id" in names else None
            if number and had_id != (place is not None):
                raise TranscriptError(
                    file, f"{unit} {row.line}", "other rows have a session_id or this one alone does; give it to all"
                )
        yield (session_name if place is None else row.cells[place].strip()), row


def _session(
    file: Path, session_id: str, rows: list[Row], options: ReadOptions, unit: str, arrange: Arrange | None
) -> Session:
    if not session_id.strip():
        raise TranscriptError(file, f"{unit} {rows[0].line}", "the session_id is empty; fill it in")
    notes: list[str] = []
    if arrange:
        rows, notes = arrange(rows)
    if SHEET_ROW in rows[0].names:
        rows = _as_handed_out(file, session_id, rows, unit)
    raw = [_raw_utterance(file, f"{unit} {row.line}", row) for row in rows]
    columns = {
        name: tuple(row.cells[row.names.index(name)] if name in row.names else "" for row in rows)
        for name in options.keep
        if any(name in row.names for row in rows)
    }
    # In a table of one long session they would fill as much memory again.
    del rows
    return make_session(file, session_id, raw, options, columns, notes, unit)


def _as_handed_out(file: Path, session_id: str, rows: list[Row], unit: str) -> list[Row]:
    """Rows of a coder's sheet in the transcript's order, however they were sorted."""
    numbered = []
    for row in rows:
        cell = row.cells[row.names.index(SHEET_ROW)].strip().removesuffix(".0")
        if not cell.isdecimal():
            raise TranscriptError(
                file,
                f"{unit} {row.line}",
                f"the {SHEET_ROW} is not the number that stood there; take it from the sheet as it was handed out",
            )
        numbered.append((int(cell), row))
    numbered.sort(key=lambda pair: pair[0])
    for (number, _), (following, row) in pairwise(numbered):
        if following > number + 1:
            raise TranscriptError(
                file,
                f"session {session_id}, {unit} {row.line}",
                f"rows of the sheet are gone between {SHEET_ROW} {number} and {following}, and with them what was "
                "said around; put them back (lines not coded may stay empty), or train on the transcripts with "
                f"--ratings NAME={file.name}",
            )
    return [row for _, row in numbered]


def _raw_utterance(file: Path, place: str, row: Row) -> RawUtterance:
    cells = dict(zip(row.names, row.cells, strict=True))
    cell = cells.get
    speaker, role_name = cell("speaker", "").strip(), cell("speaker_role", "").strip()
    if not speaker and not role_name:
        raise TranscriptError(file, place, f"the speaker is empty; fill it in, for example {SpeakerRole.THERAPIST}")
    start = _seconds(file, place, "start", cells["start"]) if cell("start") else None
    end = _seconds(file, place, "end", cells["end"]) if cell("end") else None
    return RawUtterance(row.line, speaker, cell("text", ""), role_name, cell("utterance_id", "").strip(), start, end)


def _seconds(file: Path, place: str, column: str, text: str) -> float | None:
    try:
        return parse_seconds(text) if text.strip() else None
    except ValueError:
        raise TranscriptError(
            file, place, f"the {column} is not a time; write seconds (72.5) or a clock (00:01:12)"
        ) from None
