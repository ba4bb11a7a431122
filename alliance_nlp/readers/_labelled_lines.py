"""Lines that begin with a speaker's label, and what becomes of those that do not."""

from __future__ import annotations

import re
from typing import NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.readers._labels import CODE_OR_NAME
from alliance_nlp.readers._raw import RawUtterance
from alliance_nlp.roles import RoleNames

_LABEL_WIDTH = 80
_TIME = r"(?:[\[(]?(?P<time>(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]+)?)[\])]?\s+)?"
_LABELLED = re.compile(
    rf"(?P<indent>\s*){_TIME}(?P<label>[^\W_][^:\t\n]{{0,{_LABEL_WIDTH}}}?)\s*:(?P<text>.*)", re.DOTALL
)
_LIKE_A_LABEL = re.compile(r"[^\W\d_][^:\n]{0,60}:\s")
_OF_A_HEADING = frozenset(
    (
        "audio", "audio file", "case", "case id", "case number", "date", "date of interview", "date of session",
        "duration", "file", "file name", "filename", "id", "interview", "interview date", "interview number", "key",
        "language", "legend", "length", "location", "note", "notes", "number", "participant id", "participant number",
        "place", "project", "recorded", "recorded on", "recording", "recording date", "reference", "session",
        "session date", "session id", "session no", "session number", "setting", "site", "study", "time", "title",
        "transcribed", "transcribed by", "transcribed on", "transcriber", "transcript", "transcription",
        "transcription date", "version",
    )
)  # fmt: skip


class LabelledLine(NamedTuple):
    """A line that begins with a label."""

    label: str
    text: str
    start: float | None = None
    end: float | None = None


def labelled_line(line: str, roles: RoleNames) -> LabelledLine | None:
    """Take a label and a colon off the begin of a line; None where there is no label.

    A label is one whose role is known, or one to three capitalised words or codes before a colon with space behind it.
    A line that is indented begins with a label only where its role is known.
    """
    match = _LABELLED.match(line)
    if not match:
        return None
    label, text = match["label"], match["text"]
    if roles.role_of(label) is None:
        looks_like_label = CODE_OR_NAME.fullmatch(label) and not label.isdigit() and (not text or text[0].isspace())
        if match["indent"] or not looks_like_label:
            return None
    return LabelledLine(label, text.strip(), parse_seconds(match["time"]) if match["time"] else None)


def is_heading(label: str, roles: RoleNames) -> bool:
    """Whether a label is a word that stands above transcripts, as in ``Date: 3 May``, and names nobody."""
    return " ".join(label.casefold().replace(".", "").split()) in _OF_A_HEADING and roles.role_of(label) is None


def is_like_a_label(line: str) -> bool:
    """Whether a line that was not taken for one that has a label has words and a colon at its begin."""
    return _LIKE_A_LABEL.match(line) is not None


class Gathered:
    """Utterances that are being gathered from lines, those without a label going on with the one above."""

    def __init__(self) -> None:
        self._raw: list[RawUtterance] = []
        self._parts: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._raw)

    def begin(self, number: int, line: LabelledLine) -> None:
        """Begin an utterance with a line that has a label."""
        self._close()
        self._raw.append(RawUtterance(number, line.label, "", start=line.start, end=line.end))
        self._parts = [line.text] if line.text else []

    def go_on(self, text: str) -> None:
        """Add a line to the utterance."""
        self._parts.append(text)

    def utterances(self) -> list[RawUtterance]:
        """All of them, in their order."""
        self._close()
        return self._raw

    def _close(self) -> None:
        if self._raw and self._parts:
            self._raw[-1] = self._raw[-1]._replace(text=" ".join(self._parts))
            self._parts = []
