"""Agreement on every marker of a table of ratings: all coders together, and two by two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from alliance_nlp.agreement import Agreement, measure, rounded
from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.errors import RatingsError
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.exports.csv_table import write_csv
from alliance_nlp.rating_table import Ratings, RatingTable, Scale


class Measured(NamedTuple):
    """Agreement on one marker, or one code of a set."""

    together: Agreement
    pairs: list[Agreement]
    """Of each two coders, where there are more."""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        return self.together.to_dict() | {"pairs": [pair.to_dict() for pair in self.pairs]}


def markers_in_order(table: RatingTable, wanted: Sequence[str], codebook: Codebook | None) -> list[str]:
    """Markers of a table, in the order of the codebook and then as they come."""
    order = (codebook or read_codebook()).variable_names
    return sorted(table.choose_markers(wanted), key=lambda name: order.index(name) if name in order else len(order))


def ratings_of_markers(
    table: RatingTable, markers: Sequence[str], coders: Sequence[str], scale: Scale | None, levels: Sequence[str]
) -> tuple[list[Ratings], list[RatingsError]]:
    """Ratings of each marker; where one marker's cannot be compared, the others' still can.

    Raises
    ------
    RatingsError
        Where none can.
    """
    found, failures = [], []
    for marker in markers:
        try:
            found.append(table.ratings(marker, coders, scale, levels))
        except RatingsError as error:
            failures.append(error)
    if not found:
        raise failures[0]
    return found, failures


def measured(of_markers: Sequence[Ratings], table: RatingTable, seed: int) -> Iterator[Measured]:
    """Agreement on each marker; on a set, followed by its codes one by one: given or not."""
    for ratings in _with_codes_of_sets(of_markers, table):
        pairs = combinations(ratings.coders, 2) if len(ratings.coders) > 2 else ()
        yield Measured(measure(ratings, seed), [measure(ratings.of(pair), seed) for pair in pairs])


def _with_codes_of_sets(of_markers: Sequence[Ratings], table: RatingTable) -> Iterator[Ratings]:
    for ratings in of_markers:
        yield ratings
        if table.set_of(ratings.marker):
            yield from (ratings.of_level(level) for level in ratings.levels)


def write_figures(path: Path, results: Sequence[Measured], overwrite: bool) -> None:
    """Write every figure as a row of a CSV table.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    write_csv(path, figure_table(results), overwrite)


def figure_table(results: Sequence[Measured]) -> Filled:
    """Every figure, a row each."""
    types = {"marker": CellType.TEXT, "scale": CellType.TEXT, "coders": CellType.TEXT, "sessions": CellType.INTEGER,
             "utterances": CellType.INTEGER, "figure": CellType.TEXT, "value": CellType.NUMBER,
             "low": CellType.NUMBER, "high": CellType.NUMBER, "note": CellType.TEXT}  # fmt: skip

    def rows() -> Iterator[list[Cell]]:
        for together, pairs in results:
            for item in (together, *pairs):
                coders = ", ".join(item.coders)
                for name, exact in item.figures.items():
                    figure = rounded(exact)
                    about: list[Cell] = [item.marker, str(item.scale), coders, item.sessions, item.utterances]
                    yield [*about, name, figure.value, figure.low, figure.high, figure.note]

    return Filled([Column(name, kind) for name, kind in types.items()], rows())
