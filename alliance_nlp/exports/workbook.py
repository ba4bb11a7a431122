"""An Excel workbook for people: the utterances with a column per marker to fill in, the sessions, the codebook."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from alliance_nlp.codebook import Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.errors import UnfitError
from alliance_nlp.exports import About, Cell, CellType, Column
from alliance_nlp.exports._sheets import MOST_CHARACTERS, Workbook, too_long
from alliance_nlp.exports._xml import require_plain_names
from alliance_nlp.exports.core_table import columns, rows
from alliance_nlp.transcript import SpeakerRole

NAME = "transcripts"
FILES = (f"{NAME}.xlsx",)
UTTERANCES = "utterances"
"""Name of the sheet that comes back."""

_LISTS = ("codes", "does_not_code", "rulings", "examples", "near_misses", "sources")


class Export:
    """One workbook. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._path = folder / f"{NAME}.xlsx"
        # There is a column for each marker even where nobody has coded yet: the sheet is there to be filled in.
        self._about = about._replace(coded=True)
        names = [marker.name for marker in about.markers]
        self._book = Workbook()
        self._columns = columns(self._about)
        self._utterances = self._book.sheet(UTTERANCES, self._columns, wide=["text"], codes=names)
        counts = [f"utterances_{role}" for role in SpeakerRole] + [f"{name}_count" for name in names]
        session_columns = [Column("session_id", CellType.TEXT), *(Column(name, CellType.INTEGER) for name in counts)]
        self._sessions = self._book.sheet("sessions", session_columns)
        described = ("marker", "title", "role", "definition", "kinds", *_LISTS)
        sheet = self._book.sheet("codebook", [Column(name, CellType.TEXT) for name in described], wide=described[3:])
        sheet.write(_described(marker) for marker in about.markers)

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session.

        Raises
        ------
        UnfitError
            Where a text is longer than a cell can hold.
        """
        session = transcript.session
        require_plain_names(session)
        for utterance in session.utterances:
            if too_long(utterance.text):
                raise UnfitError(
                    f"session {session.session_id}, utterance {utterance.utterance_id}",
                    f"longer than the {MOST_CHARACTERS:,} characters of an Excel cell; choose another format",
                )
        place_of = {column.name: place for place, column in enumerate(self._columns)}
        closed_on = {
            role: frozenset(place_of[marker.name] for marker in self._about.markers if marker.role != role)
            for role in SpeakerRole
        }
        self._utterances.write(
            rows(transcript, self._about), (closed_on[utterance.speaker_role] for utterance in session.utterances)
        )
        row: list[Cell] = [session.session_id]
        row += [sum(utterance.speaker_role == role for utterance in session.utterances) for role in SpeakerRole]
        for column in range(len(self._about.markers)):
            row.append(None if transcript.codes is None else sum(codes[column] == 1 for codes in transcript.codes))
        self._sessions.write([row])

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._book.save(self._path)
        else:
            self._book.abandon()


def _described(marker: Marker) -> list[Cell]:
    kinds = "\n".join(f"{kind.name}: {kind.definition}" for kind in marker.kinds)
    lists = ["\n".join(f"– {item}" for item in getattr(marker, name)) for name in _LISTS]
    return [marker.name, marker.title, str(marker.role), marker.definition, kinds, *lists]
