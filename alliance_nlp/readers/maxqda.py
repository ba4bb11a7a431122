"""Transcripts in the conventions of MAXQDA and f4: time marks between number signs, labels such as ``I:`` and ``B:``.

.. code-block:: text

    I: How was the week? #00:00:05-2#
    B: Long. #00:00:12-8#

A mark at the end of a paragraph is when it ended, and so when the next one began; a mark at the begin is when it began.
``I`` is the interviewer, ``B`` the person interviewed (``--role`` says otherwise). Paragraph numbers at the begin of
all lines are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from alliance_nlp.clock import parse_seconds
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labels import Labels
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session, SpeakerRole

NAME = "maxqda"
TITLE = "a MAXQDA transcript"
SUFFIXES = (".txt",)

_MARK = re.compile(r"#(\d{1,3}:\d{2}:\d{2}(?:[-.,]\d{1,3})?)#", re.ASCII)
_AT_BEGIN = re.compile(rf"\s*{_MARK.pattern}\s*", re.ASCII)
_NUMBERED = re.compile(r"\s*(\d{1,6})(?:[.):]?\s+|\t)", re.ASCII)
_INTERVIEWEE = re.compile(r"B\d*")
_NOT_BLANK = re.compile(r"^.*\S", re.MULTILINE)


def looks_like(head: Head) -> bool:
    """Whether there is a time mark as MAXQDA sets it."""
    return bool(_MARK.search(head.text))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a MAXQDA transcript.

    Raises
    ------
    TranscriptError
        Where no line has a label, or see `make_session`.
    """
    text = whole_text(source)
    tally = Tally(source.path, "line")
    lines = _without_numbers([(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()])
    begins = [_AT_BEGIN.match(line) for _, line in lines]
    lines = [
        (number, line[begin.end() :] if begin else line) for (number, line), begin in zip(lines, begins, strict=True)
    ]
    labels = Labels((line for _, line in lines), options.roles)
    paragraphs: list[_Paragraph] = []
    taken = 0
    for (number, line), begin in zip(lines, begins, strict=True):
        label, said = labels.split(line)
        if not label and not paragraphs:
            tally.leave_out(f"line {number}", "above the first speaker")
            continue
        taken += 1
        if label:
            paragraphs.append(_Paragraph(number, label, paragraphs[-1].end if paragraphs else None))
        paragraphs[-1].add(said, _seconds(begin[1]) if begin else None)
    notes = tally.notes(held=sum(1 for _ in _NOT_BLANK.finditer(text)), taken=taken)
    raw = [paragraph.utterance() for paragraph in paragraphs]
    yield make_session(source.path, session_id, raw, options, notes=notes)


class _Paragraph:
    def __init__(self, line: int, label: str, start: float | None) -> None:
        self._line, self._label, self._start = line, label, start
        self.end: float | None = None
        self._words: list[str] = []

    def add(self, said: str, at_begin: float | None) -> None:
        """Go on with a line."""
        label_first = _AT_BEGIN.match(said)
        if label_first:
            at_begin, said = _seconds(label_first[1]), said[label_first.end() :]
        if at_begin is not None and not self._words:
            self._start = at_begin
        marks = list(_MARK.finditer(said))
        if marks and not said[marks[-1].end() :].strip(" .,;"):
            self.end = _seconds(marks[-1][1])
        self._words += _MARK.sub(" ", said).split()

    def utterance(self) -> RawUtterance:
        role_name = SpeakerRole.CLIENT if _INTERVIEWEE.fullmatch(self._label) else ""
        return RawUtterance(self._line, self._label, " ".join(self._words), role_name, "", self._start, self.end)


def _seconds(mark: str) -> float:
    return parse_seconds(mark.replace("-", "."))


def _without_numbers(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines without their paragraph numbers, where all of them are numbered one after the other."""
    matches = [_NUMBERED.match(line) for _, line in lines]
    numbers = [int(match[1]) for match in matches if match]
    if len(numbers) < len(lines) or any(after != before + 1 for before, after in pairwise(numbers)):
        return lines
    return [(number, line[match.end() :]) for (number, line), match in zip(lines, matches, strict=True) if match]
