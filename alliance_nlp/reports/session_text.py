"""A session's report for the terminal, for a document, and for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alliance_nlp.evidence import evidence
from alliance_nlp.overview import SessionOverview
from alliance_nlp.reports import wording
from alliance_nlp.reports.sets import full_title
from alliance_nlp.reports.terminal import printable
from alliance_nlp.summary import MarkerSummary
from alliance_nlp.transcript import SpeakerRole

_EXCERPT = 200
_BESIDE = "Other sessions"
_COLUMNS = ("mark", "lines", "per 100 [95 %]", _BESIDE.lower(), "right, of 100", "found, of 100")


def session_text(overview: SessionOverview, out: Console) -> None:
    """Print a session's report."""
    out.print(Text(printable(overview.summary.session_id), style="bold"))
    out.print(Text(f"{wording.headline(overview)} {wording.talk(overview)}"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column == "mark" else "right")
    for row in _rows(overview):
        table.add_row(*map(Text, row))
    out.print(table)
    for moment in overview.moments:
        out.print(
            Text.assemble(
                (wording.moment_title(overview, moment), "bold"),
                f", {overview.place(moment.focus[0])}, {wording.EVIDENCE[evidence(moment.probability)]} evidence",
            )
        )
        for line in moment.lines:
            text = Text(printable(_line(overview, line)), style="" if line in moment.focus else "dim")
            out.print(Padding(text, (0, 0, 0, 4), expand=False))
    out.print()
    for note in (
        wording.reference_words(overview.reference, _BESIDE), wording.MEASURED, wording.trained_on(overview.run),
        overview.run.notice,
    ):  # fmt: skip
        out.print(Text(note, style="dim"))


def session_markdown(overview: SessionOverview) -> str:
    """A session's report as Markdown, to paste into a document."""
    parts = [
        f"# {_md(overview.summary.session_id)}",
        f"**{wording.headline(overview)}** {wording.talk(overview)}",
        f"Marked by a program, not by a person. {overview.run.notice}".strip(),
        "## At a glance",
        "\n".join([
            f"| {' | '.join(_COLUMNS)} |",
            f"|{'---|' * len(_COLUMNS)}",
            *(f"| {' | '.join(row)} |" for row in _rows(overview)),
        ]),
        f"{wording.reference_words(overview.reference, _BESIDE)} {wording.MEASURED}",
        "## What to talk about",
    ]  # fmt: skip
    for moment in overview.moments:
        strength = wording.EVIDENCE[evidence(moment.probability)]
        parts.append(
            f"### {wording.moment_title(overview, moment)}, {overview.place(moment.focus[0])} ({strength} evidence)"
        )
        lines = {place: _md(_line(overview, place)) for place in moment.lines}
        parts.append(
            "\n>\n".join(f"> **{line}**" if place in moment.focus else f"> {line}" for place, line in lines.items())
        )
    if not overview.moments:
        parts.append("Nothing stands out in the marks of this session.")
    parts += [
        "## How sure is this?",
        f"{wording.trained_on(overview.run)}",
        "\n".join(f"- {limit}" for limit in wording.LIMITS),
    ]
    return "\n\n".join(parts) + "\n"


def session_data(overview: SessionOverview) -> dict[str, Any]:
    """A session's report as plain data."""
    utterances = overview.tagged.session.utterances
    ranges = overview.reference.rates if overview.reference else {}
    return {
        "session_id": overview.summary.session_id,
        "headline": wording.headline(overview),
        "utterances": {str(role): number for role, number in overview.summary.utterances.items()},
        "talk_share": {str(role): share for role, share in overview.summary.talk_share.items()},
        "markers": [
            {
                "name": figures.name,
                "count": figures.count,
                "rate": figures.rate,
                "rate_interval": figures.rate_interval,
                "expected": figures.expected,
                "reference": asdict(ranges[figures.name]) if figures.name in ranges else None,
                "measured": _measured(overview, figures.name),
            }
            for figures in overview.summary.markers
        ],
        "levels": [asdict(level) for level in overview.summary.levels],
        "episodes": [
            {
                "ruptures": [utterances[place].utterance_id for place in episode.ruptures],
                "addressed": episode.addressed,
                "repair": None if episode.repair is None else utterances[episode.repair].utterance_id,
            }
            for episode in overview.episodes
        ]
        if overview.episodes_coded
        else None,
        "moments": [
            {
                "kind": str(moment.kind),
                "marker": moment.marker,
                "place": overview.place(moment.focus[0]),
                "probability": moment.probability,
                "focus": [utterances[place].utterance_id for place in moment.focus],
                "lines": [
                    {
                        "utterance_id": utterances[place].utterance_id,
                        "speaker_role": str(utterances[place].speaker_role),
                        "text": utterances[place].text,
                    }
                    for place in moment.lines
                ],
            }
            for moment in overview.moments
        ],
        "notice": overview.run.notice,
    }


def _measured(overview: SessionOverview, name: str) -> dict[str, Any] | None:
    measured = overview.run.measured.get(name)
    if measured is None:
        return None
    return {
        part: None if estimate is None else {"value": estimate.value, "low": estimate.low, "high": estimate.high}
        for part, estimate in (("precision", measured.precision), ("recall", measured.recall))
    }


def _rows(overview: SessionOverview) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    ranges = overview.reference.rates if overview.reference else {}
    for marker, figures in zip(overview.tagged.markers, overview.summary.markers, strict=True):
        beside = ranges.get(marker.name)
        measured = overview.run.measured.get(marker.name)
        rows.append((
            full_title(marker, overview.tagged.sets),
            str(figures.count),
            _rate(figures),
            f"{beside.low:.0f}–{beside.high:.0f}" if beside else "–",
            wording.of_a_hundred(measured.precision).replace(" of 100", "") if measured else "–",
            wording.of_a_hundred(measured.recall).replace(" of 100", "") if measured else "–",
        ))  # fmt: skip
    return rows


def _rate(figures: MarkerSummary) -> str:
    if figures.rate is None or figures.rate_interval is None:
        return "–"
    return f"{figures.rate:.0f} [{figures.rate_interval[0]:.0f}–{figures.rate_interval[1]:.0f}]"


def _line(overview: SessionOverview, place: int) -> str:
    utterance = overview.tagged.session.utterances[place]
    who = wording.speaker_label(SpeakerRole(utterance.speaker_role), utterance.speaker)
    return f"{overview.place(place)} {who}: {wording.excerpt(utterance.text, _EXCERPT)}"


def _md(text: str) -> str:
    """With what Markdown or HTML would take for its own made plain."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|&~" else letter for letter in printable(text))
