"""Rows of a table in a document: who speaks, when, and the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from alliance_nlp.clock import parse_seconds
from alliance_nlp.readers._document import Cell, Paragraph, Table
from alliance_nlp.readers._document_columns import TIME, Columns, label_in, placed


class SpokenRow(NamedTuple):
    """A row, and what becomes of each paragraph in it."""

    label: str
    """Empty where the cell is, or there is no column of speakers."""
    start: float | None
    end: float | None
    words: tuple[Paragraph, ...]
    """Empty where nothing of the row is read."""
    read: tuple[Paragraph, ...]
    """Beside the words: in the columns for the speaker, the time and numbers."""
    left_out: tuple[tuple[Paragraph, str], ...]
    """With the reason."""


def spoken_rows(table: Table, columns: Columns) -> Iterator[SpokenRow]:
    """Rows of a table, its headings among those that are left out.

    Parameters
    ----------
    table : Table
        The table.
    columns : Columns
        Which column is which.
    """
    for number, row in enumerate(table.rows):
        if number < columns.heading_rows:
            yield _left_out(row, "in the heading of a table")
        else:
            yield _row(row, columns)


def _row(row: Sequence[Cell], columns: Columns) -> SpokenRow:
    cells = placed(row)
    if columns.text not in cells:
        return _left_out(row, "across columns of a table")
    words = cells[columns.text].paragraphs
    read = tuple(
        paragraph
        for place, cell in cells.items()
        if place in columns.used and place != columns.text
        for paragraph in cell.paragraphs
    )
    others = [cell for place, cell in cells.items() if place not in columns.used] + list(row[len(cells) :])
    left_out = [(paragraph, "in other columns of a table") for cell in others for paragraph in cell.paragraphs]
    if not words:
        left_out += [(paragraph, "in rows of a table without words") for paragraph in read]
        return SpokenRow("", None, None, (), (), tuple(left_out))
    label = label_in(cells[columns.speaker].text) if columns.speaker in cells else ""
    start, end = _times(cells, columns)
    return SpokenRow(label, start, end, words, read, tuple(left_out))


def _left_out(row: Sequence[Cell], why: str) -> SpokenRow:
    return SpokenRow("", None, None, (), (), tuple((paragraph, why) for cell in row for paragraph in cell.paragraphs))


def _times(cells: dict[int, Cell], columns: Columns) -> tuple[float | None, float | None]:
    start, end = _span(cells[columns.start].text) if columns.start in cells else (None, None)
    if columns.end in cells:
        end = _span(cells[columns.end].text)[0]
    return start, end


def _span(text: str) -> tuple[float | None, float | None]:
    match = TIME.fullmatch(text.strip())
    if not match:
        return None, None
    return parse_seconds(match[1]), parse_seconds(match[2]) if match[2] else None
