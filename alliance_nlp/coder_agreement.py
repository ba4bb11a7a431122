"""Agreement on every marker of a table of ratings: all coders together, and two by two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from alliance_nlp.agreement import Agreement, measure, rounded
from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.errors import RatingsError
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.exports.csv_table import write_csv
from alliance_nlp.rating_table import Ratings, RatingTable, Scale, shown_name, shown_value
from alliance_nlp.ratings import NOT_CODED


class Measured(NamedTuple):
    """Agreement on one marker, or one code of a set."""

    together: Agreement
    pairs: list[Agreement]
    """Of each two coders, where there are more."""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        return self.together.to_dict() | {"pairs": [pair.to_dict() for pair in self.pairs]}


class Coded(NamedTuple):
    """How much a coder coded."""

    utterances: int
    sessions: tuple[str, ...]

    def to_dict(self) -> dict[str, int]:
        """Numbers alone."""
        return {"utterances": self.utterances, "sessions": len(self.sessions)}


def coverage(of_markers: Sequence[Ratings]) -> dict[str, Coded]:
    """How much each coder coded, of any marker."""
    by_coder: dict[str, dict[tuple[str, str], None]] = {coder: {} for coder in of_markers[0].coders}
    for ratings in of_markers:
        for column, coder in enumerate(ratings.coders):
            rows = np.flatnonzero(ratings.codes[:, column] != NOT_CODED)
            by_coder[coder].update(dict.fromkeys(ratings.utterances[row] for row in rows))
    return {
        coder: Coded(len(found), tuple(dict.fromkeys(session_id for session_id, _ in found)))
        for coder, found in by_coder.items()
    }


def agreement_record(
    coders: Sequence[str], seed: int, of_markers: Sequence[Ratings], results: Sequence[Measured]
) -> dict[str, Any]:
    """Who coded how much, and every figure, as plain data."""
    coded = {coder: about.to_dict() for coder, about in coverage(of_markers).items()}
    return {"coders": coders, "coded": coded, "seed": seed, "markers": [result.to_dict() for result in results]}


def require_shared(of_markers: Sequence[Ratings]) -> None:
    """Raise a `RatingsError` where no utterance at all was coded by two coders, so that nothing can be compared."""
    coders = of_markers[0].coders
    if len(coders) < 2 or any(((item.codes != NOT_CODED).sum(axis=1) > 1).any() for item in of_markers):
        return
    first = []
    for column, coder in enumerate(coders):
        of_coder = (
            item.utterances[row] for item in of_markers for row in np.flatnonzero(item.codes[:, column] != NOT_CODED)
        )
        session_id, utterance_id = next(of_coder, ("", ""))
        first.append(f"{shown_name(coder)} session {shown_value(session_id)}, utterance {shown_value(utterance_id)}")
    raise RatingsError(
        f"no utterance was coded by two of the coders; the first of {'; of '.join(first[:3])}. If other columns hold "
        "the ids, say which: --columns session_id=COLUMN --columns utterance_id=COLUMN"
    )


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
