"""What an ELAN file holds: tiers of annotations, each with its place in time.

After the EAF 3.0 schema of the Max Planck Institute for Psycholinguistics (https://www.mpi.nl/tools/elan/EAFv3.0.xsd),
read as leniently as ELAN itself does: a time slot without a value stands where the slot before it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._labels import may_be_shown
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.readers._xml import parse_xml

ROOT = "ANNOTATION_DOCUMENT"

_MILLISECONDS = re.compile(r"\d{1,12}", re.ASCII)
_UNIT = "milliseconds"


class Place(NamedTuple):
    """Where an annotation stands on the time line, in seconds."""

    start: float | None = None
    """None where the file has no value for it."""
    end: float | None = None
    order: float = 0.0
    """A time to sort by, also where there is no start."""


class Annotation(NamedTuple):
    """One segment of a tier."""

    annotation_id: str
    text: str
    place: Place
    parent_id: str = ""
    """Of the annotation that it depends on."""


@dataclass(slots=True)
class Tier:
    """A tier with its annotations."""

    name: str
    participant: str
    kind: str
    """Its linguistic type."""
    parent: str
    """Name of the tier that it depends on; empty where it stands alone."""
    vocabulary: str
    """Of which its values are; empty where they are free."""
    annotations: list[Annotation] = field(default_factory=list)


class Document(NamedTuple):
    """An ELAN file."""

    properties: Mapping[str, str]
    """Of the header."""
    tiers: tuple[Tier, ...]
    n_annotations: int
    """In the whole file, wherever they stand."""


class _Slot(NamedTuple):
    time: float | None
    order: float


def read_document(file: Path, data: bytes, tally: Tally) -> Document:
    """Read an ELAN file.

    Parameters
    ----------
    file : Path
        For the messages.
    data : bytes
        The file.
    tally : Tally
        Told what is damaged.

    Raises
    ------
    TranscriptError
        Where it is no ELAN file, see also `parse_xml`.
    """
    root = parse_xml(file, data)
    if root.tag != ROOT:
        raise TranscriptError(file, "", "not an ELAN annotation file; save the transcript in ELAN as .eaf")
    slots = _slots(root, tally)
    vocabularies = {
        kind.get("LINGUISTIC_TYPE_ID", ""): kind.get("CONTROLLED_VOCABULARY_REF", "")
        for kind in root.iterfind("LINGUISTIC_TYPE")
    }
    elements = list(root.iterfind("TIER"))
    places = _places(elements, slots, tally)
    tiers = []
    for element in elements:
        kind = element.get("LINGUISTIC_TYPE_REF", "")
        tier = Tier(
            element.get("TIER_ID", ""),
            " ".join(element.get("PARTICIPANT", "").split()),
            kind,
            element.get("PARENT_REF", ""),
            vocabularies.get(kind, ""),
        )
        for part in _parts(element):
            text = part.findtext("ANNOTATION_VALUE") or ""
            parent_id = part.get("ANNOTATION_REF", "")
            tier.annotations.append(Annotation(part.get("ANNOTATION_ID", ""), text, places[id(part)], parent_id))
        tiers.append(tier)
    properties = {item.get("NAME", ""): item.text or "" for item in root.iterfind("HEADER/PROPERTY")}
    return Document(properties, tuple(tiers), sum(1 for _ in root.iter("ANNOTATION")))


def _parts(tier: Element) -> Iterator[Element]:
    """Annotations of a tier, of either kind."""
    for annotation in tier.iterfind("ANNOTATION"):
        part = next(iter(annotation), None)
        if part is not None and part.tag in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
            yield part


def _slots(root: Element, tally: Tally) -> dict[str, _Slot]:
    header = root.find("HEADER")
    unit = _UNIT if header is None else header.get("TIME_UNITS", _UNIT)
    if unit != _UNIT:
        tally.add_note("its times are not in milliseconds and are left out; save it again in ELAN to have them")
    slots: dict[str, _Slot] = {}
    order = 0.0
    damaged = 0
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        time = None
        if _MILLISECONDS.fullmatch(value):
            time = order = int(value) / 1000
        elif value:
            damaged += 1
        slots.setdefault(slot.get("TIME_SLOT_ID", ""), _Slot(time if unit == _UNIT else None, order))
    if damaged:
        tally.add_note(f"{counted(damaged, 'time slot')} with a value that is no time read as without one")
    return slots


def _places(tiers: Sequence[Element], slots: Mapping[str, _Slot], tally: Tally) -> dict[int, Place]:
    """Place of each annotation, by the identity of its element."""
    places: dict[int, Place] = {}
    of_id: dict[str, Place] = {}
    depends = []
    for tier in tiers:
        order = 0.0
        for part in _parts(tier):
            if part.tag == "REF_ANNOTATION":
                depends.append(part)
                continue
            name = part.get("ANNOTATION_ID", "")
            start, end = (slots.get(part.get(f"TIME_SLOT_REF{number}", "")) for number in (1, 2))
            if start is None or end is None:
                tally.mend(named(name), "with a time slot that is missing in the file")
            first = start or end
            order = first.order if first else order
            place = Place(start.time if start else None, end.time if end else None, order)
            if place.start is not None and place.end is not None and place.end < place.start:
                tally.mend(named(name), "that end before they begin, and so without an end,")
                place = place._replace(end=None)
            places[id(part)] = of_id[name] = place
    parent_of = {part.get("ANNOTATION_ID", ""): part.get("ANNOTATION_REF", "") for part in depends}
    astray = 0
    for part in depends:
        found = _place_above(part.get("ANNOTATION_ID", ""), parent_of, of_id)
        astray += found is None
        places[id(part)] = found or Place()
    if astray:
        tally.add_note(f"{counted(astray, 'annotation')} that depend on none with a time, or on themselves")
    return places


def _place_above(name: str, parent_of: Mapping[str, str], of_id: dict[str, Place]) -> Place | None:
    """Place of the annotation that a chain of references leads to; None where it leads nowhere or in a circle."""
    way: dict[str, None] = {}
    while name not in of_id:
        if name in way or name not in parent_of:
            return None
        way[name] = None
        name = parent_of[name]
    of_id.update(dict.fromkeys(way, of_id[name]))
    return of_id[name]


def named(annotation_id: str) -> str:
    """An annotation, for a message."""
    return f"annotation {annotation_id}" if may_be_shown(annotation_id) else "an annotation"
