"""ELAN annotation files (``.eaf``): a tier a speaker, and under it the utterances' ids and a tier for each marker.

After the EAF 3.0 schema of the Max Planck Institute for Psycholinguistics
(https://www.mpi.nl/tools/elan/EAFv3.0.xsd). `alliance_nlp.corrected.elan` is the way back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from alliance_nlp.codebook import Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About
from alliance_nlp.exports._xml import plain, replaced, require_plain_names, write
from alliance_nlp.file_names import file_stem
from alliance_nlp.readers.elan import MADE_UP, RECORDED_TYPE, SESSION_ID, TIMES, UTTERANCE_ID_TYPE, UTTERANCE_IDS
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

SUFFIX = ".eaf"
FILES = (f"*{SUFFIX}",)

RECORDED = "recorded"
"""Value of `TIMES` where the transcript has them."""
THERE, NOT_THERE = "1", "0"

_LANGUAGE = "und"
_DATE = "2000-01-01T00:00:00+00:00"  # must be there; the same input gives the same bytes
_MADE_UP_LENGTH = 2000
_CONSTRAINTS = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this "
    "interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are "
    "ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}


class _Slot(NamedTuple):
    """Where an utterance stands on the time line, in milliseconds."""

    begin: int
    end: int


class _Speaker(NamedTuple):
    label: str
    role: SpeakerRole


class Export:
    """A file a session. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._folder = folder
        self._about = about
        self._taken: set[str] = set()

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        require_plain_names(transcript.session)
        self.notes += replaced(transcript.session)
        stem = file_stem(transcript.session.session_id, self._taken)
        write(_document(transcript, self._about), self._folder / f"{stem}{SUFFIX}")

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


def _document(transcript: CodedTranscript, about: About) -> Element:
    session = transcript.session
    slots = _slots(session.utterances)
    timed = _has_times(session)
    root = Element("ANNOTATION_DOCUMENT", {
        "AUTHOR": about.coder, "DATE": _DATE, "FORMAT": "3.0", "VERSION": "3.0",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
    })  # fmt: skip
    header = SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    properties = {
        SESSION_ID: session.session_id,
        TIMES: RECORDED if timed else MADE_UP,
        UTTERANCE_IDS: json.dumps([utterance.utterance_id for utterance in session.utterances], ensure_ascii=False),
    }
    for name, value in properties.items():
        SubElement(header, "PROPERTY", NAME=name).text = value
    order = SubElement(root, "TIME_ORDER")
    for number, time in enumerate((time for slot in slots for time in slot), 1):
        SubElement(order, "TIME_SLOT", TIME_SLOT_ID=f"ts{number}", TIME_VALUE=str(time))
    _add_tiers(root, transcript, about.markers, slots, timed)
    for role in SpeakerRole:
        _add_type(root, str(role))
    for name in (UTTERANCE_ID_TYPE, RECORDED_TYPE):
        _add_type(root, name, dependent=True)
    for marker in about.markers:
        _add_type(root, marker.name, dependent=True, vocabulary=marker.name)
    SubElement(
        root, "LANGUAGE", LANG_DEF="http://cdb.iso.org/lg/CDB-00130975-001", LANG_ID=_LANGUAGE,
        LANG_LABEL="undetermined (und)",
    )  # fmt: skip
    for stereotype, description in _CONSTRAINTS.items():
        SubElement(root, "CONSTRAINT", STEREOTYPE=stereotype, DESCRIPTION=description)
    for marker in about.markers:
        _add_vocabulary(root, marker)
    return root


def _add_tiers(
    root: Element, transcript: CodedTranscript, markers: Sequence[Marker], slots: Sequence[_Slot], timed: bool
) -> None:
    utterances = transcript.session.utterances
    numbers = count(1)
    names: set[str] = set()
    for speaker, places in _places_of_speakers(utterances).items():
        name = _unique(speaker.label, f"{speaker.label} ({speaker.role})", names)
        attributes = {"LINGUISTIC_TYPE_REF": str(speaker.role), "TIER_ID": name, "PARTICIPANT": speaker.label}
        tier = SubElement(root, "TIER", attributes)
        parent_of: dict[int, str] = {}
        for place in places:
            parent_of[place] = f"a{next(numbers)}"
            annotation = SubElement(
                SubElement(tier, "ANNOTATION"), "ALIGNABLE_ANNOTATION", ANNOTATION_ID=parent_of[place],
                TIME_SLOT_REF1=f"ts{2 * place + 1}", TIME_SLOT_REF2=f"ts{2 * place + 2}",
            )  # fmt: skip
            SubElement(annotation, "ANNOTATION_VALUE").text = plain(utterances[place].text)

        below = {UTTERANCE_ID_TYPE: {place: utterances[place].utterance_id for place in places}}
        if timed:
            recorded = {place: _recorded(utterances[place], slots[place]) for place in places}
            below[RECORDED_TYPE] = {place: value for place, value in recorded.items() if value}
        for column, marker in enumerate(markers):
            if marker.role == speaker.role:
                below[marker.name] = {
                    place: THERE for place in places if transcript.codes and transcript.codes[place][column] == 1
                }
        for kind, value_of in below.items():
            if kind == RECORDED_TYPE and not value_of:
                continue
            attributes = {"LINGUISTIC_TYPE_REF": kind, "PARENT_REF": name, "PARTICIPANT": speaker.label}
            attributes["TIER_ID"] = _unique(f"{kind}@{name}", f"{kind}@{name} ({speaker.role})", names)
            tier = SubElement(root, "TIER", attributes)
            for place, value in value_of.items():
                annotation = SubElement(
                    SubElement(tier, "ANNOTATION"), "REF_ANNOTATION", ANNOTATION_ID=f"a{next(numbers)}",
                    ANNOTATION_REF=parent_of[place],
                )  # fmt: skip
                SubElement(annotation, "ANNOTATION_VALUE").text = value


