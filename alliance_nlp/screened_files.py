"""Transcript files looked through for identifiers: their names, properties, labels and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.batch import TranscriptFile
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions
from alliance_nlp.roles import RoleNames
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.documents import SUFFIXES, read_properties
from alliance_nlp.screening.labels import find_in_file_name, find_in_property
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.sessions import Finding, find_in_session
from alliance_nlp.screening.span import Span, masked
from alliance_nlp.transcript import Session, SpeakerRole


class Screened(NamedTuple):
    """What came of a file, or of a session in it."""

    file: Path
    findings: list[Finding]
    utterances: int = 0
    failure: TranscriptError | None = None


class _AnySpeaker(RoleNames):
    """Who speaks does not matter here, and a label that is a name must not keep its file from being screened."""

    def role_of(self, label: str) -> SpeakerRole:
        return super().role_of(label) or SpeakerRole.OTHER


def screen_files(files: Iterable[TranscriptFile], screen: Screen, options: ReadOptions) -> Iterator[Screened]:
    """Screen one file after the other, and one session after the other in each.

    Parameters
    ----------
    files : iterable of TranscriptFile
        See `find_transcripts`.
    screen : Screen
        What to look for.
    options : ReadOptions
        How the files are to be read; roles do not matter.

    Yields
    ------
    Screened
        First the file's own findings, then those of each session. What cannot be read comes as a failure.
    """
    for file in files:
        yield from screen_outside(file, screen)
        yield from _screen_inside(file, screen, replace(options, roles=_AnySpeaker()))


def screen_outside(file: TranscriptFile, screen: Screen) -> Iterator[Screened]:
    """Screen a file's name and, where it is an office document, its properties."""
    yield Screened(file.path, _findings("file name", file.path.stem, find_in_file_name(screen, file.path.stem)))
    if file.path.suffix.lower() in SUFFIXES:
        try:
            properties = read_properties(file.path)
        except TranscriptError as error:
            yield Screened(file.path, [], failure=error)
            return
        findings: list[Finding] = []
        for place, value, is_person, is_text in properties:
            spans = screen.find(value) if is_text else find_in_property(screen, value, is_person)
            findings += _findings(place, value, spans)
        yield Screened(file.path, findings)


def _findings(place: str, value: str, spans: Iterable[Span]) -> list[Finding]:
    return [Finding("", place, "", one.category, masked(value[one.start : one.end], one.category)) for one in spans]


def _screen_inside(file: TranscriptFile, screen: Screen, options: ReadOptions) -> Iterator[Screened]:
    try:
        for item in OpenedTranscript(file.path, options).sessions(file.session_name):
            if isinstance(item, Session):
                # A session that is named after its file: that was looked at.
                findings = list(find_in_session(screen, item, item.session_id != file.session_name))
                yield Screened(file.path, findings, len(item.utterances))
            else:
                yield Screened(file.path, [], failure=item)
    except TranscriptError as error:
        yield Screened(file.path, [], failure=error)
    except Exception as error:
        # Whatever a strange file does to a reader, the rest of the files are screened.
        reason = f"could not be read ({type(error).__name__}); please report this, without the transcript"
        yield Screened(file.path, [], failure=TranscriptError(file.path, "", reason))


def counts_in_words(counts: Counter[Category]) -> str:
    """Findings by category, most first: ``14 possible identifiers (9 name, 5 place)``."""
    total = sum(counts.values())
    listed = ", ".join(f"{n} {category}" for category, n in counts.most_common())
    return f"{total:,} possible identifier{'s' if total != 1 else ''} ({listed})"
