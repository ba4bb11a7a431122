"""Praat TextGrids: an interval tier for each speaker, an interval for each utterance.

.. code-block:: text

    File type = "ooTextFile"
    Object class = "TextGrid"

    xmin = 0
    xmax = 7.2
    tiers? <exists>
    size = 1
    item []:
        item [1]:
            class = "IntervalTier"
            name = "Therapist"
            …

After https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html: what counts in such a file are its
free-standing numbers, its texts in quotes and its flags, so that the long form, the short form and hand-made ones are
all read in one way. Intervals without words are pauses, and passed over. The order is that of time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labels import shown_names
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session

NAME = "textgrid"
TITLE = "a Praat TextGrid"
SUFFIXES = (".textgrid",)

_BEGIN = re.compile(r'\s*(?:File type = )?"ooTextFile(?: short)?"\s+(?:Object class = )?"TextGrid"')
_TOKEN = re.compile(
    r'(?<!\S)"(?P<text>[^"]*(?:""[^"]*)*)"(?!\S)'
    r"|(?<!\S)(?P<number>[-+]?\d{1,30}(?:\.\d{0,30})?(?:[eE][-+]?\d{1,4})?)%?(?!\S)"
    r"|(?<!\S)<(?P<flag>exists|absent)>"
    r'|(?P<stray>")'
    r"|(?<!\S)!.*",
    re.ASCII,
)
_INTERVALS, _POINTS = "IntervalTier", "TextTier"
_LATEST = 1e9
_SILENCES = frozenset({"sil", "<sil>", "<p>", "<p:>", "sp", "#", "<silence>", "[silence]"})
_SOUNDS = re.compile(r"(?:.*[-_ ./])?(?:phones?|phonemes?)", re.IGNORECASE)


class _Token(NamedTuple):
    place: int
    """Where it stands, in characters."""
    text: str | None
    number: float


class _Interval(NamedTuple):
    line: int
    start: float
    end: float
    text: str


class _Tier(NamedTuple):
    name: str
    kind: str
    size: int
    """How many intervals or points it has, by its own account."""
    intervals: list[_Interval]


def looks_like(head: Head) -> bool:
    """Whether the file begins as Praat begins a TextGrid."""
    return bool(_BEGIN.match(head.text))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a TextGrid.

    Raises
    ------
    TranscriptError
        Where it is damaged, no interval holds words, or see `make_session`.
    """
    file = source.path
    tally = Tally(file, "interval")
    tiers = list(_tiers(file, whole_text(source), tally))
    intervals = [tier for tier in tiers if tier.kind == _INTERVALS]
    spoken = [tier for tier in intervals if not _SOUNDS.fullmatch(tier.name.strip())]
    for what, left_out in (
        ("point tiers", [tier for tier in tiers if tier.kind == _POINTS and tier.size]),
        ("tiers of single sounds", [tier for tier in intervals if _SOUNDS.fullmatch(tier.name.strip())]),
    ):
        if left_out:
            counts = {tier.name: tier.size for tier in left_out}
            tally.add_note(f"{what} left out, with what they hold: {shown_names(counts)}")
    said = []
    for tier in spoken:
        for interval in tier.intervals:
            if not interval.text.strip():
                tally.leave_out(f"line {interval.line}", "without words")
            elif interval.text.strip().casefold() in _SILENCES:
                tally.leave_out(f"line {interval.line}", "labelled as silence")
            else:
                said.append((tier.name, interval))
    said.sort(key=lambda pair: pair[1].start)
    raw = list(_raw(said, tally))
    notes = tally.notes(held=sum(tier.size for tier in spoken), taken=len(raw))
    yield make_session(file, session_id, raw, options, notes=notes)


def _raw(said: list[tuple[str, _Interval]], tally: Tally) -> Iterator[RawUtterance]:
    for name, (line, start, end, text) in said:
        times = [time if 0 <= time < _LATEST else None for time in (start, end)]
        if None in times:
            tally.mend(f"line {line}", "with a time below zero or beyond all recordings, which is left out,")
        elif end < start:
            tally.mend(f"line {line}", "that end before they begin, and so without an end,")
            times[1] = None
        speaker = " ".join(name.split()) or NO_SPEAKER
        yield RawUtterance(line, speaker, " ".join(text.split()), start=times[0], end=times[1])


def _tiers(file: Path, text: str, tally: Tally) -> Iterator[_Tier]:
    """The tiers of a file; each is as long as it is, whatever the number that it gives of itself."""
    tokens = _Tokens(file, text)
    if not tokens.text().startswith("ooTextFile") or tokens.text() != "TextGrid":
        raise tokens.error('is no TextGrid as "Save as text file…" in Praat writes it; save it so')
    tokens.number(), tokens.number()
    n_tiers = tokens.number() if tokens.is_number() else 0.0
    found = 0
    while not tokens.ended():
        kind = tokens.text()
        if kind not in (_INTERVALS, _POINTS):
            raise tokens.error("a tier of an unknown kind begins here, or a text has quotes that are not doubled")
        name = tokens.text()
        tokens.number(), tokens.number()
        size = tokens.number()
        intervals = []
        while tokens.is_number():
            line = tokens.line()
            start = tokens.number()
            end = tokens.number() if kind == _INTERVALS else start
            intervals.append(_Interval(line, start, end, tokens.text()))
        found += 1
        yield _Tier(name, kind, int(size) if 0 <= size < _LATEST else len(intervals), intervals)
    if found != n_tiers:
        tally.add_note(f"its beginning tells of {counted(int(min(n_tiers, _LATEST)), 'tier')}, but there are {found:,}")


class _Tokens:
    """Numbers and texts of a file, one after the other."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        self._lines = 1
        self._counted_to = 0
        self._at = 0
        self._tokens = self._iterate()
        self._next = next(self._tokens, None)

    def _iterate(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self._text):
            self._at = match.start()
            if match["stray"]:
                raise self.error("a text that is not closed, or with quotes that are not doubled; mend it there")
            if match["text"] is not None:
                yield _Token(match.start(), match["text"].replace('""', '"'), math.nan)
            elif match["number"]:
                yield _Token(match.start(), None, float(match["number"]))

    def _take(self) -> _Token:
        if self._next is None:
            raise self.error("ends in the middle of a tier; save it again in Praat")
        taken = self._next
        self._next = next(self._tokens, None)
        return taken

    def ended(self) -> bool:
        """Whether there is no further token."""
        return self._next is None

    def is_number(self) -> bool:
        """Whether the next token is a number."""
        return self._next is not None and self._next.text is None

    def number(self) -> float:
        """The next token, which must be a number."""
        taken = self._take()
        if taken.text is not None:
            raise self.error("a text where a number should be; was the file changed by hand?", taken.place)
        return taken.number

    def text(self) -> str:
        """The next token, which must be a text."""
        taken = self._take()
        if taken.text is None:
            raise self.error("a number where a text should be; was the file changed by hand?", taken.place)
        return taken.text

    def line(self) -> int:
        """Number of the line that the next token stands in."""
        place = self._next.place if self._next else self._at
        self._lines += self._text.count("\n", self._counted_to, place)
        self._counted_to = place
        return self._lines

    def error(self, reason: str, place: int | None = None) -> TranscriptError:
        """An error with the line of a token."""
        line = self._text.count("\n", 0, self._at if place is None else place) + 1
        return TranscriptError(self._file, f"line {line}", reason)
