"""Workbooks that `alliance_nlp.exports.workbook` wrote, with the codes that a coder filled in.

Here every cell says what it is: 1, 0, or nothing for not coded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript, from_columns
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.workbook import UTTERANCES
from alliance_nlp.readers import ReadOptions
from alliance_nlp.readers._table import Row, read_rows, require_columns
from alliance_nlp.sheets import sheet_rows

SUFFIX = ".xlsx"


def is_ours(path: Path) -> bool:
    """Whether the workbook has a sheet of utterances with our columns."""
    try:
        heading = next(sheet_rows(path, UTTERANCES), None)
    except TranscriptError:
        return False
    return heading is not None and {"session_id", "utterance_id", "text"} <= set(heading.cells)


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of a workbook with the codes in its cells; see `alliance_nlp.corrected`.

    Raises
    ------
    TranscriptError
        Where the workbook is damaged, or has not the columns of the core table.
    """
    options = replace(options, keep=codebook.marker_names, join=False)
    # Opening a sheet takes far longer than going through its rows, which is done twice.
    rows = list(_rows(path, options))
    for item in read_rows(path, lambda: iter(rows), path.stem, options, unit="row"):
        if isinstance(item, TranscriptError):
            yield item
        else:
            try:
                yield from_columns(item, codebook.markers, path)
            except TranscriptError as error:
                yield error


def _rows(path: Path, options: ReadOptions) -> Iterator[Row]:
    names: list[str] | None = None
    for number, cells in sheet_rows(path, UTTERANCES):
        texts = [_text(cell) for cell in cells]
        if names is None:
            names = [text.strip().casefold() for text in texts]
            require_columns(path, names, options, number)
        else:
            yield Row(number, names, _as_many(texts, len(names)))


def _as_many(texts: Sequence[str], wanted: int) -> list[str]:
    return [*texts[:wanted], *[""] * (wanted - len(texts))]


def _text(cell: str | int | float | bool | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        # Not 1e-05, which is no time.
        return format(Decimal(repr(cell)), "f").removesuffix(".0")
    return str(int(cell)) if isinstance(cell, bool) else str(cell)
