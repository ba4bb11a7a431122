"""Agreement and consensus as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_nlp.reports.terminal import printable, table_with_room

if TYPE_CHECKING:
    from alliance_nlp.agreement import Agreement, Figure
    from alliance_nlp.coder_agreement import Coded
    from alliance_nlp.consensus import Consensus

_FIGURES = {
    "prevalence": "preva-\nlence",
    "raw_agreement": "raw\nagreem.",
    "cohen_kappa": "Cohen\nκ",
    "cohen_kappa_linear": "κ\nlinear",
    "cohen_kappa_quadratic": "κ\nquadr.",
    "fleiss_kappa": "Fleiss\nκ",
    "krippendorff_alpha": "Kripp.\nα",
    "gwet_ac1": "Gwet\nAC1",
    "gwet_ac2_linear": "AC2\nlinear",
    "gwet_ac2_quadratic": "AC2\nquadr.",
    "positive_agreement": "posit.\nagreem.",
    "negative_agreement": "negat.\nagreem.",
    "icc_single": "ICC\n(2,1)",
    "icc_average": "ICC\n(2,k)",
}
_FIRST_TO_GO = (
    "icc_average", "fleiss_kappa", "gwet_ac2_linear", "cohen_kappa_linear", "negative_agreement", "prevalence",
    "gwet_ac1", "raw_agreement", "gwet_ac2_quadratic",
)  # fmt: skip
_MOST_NAMED = 5


def agreement_table(rows: Sequence[Agreement], title: str, out: Console, of_pairs: bool = False) -> None:
    """Print a row for each marker or, with `of_pairs`, for each marker and two coders, and below why gaps are there."""
    known = [name for name in _FIGURES if any(name in row.figures for row in rows)]
    table, names = table_with_room(lambda shown: _table(rows, title, shown, of_pairs), known, _FIRST_TO_GO, out)
    out.print(table)
    for note, where in _notes(rows, names, of_pairs).items():
        out.print(Text(f"{printable('; '.join(where))}: {note}."))
    for row in rows:
        if not row.has_marker_levels and not of_pairs:
            values = printable(", ".join(row.levels))
            out.print(Text(f"{printable(row.marker)}: {row.scale} scale; values {values}.", style="dim"))
    unseen = [one_line(_FIGURES[name]) for name in known if name not in names]
    unseen += ["prevalence, agreement and ICC of each value"] if any(not row.has_marker_levels for row in rows) else []
    if unseen:
        out.print(Text(f"In --csv and --json only: {', '.join(unseen)}.", style="dim"))


def coverage_lines(coded: Mapping[str, Coded]) -> list[str]:
    """What each coder coded, and of which sessions nothing, where they did not code the same."""
    every = list(dict.fromkeys(name for about in coded.values() for name in about.sessions))
    if len({(about.utterances, frozenset(about.sessions)) for about in coded.values()}) < 2:
        return []
    lines = []
    for coder, about in coded.items():
        absent = [name for name in every if name not in set(about.sessions)]
        without = f"; nothing of {', '.join(absent[:_MOST_NAMED])}" if absent else ""
        more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        lines.append(
            f"{coder} coded {about.utterances:,} utterances of {len(about.sessions):,} of {len(every):,} sessions"
            f"{without}{more}."
        )
    return lines


def _table(rows: Sequence[Agreement], title: str, names: Sequence[str], of_pairs: bool) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("marker", overflow="fold")
    if of_pairs:
        table.add_column("coders", overflow="fold")
    table.add_column("utter-\nances", justify="right", no_wrap=True)
    for name in names:
        table.add_column(_FIGURES[name], justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            Text(printable(row.marker)),
            *([Text(printable(", ".join(row.coders)))] if of_pairs else []),
            f"{row.utterances:,}",
            *(figure_cell(row.figures.get(name)) for name in names),
        )
    return table


def one_line(heading: str) -> str:
    """A heading that a table breaks, in one line again."""
    return heading.replace("-\n", "").replace("\n", " ")


def figure_cell(figure: Figure | None) -> Text:
    """A figure over its interval."""
    if figure is None:
        return Text("")
    if figure.value is None:
        return Text("undef.")
    if figure.low is None or figure.high is None:
        return Text(short_number(figure.value))
    return Text(f"{short_number(figure.value)}\n") + Text(
        f"{short_number(figure.low)}–{short_number(figure.high)}", style="dim"
    )


def short_number(number: float) -> str:
    """Two digits, without the zero before the point, as the field prints coefficients."""
    text = f"{number + 0.0:.2f}".replace("-0.00", "0.00")
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _notes(rows: Iterable[Agreement], names: Sequence[str], of_pairs: bool) -> Mapping[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for row in rows:
        by_note: dict[str, list[str]] = {}
        for name in names:
            figure = row.figures.get(name)
            if figure and figure.note:
                by_note.setdefault(figure.note, []).append(one_line(_FIGURES[name]))
        for note, headings in by_note.items():
            who = f"{row.marker} ({', '.join(row.coders)})" if of_pairs else row.marker
            where = who if len(headings) == len(names) else f"{who}: {', '.join(headings)}"
            notes.setdefault(note, []).append(where)
    return notes


def consensus_table(settled: Sequence[Consensus], out: Console) -> None:
    """Print how many utterances were agreed, settled and left open, and the errors that Dawid and Skene estimate."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("marker", "utterances", "agreed", "settled", "left open"):
        table.add_column(heading, justify="left" if heading == "marker" else "right")
    for item in settled:
        numbers = (len(item.codes), item.utterances_agreed, item.utterances_settled, item.utterances_open)
        table.add_row(Text(printable(item.ratings.marker)), *(f"{number:,}" for number in numbers))
    out.print(table)
    estimated = [item for item in settled if item.estimate]
    if estimated:
        _errors_table(estimated, out)


def _errors_table(settled: Sequence[Consensus], out: Console) -> None:
    table = Table(
        title="Estimated by Dawid and Skene: how often a coder gives a level where it is true",
        title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("marker", overflow="fold")
    table.add_column("level", overflow="fold")
    table.add_column("preva-\nlence", justify="right")
    coders = list(dict.fromkeys(coder for item in settled for coder in item.ratings.coders))
    for coder in coders:
        table.add_column(Text(printable(coder)), justify="right")
    for item in settled:
        assert item.estimate
        of_coder = dict(zip(item.ratings.coders, item.estimate.confusion, strict=True))
        for place, level in reversed(list(enumerate(item.ratings.levels))):
            meaning = {"1": " (sensitivity)", "0": " (specificity)"}.get(level, "") if item.ratings.is_marker else ""
            table.add_row(
                Text(printable(item.ratings.marker)),
                Text(printable(level) + meaning),
                f"{item.estimate.prevalence[place]:.1%}",
                *(short_number(of_coder[coder][place, place]) if coder in of_coder else "–" for coder in coders),
            )
    out.print(table)
    for item in settled:
        if item.estimate and not item.estimate.converged:
            out.print(Text(f"{printable(item.ratings.marker)}: the estimates had not settled; do not rely on them."))
