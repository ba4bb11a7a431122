"""The core transcript table as JSON Lines: one object a line, one line an utterance."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, read_rows, require_columns
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import TABLE_COLUMNS, Session

SUFFIXES = (".jsonl", ".ndjson")


def read(
    source: TextSource, session_id: str, roles: RoleNames, keep: tuple[str, ...]
) -> Iterator[Session | TranscriptError]:
    """Read the sessions of a JSON Lines table. See `read_rows`.

    Raises
    ------
    TranscriptError
        Where a line is not a flat JSON object or lacks a key that must be there.
    """

    def check(header: Sequence[str], line: int) -> None:
        require_columns(source.path, header, (), line)

    yield from read_rows(source.path, lambda: rows(source, check), session_id, roles, keep)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, doubled keys and all."""


def rows(
    source: TextSource, check: Callable[[Sequence[str], int], None], columns: Collection[str] = TABLE_COLUMNS
) -> Iterator[Row]:
    """Rows of any JSON Lines table.

    Parameters
    ----------
    source : TextSource
        The file.
    check : callable
        Given the keys of each line and its number; raises where they do not fit.
    columns : collection of str
        Keys that must stand once and hold plain text.
    """
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _row(source, number, line, check, columns)


def _row(
    source: TextSource, number: int, line: str, check: Callable[[Sequence[str], int], None], columns: Collection[str]
) -> Row:
    place = f"line {number}"
    try:
        entry = json.loads(line, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        column = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise TranscriptError(
            source.path, place, f"not valid JSON{column}; each line must be one whole object, {{…}}"
        ) from None
    if not isinstance(entry, _Pairs):
        raise TranscriptError(source.path, place, "not a JSON object; each line must be one, with keys such as text")
    cells: dict[str, str] = {}
    for key, value in entry:
        name = key.strip().casefold()
        if isinstance(value, list):
            if name in columns:
                raise TranscriptError(source.path, place, f"{name!r} holds a list or an object; it must be plain text")
            continue
        if name in columns and name in cells:
            raise TranscriptError(source.path, place, f"{name!r} is there twice; keep one")
        cells[name] = _text(value)
    check(list(cells), number)
    return Row(number, list(cells), list(cells.values()))


def _text(value: str | int | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    # A time of 0.00005 seconds must not come as 5e-05.
    return f"{value:.9f}" if isinstance(value, float) and "e" in repr(value) else str(value)
