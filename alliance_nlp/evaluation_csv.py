"""Every figure of an evaluation as a row of a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alliance_nlp.agreement import Figure, rounded
from alliance_nlp.corpus_evaluation import Evaluation
from alliance_nlp.evaluation import Estimate
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.exports.csv_table import write_csv
from alliance_nlp.model_evaluation import Scores


def write_figures(path: Path, evaluation: Evaluation, overwrite: bool) -> None:
    """Write every figure as a row of a CSV table, see `figure_table`.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    write_csv(path, figure_table(evaluation), overwrite)


def figure_table(evaluation: Evaluation) -> Filled:
    """Every figure, a row each.

    The column ``on`` says what a figure is about: ``corpus``, the column that made a group, ``confusion`` with the
    coders' code as the group, ``coders``, or ``learning curve`` with the number of clients as the group.
    """
    types = {"marker": CellType.TEXT, "on": CellType.TEXT, "group": CellType.TEXT, "utterances": CellType.INTEGER,
             "positives": CellType.INTEGER, "figure": CellType.TEXT, "value": CellType.NUMBER, "low": CellType.NUMBER,
             "high": CellType.NUMBER, "note": CellType.TEXT}  # fmt: skip
    return Filled([Column(name, kind) for name, kind in types.items()], _rows(evaluation))


def _rows(evaluation: Evaluation) -> Iterator[list[Cell]]:
    for marker in evaluation.markers:
        yield from _rows_of(marker.scores, "corpus", "")
        for value, scores in marker.groups.items():
            yield from _rows_of(scores, evaluation.by, value)
    for of_set in evaluation.sets:
        for name, of_name in of_set.figures.items():
            yield _row(of_set.name, "corpus", "", of_set.utterances, None, name, of_name)
        for coded, counts in zip(of_set.codes, of_set.confusion, strict=True):
            for told, count in zip(of_set.codes, counts, strict=True):
                times = Figure(count, None, None)
                yield _row(of_set.name, "confusion", coded, of_set.utterances, sum(counts), f"told_as_{told}", times)
    for item in evaluation.coders:
        coders = ", ".join(item.coders)
        for name in ("between_coders", "with_model", "difference"):
            figure: Figure = getattr(item, name)
            yield _row(item.marker, "coders", coders, item.utterances, None, f"kappa_{name}", figure)
        for pair in item.pairs:
            for name, figure in pair.figures.items():
                yield _row(item.marker, "coders", ", ".join(pair.coders), pair.utterances, None, name, figure)
    for step in evaluation.learning:
        group = f"{step.clients} clients"
        for marker_name, of_marker in step.figures.items():
            for name in ("auc", "kappa", "f1", "precision", "recall"):
                estimate: Estimate = getattr(of_marker, name)
                counts = of_marker.utterances, of_marker.positives
                yield _row(marker_name, "learning curve", group, *counts, name, estimate.as_figure())
        for set_name, in_step in step.sets.items():
            for name, of_name in in_step.figures.items():
                yield _row(set_name, "learning curve", group, in_step.utterances, None, name, of_name)


def _rows_of(scores: Scores, on: str, group: str) -> Iterator[list[Cell]]:
    for name, figure in scores.figures.items():
        yield _row(scores.marker, on, group, scores.utterances, scores.positives, name, figure)


def _row(
    marker: str, on: str, group: str, utterances: int, positives: int | None, name: str, exact: Figure
) -> list[Cell]:
    figure = rounded(exact)
    return [marker, on, group, utterances, positives, name, figure.value, figure.low, figure.high, figure.note]
