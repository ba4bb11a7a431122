"""Plain text with a speaker label before each utterance.

.. code-block:: text

    T: How was the week?
    C: Long. I wrote it down, like you
       said, but then
    [00:01:12] T: But then?

A line without a label goes on with the utterance above it. A label is a role's
usual name (``T``, ``Client``, ``Counsellor 2``), one given by ``--role``, or any one
to three capitalised words or codes before a colon (``SPEAKER_00``, ``Dr Smith``). An
indented line starts an utterance only with a label whose role is known, so
that text with a colon in it can be kept apart by indenting it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._labels import CODE_OR_NAME
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session

NAME = "text"
TITLE = "text with speaker labels"
SUFFIXES = (".txt", ".text")
PLAIN = True

_LABEL_WIDTH = 80
_TIME = r"(?:[\[(]?(?P<time>(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]+)?)[\])]?\s+)?"
_LABELLED = re.compile(
    rf"(?P<indent>\s*){_TIME}(?P<label>[^\W_][^:\t\n]{{0,{_LABEL_WIDTH}}}?)\s*:(?P<text>.*)", re.DOTALL
)
_LIKE_A_LABEL = re.compile(r"[^\W\d_][^:\n]{0,60}:\s")


class LabelledLine(NamedTuple):
    """A line that begins an utterance."""

    label: str
    text: str
    start: float | None


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a labelled text file.

    Raises
    ------
    TranscriptError
        Where no line has a label, or see `make_session`.
    """
    raw: list[RawUtterance] = []
    parts: list[str] = []
    lines_before = 0
    doubtful: list[int] = []
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            labelled = labelled_line(line, options.roles)
            if labelled:
                if raw:
                    raw[-1] = raw[-1]._replace(text=" ".join(parts))
                raw.append(RawUtterance(number, labelled.label, "", start=labelled.start))
                parts = [labelled.text] if labelled.text else []
            elif line.strip():
                if raw:
                    parts.append(line.strip())
                    doubtful += [number] if _LIKE_A_LABEL.match(line) else []
                else:
                    lines_before += 1
    if not raw:
        raise TranscriptError(
            source.path,
            "",
            "no speaker labels found; begin each utterance with one, such as 'T: ' and 'C: ', "
            "or give the session as a table with the columns speaker and text",
        )
    raw[-1] = raw[-1]._replace(text=" ".join(parts))
    notes = []
    if lines_before:
        notes.append(f"{source.path}: {lines_before} lines above the first speaker label were left out")
    if doubtful:
        notes.append(
            f"{source.path}, line {doubtful[0]}: begins with words and a colon that were not taken for a speaker label "
            f"({len(doubtful)} such lines); if somebody speaks there, shorten the label or give it with --role"
        )
    yield make_session(source.path, session_id, raw, options, notes=notes)


def labelled_line(line: str, roles: RoleNames) -> LabelledLine | None:
    """A line with its label parted from it, or None where it has none."""
    match = _LABELLED.match(line)
    if not match:
        return None
    label, text = match["label"], match["text"]
    if roles.role_of(label) is None:
        looks_like_label = CODE_OR_NAME.fullmatch(label) and not label.isdigit() and (not text or text[0].isspace())
        if match["indent"] or not looks_like_label:
            return None
    return LabelledLine(label, text.strip(), parse_seconds(match["time"]) if match["time"] else None)
