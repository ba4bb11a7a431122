"""ConvoKit's ``utterances.jsonl``: one utterance a line, many conversations a file.

.. code-block:: text

    {"id": "u1", "conversation_id": "c1", "speaker": "Ada", "text": "Hello.", "reply-to": null, "timestamp": 0}

A conversation becomes a session. Its utterances follow the chain of replies where there is one, else their timestamps,
else the file. Keys of ``meta`` are columns, so that roles (``role``, ``speaker_role``) and codes can stand there.
Follows https://convokit.cornell.edu/documentation/data_format.html, with the older names ``root`` and ``user``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._json import parse_json_text
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, read_rows
from alliance_nlp.readers.jsonl import keys_of_first_line
from alliance_nlp.transcript import Session

NAME = "convokit"
TITLE = "ConvoKit utterances"
SUFFIXES = (".jsonl",)

_CONVERSATION = ("conversation_id", "root")
_SPEAKER = ("speaker", "user")
_REPLY = ("reply-to", "reply_to")
_ROLE = ("speaker_role", "role")
_OF_TABLE = ("session_id", "utterance_id", "speaker", "speaker_role", "text", "start", "end", "reply-to")
_FIRST_UNIX_TIME = 1e8
"""March 1973; no session is that long."""


def looks_like(head: Head) -> bool:
    """Whether the first line is an object with the keys that ConvoKit writes."""
    keys = keys_of_first_line(head)
    return {"id", "text"} <= keys and not keys.isdisjoint(_CONVERSATION) and not keys.isdisjoint(_SPEAKER)


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """Read the conversations of a ConvoKit file. See `read_rows`.

    Raises
    ------
    TranscriptError
        Where a line is no JSON object or lacks a key.
    """

    def arrange(rows: list[Row]) -> tuple[list[Row], list[str]]:
        return _arranged(source, rows)

    yield from read_rows(source.path, lambda: _rows(source), session_id, options, arrange=arrange)


def _rows(source: TextSource) -> Iterator[Row]:
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if not line.isspace():
                yield _row(source, number, line)


def _row(source: TextSource, number: int, line: str) -> Row:
    place = f"line {number}"
    entry = parse_json_text(source.path, place, line)
    if not isinstance(entry, dict):
        raise TranscriptError(source.path, place, "not a JSON object; each line must be one utterance")
    speaker = _first(entry, _SPEAKER)
    if isinstance(speaker, dict):
        speaker = speaker.get("id")
    name, text, conversation = entry.get("id"), entry.get("text"), _first(entry, _CONVERSATION)
    needed = (("id", name), ("speaker", speaker), ("text", text), ("conversation_id", conversation))
    for key, value in needed:
        if not isinstance(value, str):
            raise TranscriptError(source.path, place, f"has no {key!r} that is text; export the corpus again")
    meta = entry.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    role = _first(meta, _ROLE)
    start = _number(meta.get("start"))
    cells = [
        conversation,
        name,
        speaker,
        role if isinstance(role, str) else "",
        text,
        _number(entry.get("timestamp")) if start == "" else start,
        _number(meta.get("end")),
        str(_first(entry, _REPLY) or ""),
    ]
    if not meta:
        return Row(number, _OF_TABLE, cells)
    others = {key: _cell(value) for key, value in meta.items() if key not in _OF_TABLE}
    return Row(number, (*_OF_TABLE, *others), (*cells, *others.values()))


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = entry.get(key)
        if value is not None:
            return value
    return None


def _number(value: Any) -> str:
    """A time as text that reads back exactly; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return ""
    return f"{value:.3f}" if value >= 0 else ""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _arranged(source: TextSource, rows: list[Row]) -> tuple[list[Row], list[str]]:
    place_of = {name: place for place, name in enumerate(_OF_TABLE)}
    notes = []
    chain = _chain(rows, place_of["utterance_id"], place_of["reply-to"])
    starts = [row.cells[place_of["start"]] for row in rows]
    if chain is not None:
        rows = chain
    elif all(starts):
        rows = sorted(rows, key=lambda row: float(row.cells[place_of["start"]]))
    elif any(row.cells[place_of["reply-to"]] for row in rows):
        notes.append(
            f"{source.path}, session {rows[0].cells[0]}: its replies make no single chain and not all of them have a "
            "timestamp; read in the order of the file"
        )
    known = [float(start) for start in starts if start]
    if known and min(known) >= _FIRST_UNIX_TIME:
        rows = [_since(row, place_of["start"], min(known)) for row in rows]
    return rows, notes


def _chain(rows: list[Row], id_place: int, reply_place: int) -> list[Row] | None:
    """Rows from the first utterance to the last reply, None where replies branch or one is missing."""
    answer_to: dict[str, Row] = {}
    for row in rows:
        if answer_to.setdefault(row.cells[reply_place], row) is not row:
            return None
    ordered: list[Row] = []
    following = answer_to.get("")
    while following and len(ordered) < len(rows):
        ordered.append(following)
        following = answer_to.get(following.cells[id_place])
    return ordered if len(ordered) == len(rows) and len({row.line for row in ordered}) == len(rows) else None


def _since(row: Row, place: int, first: float) -> Row:
    cells = list(row.cells)
    cells[place] = f"{float(cells[place]) - first:.3f}" if cells[place] else ""
    return row._replace(cells=cells)
