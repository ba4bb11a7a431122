"""Transcripts as NVivo exports them: columns for time span, content and, where there is one, speaker, parted by tabs.

.. code-block:: text

         Timespan               Content            Speaker
    1    0:00:02.7 - 0:00:05.2  How was the week?  Ada

Without a column for the speaker, the label is looked for at the begin of the content (``Ada: How was the week?``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import delimited
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labels import Labels
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import NO_SPEAKER
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, read_rows
from alliance_nlp.transcript import Session

NAME = "nvivo"
TITLE = "an NVivo transcript"
SUFFIXES = (".txt",)

_TIMES = ("timespan", "time span", "timestamp", "time code", "timecode")
_TEXTS = ("content", "transcript", "text")
_SPEAKERS = ("speaker", "speaker name", "participant", "name")
_SPAN = "timespan"
_DASH = re.compile("[-–—]")


def looks_like(head: Head) -> bool:
    """Whether the first line names NVivo's columns, parted by tabs."""
    names = [cell.strip(' "').casefold() for cell in head.text.partition("\n")[0].split("\t")]
    return bool(_one_of(_TIMES, names) and _one_of(_TEXTS[:2], names))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """Read the one session of an NVivo transcript.

    Raises
    ------
    TranscriptError
        Where it has no such columns, or see `delimited.rows` and `read_rows`.
    """
    columns = _columns(source, options)
    labels = None
    if "speaker" not in columns:
        texts = (row.cells[row.names.index("text")] for row in delimited.rows(source, _accept, columns))
        labels = Labels(texts, options.roles)
    yield from read_rows(source.path, lambda: _rows(source, columns, labels), session_id, options)


def _one_of(wanted: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in names), None)


def _accept(header: Sequence[str], line: int) -> None:
    pass


def _columns(source: TextSource, options: ReadOptions) -> dict[str, str]:
    """Which column of the file is which, those that the user names first."""
    names: list[str] = []
    next(delimited.rows(source, lambda header, _: names.extend(header)), None)
    found = {name: _one_of(usual, names) for name, usual in (("text", _TEXTS), ("speaker", _SPEAKERS), (_SPAN, _TIMES))}
    columns = {name: column for name, column in found.items() if column} | dict(options.columns)
    if columns.get("text") not in names:
        raise TranscriptError(
            source.path, "line 1", "no column 'Content' among those of the first line; say --columns text=COLUMN"
        )
    return {name: column for name, column in columns.items() if column in names}


def _rows(source: TextSource, columns: Mapping[str, str], labels: Labels | None) -> Iterator[Row]:
    names: list[str] = []
    for row in delimited.rows(source, _accept, columns):
        names = names or [*row.names, "start", "end", *(["speaker"] if labels else [])]
        times = ["", ""]
        if _SPAN in columns:
            ends = _DASH.split(row.cells[names.index(_SPAN)])
            if len(ends) > len(times):
                raise TranscriptError(
                    source.path, f"line {row.line}", "the time span is not one; write 0:00:02.7 - 0:00:05.2"
                )
            times[: len(ends)] = ends
        cells = [*row.cells, *times]
        if labels:
            place = names.index("text")
            label, cells[place] = labels.split(cells[place])
            cells.append(label or NO_SPEAKER)
        yield Row(row.line, names, cells)
