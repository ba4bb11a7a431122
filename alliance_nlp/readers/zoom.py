"""Text that Zoom saves: the transcript of a meeting, and its chat.

.. code-block:: text

    [Ada Marsh] 14:02:05
    How was the week?

.. code-block:: text

    14:02:05 From Ada Marsh to Everyone:
        How was the week?

    14:02:09	 ben:	Long.

Zoom's times are those of the day. They are counted from the first, where that is an hour or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alliance_nlp.readers._head import Head
from alliance_nlp.readers._headed import HeadedText, read_headed
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session

NAME = "zoom"
TITLE = "text saved by Zoom"
SUFFIXES = (".txt",)

_TIME = r"\d{1,2}:\d{2}:\d{2}"
_IN_BRACKETS = rf"\[(?P<speaker>[^\]\n]{{1,120}})\]\s*(?P<time>{_TIME})\s*"
_CHAT = (
    rf"(?P<time>{_TIME})\s{{1,9}}From\s{{1,9}}(?P<speaker>[^:\n]{{1,120}}?)"
    r"(?:\s{1,9}to\s{1,9}[^:\n]{1,120}?)?(?:\s{0,9}\((?:Direct Message|Privately)\))?\s{0,9}:(?P<text>.*)"
)
_TABBED = rf"(?P<time>{_TIME})\t\s*(?P<speaker>[^:\t\n]{{1,120}}?)\s{{0,9}}:(?P<text>.*)"
_FORMS = [HeadedText(re.compile(form, re.ASCII | re.IGNORECASE)) for form in (_IN_BRACKETS, _CHAT, _TABBED)]
_HELD = re.compile(rf"^(?:\[.+\]\s*{_TIME}|{_TIME}(?:\t|[^\S\n]+From[^\S\n]))", re.MULTILINE | re.ASCII | re.IGNORECASE)
_HOUR = 3600.0
_DAY = 24 * _HOUR


def looks_like(head: Head) -> bool:
    """Whether the first line is a speaker's as Zoom writes it."""
    return _form_of(head.first_line) is not None


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a text saved by Zoom.

    Raises
    ------
    TranscriptError
        Where there is no speaker with words, or see `make_session`.
    """
    text = whole_text(source)
    tally = Tally(source.path, "speaker line")
    form = next(filter(None, map(_form_of, text.split("\n"))), _FORMS[0])
    raw = list(read_headed(text, form, tally))
    if raw and (raw[0].start or 0.0) >= _HOUR:
        raw = _from_first(raw)
        tally.add_note("times of day, counted from the first line on")
    notes = tally.notes(held=sum(1 for _ in _HELD.finditer(text)), taken=len(raw))
    yield make_session(source.path, session_id, raw, options, notes=notes)


def _form_of(line: str) -> HeadedText | None:
    return next((form for form in _FORMS if form.heading.fullmatch(line)), None)


def _from_first(raw: Sequence[RawUtterance]) -> list[RawUtterance]:
    first = raw[0].start or 0.0
    # After midnight the clock begins anew.
    return [item._replace(start=((item.start or 0.0) - first) % _DAY) for item in raw]
