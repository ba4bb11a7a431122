"""ELAN annotation files (``.eaf``): a tier for each speaker, an annotation for each utterance.

Read are the tiers that stand alone, in the order of time. A tier's speaker is its PARTICIPANT or else its name. Tiers
that depend on others, and those whose values come from a controlled vocabulary, hold codes, glosses or translations;
they are left out and named. Where the words stand on dependent tiers, ``--columns text=TYPE`` names the linguistic type
of those tiers, or what stands before the ``@`` of their names.

Files that `alliance_nlp.exports.elan` wrote give the session back as it was: the ids, the roles and the times.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._elan_document import ROOT, Annotation, Document, Tier, named, read_document
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labels import shown_names
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER, RawUtterance, make_session
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.readers._whole_bytes import whole_bytes
from alliance_nlp.transcript import Session, SpeakerRole

NAME = "eaf"
TITLE = "an ELAN annotation file"
SUFFIXES = (".eaf",)
SOURCE = BinarySource

SESSION_ID, UTTERANCE_IDS, TIMES = (f"alliance-nlp:{name}" for name in ("session_id", "utterance_ids", "times"))
"""Properties of the header in files that this package wrote."""
MADE_UP = "made up"
"""Value of `TIMES` where the transcript has none."""
UTTERANCE_ID_TYPE, RECORDED_TYPE = "utterance_id", "recorded_times"
"""Linguistic types of the tiers with what a speaker's tier cannot hold."""

_BEGIN = 4096
_LEVELS = 20
_NO_TIME = "-"
_ROLES = frozenset(map(str, SpeakerRole))


class _Spoken(NamedTuple):
    tier: Tier
    speaker: str
    role_name: str
    annotation: Annotation


def looks_like(head: Head) -> bool:
    """Whether the file is XML whose root is ELAN's."""
    return head.text.lstrip().startswith("<") and f"<{ROOT}" in head.text[:_BEGIN]


