"""The caseload page: many sessions over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alliance_nlp.caseload import MIN_SESSIONS, CaseGroup, CaseSession, Trend
from alliance_nlp.codebook import CodeSet
from alliance_nlp.reports import wording
from alliance_nlp.reports._html import page
from alliance_nlp.reports.marks import signs
from alliance_nlp.reports.sets import full_title, of_sets
from alliance_nlp.session_info import SessionOrder
from alliance_nlp.stored_results import Run
from alliance_nlp.summary import MarkerSummary, wilson_interval
from alliance_nlp.transcript import SpeakerRole

_SCALE_STEPS = (10, 20, 30, 40, 50, 60, 80, 100)
_FEW_SESSIONS = 12
"""So many have room for all of their whiskers."""
_MOST_DOTS_AS_SIGNS = 40
_MOST_WHISKERS = 60
"""More would run into each other."""


def caseload_page(
    groups: Sequence[CaseGroup], columns: Sequence[str], order: SessionOrder, run: Run, page_of: Mapping[str, str]
) -> str:
    """The page of a caseload.

    Parameters
    ----------
    groups : sequence of CaseGroup
        Of one therapist or client each.
    columns : sequence of str
        What they are grouped by.
    order : SessionOrder
        What the sessions' order goes by, and whether it is one in time.
    run : Run
        What tagged them.
    page_of : mapping of str to str
        File of each session's page, by session id.

    Returns
    -------
    str
        HTML that needs no other file but the session pages it links to.
    """
    sessions = [session for group in groups for session in group.sessions]
    tops = _tops(groups)
    return page(
        "caseload.html",
        ("caseload.js",),
        signs=signs(run.markers, run.sets),
        of_set=of_sets(run.sets),
        run=run,
        markers=run.markers,
        columns_of_marks=_columns_of_marks(run),
        columns=columns,
        values={column: sorted({group.name[column] for group in groups}) for column in columns},
        groups=[_group(group, run, tops, page_of) for group in groups],
        rows=[_row(session, group, columns, page_of, run) for group in groups for session in group.sessions],
        dated=any(session.when for session in sessions),
        order=order,
        without_order=wording.WITHOUT_ORDER,
        episodes_coded=sessions[0].summary.episodes_coded,
        therapist=SpeakerRole.THERAPIST,
        counts={
            "sessions": len(sessions),
            "episodes": sum(len(session.summary.episodes) for session in sessions),
            "addressed": sum(session.summary.addressed for session in sessions),
        },
        limits=(*(wording.TREND_LIMITS if order.known else wording.TREND_LIMITS[1:]), *wording.LIMITS[:4]),
        of_a_hundred=wording.of_a_hundred,
        trained_on=wording.trained_on(run),
    )


def _tops(groups: Sequence[CaseGroup]) -> dict[str, int]:
    """The upper end of each marker's scale, the same in every group so that groups can be compared.

    It holds all rates and the lines of the trends, and of few sessions all whiskers.
    """
    sessions = [session for group in groups for session in group.sessions]
    tops = {}
    for column, marker in enumerate(sessions[0].summary.markers):
        of_marker = [session.summary.markers[column] for session in sessions]
        rates = [figures.rate or 0 for figures in of_marker]
        limits = sorted(figures.rate_interval[1] for figures in of_marker if figures.rate_interval)
        trends = [trend for group in groups if (trend := group.trends[marker.name])]
        lines = [100 * end for trend in trends for end in (trend.fitted[0], trend.fitted[-1])]
        # Among many, a few short sessions with wide intervals must not press all others to the ground.
        held = 1 if len(sessions) <= _FEW_SESSIONS else 0.8
        highest = max(1.15 * max(rates), *lines, limits[int(held * (len(limits) - 1))] if limits else 0)
        tops[marker.name] = next((step for step in _SCALE_STEPS if step >= highest), 100)
    return tops


def _group(group: CaseGroup, run: Run, tops: Mapping[str, int], page_of: Mapping[str, str]) -> dict[str, Any]:
    charts = []
    levels = _levels(run)
    for column, marker in enumerate(run.markers):
        if marker.name in levels:
            continue
        of_marker = [session.summary.markers[column] for session in group.sessions]
        charts.append(
            _chart(
                group, page_of, marker.name, full_title(marker, run.sets),
                f"per 100 lines of the {marker.role}", tops[marker.name],
                [figures.rate for figures in of_marker], [figures.rate_interval for figures in of_marker],
            )
        )  # fmt: skip
    charts += [_level_chart(group, page_of, code_set) for code_set in run.sets if code_set.ordered]
    summaries = [session.summary for session in group.sessions]
    if summaries[0].episodes_coded:
        charts.append(_episodes_chart(group, page_of))
    shares = [summary.talk_share[SpeakerRole.THERAPIST] for summary in summaries]
    charts.append(
        _chart(
            group, page_of, "talk_share", "Therapist talks", "% of the words", 100,
            [None if share is None else 100 * share for share in shares], [None] * len(shares),
        )
    )  # fmt: skip
    return {
        "name": group.name,
        "title": ", ".join(
            f"{column[:1].upper()}{column[1:]}: {value or 'not given'}" for column, value in group.name.items()
        ),
        "min_sessions": MIN_SESSIONS,
        "most_whiskers": _MOST_WHISKERS,
        "sessions": len(group.sessions),
        "episodes": sum(len(summary.episodes) for summary in summaries),
        "addressed": sum(summary.addressed for summary in summaries),
        "charts": charts,
    }


def _chart(
    group: CaseGroup,
    page_of: Mapping[str, str],
    name: str,
    title: str,
    unit: str,
    top: int,
    values: Sequence[float | None],
    intervals: Sequence[tuple[float, float] | None],
) -> dict[str, Any]:
    trend = group.trends[name]
    if len(group.sessions) > _MOST_WHISKERS:
        whiskers: Sequence[tuple[float, float] | None] = [None] * len(intervals)
    else:
        whiskers = intervals
    points = [
        {
            "x": f"{_x(place, len(values)):.2f}%",
            "y": f"{_y(value, top):.1f}%",
            "low": None if whisker is None else f"{_y(whisker[0], top):.1f}%",
            "high": None if whisker is None else f"{_y(min(whisker[1], top), top):.1f}%",
            "cut": whisker is not None and whisker[1] > top,
            "page": page_of.get(session.summary.session_id),
            "label": f"{_called(session)}: {value:.0f}{_bracketed(interval)} {unit}",
        }
        for place, (session, value, interval, whisker) in enumerate(
            zip(group.sessions, values, intervals, whiskers, strict=True)
        )
        if value is not None
    ]
    return {
        "kind": "points",
        "name": name,
        "title": title,
        "unit": unit,
        "top": top,
        "bottom": 0,
        "points": points,
        "small": len(points) > _MOST_DOTS_AS_SIGNS,
        "band": _band(trend, top),
        "line": _line(trend, top),
        "words": " ".join(filter(None, [_trend_words(trend, group), _cut_words(trend, whiskers, top)])),
        "ends": _ends(group),
    }


def _levels(run: Run) -> dict[str, CodeSet]:
    """The levels of ordered sets, whose mean is shown in their place."""
    return {name: code_set for code_set in run.sets if code_set.ordered for name in code_set.code_names}


def _level_chart(group: CaseGroup, page_of: Mapping[str, str], code_set: CodeSet) -> dict[str, Any]:
    """The mean level of each session, from the lowest to the highest level."""
    highest = code_set.lowest + len(code_set.codes) - 1
    points = []
    for place, session in enumerate(group.sessions):
        mean = next(level.mean for level in session.summary.levels if level.name == code_set.name)
        if mean is not None:
            points.append({
                "x": f"{_x(place, len(group.sessions)):.2f}%",
                "y": f"{_y(mean - code_set.lowest, len(code_set.codes) - 1):.1f}%",
                "low": None,
                "high": None,
                "page": page_of.get(session.summary.session_id),
                "label": f"{_called(session)}: mean level {mean:.1f} of {code_set.lowest} to {highest}",
            })  # fmt: skip
    return {
        "kind": "points", "name": code_set.name, "title": code_set.title, "unit": f"mean level of the {code_set.role}",
        "top": highest, "bottom": code_set.lowest, "points": points, "small": len(points) > _MOST_DOTS_AS_SIGNS,
        "band": "", "line": "", "words": "", "ends": _ends(group),
    }  # fmt: skip


def _columns_of_marks(run: Run) -> list[tuple[str, str]]:
    """Name and heading of the table's columns of marks: markers and codes, and of levels their mean."""
    levels = _levels(run)
    columns = [(marker.name, marker.title) for marker in run.markers if marker.name not in levels]
    return columns + [(entry.name, f"{entry.title}: mean") for entry in run.sets if entry.ordered]


