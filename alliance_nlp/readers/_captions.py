"""Captions, as WebVTT and SubRip hold them: cues with times, and who speaks in them.

A cue is recognised by the line with its times. Hand edits and converters damage captions in ways that players pass over
in silence, and the words with them; here the words are always kept:

- an arrow that is not ``-->``, or a time that cannot be read, costs the cue at most its times;
- a paragraph without times goes on with the cue above it;
- only a cue without words is left out.

All of it is counted and said.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.readers._labels import Labels
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance, make_session
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.transcript import Session

_STAMP = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?!\S)", re.ASCII)
_BROKEN_ARROW = re.compile(rf"\s*{_STAMP}\s*(?:[^\s\w]{{1,6}}|-+\s*>|-+&gt;)\s*{_STAMP}(?!\S)", re.ASCII)
_ANY_STAMP = re.compile(_STAMP, re.ASCII)
_HAS_TIMES = re.compile(
    rf"^(?=.*\d:\d).*-->|^[^\S\n]*{_STAMP}(?:[^\w\n]|&gt;){{1,20}}{_STAMP}[^\S\n]*$", re.MULTILINE | re.ASCII
)
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_MAX_ID_WORDS = 3
_CLEAR_ID = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\S*")
_VOICE = re.compile(r"<v(?:\.[^\s<>.]{1,60}){0,9}(?:[ \t\n]+(?P<name>[^<>]{0,200}))?>|</v>")
# Nearly every cue of a file with voices; read without taking it apart.
_ONE_VOICE = re.compile(r"<v[ \t]+([^<>&\n]{1,200})>([^<>&{]*)(?:</v>)?")
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|ruby|rt)(?:\.[^<>\s]{0,200})?>|</?(?:v|lang|font)(?:[.\s][^<>\n]{0,200})?>"
    r"|<\d[\d:.]{0,20}>|\{\\an?\d{1,2}\}",
    re.IGNORECASE,
)
# Short ones alone: a number of thousands of digits makes `html.unescape` fail.
_ESCAPED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{1,31});", re.ASCII)
_DASH = re.compile(r"\s*[-–—]\s+")


@dataclass(slots=True)
class Cue:
    """One cue as it stands in the file."""

    line: int
    """Of its times."""
    cue_id: str
    start: float | None
    end: float | None
    lines: list[str] = field(default_factory=list)


def read_cues(text: str, tally: Tally, comments: bool) -> list[Cue]:
    """The cues of a file.

    Parameters
    ----------
    text : str
        The whole file.
    tally : Tally
        Told what was mended.
    comments : bool
        Whether the first paragraph is a header, and ``NOTE``, ``STYLE`` and ``REGION`` begin others that hold no cue.
    """
    cues: list[Cue] = []
    # Lines since the last blank one or the last times; they may turn out to be the id of the next cue.
    block: list[str] = []
    after_blank, passing_over = True, comments

    def settle() -> None:
        if block and not cues:
            tally.add_note(f"{counted(len(block), 'line')} above the first cue left out")
        elif block:
            if after_blank and cues[-1].lines:
                tally.mend(f"line {number}", "with a blank line inside its text")
            cues[-1].lines += block
        block.clear()

    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            # A number of its own between blank lines may belong to times that follow.
            if not (len(block) == 1 and after_blank and block[0].strip().isdigit()):
                settle()
            passing_over, after_blank = False, True
            continue
        times = _times(line, number, tally) if ":" in line else None
        if times:
            cue_id = block.pop().strip() if block and _is_id(block[-1], after_blank) else ""
            settle()
            cues.append(Cue(number, cue_id, *times))
            passing_over = after_blank = False
        elif passing_over:
            continue
        elif comments and after_blank and not block and _COMMENT.match(line):
            passing_over = True
        else:
            block.append(line)
    settle()
    return cues


def _is_id(line: str, after_blank: bool) -> bool:
    # Where no blank line parts two cues, what stands before the times can be the words of the first.
    if after_blank:
        return len(line.split()) <= _MAX_ID_WORDS
    return bool(_CLEAR_ID.fullmatch(line.strip()))


def _times(line: str, number: int, tally: Tally) -> tuple[float | None, float | None] | None:
    """Start and end where a line holds the times of a cue, None where it does not."""
    if "-->" in line:
        match = _TIMING.match(line)
        if match:
            return _seconds(*match.group(1, 2, 3)), _seconds(*match.group(4, 5, 6))
        if _ANY_STAMP.search(line):
            before, _, behind = line.partition("-->")
            stamps = [_ANY_STAMP.fullmatch(part) for part in (before.strip(), *(behind.split()[:1] or [""]))]
            tally.mend(f"line {number}", "with an illegible time")
            start, end = (_seconds(*stamp.groups()) if stamp else None for stamp in stamps)
            return start, end
    elif line.lstrip()[0].isdigit():
        match = _BROKEN_ARROW.match(line)
        if match:
            tally.mend(f"line {number}", "with a broken arrow between its times")
            return _seconds(*match.group(1, 2, 3)), _seconds(*match.group(4, 5, 6))
    return None


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


class _Part(NamedTuple):
    """What one speaker says in a cue."""

    speaker: str | None
    """None where it is not named, empty where somebody else than before speaks who is not named."""
    text: str


def session_of_cues(
    file: Path,
    session_id: str,
    text: str,
    options: ReadOptions,
    markup: bool,
) -> Session:
    """Make a session of a file of captions.

    Parameters
    ----------
    file : Path
        For the messages.
    session_id : str
        Name of the session.
    text : str
        The whole file.
    options : ReadOptions
        What the user says about it.
    markup : bool
        Whether the file is WebVTT, with comments, voice tags and escaped characters.

    Raises
    ------
    TranscriptError
        See `make_session`.
    """
    tally = Tally(file, "cue")
    cues = read_cues(text, tally, comments=markup)
    parts = [_voices(cue) if markup else None for cue in cues]
    if not any(parts):
        bare = [[_without_tags(line) for line in cue.lines] for cue in cues]
        labels = Labels((line for lines in bare for line in lines), options.roles)
        parts = [_labelled(lines, labels, markup) for lines in bare]
    spoken = []
    for cue, of_cue in zip(cues, parts, strict=True):
        found = [part for part in of_cue or _unnamed(cue, markup) if part.text]
        if found:
            spoken.append((cue, found))
        else:
            tally.leave_out(f"line {cue.line}", "without words")
    spoken = _in_order(spoken, tally)
    raw = list(_raw(spoken, tally))
    notes = tally.notes(held=sum(1 for _ in _HAS_TIMES.finditer(text)), taken=len(spoken))
    return make_session(file, session_id, raw, options, notes=notes, fragments=True)


def _without_tags(text: str) -> str:
    return _TAG.sub("", text) if "<" in text or "{" in text else text


def _clean(text: str, markup: bool) -> str:
    if markup and "&" in text:
        text = _ESCAPED.sub(lambda match: html.unescape(match[0]), text)
    return " ".join(text.split())


def _voices(cue: Cue) -> list[_Part] | None:
    """What each voice says, None where the cue has no voice tags."""
    text = cue.lines[0] if len(cue.lines) == 1 else "\n".join(cue.lines)
    if "<v" not in text:
        return None
    alone = _ONE_VOICE.fullmatch(text)
    if alone:
        return [_Part(" ".join(alone[1].split()) or None, " ".join(alone[2].split()))]
    parts, speaker, place = [], None, 0
    for tag in _VOICE.finditer(text):
        parts.append(_Part(speaker, _clean(_without_tags(text[place : tag.start()]), True)))
        name = _clean(tag["name"] or "", True)
        speaker, place = name or None, tag.end()
    parts.append(_Part(speaker, _clean(_without_tags(text[place:]), True)))
    return parts if place else None


def _unnamed(cue: Cue, markup: bool) -> list[_Part]:
    return [_Part(None, _clean(_without_tags(" ".join(cue.lines)), markup))]


def _labelled(lines: Sequence[str], labels: Labels, markup: bool) -> list[_Part]:
    """What is said in a cue by whom, where a speaker's label stands before a line, or a dash."""
    parts: list[tuple[str | None, list[str]]] = []
    for line in lines:
        label, said = labels.split(line)
        dash = None if label else _DASH.match(line)
        if label or dash or not parts:
            parts.append((label or ("" if dash else None), [line[dash.end() :] if dash else said]))
        else:
            parts[-1][1].append(line)
    return [_Part(speaker, _clean(" ".join(said), markup)) for speaker, said in parts]


