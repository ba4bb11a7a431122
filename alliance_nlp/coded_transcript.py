"""A session with the codes that a coder or a model gave its utterances: what goes to other tools and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_nlp.codebook import Marker
from alliance_nlp.errors import TranscriptError
from alliance_nlp.rating_table import shown_name
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.transcript import Session

if TYPE_CHECKING:
    from alliance_nlp.tagging import TaggedSession

Codes = tuple[tuple[int, ...], ...]
Probabilities = tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class CodedTranscript:
    """A session, and the codes of its utterances where there are any.

    Attributes
    ----------
    session : Session
        The transcript.
    codes : tuple of tuple of int, optional
        Per utterance and marker 1, 0 or `NOT_CODED`; None where nobody has coded the session.
    probabilities : tuple of tuple of float, optional
        Per utterance and marker what the model gave, None where not coded; None where no model coded.
    coder : str
        Who coded, where the file says so.
    """

    session: Session
    codes: Codes | None = None
    probabilities: Probabilities | None = None
    coder: str = ""

    def markers_of(self, place: int, markers: Sequence[Marker]) -> list[Marker]:
        """The markers that one utterance is coded with."""
        row = self.codes[place] if self.codes else ()
        return [marker for marker, code in zip(markers, row, strict=False) if code == 1]


def from_tagged(tagged: TaggedSession) -> CodedTranscript:
    """What a model says of a session."""
    codes = tuple(map(tuple, tagged.tags.tolist()))
    probabilities = tuple(
        tuple(None if code == NOT_CODED else probability for probability, code in zip(row, of_row, strict=True))
        for row, of_row in zip(tagged.probabilities.tolist(), codes, strict=True)
    )
    return CodedTranscript(tagged.session, codes, probabilities)


def from_columns(session: Session, markers: Sequence[Marker], file: Path) -> CodedTranscript:
    """What the columns of a coded table say of a session; see `alliance_nlp.ratings`.

    Raises
    ------
    TranscriptError
        Where a cell is none of 1, 0 and empty.
    """
    if not any(marker.name in session.columns for marker in markers):
        return CodedTranscript(session)
    nothing = ("",) * len(session.utterances)
    columns = [session.columns.get(marker.name, nothing) for marker in markers]
    codes = []
    for utterance, cells in zip(session.utterances, zip(*columns, strict=True), strict=True):
        row = []
        for marker, cell in zip(markers, cells, strict=True):
            # A column with gaps comes out of pandas as 1.0 and 0.0.
            code = cell.strip().removesuffix(".0")
            if code not in ("", "0", "1"):
                raise TranscriptError(
                    file,
                    f"session {shown_name(session.session_id)}, utterance {shown_name(utterance.utterance_id)}",
                    f"the {marker.name} code is none of 1, 0 and nothing; correct it",
                )
            is_coded_on = code != "" and marker.role == utterance.speaker_role
            row.append(int(code) if is_coded_on else NOT_CODED)
        codes.append(tuple(row))
    return CodedTranscript(session, tuple(codes))