def _episodes_chart(group: CaseGroup, page_of: Mapping[str, str]) -> dict[str, Any]:
    """Episodes of each session as a column, those taken up below and filled."""
    small = len(group.sessions) > _MOST_DOTS_AS_SIGNS
    most = max(4, *(len(session.summary.episodes) for session in group.sessions))
    width = 100 / len(group.sessions)
    bars = []
    for place, session in enumerate(group.sessions):
        episodes, addressed = len(session.summary.episodes), session.summary.addressed
        bars.append({
            "x": f"{(place + 0.15) * width:.2f}%",
            "width": f"{0.7 * width:.2f}%",
            "addressed_y": f"{100 - 100 * addressed / most:.1f}%",
            "addressed": f"{100 * addressed / most:.1f}%",
            "open_y": f"{100 - 100 * episodes / most:.1f}%",
            "open": f"{100 * (episodes - addressed) / most:.1f}%",
            "page": page_of.get(session.summary.session_id),
            "label": f"{_called(session)}: {addressed} of {episodes} episodes taken up",
        })  # fmt: skip
    total = sum(len(session.summary.episodes) for session in group.sessions)
    addressed = sum(session.summary.addressed for session in group.sessions)
    if total:
        low, high = wilson_interval(addressed, total)
        all_in_all = (
            f"{addressed} of {total} taken up, {100 * addressed / total:.0f} % ({100 * low:.0f}–{100 * high:.0f})."
        )
    else:
        all_in_all = "None."
    trend = group.trends["taken_up"]
    return {
        "kind": "bars", "name": "episodes", "title": "Rupture episodes",
        # So thin that no outline has room, they differ in how dark they are.
        "unit": "dark: taken up" if small else "filled: taken up",
        "top": most, "bottom": 0, "small": small, "bars": bars,
        "words": f"{all_in_all} {_trend_words(trend, group, 'Share taken up, in %') if total else ''}",
        "ends": _ends(group),
    }  # fmt: skip


