"""The core transcript table as JSON Lines: one object a line, one line an utterance."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, naming, read_rows, require_columns
from alliance_nlp.transcript import TABLE_COLUMNS, Session

NAME = "jsonl"
TITLE = "JSON Lines"
SUFFIXES = (".jsonl", ".ndjson")
PLAIN = True


def looks_like(head: Head) -> bool:
    """Whether the first line is an object with keys of the transcript table."""
    keys = {key.casefold() for key in keys_of_first_line(head)}
    # An object with these is ConvoKit's.
    of_convokit = "id" in keys and not keys.isdisjoint(("conversation_id", "root"))
    return "text" in keys and not keys.isdisjoint(("speaker", "speaker_role")) and not of_convokit


def keys_of_first_line(head: Head) -> frozenset[str]:
    """Keys of the JSON object on the first line; none where there is no whole object."""
    line = head.first_line
    if not line.startswith("{") or not line.endswith("}"):
        return frozenset()
    try:
        return frozenset(json.loads(line))
    except (ValueError, RecursionError):
        return frozenset()


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """Read the sessions of a JSON Lines table. See `read_rows`.

    Raises
    ------
    TranscriptError
        Where a line is not a flat JSON object or lacks a key that must be there.
    """
    # Keys to keep may be missing in a line; those given other names must be in the first at least.
    of_first = replace(options, keep=())
    of_others = replace(of_first, columns={})

    def opened() -> Iterator[Row]:
        expected = of_first

        def check(header: Sequence[str], line: int) -> None:
            nonlocal expected
            require_columns(source.path, header, expected, line)
            expected = of_others

        return rows(source, check, columns=options.columns)

    yield from read_rows(source.path, opened, session_id, options)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, doubled keys and all."""


# Made once: one for every line costs as much as decoding it.
_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs)


def rows(
    source: TextSource,
    check: Callable[[Sequence[str], int], None],
    plain: Collection[str] = TABLE_COLUMNS,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """Rows of any JSON Lines table.

    Parameters
    ----------
    source : TextSource
        The file.
    check : callable
        Given the keys of each line and its number; raises where they do not fit.
    plain : collection of str
        Keys that must stand once and hold plain text.
    columns : mapping of str to str, optional
        Keys that go by other names, as in `ReadOptions`.
    """
    renamed = naming(columns or {})

    @lru_cache(maxsize=1000)
    def name_of(key: str) -> str:
        return renamed(key.strip().casefold())

    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _row(source, number, line, check, plain, name_of)


def _row(
    source: TextSource,
    number: int,
    line: str,
    check: Callable[[Sequence[str], int], None],
    plain: Collection[str],
    name_of: Callable[[str], str],
) -> Row:
    place = f"line {number}"
    try:
        entry = _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        column = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise TranscriptError(
            source.path, place, f"not valid JSON{column}; each line must be one whole object, {{…}}"
        ) from None
    if not isinstance(entry, _Pairs):
        raise TranscriptError(source.path, place, "not a JSON object; each line must be one, with keys such as text")
    cells: dict[str, str] = {}
    for key, value in entry:
        name = name_of(key)
        if isinstance(value, list):
            if name in plain:
                raise TranscriptError(source.path, place, f"{name!r} holds a list or an object; it must be plain text")
            continue
        if name in plain and name in cells:
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
