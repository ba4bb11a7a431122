"""doccano's JSONL export of the documents of `alliance_nlp.exports.doccano`: an utterance a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected._places import Found, markers_by_name, seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.doccano import DOCUMENTS, MARKERS
from alliance_nlp.rating_table import shown_value
from alliance_nlp.readers import Head, ReadOptions, TextSource
from alliance_nlp.readers._json import parse_json_text
from alliance_nlp.readers._raw import RawUtterance

SUFFIX = ".jsonl"

_NAMES = ("session_id", "utterance_id", "speaker", "speaker_role", "text")
_NOBODY = ("all", Path(DOCUMENTS).stem)
"""Names of files that are not those of an annotator."""


def is_ours(path: Path) -> bool:
    """Whether the first line is a document of ours."""
    try:
        first = json.loads(Head.of(path).first_line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and isinstance(first.get("label"), list) and "utterance_id" in _flat(first)


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of an export with the labels of their utterances; see `alliance_nlp.corrected`.

    doccano writes a file for each annotator, named after them.

    Raises
    ------
    TranscriptError
        Where a line is no document of ours.
    """
    found: dict[str, Found] = {}
    source = TextSource(path)
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                _add(path, f"line {number}", line, found, codebook)
    coder = "" if path.stem in _NOBODY else path.stem
    for each in found.values():
        try:
            yield each.transcript(options, coder)
        except TranscriptError as error:
            yield error


def _add(path: Path, place: str, line: str, found: dict[str, Found], codebook: Codebook) -> None:
    document = parse_json_text(path, place, line)
    entry = _flat(document) if isinstance(document, dict) else {}
    labels = entry.get("label")
    if not isinstance(labels, list) or not all(isinstance(entry.get(name), str) for name in _NAMES):
        raise TranscriptError(
            path, place, f"no document with label, {', '.join(_NAMES)}; import the documents as convert wrote them"
        )
    session_id, utterance_id, speaker, role, text = (entry[name] for name in _NAMES)
    known = entry.get(MARKERS)
    names = known.split() if isinstance(known, str) else None
    session = found.setdefault(session_id, Found(path, session_id, codebook, names))
    utterance = RawUtterance(
        0, speaker, text, role, utterance_id, seconds(entry.get("start")), seconds(entry.get("end"))
    )
    if session.add(utterance, place):
        for label in labels:
            _label(label, utterance, place, session, codebook)


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    """A document with what some versions put one level down."""
    for name in ("meta", "metadata"):
        below = document.get(name)
        if isinstance(below, dict):
            document = below | document
    return document


def _label(label: Any, utterance: RawUtterance, place: str, session: Found, codebook: Codebook) -> None:
    """A label on the utterance or, in a project for sequence labelling, on a stretch of it: begin, end, name."""
    begin, end = 0, len(utterance.text)
    if isinstance(label, list) and len(label) == 3:
        begin, end, label = label
    marker = markers_by_name(codebook).get(label.strip().casefold()) if isinstance(label, str) else None
    if marker is None:
        shown = shown_value(label) if isinstance(label, str) else "that is no text"
        session.note(place, f"a label {shown}, which is not in the codebook; left out")
        return
    session.code(utterance.utterance_id, marker)
    if begin != 0 or end != len(utterance.text):
        session.note(place, f"{marker.name} on a part of the utterance; counts for the whole utterance")
