"""An evaluation as tables for the terminal; it shows ids, never anybody's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_nlp.reports.agreement_tables import figure_cell, one_line, short_number
from alliance_nlp.reports.terminal import confusion_table, figure_text, printable, table_with_room
from alliance_nlp.set_scoring import SET_FIGURES

if TYPE_CHECKING:
    from alliance_nlp.corpus_evaluation import Evaluation
    from alliance_nlp.model_evaluation import Scores

HEADINGS = {
    "prevalence": "preva-\nlence",
    "precision": "preci-\nsion",
    "recall": "recall",
    "f1": "F1",
    "auc": "AUC",
    "average_precision": "aver.\nprec.",
    "kappa": "κ",
    "mcc": "MCC",
    "expected_calibration_error": "ECE",
    "count_icc": "tags\nICC",
    "count_correlation": "tags\nr",
    "expected_icc": "expect.\nICC",
    "expected_correlation": "expect.\nr",
}
OF_UTTERANCES = tuple(HEADINGS)[:9]
OF_SESSIONS = tuple(HEADINGS)[9:]
OF_GROUPS = ("kappa", "f1", "precision", "recall", "auc", "prevalence")
_FIRST_TO_GO = (
    "average_precision", "mcc", "prevalence", "expected_calibration_error", "count_correlation",
    "expected_correlation", "precision", "recall",
)  # fmt: skip
_ERRORS_SHOWN = 3


class Elsewhere(NamedTuple):
    """Where there is more than the tables show."""

    figures: str
    words: str


IN_FILES = Elsewhere("--csv, --json and --html", "--errors FILE or --html FILE")


def evaluation_tables(evaluation: Evaluation, out: Console, elsewhere: Elsewhere = IN_FILES) -> None:
    """Print every part of an evaluation that a terminal has room for."""
    scores = [marker.scores for marker in evaluation.markers]
    sessions = "1 session" if evaluation.sessions == 1 else f"{evaluation.sessions:,} sessions"
    about = f"{printable(evaluation.bundle.name)} on {sessions}"
    _figures(scores, f"{about}: utterance by utterance", OF_UTTERANCES, out, elsewhere)
    if evaluation.sets:
        _sets(evaluation, out)
    _figures(
        scores, "Session by session: what the model counts beside what coders counted", OF_SESSIONS, out, elsewhere
    )
    if evaluation.by:
        values = [value for marker in evaluation.markers for value in marker.groups]
        groups = [scores for marker in evaluation.markers for scores in marker.groups.values()]
        _figures(groups, f"By {printable(evaluation.by)}", OF_GROUPS, out, elsewhere, values)
    if evaluation.coders:
        _coders(evaluation, out, elsewhere)
    if evaluation.learning:
        _learning(evaluation, out)
    if any(evaluation.errors.values()):
        _errors(evaluation, out, elsewhere)


def _sets(evaluation: Evaluation, out: Console) -> None:
    """A row of figures for each set, and which code was taken for which."""
    table = _new_table("Sets: one code a line")
    table.add_column("set", overflow="fold")
    table.add_column("of", justify="right")
    known = [name for name in SET_FIGURES if any(name in item.figures for item in evaluation.sets)]
    for name in known:
        table.add_column(SET_FIGURES[name].replace(" ", "\n"), justify="right")
    for item in evaluation.sets:
        cells = [figure_cell(item.figures.get(name)) for name in known]
        table.add_row(Text(printable(item.name)), f"{item.utterances:,}", *cells)
    out.print(table)
    for note in dict.fromkeys(figure.note for item in evaluation.sets for figure in item.figures.values()):
        if note:
            out.print(Text(f"{note[:1].upper()}{note[1:]}."))
    for item in evaluation.sets:
        confusion_table(item.codes, item.confusion, out)


def _figures(
    scores: Sequence[Scores],
    title: str,
    names: Sequence[str],
    out: Console,
    elsewhere: Elsewhere,
    groups: Sequence[str] = (),
) -> None:
    """Print the figures that the width has room for, and what is to be minded of them or left out."""
    table, shown = table_with_room(lambda some: _table(scores, title, some, groups), names, _FIRST_TO_GO, out)
    out.print(table)
    for note in notes(scores, shown) if not groups else ():
        out.print(Text(printable(note)))
    unseen = [one_line(HEADINGS[name]) for name in names if name not in shown]
    if unseen:
        out.print(Text(f"In {elsewhere.figures} only: {', '.join(unseen)}.", style="dim"))


def _new_table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)


def _table(scores: Sequence[Scores], title: str, names: Sequence[str], groups: Sequence[str]) -> Table:
    table = _new_table(title)
    with_expected = "expected_icc" in names
    table.add_column("marker", overflow="fold")
    if groups:
        table.add_column("group", overflow="fold")
    for heading in ("coded\n1", "tagged", *(["expec-\nted"] if with_expected else []), "of"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in names:
        table.add_column(HEADINGS[name], justify="right", no_wrap=True)
    for place, item in enumerate(scores):
        table.add_row(
            Text(printable(item.marker)),
            *([Text(printable(groups[place]))] if groups else []),
            *(f"{number:,}" for number in (item.positives, item.tagged)),
            *([f"{item.expected:,.0f}"] if with_expected else []),
            f"{item.utterances:,}",
            *(figure_cell(item.figures[name]) for name in names),
        )
    return table


def notes(scores: Sequence[Scores], names: Sequence[str]) -> list[str]:
    """What is to be minded of the figures named, each thing once."""
    where: dict[str, dict[str, list[str]]] = {}
    for item in scores:
        for name in names:
            for note in filter(None, item.figures[name].note.split("; ")):
                where.setdefault(note, {}).setdefault(item.marker, []).append(one_line(HEADINGS[name]))
    found = []
    for note, of_markers in where.items():
        # What holds for nearly all needs no list.
        if sum(map(len, of_markers.values())) > len(scores) * len(names) / 2:
            found.append(f"{note[:1].upper()}{note[1:]}.")
            continue
        alike: dict[str, list[str]] = {}
        for marker, figures in of_markers.items():
            alike.setdefault("" if len(figures) == len(names) else f" ({', '.join(figures)})", []).append(marker)
        told = "; ".join(f"{', '.join(markers)}{figures}" for figures, markers in alike.items())
        found.append(f"{told}: {note}.")
    return found


def _coders(evaluation: Evaluation, out: Console, elsewhere: Elsewhere) -> None:
    table = _new_table("Beside coders: Cohen's κ on the same utterances")
    headings = ("marker", "utter-\nances", "coder and\ncoder", "model and\ncoder", "differ-\nence")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "marker" else "right", no_wrap=heading != "marker")
    for item in evaluation.coders:
        cells = (figure_cell(figure) for figure in (item.between_coders, item.with_model, item.difference))
        table.add_row(Text(printable(item.marker)), f"{item.utterances:,}", *cells)
    out.print(table)
    coders = printable(", ".join(evaluation.coders[0].coders))
    out.print(Text(f"Coders {coders}; means over pairs. Each pair is in {elsewhere.figures}."))


def _learning(evaluation: Evaluation, out: Console) -> None:
    table = _new_table("Learning curve: κ of models trained anew on so many clients, on clients they had not seen")
    table.add_column("marker or set" if evaluation.sets else "marker", overflow="fold")
    for step in evaluation.learning:
        table.add_column(f"{step.clients:,} clients\n({step.sessions:,} sessions)", justify="right")
    for name in evaluation.variables:
        of_steps = [step.kappa(name) for step in evaluation.learning]
        cells = [Text("too few" if kappa is None else figure_text(kappa)) for kappa in of_steps]
        table.add_row(Text(printable(name)), *cells)
    out.print(table)


def _errors(evaluation: Evaluation, out: Console, elsewhere: Elsewhere) -> None:
    out.print(Text("\nMost confident errors (session, utterance, probability)", style="bold"))
    for marker in evaluation.markers:
        name = marker.scores.marker
        for code, what in ((0, "tagged, not coded"), (1, "coded, not tagged")):
            errors = evaluation.most_confident(name, code, _ERRORS_SHOWN)
            listed = "; ".join(
                f"{error.session.session_id}, {error.utterance.utterance_id}, {short_number(error.probability)}"
                for error in errors
            )
            if listed:
                out.print(Text(printable(f"{name}, {what}: {listed}")))
    out.print(Text(f"What was said there: {elsewhere.words}."))
