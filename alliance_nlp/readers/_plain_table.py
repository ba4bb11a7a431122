"""Rows of a table that is no transcript, in the formats of the transcript tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import delimited, jsonl
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row

SUFFIXES = (*delimited.SUFFIXES, *jsonl.SUFFIXES)


def plain_rows(source: TextSource, columns: Collection[str]) -> Iterator[Row]:
    """Rows of a table (CSV, TSV, JSON Lines), column names in small letters.

    Parameters
    ----------
    source : TextSource
        The file; its ending tells the format.
    columns : collection of str
        Those that will be read; each may be there once.

    Raises
    ------
    TranscriptError
        Where the file is no such table, or has one of the columns twice.
    """
    suffix = source.path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TranscriptError(
            source.path,
            "",
            f"{suffix or 'a file without an ending'} is no table that can be read here; save it as .csv or .jsonl",
        )

    def check(header: Sequence[str], line: int) -> None:
        doubled = sorted(name for name in columns if header.count(name) > 1)
        if doubled:
            raise TranscriptError(source.path, f"line {line}", f"the column {doubled[0]!r} is there twice; rename one")

    if suffix in jsonl.SUFFIXES:
        return jsonl.rows(source, check, columns)
    return delimited.rows(source, check)
