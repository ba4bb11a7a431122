"""Tables for the terminal, by rich."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_nlp.agreement import Figure
from alliance_nlp.episodes import episodes_coded
from alliance_nlp.set_scoring import SET_FIGURES
from alliance_nlp.transcript import SpeakerRole

if TYPE_CHECKING:
    from alliance_nlp.codebook import Codebook, CodeSet, Marker
    from alliance_nlp.evaluation import Estimate, MarkerFigures
    from alliance_nlp.summary import MarkerSummary, SessionSummary

_WIDTH_OF_A_FILE = 150
_ROOM_FOR_INTERVALS = 140
_UNBOUNDED = 1000
_OF_TRAINING = (
    "coded 1", "of", "prevalence", "clients", "AUC", "κ", "F1", "precision", "recall", "threshold",
)  # fmt: skip
_FIRST_TO_GO = ("clients", "of", "precision", "recall", "prevalence", "F1")
_NARROW_HEADING = 7
_WIDTH_OF_A_SET = 20
_CODES_SHOWN = 3


class _Output(Console):
    def on_broken_pipe(self) -> None:
        # Left to the command line, which knows that it is no error when `head` has seen enough.
        raise BrokenPipeError


def console() -> Console:
    """Standard output; as wide as a table needs where that is a file or a pipe."""
    return _Output(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)


def session_table(
    summaries: Sequence[SessionSummary], markers: Sequence[Marker], out: Console, sets: Sequence[CodeSet] = ()
) -> None:
    """Print a row per session: talk, markers with rates and, where there is room, intervals, sets, episodes.

    Where episodes are not coded nothing is said of them: zeros would read as if they had been looked for.
    """
    with_episodes = episodes_coded(marker.name for marker in markers)
    wide = out.width >= _ROOM_FOR_INTERVALS + _WIDTH_OF_A_SET * len(sets)
    in_sets = {name for code_set in sets for name in code_set.code_names}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("session", overflow="fold")
    table.add_column("utterances" if wide else "utt.", justify="right", no_wrap=True)
    table.add_column("therapist\ntalks" if wide else "T\ntalks", justify="right", no_wrap=True)
    for marker in markers:
        if marker.name not in in_sets:
            title = marker.title.lower()
            table.add_column(title if wide else _broken(title), justify="right", no_wrap=True)
    for code_set in sets:
        table.add_column(code_set.title.lower(), justify="right", overflow="fold")
    if with_episodes:
        table.add_column("rupture episodes\n(taken up)" if wide else "epi-\nsodes", justify="right", no_wrap=True)
    for summary in summaries:
        share = summary.talk_share[SpeakerRole.THERAPIST]
        table.add_row(
            Text(printable(summary.session_id)),
            str(sum(summary.utterances.values())),
            "–" if share is None else f"{share:.0%}",
            *(_marker_cell(marker, wide) for marker in summary.markers if marker.name not in in_sets),
            *(_set_cell(code_set, summary) for code_set in sets),
            *([_episodes_cell(summary)] if with_episodes else []),
        )
    out.print(table)
    out.print(
        "Each marker: tagged utterances · rate per 100 utterances of its speaker"
        + (" [95 % interval]." if wide else "; intervals are in sessions.csv.")
    )
    if with_episodes and not wide:
        out.print("Episodes: of rupture (taken up by a repair).")
    if sets:
        out.print("Each set: its commonest codes, per 100 utterances of its speaker; all are in sessions.csv.")


def _episodes_cell(summary: SessionSummary) -> str:
    return f"{len(summary.episodes)} ({summary.addressed})" if summary.episodes else "0"


def _set_cell(code_set: CodeSet, summary: SessionSummary) -> Text:
    of_codes = [marker for marker in summary.markers if marker.name in code_set.code_names]
    if of_codes[0].rate is None:
        return Text("–")
    title_of = {code.name: code.title.lower() for code in code_set.codes}
    shown = sorted(of_codes, key=lambda marker: -marker.count)[:_CODES_SHOWN]
    lines = [f"{title_of[marker.name]} {marker.rate:.0f}" for marker in shown if marker.count]
    mean = next((level.mean for level in summary.levels if level.name == code_set.name), None)
    return Text("\n".join([*([f"mean level {mean:.1f}"] if mean is not None else []), *lines]))


def _broken(heading: str) -> str:
    """A heading over several short lines."""
    lines = []
    for word in heading.replace("-", "- ").split():
        lines += [word] if len(word) <= _NARROW_HEADING + 1 else [f"{word[:5]}-", word[5:]]
    return "\n".join(lines)


def printable(text: str) -> str:
    """Without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _marker_cell(marker: MarkerSummary, interval: bool) -> Text:
    if marker.rate is None or marker.rate_interval is None:
        return Text("–")
    low, high = marker.rate_interval
    return Text(f"{marker.count} · {marker.rate:.0f}" + (f" [{low:.0f}–{high:.0f}]" if interval else ""))


def table_with_room(
    make: Callable[[Sequence[str]], Table], names: Sequence[str], first_to_go: Sequence[str], out: Console
) -> tuple[Table, list[str]]:
    """A table with the columns that the width has room for.

    Parameters
    ----------
    make : callable
        Takes names of columns and gives the table.
    names : sequence of str
        All of them.
    first_to_go : sequence of str
        Those that may be left out, one after the other.
    out : Console
        Where it is to be printed.

    Returns
    -------
    Table, list of str
        And the columns that it has.
    """
    shown = list(names)
    table = make(shown)
    for name in first_to_go:
        if _fits(table, out):
            break
        if name in shown:
            shown.remove(name)
            table = make(shown)
    return table, shown


