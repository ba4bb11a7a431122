"""Workbooks that `alliance_nlp.exports.workbook` wrote, with the codes that a coder filled in.

Here every cell says what it is: 1, 0, or nothing for not coded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript, from_columns
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.workbook import UTTERANCES
from alliance_nlp.readers._table import Row, read_rows, require_columns
from alliance_nlp.roles import RoleNames
from alliance_nlp.sheets import SheetError, sheet_names, sheet_rows

SUFFIX = ".xlsx"


def is_ours(path: Path) -> bool:
    """Whether the workbook has a sheet of utterances."""
    try:
        return UTTERANCES in sheet_names(path)
    except (SheetError, OSError):
        return False


def read(path: Path, codebook: Codebook, roles: RoleNames) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of a workbook with the codes in its cells; see `alliance_nlp.corrected`.

    Raises
    ------
    TranscriptError
        Where the workbook is damaged, or has not the columns of the core table.
    """
    for item in read_rows(path, lambda: _rows(path, codebook), path.stem, roles, codebook.marker_names):
        if isinstance(item, TranscriptError):
            yield item
        else:
            try:
                yield from_columns(item, codebook.markers, path)
            except TranscriptError as error:
                yield error


def _rows(path: Path, codebook: Codebook) -> Iterator[Row]:
    names: list[str] | None = None
    try:
        for number, cells in sheet_rows(path, UTTERANCES):
            texts = [_text(cell) for cell in cells]
            if names is None:
                names = [text.strip().casefold() for text in texts]
                require_columns(path, names, codebook.marker_names, number)
            else:
                yield Row(number, names, _as_many(texts, len(names)))
    except SheetError as error:
        raise TranscriptError(path, f"sheet {UTTERANCES}", str(error)) from error


def _as_many(texts: Sequence[str], wanted: int) -> list[str]:
    return [*texts[:wanted], *[""] * (wanted - len(texts))]


def _text(cell: str | int | float | bool | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(int(cell)) if isinstance(cell, bool) else str(cell)
