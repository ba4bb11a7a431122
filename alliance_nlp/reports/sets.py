"""Sets on the pages: which set a code is of, and a session's codes laid out along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from alliance_nlp.codebook import CodeSet, Marker
from alliance_nlp.overview import SessionOverview
from alliance_nlp.reports.marks import Sign

_TALL = 36
_STEP = "▮"
_NO_STEP = "▯"


class OfSet(NamedTuple):
    """What a page says of a code beside its title."""

    title: str
    """Of the set."""
    first: bool
    """Whether it is the first code of its set."""
    steps: str
    """How high a level is, as small steps; empty where the set has no order."""
    code_set: CodeSet


def of_sets(sets: Sequence[CodeSet]) -> dict[str, OfSet]:
    """By name of the code."""
    found = {}
    for code_set in sets:
        n = len(code_set.codes)
        for place, name in enumerate(code_set.code_names):
            steps = _STEP * (place + 1) + _NO_STEP * (n - place - 1) if code_set.ordered else ""
            found[name] = OfSet(code_set.title, place == 0, steps, code_set)
    return found


def full_title(marker: Marker, sets: Sequence[CodeSet]) -> str:
    """The title of a marker, after that of its set where it is in one."""
    code_set = next((entry for entry in sets if marker.name in entry.code_names), None)
    return f"{code_set.title}: {marker.title}" if code_set else marker.title


class Stretches(NamedTuple):
    """Where one code of a set stands in a session, as a path in a box 1000 wide and `_TALL` high."""

    name: str
    style: int
    path: str


class SetLane(NamedTuple):
    """A set along the timeline."""

    code_set: CodeSet
    stretches: list[Stretches]
    label: str


def set_lanes(overview: SessionOverview, signs: dict[str, Sign]) -> list[SetLane]:
    """A lane for each set: blocks in the colours of its codes; levels as steps, the lowest the lowest."""
    lanes = []
    code_of_set = overview.tagged.code_of_set
    timeline = overview.timeline
    for code_set in overview.tagged.sets:
        blocks: dict[str, list[str]] = {name: [] for name in code_set.code_names}
        for line, name in enumerate(code_of_set[code_set.name]):
            if name is None:
                continue
            level = code_set.code_names.index(name) + 1
            height = _TALL * level / len(code_set.codes) if code_set.ordered else _TALL
            start, end = timeline.starts[line], timeline.ends[line]
            width = max(1000 * (end - start) - 0.6, 0.4)
            blocks[name].append(f"M{1000 * start:.1f} {_TALL - height:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z")
        counts = ", ".join(f"{code.title} {len(blocks[code.name])}" for code in code_set.codes)
        stretches = [Stretches(name, signs[name].style, "".join(paths)) for name, paths in blocks.items()]
        lanes.append(SetLane(code_set, stretches, f"{code_set.title}, lines of each: {counts}"))
    return lanes
