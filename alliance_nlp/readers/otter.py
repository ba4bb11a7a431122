"""Text export of Otter.

.. code-block:: text

    Ada Marsh  0:02
    How was the week?

    Speaker 2  0:05
    Long.

    Transcribed by https://otter.ai

Rev writes the same with the time in parentheses and a colon behind it, ``Ada Marsh (00:02):``, which is read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.readers._head import Head
from alliance_nlp.readers._headed import HeadedText, read_headed
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session

NAME = "otter"
TITLE = "an Otter text export"
SUFFIXES = (".txt",)

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}"
# Otter puts two spaces before the time, Rev a colon behind it; a line of speech that ends in a time has neither.
_HEADING = re.compile(
    rf"(?P<speaker>[^\s:(\[][^:\t\n]{{0,80}}?)?(?:(?:\s{{2,20}}|\t)(?P<time>{_TIME})|\s\((?P<rev>{_TIME})\):)\s*",
    re.ASCII,
)
_FORM = HeadedText(_HEADING, ("time", "rev"), re.compile(r"\s*Transcribed by https?://otter\.ai/?\s*"))
_HELD = re.compile(rf"(?:  |\t){_TIME}[^\S\n]*$|\({_TIME}\):[^\S\n]*$", re.MULTILINE | re.ASCII)
_NEAR_BEGIN = 60


def looks_like(head: Head) -> bool:
    """Whether lines near the begin hold a speaker and a time and nothing else, and words stand below."""
    lines = head.text.strip("\n").split("\n")[:_NEAR_BEGIN]
    headings = [number for number, line in enumerate(lines) if _HEADING.fullmatch(line)]
    with_words = [number for number in headings if any(line.strip() for line in lines[number + 1 : number + 2])]
    return len(with_words) > 1 or 0 in with_words


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of an Otter text export.

    Raises
    ------
    TranscriptError
        Where there is no speaker with words, or see `make_session`.
    """
    text = whole_text(source)
    tally = Tally(source.path, "speaker line")
    raw = list(read_headed(text, _FORM, tally))
    notes = tally.notes(held=sum(1 for _ in _HELD.finditer(text)), taken=len(raw))
    yield make_session(source.path, session_id, raw, options, notes=notes)
