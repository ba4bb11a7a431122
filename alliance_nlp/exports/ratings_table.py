"""Codes as a ratings table, which ``agreement``, ``consensus`` and ``train --ratings`` read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.errors import UnfitError
from alliance_nlp.exports import About, Cell, CellType, Column, open_table
from alliance_nlp.ratings import NOT_CODED

NAME = "ratings"
FILES = (f"{NAME}.csv",)


class Export:
    """One table of all codes, a row for each 1 or 0. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._about = about
        columns = [Column(name, CellType.TEXT) for name in ("session_id", "utterance_id", "coder", "marker", "value")]
        self._table = open_table(folder, NAME, "csv", columns)

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session.

        Raises
        ------
        UnfitError
            Where nobody has coded it, or nobody knows who.
        """
        place = f"session {transcript.session.session_id}"
        if transcript.codes is None:
            raise UnfitError(place, "nobody has coded it; hand in a file that was coded")
        coder = self._about.coder or transcript.coder
        if not coder:
            raise UnfitError(place, "does not say whose codes these are; name the coder: --coder NAME")
        self._table.write(self._rows(transcript, coder))

    def _rows(self, transcript: CodedTranscript, coder: str) -> Iterator[list[Cell]]:
        assert transcript.codes is not None
        for utterance, codes in zip(transcript.session.utterances, transcript.codes, strict=True):
            for marker, code in zip(self._about.markers, codes, strict=True):
                if code != NOT_CODED:
                    yield [transcript.session.session_id, utterance.utterance_id, coder, marker.name, str(code)]

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.__exit__(kind, error, trace)