def _places_of_speakers(utterances: Sequence[Utterance]) -> dict[_Speaker, list[int]]:
    places: dict[_Speaker, list[int]] = {}
    for place, utterance in enumerate(utterances):
        places.setdefault(_Speaker(utterance.speaker, utterance.speaker_role), []).append(place)
    return places


def _unique(name: str, longer: str, names: set[str]) -> str:
    candidates: Iterator[str] = iter((name, longer))
    chosen = next(candidates)
    number = 1
    while chosen in names:
        number += 1
        chosen = next(candidates, f"{longer} {number}")
    names.add(chosen)
    return chosen


def _add_type(root: Element, name: str, dependent: bool = False, vocabulary: str = "") -> None:
    attributes = {"LINGUISTIC_TYPE_ID": name, "TIME_ALIGNABLE": "false" if dependent else "true"}
    attributes["GRAPHIC_REFERENCES"] = "false"
    if dependent:
        attributes["CONSTRAINTS"] = "Symbolic_Association"
    if vocabulary:
        attributes["CONTROLLED_VOCABULARY_REF"] = vocabulary
    SubElement(root, "LINGUISTIC_TYPE", attributes)


def _add_vocabulary(root: Element, marker: Marker) -> None:
    vocabulary = SubElement(root, "CONTROLLED_VOCABULARY", CV_ID=marker.name)
    SubElement(vocabulary, "DESCRIPTION", LANG_REF=_LANGUAGE).text = plain(marker.title)
    entries = {THERE: marker.definition, NOT_THERE: "looked at, and not there; the same as no annotation"}
    entries |= {kind.name: kind.definition for kind in marker.kinds}
    for number, (value, description) in enumerate(entries.items(), 1):
        entry = SubElement(vocabulary, "CV_ENTRY_ML", CVE_ID=f"cveid_{marker.name}_{number}")
        SubElement(entry, "CVE_VALUE", LANG_REF=_LANGUAGE, DESCRIPTION=plain(description)).text = value


def _has_times(session: Session) -> bool:
    return any(utterance.start is not None or utterance.end is not None for utterance in session.utterances)


def _slots(utterances: Sequence[Utterance]) -> list[_Slot]:
    """A place on the time line for each utterance, in the transcript's order and none over another on its tier.

    The recorded times where they allow it. An unknown begin is where the utterance before ends, an unknown end where
    the next one begins, or two seconds later.
    """
    slots: list[_Slot] = []
    end_of: dict[_Speaker, int] = {}
    before, cursor = -1, 0
    for place, utterance in enumerate(utterances):
        speaker = _Speaker(utterance.speaker, utterance.speaker_role)
        begin = cursor if utterance.start is None else _milliseconds(utterance.start)
        begin = max(begin, before + 1, end_of.get(speaker, 0))
        if utterance.end is not None:
            end = _milliseconds(utterance.end)
        else:
            following = utterances[place + 1].start if place + 1 < len(utterances) else None
            end = 0 if following is None else _milliseconds(following)
            end = end if end > begin else begin + _MADE_UP_LENGTH
        end = max(end, begin + 1)
        slots.append(_Slot(begin, end))
        before, cursor, end_of[speaker] = begin, end, end
    return slots


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _recorded(utterance: Utterance, slot: _Slot) -> str:
    """The recorded times, where the slot does not say them; else empty."""
    if (utterance.start, utterance.end) == (slot.begin / 1000, slot.end / 1000):
        return ""
    return " ".join("-" if time is None else repr(float(time)) for time in (utterance.start, utterance.end))
