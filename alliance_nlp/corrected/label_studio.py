"""Label Studio's JSON export of the tasks of `alliance_nlp.exports.label_studio`: a coded transcript an annotation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected._places import Found, markers_by_name, seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.label_studio import DIALOGUE, MARKERS, units
from alliance_nlp.rating_table import shown_value
from alliance_nlp.readers import Head, ReadOptions, TextSource
from alliance_nlp.readers._json import parse_json
from alliance_nlp.readers._raw import RawUtterance

SUFFIX = ".json"

_LABELS = "paragraphlabels"


def is_ours(path: Path) -> bool:
    """Whether the file has tasks with a dialogue of ours."""
    head = Head.of(path).text
    return (f'"{DIALOGUE}"' in head and '"utterance_id"' in head) or f'"{_LABELS}"' in head


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of an export with each annotator's codes; see `alliance_nlp.corrected`.

    A task that nobody has annotated comes without codes: the pre-annotations are nobody's judgement.

    Raises
    ------
    TranscriptError
        Where the file is damaged, or no JSON export.
    """
    tasks = parse_json(TextSource(path))
    if isinstance(tasks, dict):
        tasks = [tasks]
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "data" in task for task in tasks):
        raise TranscriptError(path, "", "no list of tasks; export the project from Label Studio as JSON, not JSON-MIN")
    for number, task in enumerate(tasks, 1):
        try:
            yield from _of_task(path, number, task, codebook, options)
        except TranscriptError as error:
            yield error


def _of_task(
    path: Path, number: int, task: dict[str, Any], codebook: Codebook, options: ReadOptions
) -> Iterator[CodedTranscript]:
    place = f"task {number}"
    data = task["data"]
    session_id = data.get("session_id") if isinstance(data, dict) else None
    dialogue = data.get(DIALOGUE) if isinstance(data, dict) else None
    if not isinstance(session_id, str) or not session_id or not isinstance(dialogue, list):
        raise TranscriptError(
            path, place, "its data have no session_id and dialogue; import the tasks as convert wrote them"
        )
    raw = [_utterance(path, f"{place}, paragraph {row}", entry) for row, entry in enumerate(dialogue, 1)]
    annotations = [
        each for each in _list(task.get("annotations")) if isinstance(each, dict) and not each.get("was_cancelled")
    ]
    if not annotations:
        found = _found(path, data, codebook, raw)
        yield replace(found.transcript(options), codes=None)
    for annotation in annotations:
        found = _found(path, data, codebook, raw)
        for region in _list(annotation.get("result")):
            _code(region, raw, found, codebook)
        yield found.transcript(options, _coder(annotation.get("completed_by")))


def _found(path: Path, data: dict[str, Any], codebook: Codebook, raw: list[RawUtterance]) -> Found:
    known = data.get(MARKERS)
    names = [name for name in known if isinstance(name, str)] if isinstance(known, list) else None
    found = Found(path, data["session_id"], codebook, names)
    for number, utterance in enumerate(raw, 1):
        found.add(utterance, f"paragraph {number}")
    return found


def _utterance(path: Path, place: str, entry: Any) -> RawUtterance:
    names = ("author", "text", "role", "utterance_id")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in names):
        raise TranscriptError(path, place, f"not as convert wrote it, with {', '.join(names)}; import the tasks again")
    speaker, text, role, utterance_id = (entry[name] for name in names)
    return RawUtterance(0, speaker, text, role, utterance_id, seconds(entry.get("start")), seconds(entry.get("end")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _coder(completed_by: Any) -> str:
    """Who annotated: an address where the export has it, else the number."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return f"annotator {completed_by}" if isinstance(completed_by, int) else str(completed_by or "")


def _code(region: Any, raw: list[RawUtterance], found: Found, codebook: Codebook) -> None:
    value = region.get("value") if isinstance(region, dict) else None
    if not isinstance(value, dict) or _LABELS not in value:
        found.note("", "an annotation that is no label on the dialogue; left out")
        return
    first, last = _index(value.get("start")), _index(value.get("end"))
    if first is None or last is None or not 0 <= first <= last < len(raw):
        found.note("", "a region that lies on no paragraph of the dialogue; left out")
        return
    names = markers_by_name(codebook)
    for name in _list(value[_LABELS]):
        marker = names.get(name.strip().casefold()) if isinstance(name, str) else None
        if marker is None:
            shown = shown_value(name) if isinstance(name, str) else "that is no text"
            found.note(
                f"utterance {shown_value(raw[first].utterance_id)}",
                f"a label {shown}, which is not in the codebook; left out",
            )
        else:
            _mark(marker, value, first, last, raw, found)


def _mark(marker: Marker, value: dict[str, Any], first: int, last: int, raw: list[RawUtterance], found: Found) -> None:
    """A region within one utterance means that utterance; one over several those of which it covers at least half."""
    for place in range(first, last + 1):
        utterance = raw[place]
        length = units(utterance.text)
        begin = _offset(value.get("startOffset"), 0) if place == first else 0
        end = _offset(value.get("endOffset"), length) if place == last else length
        covered = max(min(end, length) - max(begin, 0), 0)
        shown = f"utterance {shown_value(utterance.utterance_id)}"
        if first != last and 2 * covered < length:
            found.note(shown, f"{marker.name} on less than half of it, in a region over several; does not count for it")
            continue
        found.code(utterance.utterance_id, marker)
        if covered < length:
            found.note(shown, f"{marker.name} on a part of it; counts for the whole utterance")


def _index(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _offset(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
