"""The core transcript table with a column per marker, as ``tag`` and ``train`` know it, in any table format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About, Cell, CellType, Column, open_table
from alliance_nlp.ratings import NOT_CODED

NAME = "utterances"
FILES = (f"{NAME}.csv", f"{NAME}.jsonl", f"{NAME}.parquet")

_COLUMNS = (
    Column("session_id", CellType.TEXT),
    Column("utterance_id", CellType.TEXT),
    Column("start", CellType.NUMBER),
    Column("end", CellType.NUMBER),
    Column("speaker", CellType.TEXT),
    Column("speaker_role", CellType.TEXT),
    Column("text", CellType.TEXT),
)


def columns(about: About) -> list[Column]:
    """Those of the utterances: the core table, and where there are codes a column for each marker."""
    codes: list[Column] = []
    for marker in about.markers if about.coded else ():
        if about.with_probabilities:
            codes.append(Column(f"p_{marker.name}", CellType.NUMBER))
        codes.append(Column(marker.name, CellType.INTEGER))
    return [*_COLUMNS, *codes]


def rows(transcript: CodedTranscript, about: About) -> Iterator[list[Cell]]:
    """A row per utterance, in the order of `columns`."""
    nothing: tuple[None, ...] = (None,) * len(about.markers)
    for place, utterance in enumerate(transcript.session.utterances):
        row: list[Cell] = [
            transcript.session.session_id, utterance.utterance_id, utterance.start, utterance.end,
            utterance.speaker, utterance.speaker_role.value, utterance.text,
        ]  # fmt: skip
        if about.coded:
            codes = transcript.codes[place] if transcript.codes else (NOT_CODED,) * len(about.markers)
            probabilities = transcript.probabilities[place] if transcript.probabilities else nothing
            for code, probability in zip(codes, probabilities, strict=True):
                if about.with_probabilities:
                    row.append(probability)
                row.append(None if code == NOT_CODED else code)
        yield row


class Export:
    """One table of all utterances. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About, file_format: str) -> None:
        self.notes: list[str] = []
        self._about = about
        self._table = open_table(folder, NAME, file_format, columns(about))

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        self._table.write(rows(transcript, self._about))

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.__exit__(kind, error, trace)
