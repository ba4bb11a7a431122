"""A transcript file with the reader that its format asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from alliance_nlp.errors import TranscriptError, shown
from alliance_nlp.readers._formats import format_of
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import WINDOWS
from alliance_nlp.transcript import Session


class OpenedTranscript:
    """A transcript file, ready to be read.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        What the user says about it.

    Attributes
    ----------
    format : Format
        Told from the content, the ending, or by the user.
    source : TextSource or BinarySource
        With the digest of the file.

    Raises
    ------
    TranscriptError
        Where no format fits, or the file cannot be opened as that format asks.
    UsageError
        Where the user named a format that there is not.
    """

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.format, self._notes = format_of(path, options.format_name)
        self.source = self.format.source(path)
        if getattr(self.source, "encoding", "") == WINDOWS:
            self._notes = [*self._notes, f"{shown(path)}: not UTF-8; read as Windows-1252"]
        self._options = options

    def sessions(self, session_name: str) -> Iterator[Session | TranscriptError]:
        """Sessions one after the other; one that fails comes as its error.

        Parameters
        ----------
        session_name : str
            Id of the session where the file gives none.

        Raises
        ------
        TranscriptError
            Where the file cannot be read on from here.
        """
        notes = self._notes
        for item in self.format.read(self.source, session_name, self._options):
            if notes and isinstance(item, Session):
                item = replace(item, notes=(*notes, *item.notes))
                notes = []
            yield item