def read(source: BinarySource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of an ELAN file.

    Raises
    ------
    TranscriptError
        Where it is damaged, no tier holds words, or see `make_session`.
    """
    file = source.path
    tally = Tally(file, "annotation")
    document = read_document(file, whole_bytes(source), tally)
    tiers = _tiers_of_words(file, document, options)
    ids = _values(document, UTTERANCE_ID_TYPE)
    ours = SESSION_ID in document.properties
    spoken = []
    for said in _in_order(document, tiers, options):
        if said.annotation.text.strip() or said.annotation.annotation_id in ids:
            spoken.append(said)
        else:
            tally.leave_out(named(said.annotation.annotation_id), "without words")
    if not spoken:
        raise TranscriptError(file, "", _no_words(document, tiers))
    left_out = _name_left_out(document, tiers, tally)
    names = _ids([said.annotation.annotation_id for said in spoken], ids, ours, tally)
    raw = list(_raw(spoken, names, document, ours))
    if ours:
        _compare_ids(document, names, tally)
    notes = tally.notes(held=document.n_annotations - left_out, taken=len(spoken))
    name = document.properties.get(SESSION_ID, "") or session_id
    yield make_session(file, name, raw, options, notes=notes, unit="annotation")


def _tiers_of_words(file: Path, document: Document, options: ReadOptions) -> list[Tier]:
    wanted = options.columns.get("text")
    if wanted is None:
        return [tier for tier in document.tiers if not tier.parent and not tier.vocabulary]
    found = [
        tier for tier in document.tiers if wanted in (tier.kind.casefold(), tier.name.partition("@")[0].casefold())
    ]
    if not found:
        kinds = _counts((tier.kind, len(tier.annotations)) for tier in document.tiers)
        raise TranscriptError(
            file,
            "",
            f"no tier of the linguistic type that --columns text names; types, with annotations: {shown_names(kinds)}",
        )
    return found


def _in_order(document: Document, tiers: Sequence[Tier], options: ReadOptions) -> list[_Spoken]:
    tier_of_name = {tier.name: tier for tier in document.tiers}
    spoken = []
    for tier in tiers:
        speaker = _speaker(tier, tier_of_name)
        role_name = _role_name(tier, speaker, options)
        spoken += [_Spoken(tier, speaker, role_name, annotation) for annotation in tier.annotations]
    return sorted(spoken, key=lambda said: said.annotation.place.order)


def _speaker(tier: Tier, tier_of_name: Mapping[str, Tier]) -> str:
    """The participant of a tier or of one above it; else the name of the topmost."""
    for _ in range(_LEVELS):
        if tier.participant or tier.parent not in tier_of_name:
            break
        tier = tier_of_name[tier.parent]
    return tier.participant or " ".join(tier.name.split()) or NO_SPEAKER


def _role_name(tier: Tier, speaker: str, options: ReadOptions) -> str:
    """A word for the role, where the tier has one that says more than the speaker does."""
    if tier.kind in _ROLES:
        return tier.kind
    candidates = (speaker, tier.name, tier.name.partition("@")[0], tier.name.rpartition("@")[2])
    known = next((name for name in candidates if options.roles.role_of(name) is not None), speaker)
    return "" if known == speaker else known


def _values(document: Document, kind: str) -> dict[str, str]:
    """Values of the dependent annotations of a linguistic type, by the annotation they depend on."""
    return {
        annotation.parent_id: annotation.text
        for tier in document.tiers
        if tier.kind == kind and tier.parent
        for annotation in tier.annotations
        if annotation.text
    }


def _name_left_out(document: Document, tiers: Sequence[Tier], tally: Tally) -> int:
    """Note the tiers that are not read; how many annotations they hold."""
    chosen = {id(tier) for tier in tiers}
    others = [tier for tier in document.tiers if id(tier) not in chosen and tier.annotations]
    ours = (UTTERANCE_ID_TYPE, RECORDED_TYPE)
    for what, left_out in (
        ("depend on others", [tier for tier in others if tier.parent and tier.kind not in ours]),
        ("have a controlled vocabulary", [tier for tier in others if not tier.parent and tier.vocabulary]),
        ("are of other types", [tier for tier in others if not tier.parent and not tier.vocabulary]),
    ):
        counts = _counts((tier.name, len(tier.annotations)) for tier in left_out)
        if counts:
            tally.add_note(f"tiers that {what} left out, with their annotations: {shown_names(counts)}")
    return sum(len(tier.annotations) for tier in others)


def _counts(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, number in pairs:
        counts[name] = counts.get(name, 0) + number
    return counts


def _no_words(document: Document, tiers: Sequence[Tier]) -> str:
    chosen = {id(tier) for tier in tiers}
    kinds = _counts(
        (tier.kind, n_words)
        for tier in document.tiers
        if id(tier) not in chosen and (n_words := sum(bool(annotation.text.strip()) for annotation in tier.annotations))
    )
    if not kinds:
        return "no annotation with words found; does the file hold more than tiers?"
    return (
        "no words on the tiers that stand alone; if they stand on dependent ones, say of which linguistic type, with "
        f"--columns text=TYPE; there are, with annotations: {shown_names(kinds)}"
    )


def _ids(annotation_ids: Sequence[str], given: Mapping[str, str], ours: bool, tally: Tally) -> list[str]:
    """Ids of the utterances: those written on a tier of their own, or else ELAN's."""
    ids = [given.get(name) or name for name in annotation_ids]
    if ours and (added := sum(name not in given for name in annotation_ids)):
        tally.add_note(f"{counted(added, 'annotation')} added in ELAN, which have ELAN's ids")
    if all(ids) and len(set(ids)) == len(ids):
        return ids
    tally.add_note("the ids of the annotations are not all there, or not all different; numbered from 1")
    return [str(number) for number in range(1, len(ids) + 1)]


def _raw(spoken: Sequence[_Spoken], ids: Sequence[str], document: Document, ours: bool) -> Iterator[RawUtterance]:
    recorded = _values(document, RECORDED_TYPE)
    made_up = document.properties.get(TIMES) == MADE_UP
    for number, (said, name) in enumerate(zip(spoken, ids, strict=True), 1):
        annotation = said.annotation
        start, end = annotation.place.start, annotation.place.end
        if made_up:
            start = end = None
        elif annotation.annotation_id in recorded:
            start, end = _recorded(recorded[annotation.annotation_id]) or (start, end)
        text = annotation.text if ours else " ".join(annotation.text.split())
        yield RawUtterance(number, said.speaker, text, said.role_name, name, start, end)


def _recorded(value: str) -> tuple[float | None, float | None] | None:
    """Times as they were recorded, where the time line could not hold them; None where they are damaged."""
    try:
        start, end = (None if part == _NO_TIME else float(part) for part in value.split())
    except ValueError:
        return None
    if all(time is None or (math.isfinite(time) and time >= 0) for time in (start, end)):
        return start, end
    return None


def _compare_ids(document: Document, ids: Sequence[str], tally: Tally) -> None:
    try:
        written = json.loads(document.properties.get(UTTERANCE_IDS, "[]"))
    except (ValueError, RecursionError):
        return
    names = {name for name in written if isinstance(name, str)} if isinstance(written, list) else set()
    missing = len(names.difference(ids))
    if missing:
        tally.add_note(f"{counted(missing, 'utterance')} of the session gone since it was written; deleted in ELAN?")
