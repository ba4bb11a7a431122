"""Figures for a paper: a session's timeline and its summary, by matplotlib (``pip install alliance-nlp[figures]``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alliance_nlp.errors import UsageError
from alliance_nlp.evidence import Evidence, evidence
from alliance_nlp.overview import SessionOverview
from alliance_nlp.reports.marks import signs
from alliance_nlp.reports.sets import full_title
from alliance_nlp.transcript import SpeakerRole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = ("#0b6fb0", "#0a7552", "#94458e", "#b84300", "#3b4557", "#775f00", "#a8324a", "#4b5fc1")
"""Those of ``page.css``, in its order."""
_FLASH = ((1.5, 6.5), (-4.5, -1), (-0.5, -1), (-2, -6.5), (4.5, 1.5), (0.5, 1.5), (3.5, 6.5), (1.5, 6.5))
_SHAPES = ("o", "s", "^", _FLASH, "P", "D", "v", "h")
_ROLE_COLOURS = {SpeakerRole.THERAPIST: "#46618c", SpeakerRole.CLIENT: "#7d6745", SpeakerRole.OTHER: "#737a86"}
_WIDTH = 7.2
_DPI = 300


def require_matplotlib() -> None:
    """Raise a `UsageError` where the library is not installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise UsageError("figures need matplotlib: pip install 'alliance-nlp[figures]'") from error


def write_figures(overview: SessionOverview, folder: Path, stem: str) -> list[Path]:
    """Write ``<stem>-timeline`` and ``<stem>-summary`` as SVG and PNG; the same session gives the same bytes.

    Raises
    ------
    UsageError
        Where matplotlib is not installed.
    """
    require_matplotlib()
    import matplotlib

    written = []
    with matplotlib.rc_context({
        "svg.fonttype": "none", "svg.hashsalt": "alliance_nlp", "font.size": 8, "axes.spines.top": False,
        "axes.spines.right": False,
    }):  # fmt: skip
        for name, figure in (("timeline", _timeline(overview)), ("summary", _summary(overview))):
            for suffix, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
                path = folder / f"{stem}-{name}.{suffix}"
                figure.savefig(path, dpi=_DPI, metadata=metadata, bbox_inches="tight")
                written.append(path)
    return written


def _figure(height: float, rows: int, ratios: list[float]) -> tuple[Figure, list[Axes]]:
    # Figure itself, not pyplot, which would keep every figure and look for a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": ratios})
    return figure, list(axes[:, 0])


def _timeline(overview: SessionOverview) -> Figure:
    markers, timeline = overview.tagged.markers, overview.timeline
    figure, axes = _figure(0.7 + 0.62 * len(markers), len(markers) + 1, [0.7, *[1.0] * len(markers)])
    talk, *lanes = axes
    for line, utterance in enumerate(overview.tagged.session.utterances):
        start, width = timeline.starts[line], timeline.ends[line] - timeline.starts[line]
        bottom = 0.0 if utterance.speaker_role == SpeakerRole.CLIENT else 0.5
        talk.broken_barh([(start, width)], (bottom, 0.42), color=_ROLE_COLOURS[utterance.speaker_role])
    talk.set_yticks([0.21, 0.71], ["client", "therapist"])
    middles = (timeline.starts + timeline.ends) / 2
    of_marker = signs(markers, overview.tagged.sets)
    places = np.linspace(0, 1, len(timeline.densities))
    top = max(20.0, float(np.nanmax(timeline.densities, initial=0)))
    for column, (marker, lane) in enumerate(zip(markers, lanes, strict=True)):
        style = of_marker[marker.name].style
        lane.fill_between(places, timeline.densities[:, column], color=_COLOURS[style], alpha=0.18, linewidth=0)
        lines = (overview.tagged.tags[:, column] == 1).nonzero()[0]
        clear = np.array([
            evidence(float(overview.tagged.probabilities[line, column])) > Evidence.SLIGHT for line in lines
        ], dtype=bool)  # fmt: skip
        for of_kind, fill in ((lines[clear], _COLOURS[style]), (lines[~clear], "white")):
            lane.plot(
                middles[of_kind], np.full(len(of_kind), 0.5 * top), linestyle="none", marker=_SHAPES[style],
                markersize=6, markerfacecolor=fill, markeredgecolor=_COLOURS[style], markeredgewidth=0.9,
            )  # fmt: skip
        lane.set_ylim(0, top)
        lane.set_ylabel(full_title(marker, overview.tagged.sets), rotation=0, ha="right", va="center")
    if overview.episodes_coded:
        names = [marker.name for marker in markers]
        _episodes(overview, lanes[names.index("rupture")], lanes[names.index("repair")], 0.5 * top)
    figure.supylabel("expected per 100 utterances nearby", fontsize=7)
    for axis in axes:
        axis.set_xlim(0, 1)
        axis.tick_params(length=2)
    lanes[-1].set_xticks([x for x, _ in timeline.ticks], [label for _, label in timeline.ticks])
    return figure


def _episodes(overview: SessionOverview, lane: Axes, repairs: Axes, height: float) -> None:
    """Episodes as boxes, and an arrow from the rupture to the repair that took it up."""
    from matplotlib.patches import ConnectionPatch

    middles = (overview.timeline.starts + overview.timeline.ends) / 2
    for episode in overview.episodes:
        first, last = episode.ruptures[0], episode.ruptures[-1]
        start, end = overview.timeline.starts[first], overview.timeline.ends[last]
        lane.axvspan(
            start, end, ymin=0.2, ymax=0.8, facecolor=_COLOURS[3] + "1a", edgecolor=_COLOURS[3],
            linestyle="-" if episode.addressed else "--", linewidth=0.9,
        )  # fmt: skip
        if episode.answered is not None and episode.repair is not None:
            arrow = ConnectionPatch(
                (middles[episode.answered], height), (middles[episode.repair], height),
                lane.transData, repairs.transData, arrowstyle="->", color=_COLOURS[4],
                linewidth=0.9, shrinkA=4, shrinkB=4,
            )  # fmt: skip
            arrow.set_in_layout(False)
            repairs.figure.add_artist(arrow)


def _summary(overview: SessionOverview) -> Figure:
    markers = overview.tagged.markers
    figure, (axis,) = _figure(0.6 + 0.34 * len(markers), 1, [1.0])
    of_marker = signs(markers, overview.tagged.sets)
    ranges = overview.reference.rates if overview.reference else {}
    for row, (marker, figures) in enumerate(zip(markers, overview.summary.markers, strict=True)):
        if marker.name in ranges:
            beside = ranges[marker.name]
            axis.barh(row, beside.high - beside.low, left=beside.low, height=0.6, color="#d9dbe0")
            axis.plot([beside.median] * 2, [row - 0.3, row + 0.3], color="#737a86", linewidth=1.2)
        if figures.rate is not None and figures.rate_interval is not None:
            style = of_marker[marker.name].style
            axis.plot(figures.rate_interval, [row, row], color=_COLOURS[style], linewidth=1.5)
            axis.plot(figures.rate, row, marker=_SHAPES[style], color=_COLOURS[style], markersize=6, clip_on=False)
    axis.set_yticks(range(len(markers)), [full_title(marker, overview.tagged.sets) for marker in markers])
    axis.invert_yaxis()
    axis.set_xlim(left=0)
    axis.set_xlabel("per 100 utterances of the speaker, with 95 % interval")
    return figure
