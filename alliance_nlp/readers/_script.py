"""A session written as a script, as `alliance_nlp.exports` writes the texts of REFI-QDA projects.

A heading ``Session: S1``, how many utterances there are, an empty line, and a line an utterance:
``[12] Therapist:<tab>words``. An utterance with line breaks goes on in lines that begin with four spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from alliance_nlp.transcript import SpeakerRole

HEADING = "Session: "
NUMBER = "Utterances: "
INDENT = "    "

_LONGEST_HEADING = 2000
_LINE = re.compile(r"\[([^\]\n]*)\] ([^\n]*?):\t")
_ROLE = re.compile(rf"(.*) \(({'|'.join(SpeakerRole)})\)", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n?|\n")


class Passage(NamedTuple):
    """Where an utterance stands in a script."""

    utterance_id: str
    speaker: str
    role: str
    """Empty where the speaker's label tells it."""
    text: str
    begin: int
    """Of its words, in Unicode code points."""
    end: int


class Heading(NamedTuple):
    """What the heading of a script says."""

    session_id: str
    n_utterances: int | None


def heading(text: str) -> Heading | None:
    """The heading of a script, or None where there is none."""
    lines = [line.strip() for line in _LINE_ENDS.split(text.lstrip("\ufeff")[:_LONGEST_HEADING])[:2]]
    if not lines[0].startswith(HEADING):
        return None
    number = lines[1].removeprefix(NUMBER) if len(lines) > 1 else ""
    return Heading(lines[0].removeprefix(HEADING), int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None)


def passages(text: str) -> Iterator[Passage]:
    """The utterances of a script, in its order; what stands before the first is passed over.

    Line ends may be of any system; positions are those in the text as it is given.
    """
    heads: list[tuple[re.Match[str], int]] = []
    place = 0
    for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text):
        found = _LINE.match(line)
        if found:
            heads.append((found, place))
        place += len(line)
    for number, (found, place) in enumerate(heads, 1):
        end = heads[number][1] if number < len(heads) else len(text)
        begin = place + found.end()
        written = text[begin:end].rstrip("\r\n") if text[begin:end].endswith(("\n", "\r")) else text[begin:end]
        words = re.sub(rf"(?:\r\n?|\n)(?:{INDENT})?", "\n", written)
        speaker, role = with_role(found[2]) or (found[2], "")
        yield Passage(unquote(found[1]), speaker, role, words, begin, begin + len(written))


def with_role(label: str) -> tuple[str, str] | None:
    """Label and role where the role stands behind a label: ``Kim (client)``."""
    found = _ROLE.fullmatch(label)
    return (found[1], found[2]) if found else None
