"""What a transcript is once it has been read: utterances in sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

TABLE_COLUMNS = ("session_id", "utterance_id", "speaker", "speaker_role", "text", "start", "end")
"""Columns of the core transcript table."""
CLIENT_COLUMN = "client_id"
"""In a coded corpus: whose session it is."""
SHEET_ROW = "sheet row"
"""In a sheet made for a coder: where the row stood, so that the transcript's order survives sorting."""

SOURCE_IDS = "source_ids"
"""In `Session.columns` where fragments were joined: ids of the fragments in each utterance, a line each."""


class SpeakerRole(StrEnum):
    """The part that a speaker has in the therapy."""

    THERAPIST = "therapist"
    CLIENT = "client"
    OTHER = "other"


class Utterance(NamedTuple):
    """The coded unit: what one speaker says before the other speaks, or one line of it.

    A named tuple, since a large batch holds hundreds of thousands of them.
    """

    utterance_id: str
    text: str
    speaker: str
    speaker_role: SpeakerRole
    start: float | None = None
    """Seconds from the start of the recording."""
    end: float | None = None
    """Seconds from the start of the recording."""


@dataclass(frozen=True, slots=True)
class Session:
    """One therapy session.

    Attributes
    ----------
    session_id : str
        Unique within a batch.
    utterances : tuple of Utterance
        In the transcript's order; never empty.
    columns : mapping of str to tuple of str
        Further columns of the transcript table that the reader was asked to
        keep, one value per utterance.
    notes : tuple of str
        What the reader left out or assumed, for the user to see.
    """

    session_id: str
    utterances: tuple[Utterance, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
