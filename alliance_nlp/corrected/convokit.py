"""ConvoKit utterances of `alliance_nlp.exports.convokit`, under the ids that they had before.

The metadata says of each code what it is: 1, 0, or null for not coded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript, from_columns
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import Head, ReadOptions, TextSource
from alliance_nlp.readers._json import parse_json_text
from alliance_nlp.readers._table import Row, read_rows

SUFFIX = ".jsonl"

_NAMES = ("session_id", "utterance_id", "speaker", "speaker_role")


def is_ours(path: Path) -> bool:
    """Whether the first line is an utterance of ours."""
    try:
        first = json.loads(Head.of(path).first_line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "conversation_id" in first and _meta(first) is not None


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of a corpus with the codes in its metadata; see `alliance_nlp.corrected`.

    Raises
    ------
    TranscriptError
        Where a line is no utterance of ours.
    """
    options = replace(options, keep=codebook.marker_names, join=False)
    source = TextSource(path)
    for item in read_rows(path, lambda: _rows(source, codebook), path.stem, options):
        if isinstance(item, TranscriptError):
            yield item
        else:
            try:
                yield from_columns(item, codebook.markers, path)
            except TranscriptError as error:
                yield error


def _rows(source: TextSource, codebook: Codebook) -> Iterator[Row]:
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _row(source.path, number, line, codebook)


def _row(path: Path, number: int, line: str, codebook: Codebook) -> Row:
    entry = parse_json_text(path, f"line {number}", line)
    meta = _meta(entry) if isinstance(entry, dict) else None
    if meta is None or not isinstance(entry.get("text"), str):
        raise TranscriptError(path, f"line {number}", "not an utterance as convert wrote it; export the corpus again")
    cells = {name: meta[name] for name in _NAMES} | {"text": entry["text"]}
    cells |= {name: _plain(meta.get(name)) for name in ("start", "end")}
    cells |= {name: _plain(meta[name]) for name in codebook.marker_names if name in meta}
    return Row(number, tuple(cells), tuple(cells.values()))


def _meta(entry: dict[str, Any]) -> dict[str, Any] | None:
    meta = entry.get("meta")
    ours = isinstance(meta, dict) and all(isinstance(meta.get(name), str) for name in _NAMES)
    return meta if ours else None


def _plain(value: Any) -> str:
    if isinstance(value, float):
        # Not 1e-05, which is no time.
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return "" if value is None else str(value)
