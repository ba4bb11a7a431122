"""JSON of Whisper and the programs around it: segments with times and, where speakers were told apart, labels.

Read are the files of OpenAI's Whisper and its interface (``segments``, plain or diarised), WhisperX (``segments`` with
``speaker``), whisper.cpp (``transcription``), and insanely-fast-whisper (``speakers``, or ``chunks`` without).
Fragments of one speaker are joined, see `_joining`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._json import parse_json
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.transcript import Session

NAME = "whisper"
TITLE = "JSON of Whisper or WhisperX"
SUFFIXES = (".json",)

_LISTS = ("segments", "transcription", "speakers", "chunks")
_FIRST_KEY = re.compile(
    r'\s*\{\s*"(?:text|segments|language|language_probability|task|duration|systeminfo|speakers|chunks)"\s*:'
)
_MILLISECONDS = 1000.0


def looks_like(head: Head) -> bool:
    """Whether the file is one JSON object that begins as these programs begin theirs."""
    if not _FIRST_KEY.match(head.text):
        return False
    # A whole object on the first line of several is JSON Lines.
    first, _, rest = head.text.strip().partition("\n")
    return not (first.endswith("}") and rest.startswith("{"))


class _Segment(NamedTuple):
    number: int
    entry: Mapping[str, Any]


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a Whisper JSON file.

    Raises
    ------
    TranscriptError
        Where there is no list of segments, a segment is not as it must be, or see `make_session`.
    """
    file = source.path
    document = parse_json(source)
    segments = _segments(file, document)
    tally = Tally(file, "segment")
    raw = []
    for segment in segments:
        text = _text(file, segment)
        if text:
            raw.append(_utterance(file, segment, text))
        else:
            tally.leave_out(f"segment {segment.number}", "without words")
    _compare_words(document, raw, tally)
    _count_other_speakers(segments, tally)
    notes = tally.notes(held=len(segments), taken=len(raw))
    yield make_session(file, session_id, raw, options, notes=notes, unit="segment", fragments=True)


def _segments(file: Path, document: Any) -> list[_Segment]:
    found = [document[key] for key in _LISTS if document.get(key)] if isinstance(document, dict) else []
    if not found or not isinstance(found[0], list):
        raise TranscriptError(
            file,
            "",
            f"no list of segments found (one of {', '.join(_LISTS)}); export the JSON with segments and times",
        )
    segments = []
    for number, entry in enumerate(found[0], 1):
        if not isinstance(entry, dict):
            raise TranscriptError(file, f"segment {number}", "is not an object with a text; export the file again")
        segments.append(_Segment(number, entry))
    return segments


def _text(file: Path, segment: _Segment) -> str:
    text = segment.entry.get("text")
    if not isinstance(text, str):
        raise TranscriptError(file, f"segment {segment.number}", "has no text; export the file again")
    return " ".join(text.split())


def _utterance(file: Path, segment: _Segment, text: str) -> RawUtterance:
    entry = segment.entry
    speaker = entry.get("speaker")
    if not isinstance(speaker, (str, int, type(None))):
        raise TranscriptError(file, f"segment {segment.number}", "the speaker is neither a name nor a number")
    label = " ".join(str(speaker).split()) if speaker is not None else ""
    start, end = _times(entry)
    return RawUtterance(segment.number, _label(label), text, "", "", start, end)


def _label(speaker: str) -> str:
    # A bare number or letter, as some programs give, would be taken for a role or for nothing.
    if not speaker or speaker == "?":
        return NO_SPEAKER
    return f"SPEAKER_{speaker}" if len(speaker) == 1 or speaker.isdigit() else speaker


def _times(entry: Mapping[str, Any]) -> tuple[float | None, float | None]:
    if "offsets" in entry:
        of = entry["offsets"]
        pair = [of.get("from"), of.get("to")] if isinstance(of, dict) else []
        scale = _MILLISECONDS
    else:
        of = entry.get("timestamp")
        pair = of if isinstance(of, list) else [entry.get("start"), entry.get("end")]
        scale = 1.0
    start, end = ([_seconds(value, scale) for value in pair] + [None, None])[:2]
    return start, end


def _seconds(value: Any, scale: float) -> float | None:
    if isinstance(value, str):
        try:
            return parse_seconds(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        return None
    return value / scale


def _compare_words(document: Mapping[str, Any], raw: Sequence[RawUtterance], tally: Tally) -> None:
    """Whether the segments hold as much as the whole text that stands beside them."""
    whole = document.get("text")
    if not isinstance(whole, str) or not whole:
        return
    characters = len("".join(whole.split()))
    read = sum(len("".join(item.text.split())) for item in raw)
    if characters > read:
        tally.add_note(
            f"its whole text has {characters - read:,} characters more than its segments; the program may have lost "
            "some of them"
        )


def _count_other_speakers(segments: Sequence[_Segment], tally: Tally) -> None:
    mixed = 0
    for _, entry in segments:
        words = entry.get("words")
        if isinstance(words, list) and "speaker" in entry:
            speaker = entry["speaker"]
            mixed += any(word.get("speaker", speaker) != speaker for word in words if isinstance(word, dict))
    if mixed:
        tally.add_note(f"{counted(mixed, 'segment')} with words that the program heard from another speaker")
