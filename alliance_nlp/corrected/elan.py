"""ELAN annotation files that `alliance_nlp.exports.elan` wrote, with the codes that a coder left on the tiers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected._places import Found, at, file_bytes, seconds
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.elan import NOT_THERE, SUFFIX, THERE
from alliance_nlp.rating_table import shown_value
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.readers import BinarySource, Head, ReadOptions
from alliance_nlp.readers._raw import RawUtterance
from alliance_nlp.readers._xml import parse_xml
from alliance_nlp.readers.elan import MADE_UP, RECORDED_TYPE, SESSION_ID, TIMES, UTTERANCE_ID_TYPE, UTTERANCE_IDS
from alliance_nlp.transcript import SpeakerRole

__all__ = ["SUFFIX", "is_ours", "read"]

_NO_TIME = "-"


class _Segment(NamedTuple):
    """An annotation on a speaker's tier."""

    begin: int
    end: int
    text: str
    speaker: str
    role: str
    tier: str
    below: dict[str, str]
    """Values of the annotations that depend on it, by the linguistic type of their tiers."""

    @property
    def place(self) -> str:
        """Where it stands, for a message."""
        return f"tier {shown_value(self.tier)} at {at(self.begin)}"


def is_ours(path: Path) -> bool:
    """Whether the file has the mark of our export."""
    return SESSION_ID in Head.of(path).text


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The session of a file, with the codes on its tiers; see `alliance_nlp.corrected`.

    Raises
    ------
    TranscriptError
        Where the file is damaged, or no session.
    """
    root = parse_xml(path, file_bytes(BinarySource(path)))
    if root.tag != "ANNOTATION_DOCUMENT":
        raise TranscriptError(path, "", "no ELAN annotation document; hand in a file that ELAN saved")
    properties = {item.get("NAME", ""): item.text or "" for item in root.iterfind("HEADER/PROPERTY")}
    types = [each.get("LINGUISTIC_TYPE_ID", "") for each in root.iterfind("LINGUISTIC_TYPE")]
    found = Found(path, properties.get(SESSION_ID, "") or path.stem, codebook, types)
    times = _slot_times(path, root)
    segments: list[_Segment] = []
    for segment in sorted(_segments(path, root, times, found, codebook), key=lambda segment: segment.begin):
        if segment.below.get(UTTERANCE_ID_TYPE, ""):
            segments.append(segment)
        else:
            found.note(segment.place, "a segment without an utterance id, so none of the transcript's; left out")
    for segment in segments:
        utterance = _utterance(segment, properties.get(TIMES) == MADE_UP)
        if found.add(utterance, segment.place):
            _code(segment, utterance.utterance_id, codebook, found)
    found.expect(_expected(properties))
    yield found.transcript(options)


def _slot_times(path: Path, root: Element) -> dict[str, int]:
    """Milliseconds of each time slot; a slot without a time stands where the slot before does."""
    times: dict[str, int] = {}
    before = 0
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        if value and not (value.isdecimal() and len(value) < 12):
            raise TranscriptError(path, "", "a time slot holds no time in milliseconds; save the file again in ELAN")
        before = int(value) if value else before
        times[slot.get("TIME_SLOT_ID", "")] = before
    return times


def _segments(path: Path, root: Element, times: dict[str, int], found: Found, codebook: Codebook) -> Iterator[_Segment]:
    value_of_parent: dict[str, dict[str, str]] = {}
    known = {UTTERANCE_ID_TYPE, RECORDED_TYPE, *codebook.marker_names}
    roles = set(map(str, SpeakerRole))
    for tier in root.iterfind("TIER"):
        name = tier.get("TIER_ID", "")
        # A coder's own tier under a speaker's is that of a marker if it is named after it.
        kind = tier.get("LINGUISTIC_TYPE_REF", "")
        kind = kind if kind in known else name.partition("@")[0].casefold()
        if tier.get("LINGUISTIC_TYPE_REF") in roles and not tier.get("PARENT_REF"):
            continue
        found.known.add(kind)
        annotations = list(tier.iterfind("ANNOTATION/REF_ANNOTATION"))
        if kind not in known:
            n_annotations = sum(1 for _ in tier.iterfind("ANNOTATION"))
            if n_annotations:
                found.note(
                    f"tier {shown_value(name)}", f"no marker of the codebook; its {n_annotations} annotations left out"
                )
            continue
        for annotation in annotations:
            value = annotation.findtext("ANNOTATION_VALUE") or ""
            value_of_parent.setdefault(annotation.get("ANNOTATION_REF", ""), {})[kind] = value
    for tier in root.iterfind("TIER"):
        role = tier.get("LINGUISTIC_TYPE_REF", "")
        if role not in roles or tier.get("PARENT_REF"):
            continue
        name = tier.get("TIER_ID", "")
        speaker = tier.get("PARTICIPANT") or name
        for annotation in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            try:
                begin, end = (times[annotation.get(f"TIME_SLOT_REF{number}", "")] for number in (1, 2))
            except KeyError:
                raise TranscriptError(
                    path, f"tier {shown_value(name)}", "an annotation without a time slot; save the file again in ELAN"
                ) from None
            below = value_of_parent.get(annotation.get("ANNOTATION_ID", ""), {})
            text = annotation.findtext("ANNOTATION_VALUE") or ""
            yield _Segment(begin, end, text, speaker, role, name, below)


def _utterance(segment: _Segment, made_up: bool) -> RawUtterance:
    start: float | None = segment.begin / 1000
    end: float | None = segment.end / 1000
    recorded = segment.below.get(RECORDED_TYPE, "").split()
    if made_up:
        start = end = None
    elif len(recorded) == 2:
        start, end = map(_seconds, recorded)
    return RawUtterance(0, segment.speaker, segment.text, segment.role, segment.below[UTTERANCE_ID_TYPE], start, end)


def _seconds(text: str) -> float | None:
    try:
        return None if text == _NO_TIME else seconds(float(text))
    except ValueError:
        return None


def _code(segment: _Segment, utterance_id: str, codebook: Codebook, found: Found) -> None:
    for marker in codebook.markers:
        value = segment.below.get(marker.name)
        if value is None or not value.strip():
            continue
        code = _code_of(value.strip(), marker)
        if code is None:
            found.note(
                segment.place, f"{marker.name} is {shown_value(value)}, no value of its vocabulary; counts as not coded"
            )
        found.code(utterance_id, marker, NOT_CODED if code is None else code)


def _code_of(value: str, marker: Marker) -> int | None:
    if value == NOT_THERE:
        return 0
    there = {THERE, marker.name, marker.title.casefold(), *(kind.name.casefold() for kind in marker.kinds)}
    return 1 if value.casefold() in there else None


def _expected(properties: dict[str, str]) -> list[str]:
    try:
        names = json.loads(properties.get(UTTERANCE_IDS, "[]"))
    except (ValueError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