Spoken = list[tuple[Cue, list[_Part]]]


def _in_order(spoken: Spoken, tally: Tally) -> Spoken:
    starts = [cue.start for cue, _ in spoken]
    if None in starts or all(one <= other for one, other in pairwise(starts)):  # type: ignore[operator]
        return spoken
    late = sum(one > other for one, other in pairwise(starts))  # type: ignore[operator]
    tally.add_note(f"cues out of order in {counted(late, 'place')}; put in the order of their times")
    return sorted(spoken, key=lambda pair: pair[0].start or 0.0)


def _raw(spoken: Spoken, tally: Tally) -> Iterator[RawUtterance]:
    ids = _ids([cue for cue, _ in spoken], tally)
    speaker, unnamed = "", 0
    for (cue, parts), cue_id in zip(spoken, ids, strict=True):
        for number, part in enumerate(parts, 1):
            if part.speaker is None:
                unnamed += bool(speaker)
            else:
                speaker = part.speaker
            yield RawUtterance(
                cue.line,
                speaker or NO_SPEAKER,
                part.text,
                "",
                cue_id if number == 1 else f"{cue_id}#{number}",
                cue.start,
                cue.end,
            )
    if unnamed:
        tally.add_note(f"{counted(unnamed, 'cue')} without a speaker taken to be of the speaker before")


def _ids(cues: Sequence[Cue], tally: Tally) -> list[str]:
    """Ids of the cues in the file, or numbers from 1 where they are not all there and different."""
    ids = [cue.cue_id for cue in cues]
    if all(ids) and len(set(ids)) == len(ids):
        return ids
    if any(ids):
        tally.add_note("the ids of the cues are not all there, or not all different; cues are numbered from 1")
    return [str(number) for number in range(1, len(ids) + 1)]
