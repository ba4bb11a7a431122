"""CHAT transcripts (``.cha``), as CLAN and TalkBank hold them.

.. code-block:: text

    @UTF8
    @Begin
    @Participants:	THE Ada Therapist, CLI Client
    *THE:	how was the week ? 0_2150
    %mor:	adv|how cop|be&PAST det:art|the n|week ?
    *CLI:	&-uh long (.) I wrote it down
        like you said +...
    @End

A main line begins with ``*`` and a speaker's code; lines that begin with a tab go on with the line above. What role a
code has stands in ``@Participants`` and ``@ID``. Dependent lines (``%mor`` and others) are left out and counted. The
codes inside a main line are taken off by the rule in `_chat_words`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alliance_nlp.readers._chat_words import words_of
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labels import shown_names
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance, make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session, SpeakerRole

NAME = "chat"
TITLE = "a CHAT transcript"
SUFFIXES = (".cha",)

_FIRST_LINE = re.compile(r"@(?:UTF8|Begin|Font:|PID:|Window:|Color words:|Participants:)")
_MAIN = re.compile(r"\*(?P<code>[^:\s]{0,40}?)\s*(?P<colon>:)?(?:(?<=:)|\s)\s*(?P<rest>.*)")
_OTHER = re.compile(r"[%@](?P<code>[^:]{0,40})(?::\s*(?P<rest>.*))?")
_WITHOUT_STAR = re.compile(r"(?P<code>[A-Z][A-Z0-9]{0,6}):\s+(?P<rest>.*)")
_HELD = re.compile(r"^\*", re.MULTILINE)
_BULLET = re.compile("\x15(?P<inside>[^\x15]{0,300})\x15?")
_TIMES = re.compile(r"(?:^|_)(\d{1,12})_(\d{1,12})$", re.ASCII)
_MEDIA = re.compile(r"\d_\d|^%|^\s*$")
_TIER_NAME = re.compile(r"[a-z]{1,8}\d?")
_SPOKEN, _END = "*", "End"
_ID_CODE, _ID_ROLE = 2, 7
_INVESTIGATOR, _CLIENTS = "investigator", ("target child", "target adult")


class _Participant(NamedTuple):
    name: str
    role: str


@dataclass(slots=True)
class _Tier:
    """A line with those that go on with it."""

    line: int
    kind: str
    code: str
    parts: list[str]
    starred: bool = True

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.parts)


def looks_like(head: Head) -> bool:
    """Whether the file begins with one of CHAT's headers."""
    return bool(_FIRST_LINE.match(head.first_line))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a CHAT transcript.

    Raises
    ------
    TranscriptError
        Where no main line has words, or see `make_session`.
    """
    text = whole_text(source)
    tally = Tally(source.path, "main line")
    tiers = _tiers(text, tally)
    main = [tier for tier in tiers if tier.kind == _SPOKEN]
    raw = list(_raw(main, _participants(tiers), options, tally))
    _name_left_out(tiers, tally)
    without_star = sum(not tier.starred for tier in main)
    notes = tally.notes(held=sum(1 for _ in _HELD.finditer(text)) + without_star, taken=len(raw))
    yield make_session(source.path, session_id, raw, options, notes=notes)


def _tiers(text: str, tally: Tally) -> list[_Tier]:
    """All tiers of a file, with the lines that go on with them."""
    tiers: list[_Tier] = []
    speakers: set[str] = set()
    astray = above = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        begun = _begun(number, line, speakers, tally)
        if begun:
            tiers.append(begun)
            if begun.kind == _SPOKEN:
                speakers.add(begun.code)
        elif not tiers:
            above += 1
        else:
            tiers[-1].parts.append(line.strip())
            astray += not line[0].isspace()
    if above:
        tally.add_note(f"{counted(above, 'line')} above the first header left out")
    if astray:
        tally.add_note(f"{counted(astray, 'line')} that begin with neither a code nor a tab go on with the line above")
    return tiers


def _begun(number: int, line: str, speakers: set[str], tally: Tally) -> _Tier | None:
    """The tier that a line begins, or None where it goes on with the one above."""
    if line[0] == _SPOKEN:
        match = _MAIN.match(line)
        if match and not match["colon"]:
            tally.mend(f"line {number}", "without a colon behind the speaker's code")
        # A star alone, or a code without end: the words are kept, and nobody is named.
        return _Tier(number, _SPOKEN, match["code"] if match else "", [match["rest"] if match else line[1:]])
    if line[0] in "%@":
        match = _OTHER.match(line)
        return _Tier(number, line[0], match["code"].strip() if match else "", [(match and match["rest"]) or ""])
    match = _WITHOUT_STAR.match(line)
    if match and match["code"] in speakers:
        tally.mend(f"line {number}", "without the star before the speaker's code")
        return _Tier(number, _SPOKEN, match["code"], [match["rest"]], starred=False)
    return None


def _participants(tiers: Sequence[_Tier]) -> dict[str, _Participant]:
    """Who is who, by the codes of the main lines."""
    found: dict[str, _Participant] = {}
    for tier in tiers:
        if tier.kind == "@" and tier.code == "Participants":
            for part in tier.text.split(","):
                code, *rest = part.split() or [""]
                name = " ".join(rest[:-1]).replace("_", " ")
                found[code] = _Participant(name, rest[-1].replace("_", " ") if rest else "")
        elif tier.kind == "@" and tier.code == "ID":
            fields = [part.strip() for part in tier.text.split("|")]
            if len(fields) > _ID_ROLE and fields[_ID_ROLE]:
                before = found.get(fields[_ID_CODE], _Participant("", ""))
                found[fields[_ID_CODE]] = before._replace(role=before.role or fields[_ID_ROLE].replace("_", " "))
    return found


def _role_names(codes: Iterable[str], participants: Mapping[str, _Participant], options: ReadOptions) -> dict[str, str]:
    """For each code a word for its role, where the headers have one that is known; empty to tell it from the code."""
    found = {}
    for code in codes:
        who = participants.get(code, _Participant("", ""))
        found[code] = next((name for name in (who.role, who.name) if options.roles.role_of(name) is not None), "")
    therapist = any(options.roles.role_of(found[code] or code) == SpeakerRole.THERAPIST for code in found)
    for code, name in found.items():
        role = participants[code].role.casefold() if code in participants else ""
        if not name and options.roles.role_of(code) is None:
            if role in _CLIENTS:
                found[code] = SpeakerRole.CLIENT
            elif role == _INVESTIGATOR:
                # In an interview it is the interviewer, in a recorded session somebody beside it.
                found[code] = SpeakerRole.OTHER if therapist else SpeakerRole.THERAPIST
    return found


def _raw(
    main: Sequence[_Tier], participants: Mapping[str, _Participant], options: ReadOptions, tally: Tally
) -> Iterator[RawUtterance]:
    role_names = _role_names({tier.code for tier in main}, participants, options)
    fragments = interposed = 0
    unlisted = Counter(tier.code for tier in main if participants and tier.code not in participants)
    for tier in main:
        line, start, end = _without_bullets(tier.text)
        words = words_of(line)
        fragments += words.fragments
        interposed += words.interposed
        if not words.text:
            tally.leave_out(f"line {tier.line}", "without words")
            continue
        if start is not None and end is not None and end < start:
            tally.mend(f"line {tier.line}", "that end before they begin, and so without an end,")
            end = None
        yield RawUtterance(tier.line, tier.code or NO_SPEAKER, words.text, role_names[tier.code], "", start, end)
    if fragments:
        tally.add_note(f"{counted(fragments, 'fragment')} of words (&+) left out")
    if interposed:
        tally.add_note(f"{counted(interposed, 'word')} that another speaker puts in (&*) left out")
    if unlisted:
        tally.add_note(f"speakers who are not among @Participants, with their lines: {shown_names(unlisted)}")


def _without_bullets(text: str) -> tuple[str, float | None, float | None]:
    """A main line without its bullets, and the times that they hold, in seconds: the first begin and the last end."""
    times = [
        [int(part) / 1000 for part in found.groups()]
        for bullet in _BULLET.finditer(text)
        if (found := _TIMES.search(bullet["inside"].strip()))
    ]
    line = _BULLET.sub(lambda bullet: " " if _MEDIA.search(bullet["inside"]) else f" {bullet['inside']} ", text)
    return (line, times[0][0], times[-1][1]) if times else (line, None, None)


def _name_left_out(tiers: Sequence[_Tier], tally: Tally) -> None:
    dependent = Counter(
        f"%{tier.code}" if _TIER_NAME.fullmatch(tier.code) else "others" for tier in tiers if tier.kind == "%"
    )
    if dependent:
        tally.add_note(f"dependent lines left out: {shown_names(dependent)}")
    first = next((place for place, tier in enumerate(tiers) if tier.kind == _SPOKEN), len(tiers))
    between = sum(tier.kind == "@" and tier.code != _END for tier in tiers[first:])
    if between:
        tally.add_note(f"{counted(between, 'header')} between the main lines, such as comments, left out")
    if not any(tier.kind == "@" and tier.code == _END for tier in tiers):
        tally.add_note("no @End, so that the file may be cut off")
