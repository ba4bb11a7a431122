"""An utterance as it stands in the file, before it is checked."""

from __future__ import annotations

from typing import NamedTuple


class RawUtterance(NamedTuple):
    """An utterance as it stands in the file."""

    line: int
    """Where: the number of a line or of another unit of the format."""
    speaker: str
    text: str
    role_name: str = ""
    """A word for the role where the file has one beside the speaker; empty to tell it from the speaker."""
    utterance_id: str = ""
    """Empty to number the utterances from 1."""
    start: float | None = None
    end: float | None = None
