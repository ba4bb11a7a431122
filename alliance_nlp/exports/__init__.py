"""Results and transcripts out, one module a format.

Tables. A module ``<format>_table`` names the ending of its files in ``SUFFIX``
and has a class ``Table(path, columns)``: a context manager whose ``write(rows)``
takes rows of cells in the order of the columns.

Transcripts, for ``convert``. A module that is named in `TRANSCRIPTS` names what
it writes in ``FILES`` and has a class ``Export(folder, about)``: a context
manager whose ``write(transcript)`` takes one session after the other, and whose
``notes`` say what the format could not hold. The tables are among them, by
`alliance_nlp.exports.core_table`.

Libraries that a format needs are imported when it is opened.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from alliance_nlp.codebook import Marker

if TYPE_CHECKING:
    from alliance_nlp.coded_transcript import CodedTranscript

__all__ = [
    "FORMATS",
    "TRANSCRIPTS",
    "About",
    "Cell",
    "CellType",
    "Column",
    "Filled",
    "Table",
    "TranscriptExport",
    "files_of",
    "open_table",
    "open_transcripts",
]

Cell = str | int | float | None
"""None is an empty cell."""


class CellType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: CellType


class Filled(NamedTuple):
    """Columns and rows, before it is told where they go: a file of some format, or a DataFrame."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


class Table(Protocol):
    """A table that is being written."""

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""

    def __enter__(self) -> Table: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class About(NamedTuple):
    """What holds for all transcripts that are written together."""

    markers: tuple[Marker, ...]
    codebook: str
    """Name and version of the codebook."""
    coder: str = ""
    """Who gave the codes, where the transcripts do not say."""
    coded: bool = False
    """Whether some transcript has codes."""
    with_probabilities: bool = False
    """Whether the codes come from a model that gave probabilities."""


class TranscriptExport(Protocol):
    """Transcripts that are being written."""

    notes: list[str]
    """What the format could not hold, for the user to see."""

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session.

        Raises
        ------
        UnfitError
            Where the format cannot hold it; nothing of it is written then.
        """

    def __enter__(self) -> TranscriptExport: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


FORMATS = ("csv", "jsonl", "parquet", "xlsx")
"""Of tables."""

TRANSCRIPTS = {
    **dict.fromkeys(("csv", "jsonl", "parquet"), "core_table"),
    "xlsx": "workbook",
    "eaf": "elan",
    "qdpx": "refi_qda",
    "label-studio": "label_studio",
    "doccano": "doccano",
    "convokit": "convokit",
    "docbin": "docbin",
    "ratings": "ratings_table",
}
"""Formats of transcripts, and the module of each."""


def open_table(folder: Path, name: str, file_format: str, columns: Sequence[Column]) -> Table:
    """A new table ``folder/name.<ending of the format>``.

    Raises
    ------
    UsageError
        Where the format needs a library that is not installed.
    """
    module = importlib.import_module(f"{__name__}.{file_format}_table")
    table: Table = module.Table(folder / f"{name}{module.SUFFIX}", columns)
    return table


def open_transcripts(folder: Path, file_format: str, about: About) -> TranscriptExport:
    """Transcripts to be written into a folder.

    Parameters
    ----------
    folder : Path
        Is there, and empty.
    file_format : str
        One of `TRANSCRIPTS`.
    about : About
        What holds for all of them.

    Raises
    ------
    UsageError
        Where the format needs a library that is not installed.
    """
    module = importlib.import_module(f"{__name__}.{TRANSCRIPTS[file_format]}")
    if TRANSCRIPTS[file_format] == "core_table":
        export: TranscriptExport = module.Export(folder, about, file_format)
    else:
        export = module.Export(folder, about)
    return export


def files_of(file_format: str) -> tuple[str, ...]:
    """Names, as patterns of the shell, of the files that a format of transcripts writes."""
    module = importlib.import_module(f"{__name__}.{TRANSCRIPTS[file_format]}")
    files: tuple[str, ...] = module.FILES
    return files
