"""Text in which a line of its own says who speaks and when, and what is said stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance
from alliance_nlp.readers._tally import Tally, counted


class HeadedText(NamedTuple):
    """What a program's text export looks like."""

    heading: re.Pattern[str]
    """Matches a whole line, with the group ``speaker``, groups for the time and, where words may follow at once,
    ``text``."""
    time_groups: tuple[str, ...] = ("time",)
    footer: re.Pattern[str] | None = None
    """Matches a line that the program adds of its own."""


def read_headed(text: str, form: HeadedText, tally: Tally) -> Iterator[RawUtterance]:
    """Utterances of a text, from heading to heading.

    Parameters
    ----------
    text : str
        The whole file.
    form : HeadedText
        How its headings look.
    tally : Tally
        Told what was left out.
    """
    opened: re.Match[str] | None = None
    opened_at = above = footers = 0
    said: list[str] = []

    def utterance(heading: re.Match[str]) -> RawUtterance | None:
        words = " ".join(said)
        if not words:
            tally.leave_out(f"line {opened_at}", "without words")
            return None
        speaker = " ".join((heading["speaker"] or "").split()) or NO_SPEAKER
        time = next(filter(None, map(heading.group, form.time_groups)), None)
        return RawUtterance(opened_at, speaker, words, start=parse_seconds(time) if time else None)

    for number, line in enumerate(text.split("\n"), 1):
        heading = form.heading.fullmatch(line)
        if heading:
            if opened and (found := utterance(opened)):
                yield found
            opened, opened_at = heading, number
            said = (heading.groupdict().get("text") or "").split()
        elif form.footer and form.footer.fullmatch(line):
            footers += 1
        elif opened:
            said += line.split()
        else:
            above += bool(line.strip())
    if opened and (found := utterance(opened)):
        yield found
    if above:
        tally.add_note(f"{counted(above, 'line')} above the first speaker left out")
    if footers:
        tally.add_note(f"{counted(footers, 'line')} that the program adds left out")
