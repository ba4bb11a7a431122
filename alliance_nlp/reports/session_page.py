"""The session page: one session at a glance, in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from alliance_nlp.codebook import Marker
from alliance_nlp.episodes import REACH
from alliance_nlp.evidence import carrying_words, evidence, other_reasons
from alliance_nlp.moments import Moment, brief
from alliance_nlp.overview import SessionOverview
from alliance_nlp.reports import wording
from alliance_nlp.reports._html import page
from alliance_nlp.reports.marks import signs
from alliance_nlp.reports.sets import full_title, of_sets, set_lanes
from alliance_nlp.transcript import SpeakerRole

_CONTEXT_CHARACTERS, _FOCUS_CHARACTERS, _HINT_CHARACTERS = 170, 300, 90
_HINTS, _PRINTED = 4, 6
_SCALE_STEPS = (10, 20, 30, 40, 50, 60, 80, 100)


class _Tag(NamedTuple):
    marker: Marker
    level: int
    percent: int
    words: str
    other: list[str]


class _Piece(NamedTuple):
    """A stretch of text, and the styles of the markers whose words it holds."""

    text: str
    styles: list[int]


def session_page(overview: SessionOverview, about: Sequence[tuple[str, str]] = ()) -> str:
    """The page of a session.

    Parameters
    ----------
    overview : SessionOverview
        What to show.
    about : sequence of (str, str)
        Further facts for the heading, such as a date and the therapist.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    of_marker = signs(overview.tagged.markers, overview.tagged.sets)
    printed = brief(overview.moments, _PRINTED)
    return page(
        "session.html",
        ("session.js",),
        overview=overview,
        about=about,
        markers=overview.tagged.markers,
        rupture_coded="rupture" in of_marker,
        of_set=of_sets(overview.tagged.sets),
        sets=overview.tagged.sets,
        set_lanes=set_lanes(overview, of_marker),
        levels={level.name: level.mean for level in overview.summary.levels},
        signs=of_marker,
        headline=wording.headline(overview),
        talk=wording.talk(overview),
        glance=_glance(overview),
        talk_share=overview.summary.talk_share,
        roles=SpeakerRole,
        hints=[_hint(overview, moment) for moment in brief(overview.moments, _HINTS)],
        moments=[_moment(overview, moment, moment in printed) for moment in overview.moments],
        lanes=_lanes(overview),
        ribbon=_ribbon(overview),
        strain=_strain(overview),
        lines=list(_lines(overview)),
        speakers=_speakers(overview),
        reference_words=wording.reference_words(overview.reference, "Grey, with the median"),
        evidence_means=wording.EVIDENCE_MEANS,
        limits=wording.LIMITS,
        trained_on=wording.trained_on(overview.run),
        of_a_hundred=wording.of_a_hundred,
        explained=overview.tagged.reasons is not None,
    )


def _glance(overview: SessionOverview) -> dict[str, Any]:
    """Rates with intervals beside the reference, all on one scale."""
    ranges = overview.reference.rates if overview.reference else {}
    highest = [marker.rate_interval[1] for marker in overview.summary.markers if marker.rate_interval]
    highest += [range_.high for range_ in ranges.values()]
    top = next((step for step in _SCALE_STEPS if step >= max(highest, default=0)), 100)
    rows = [
        {"marker": marker, "figures": figures, "range": ranges.get(marker.name)}
        for marker, figures in zip(overview.tagged.markers, overview.summary.markers, strict=True)
    ]
    return {"rows": rows, "top": top, "talk": overview.reference.talk_share if overview.reference else None}


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _middle(overview: SessionOverview, line: int) -> float:
    return float(overview.timeline.starts[line] + overview.timeline.ends[line]) / 2


def _mark(overview: SessionOverview, line: int, column: int) -> dict[str, Any]:
    level = evidence(float(overview.tagged.probabilities[line, column]))
    title = full_title(overview.tagged.markers[column], overview.tagged.sets)
    return {
        "line": line + 1,
        "x": _percent(_middle(overview, line)),
        "level": int(level),
        "label": f"{title}, {overview.place(line)}, {wording.EVIDENCE[level]} evidence",
    }


def _marks(overview: SessionOverview, column: int) -> list[dict[str, Any]]:
    return [_mark(overview, line, column) for line in (overview.tagged.tags[:, column] == 1).nonzero()[0].tolist()]


def _area(overview: SessionOverview, column: int) -> str:
    """The density as a closed path in a box of 100 by 100."""
    density = overview.timeline.densities[:, column]
    if np.isnan(density).any():
        return ""
    top = max(20.0, float(np.nanmax(overview.timeline.densities)))
    xs = np.linspace(0, 100, len(density))
    points = "L".join(f"{x:.0f} {100 - 100 * y / top:.0f}" for x, y in zip(xs, density, strict=True))
    return f"M0 100L{points}L100 100z"


def _lanes(overview: SessionOverview) -> list[dict[str, Any]]:
    in_sets = of_sets(overview.tagged.sets)
    return [
        {"marker": marker, "marks": _marks(overview, column), "area": _area(overview, column)}
        for column, marker in enumerate(overview.tagged.markers)
        if not (overview.episodes_coded and marker.name in ("rupture", "repair")) and marker.name not in in_sets
    ]