def _ends(group: CaseGroup) -> tuple[str, str]:
    first, last = group.sessions[0], group.sessions[-1]
    if len(group.sessions) == 1 or not group.order_known:
        return "", ""
    if first.when and last.when:
        return first.when.isoformat(), last.when.isoformat()
    return "first", "last"


def _called(session: CaseSession) -> str:
    day = f", {session.when.isoformat()}" if session.when else ""
    return f"{session.summary.session_id}{day}"


def _bracketed(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" ({interval[0]:.0f}–{interval[1]:.0f})"


def _x(place: int, sessions: int) -> float:
    return 100 * (place + 0.5) / sessions


def _y(value: float, top: float) -> float:
    return 100 - 100 * value / top


def _band(trend: Trend | None, top: float) -> str:
    """The trend's interval as a closed path in a box of 100 by 100."""
    if trend is None:
        return ""
    n = len(trend.fitted)
    upper = [(_x(place, n), _y(min(100 * value, top), top)) for place, value in enumerate(trend.high)]
    lower = [(_x(place, n), _y(min(100 * value, top), top)) for place, value in enumerate(trend.low)]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in (*upper, *reversed(lower))) + "z"


def _line(trend: Trend | None, top: float) -> str:
    if trend is None:
        return ""
    n = len(trend.fitted)
    return "M" + "L".join(f"{_x(place, n):.2f} {_y(100 * value, top):.2f}" for place, value in enumerate(trend.fitted))


def _cut_words(trend: Trend | None, whiskers: Sequence[tuple[float, float] | None], top: float) -> str:
    """What goes on beyond the axis, where something does."""
    cut = any(whisker is not None and whisker[1] > top for whisker in whiskers)
    band = trend is not None and 100 * max(trend.high) > top
    if cut:
        return f"Arrow heads: whiskers that go on beyond {top:.0f}{', as the band does' if band else ''}."
    return f"The band goes on beyond {top:.0f}." if band else ""


def _trend_words(trend: Trend | None, group: CaseGroup, what: str = "") -> str:
    if trend is None:
        # Of a small group, and of sessions without an order, the heading says it once.
        return "Too little for a trend." if group.order_known and len(group.sessions) >= MIN_SESSIONS else ""
    direction = {1: "rising", -1: "falling", 0: "no clear change"}[trend.direction]
    first, last = 100 * trend.fitted[0], 100 * trend.fitted[-1]
    begin = f"{what}, {direction}" if what else direction.capitalize()
    # The ends of a fitted line, which no session need have had.
    return f"{begin}; the fitted line runs from {first:.0f} to {last:.0f}."


def _row(
    session: CaseSession, group: CaseGroup, columns: Sequence[str], page_of: Mapping[str, str], run: Run
) -> dict[str, Any]:
    summary, levels = session.summary, _levels(run)
    share = summary.talk_share[SpeakerRole.THERAPIST]
    return {
        "session_id": summary.session_id,
        "page": page_of.get(summary.session_id),
        "when": session.when.isoformat() if session.when else "",
        "group": [group.name[column] for column in columns],
        "lines": sum(summary.utterances.values()),
        "share": None if share is None else round(100 * share),
        "markers": [_marker_cell(figures) for figures in summary.markers if figures.name not in levels],
        "levels": [level.mean for level in summary.levels],
        "episodes": len(summary.episodes),
        "addressed": summary.addressed,
        "unaddressed": len(summary.episodes) - summary.addressed,
    }


def _marker_cell(figures: MarkerSummary) -> dict[str, Any]:
    return {"count": figures.count, "rate": None if figures.rate is None else round(figures.rate)}