def _fits(table: Table, out: Console) -> bool:
    return out.measure(table, options=out.options.update_width(_UNBOUNDED)).maximum <= out.width


def figures_table(figures: Iterable[tuple[str, MarkerFigures, float | None]], out: Console) -> None:
    """Print a row per marker: prevalence, and how well it was told on unseen utterances.

    Where one line has no room for a figure and its interval, the interval stands below; where that is too wide as well,
    columns are left out and named.
    """
    rows = [(name, _training_cells(figure, threshold)) for name, figure, threshold in figures]
    shown: Sequence[str] = _OF_TRAINING
    table = _figures_table(rows, shown, narrow=False)
    if not _fits(table, out):
        table, shown = table_with_room(
            lambda headings: _figures_table(rows, headings, narrow=True), _OF_TRAINING, _FIRST_TO_GO, out
        )
    out.print(table)
    if unseen := [heading for heading in _OF_TRAINING if heading not in shown]:
        out.print(Text(f"In the model card only: {', '.join(unseen)}.", style="dim"))


def _training_cells(figure: MarkerFigures, threshold: float | None) -> dict[str, str]:
    estimates = map(estimate, (figure.auc, figure.kappa, figure.f1, figure.precision, figure.recall))
    cells = (
        str(figure.positives), str(figure.utterances), f"{figure.prevalence:.1%}", str(figure.clients), *estimates,
        "–" if threshold is None else f"{threshold:.2f}",
    )  # fmt: skip
    return dict(zip(_OF_TRAINING, cells, strict=True))


def _figures_table(rows: Sequence[tuple[str, Mapping[str, str]]], shown: Sequence[str], narrow: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=narrow)
    table.add_column("marker", overflow="fold")
    for heading in shown:
        table.add_column(_broken(heading) if narrow else heading, justify="right", no_wrap=True)
    for name, cells in rows:
        texts = [cells[heading] for heading in shown]
        # The interval goes below its figure.
        table.add_row(
            Text(printable(name)), *(Text(text.replace(" [", "\n").rstrip("]") if narrow else text) for text in texts)
        )
    return table


def set_table(name: str, of_set: Mapping[str, Any], out: Console) -> None:
    """Print which code of a set was told as which, and the figures of the set; `of_set` as in ``training.json``."""
    figures = ", ".join(
        f"{SET_FIGURES[key]} {figure_text(Figure(**figure))}" for key, figure in of_set["figures"].items()
    )
    out.print(Text.assemble((name, "bold"), f": {figures}"))
    confusion_table(of_set["codes"], of_set["confusion"], out)


def figure_text(figure: Figure) -> str:
    """A figure with its interval, as `estimate_text` gives it."""
    value, low, high = (math.nan if part is None else part for part in (figure.value, figure.low, figure.high))
    return estimate_text(value, low, high)


def confusion_table(codes: Sequence[str], confusion: Sequence[Sequence[int]], out: Console) -> None:
    """Print how often each code of the coders met each of the model."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("coded, told as", overflow="fold")
    for code in codes:
        table.add_column(printable(code).replace("_", "_\n"), justify="right")
    for code, row in zip(codes, confusion, strict=True):
        cells = [
            Text(f"{number:,}", style="bold" if code == told else "") for told, number in zip(codes, row, strict=True)
        ]
        table.add_row(Text(printable(code)), *cells)
    out.print(table)


def estimate(value: Estimate) -> str:
    """A figure with its interval: ``.81 [.75–.86]``."""
    return estimate_text(value.value, value.low, value.high)


def estimate_text(value: float, low: float, high: float) -> str:
    """The same from its parts; the interval is left out where it is not a number."""

    def short(number: float) -> str:
        return f"{number:.2f}".replace("0.", ".", 1) if number < 1 else f"{number:.1f}"

    if math.isnan(value):
        return "undefined"
    return short(value) if math.isnan(low) else f"{short(value)} [{short(low)}–{short(high)}]"


def codebook_text(codebook: Codebook, markers: Sequence[Marker], out: Console) -> None:
    """Print a codebook, or some of its markers, for reading; what a set is stands before the first of its codes."""
    out.print(Text(f"{codebook.title} ({codebook.name} {codebook.version})", style="bold"))
    if codebook.unit:
        out.print(Text(codebook.unit))
    before: CodeSet | None = None
    for marker in markers:
        out.print()
        code_set = codebook.set_of(marker.name)
        if code_set and code_set != before:
            what = "levels, from the lowest" if code_set.ordered else "codes"
            heading = f": exactly one of {len(code_set.codes)} {what} on every line of the {code_set.role}"
            out.print(Text.assemble((code_set.name, "bold"), heading))
            out.print(Text(code_set.definition))
            _listed(out, "Rulings", code_set.rulings)
            _listed(out, "Sources", code_set.sources)
            out.print()
        before = code_set
        role = f"of the set {code_set.name}" if code_set else f"coded on the {marker.role}"
        out.print(Text.assemble((marker.name, "bold"), f" ({role})"))
        out.print(Text(marker.definition))
        _listed(out, "Kinds", [f"{kind.name}: {kind.definition}" for kind in marker.kinds])
        _listed(out, "Codes", marker.codes)
        _listed(out, "Does not code", marker.does_not_code)
        _listed(out, "Rulings", marker.rulings)
        _listed(out, "Examples", marker.examples)
        _listed(out, "Near misses", marker.near_misses)
        _listed(out, "Sources", marker.sources)


def _listed(out: Console, heading: str, items: Sequence[str]) -> None:
    if items:
        out.print(Text(f"  {heading}", style="italic"))
        for item in items:
            out.print(Text(f"  - {item}"))