def _strain(overview: SessionOverview) -> dict[str, Any] | None:
    """Ruptures above, repairs below, and what joins them."""
    if not overview.episodes_coded:
        return None
    names = [marker.name for marker in overview.tagged.markers]
    rupture, repair = names.index("rupture"), names.index("repair")
    timeline, last_line = overview.timeline, len(overview.tagged.session.utterances) - 1
    spans = []
    for number, episode in enumerate(overview.episodes, 1):
        first, last = episode.ruptures[0], episode.ruptures[-1]
        span = {
            "x": _percent(timeline.starts[first]),
            "width": _percent(timeline.ends[last] - timeline.starts[first]),
            "label": f"Rupture episode {number}, {overview.place(first)}, {wording.taken_up(overview, episode)}",
            "addressed": episode.addressed,
        }
        if episode.answered is None or episode.repair is None:
            span |= {
                "from": _percent(_middle(overview, last)),
                "to": _percent(_middle(overview, min(last + REACH, last_line))),
            }
        else:
            span |= {
                "from": _percent(_middle(overview, episode.answered)),
                "to": _percent(_middle(overview, episode.repair)),
            }
        spans.append(span)
    return {
        "spans": spans,
        "rupture": overview.tagged.markers[rupture],
        "repair": overview.tagged.markers[repair],
        "ruptures": _marks(overview, rupture),
        "repairs": _marks(overview, repair),
        "area": _area(overview, rupture),
        "reach": REACH,
    }


def _ribbon(overview: SessionOverview) -> dict[str, str]:
    """For each role the stretches in which it speaks, as a path in a box 1000 wide and 10 high."""
    paths: dict[str, list[str]] = {role: [] for role in SpeakerRole}
    begin = 0
    utterances = overview.tagged.session.utterances
    for line in range(1, len(utterances) + 1):
        if line == len(utterances) or utterances[line].speaker_role != utterances[begin].speaker_role:
            start, end = overview.timeline.starts[begin], overview.timeline.ends[line - 1]
            width = max(1000 * (end - start) - 0.6, 0.4)
            paths[utterances[begin].speaker_role].append(f"M{1000 * start:.1f} 0h{width:.1f}v10h-{width:.1f}z")
            begin = line
    return {str(role): "".join(parts) for role, parts in paths.items()}


def _hint(overview: SessionOverview, moment: Moment) -> dict[str, Any]:
    line = moment.focus[0]
    return {
        "number": overview.moments.index(moment) + 1,
        "marker": moment.marker,
        "title": wording.moment_title(overview, moment),
        "evidence": wording.EVIDENCE[evidence(moment.probability)],
        "place": overview.place(line),
        "text": wording.excerpt(overview.tagged.session.utterances[line].text, _HINT_CHARACTERS),
    }


def _moment(overview: SessionOverview, moment: Moment, printed: bool) -> dict[str, Any]:
    lines = []
    for before, line in zip((None, *moment.lines), moment.lines, strict=False):
        utterance = overview.tagged.session.utterances[line]
        in_focus = line in moment.focus
        lines.append({
            "number": line + 1,
            "who": wording.speaker_label(utterance.speaker_role, utterance.speaker),
            "role": utterance.speaker_role,
            "text": wording.excerpt(utterance.text, _FOCUS_CHARACTERS if in_focus else _CONTEXT_CHARACTERS),
            "focus": in_focus,
            "gap": 0 if before is None else line - before - 1,
        })  # fmt: skip
    return {
        "marker": moment.marker,
        "kind": moment.kind,
        "brief": printed,
        "title": wording.moment_title(overview, moment),
        "place": overview.place(moment.focus[0]),
        "line": moment.focus[0] + 1,
        "evidence": wording.EVIDENCE[evidence(moment.probability)],
        "lines": lines,
    }


def _speakers(overview: SessionOverview) -> list[tuple[str, str]]:
    """Roles that speak, with how to call them."""
    spoken = overview.summary.utterances
    return [(str(role), str(role).capitalize()) for role in SpeakerRole if spoken[role]]


def _lines(overview: SessionOverview) -> Iterator[dict[str, Any]]:
    episode_of_line: dict[int, int] = {}
    for number, episode in enumerate(overview.episodes, 1):
        last = episode.ruptures[-1] if episode.repair is None else max(episode.ruptures[-1], episode.repair)
        episode_of_line.update(dict.fromkeys(range(episode.ruptures[0], last + 1), number))
    of_marker = signs(overview.tagged.markers, overview.tagged.sets)
    for line, utterance in enumerate(overview.tagged.session.utterances):
        tags, spans = [], []
        for column, marker in enumerate(overview.tagged.markers):
            if overview.tagged.tags[line, column] != 1:
                continue
            probability = float(overview.tagged.probabilities[line, column])
            reasons = overview.tagged.reasons[line][column] if overview.tagged.reasons else ()
            found = carrying_words(utterance.text, reasons)
            spans += [(start, end, of_marker[marker.name].style) for start, end in found]
            shown = {utterance.text[start:end].casefold(): utterance.text[start:end] for start, end in reversed(found)}
            words = " · ".join(f"“{words}”" for words in reversed(shown.values()))
            level = int(evidence(probability))
            tags.append(_Tag(marker, level, round(100 * probability), words, other_reasons(reasons)))
        yield {
            "number": line + 1,
            "x": _percent(float(overview.timeline.starts[line])).rstrip("%"),
            "time": overview.place(line) if overview.timeline.timed else "",
            "who": wording.speaker_label(utterance.speaker_role, utterance.speaker),
            "role": utterance.speaker_role,
            "pieces": _pieces(utterance.text, spans),
            "tags": tags,
            "episode": episode_of_line.get(line),
            "opens": episode_of_line.get(line) != episode_of_line.get(line - 1),
        }


def _pieces(text: str, spans: Sequence[tuple[int, int, int]]) -> list[_Piece]:
    """The text cut wherever the words of a marker begin or end."""
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return [
        _Piece(text[start:end], sorted({style for first, last, style in spans if first <= start and end <= last}))
        for start, end in pairwise(edges)
    ]
