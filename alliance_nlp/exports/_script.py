"""A session as a script to read, from which the session and every utterance can be told again.

A heading ``Session: S1``, how many utterances there are, an empty line, and a line an utterance:
``[12] Therapist:<tab>words``. An utterance with line breaks goes on in lines that begin with four spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from alliance_nlp.exports._xml import plain
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

HEADING = "Session: "

_NUMBER = "Utterances: "
_LONGEST_HEADING = 2000
_INDENT = "    "
_AFTER_LABEL = ":\t"
_LINE = re.compile(r"\[([^\]\n]*)\] ([^\n]*?):\t")
_ROLE = re.compile(rf"(.*) \(({'|'.join(SpeakerRole)})\)", re.DOTALL)
_ROLES = RoleNames()


class Passage(NamedTuple):
    """Where an utterance stands in a script."""

    utterance_id: str
    speaker: str
    role: str
    text: str
    begin: int
    """Of its words, in Unicode code points."""
    end: int


def script(session: Session) -> tuple[str, list[tuple[int, int]]]:
    """The script, and where the words of each utterance stand in it.

    Returns
    -------
    str
        Lines that end with a line feed.
    list of (int, int)
        For each utterance where its words begin and where they have ended, in Unicode code points.
    """
    parts = [f"{HEADING}{session.session_id}\n{_NUMBER}{len(session.utterances)}\n\n"]
    spans: list[tuple[int, int]] = []
    length = len(parts[0])
    for utterance in session.utterances:
        head = f"[{_quoted(utterance.utterance_id)}] {_label(utterance)}{_AFTER_LABEL}"
        words = plain(utterance.text).replace("\n", f"\n{_INDENT}")
        spans.append((length + len(head), length + len(head) + len(words)))
        parts.append(f"{head}{words}\n")
        length += len(parts[-1])
    return "".join(parts), spans


class Heading(NamedTuple):
    """What the heading of a script says."""

    session_id: str
    n_utterances: int | None


def heading(text: str) -> Heading | None:
    """The heading of a script, or None where there is none."""
    lines = [line.strip() for line in re.split(r"\r\n?|\n", text.lstrip("\ufeff")[:_LONGEST_HEADING])[:2]]
    if not lines[0].startswith(HEADING):
        return None
    number = lines[1].removeprefix(_NUMBER) if len(lines) > 1 else ""
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
        words = re.sub(rf"(?:\r\n?|\n)(?:{_INDENT})?", "\n", written)
        label, role = _parted(found[2])
        yield Passage(unquote(found[1]), label, role, words, begin, begin + len(written))


def _quoted(utterance_id: str) -> str:
    return utterance_id.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")


def _label(utterance: Utterance) -> str:
    """The speaker's label, with the role where the label alone does not tell it."""
    label = utterance.speaker
    if _ROLES.role_of(label) == utterance.speaker_role and not _ROLE.fullmatch(label):
        return label
    return f"{label} ({utterance.speaker_role})"


def _parted(label: str) -> tuple[str, str]:
    found = _ROLE.fullmatch(label)
    return (found[1], found[2]) if found else (label, "")
