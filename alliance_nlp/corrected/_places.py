"""What every file that comes back ends in: utterances and codes that were found, as a coded transcript."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.errors import TranscriptError, shown
from alliance_nlp.rating_table import shown_name, shown_value
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.readers import BinarySource, ReadOptions
from alliance_nlp.readers._archive import MAX_MEMBER_BYTES
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.timeline import clock

_IDS_SHOWN = 10


class Found:
    """Utterances and codes of one session, as a file that came back has them.

    Parameters
    ----------
    path : Path
        The file.
    session_id : str
        Of the session.
    codebook : Codebook
        Names the codes.
    known : collection of str, optional
        Markers that the file was made for; the others are not coded in it, and not 0. None where it does not say.

    Attributes
    ----------
    notes : list of str
        What could not be placed, with the file and the place in it.
    """

    def __init__(self, path: Path, session_id: str, codebook: Codebook, known: Collection[str] | None = None) -> None:
        self.notes: list[str] = []
        self._path = path
        self._session_id = session_id
        self._markers = codebook.markers
        self.known = set(codebook.marker_names if known is None else known)
        self._raw: list[RawUtterance] = []
        self._place_of: dict[str, int] = {}
        self._codes: dict[tuple[int, str], int] = {}

    def note(self, place: str, what: str) -> None:
        """Note what could not be placed."""
        where = ", ".join(
            part for part in (shown(self._path), f"session {shown_name(self._session_id)}", place) if part
        )
        self.notes.append(f"{where}: {what}")

    def add(self, utterance: RawUtterance, place: str) -> bool:
        """Add an utterance; False where its id is there already."""
        if utterance.utterance_id in self._place_of:
            self.note(
                place,
                f"a second segment with the utterance id {shown_value(utterance.utterance_id)}; left out, with its "
                "codes",
            )
            return False
        self._place_of[utterance.utterance_id] = len(self._raw)
        self._raw.append(utterance._replace(line=len(self._raw) + 1))
        return True

    def code(self, utterance_id: str, marker: Marker, code: int = 1) -> None:
        """Note a code on an utterance that was added."""
        self._codes[self._place_of[utterance_id], marker.name] = code

    def expect(self, utterance_ids: Sequence[str]) -> None:
        """Note which utterances that were written are gone."""
        gone = [name for name in utterance_ids if name not in self._place_of]
        if gone:
            named = ", ".join(map(shown_value, gone[:_IDS_SHOWN])) + (" …" if len(gone) > _IDS_SHOWN else "")
            self.note("", f"{len(gone)} of {len(utterance_ids)} utterances are gone and count as not coded: {named}")

    def expect_number(self, n_utterances: int) -> None:
        """Note how many of the utterances that were written are gone."""
        if len(self._raw) < n_utterances:
            self.note("", f"{n_utterances - len(self._raw)} of {n_utterances} utterances are gone; count as not coded")

    def transcript(self, options: ReadOptions, coder: str = "") -> CodedTranscript:
        """The session with its codes: 1 where a code was noted, 0 on every other utterance of the marker's role.

        Raises
        ------
        TranscriptError
            Where the utterances make no session (see `make_session`), or the file knows no marker of the codebook.
        """
        # The utterances are those of the transcript: nothing is joined.
        options = replace(options, join=False)
        session = make_session(self._path, self._session_id, self._raw, options)
        unknown = [marker.name for marker in self._markers if marker.name not in self.known]
        if len(unknown) == len(self._markers):
            raise TranscriptError(
                self._path,
                f"session {shown_name(self._session_id)}",
                "knows no marker of the codebook; give the one that it was written with: --codebook FILE",
            )
        if unknown:
            self.note("", f"was not made for {', '.join(unknown)}; counts as not coded")
        codes = []
        for place, utterance in enumerate(session.utterances):
            row = []
            for marker in self._markers:
                code = self._codes.get((place, marker.name), 0)
                if marker.role == utterance.speaker_role:
                    row.append(code if marker.name in self.known else NOT_CODED)
                    continue
                row.append(NOT_CODED)
                if code == 1:
                    self.note(
                        f"utterance {shown_value(utterance.utterance_id)}",
                        f"{marker.name} on a line of the {utterance.speaker_role}; it is a code for the {marker.role}, "
                        "and left out",
                    )
            codes.append(tuple(row))
        return CodedTranscript(replace(session, notes=tuple(self.notes)), tuple(codes), coder=coder)


def file_bytes(source: BinarySource) -> bytes:
    """The content of a file.

    Raises
    ------
    TranscriptError
        Where it is larger than any such file.
    """
    if source.size > MAX_MEMBER_BYTES:
        raise TranscriptError(
            source.path, "", f"larger than {MAX_MEMBER_BYTES >> 20:,} MB; hand in fewer sessions at a time"
        )
    with source.open() as stream:
        return stream.read()


def seconds(value: Any) -> float | None:
    """A time that a file gives as a number; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return float(value)


def markers_by_name(codebook: Codebook) -> dict[str, Marker]:
    """Markers by every name that a coder may know them by, in small letters: name, title, and the names of kinds."""
    found: dict[str, Marker] = {}
    for marker in codebook.markers:
        for kind in marker.kinds:
            found.setdefault(kind.name.casefold(), marker)
    for marker in codebook.markers:
        found[marker.title.casefold()] = marker
    for marker in codebook.markers:
        found[marker.name] = marker
    return found


def at(milliseconds: int) -> str:
    """A place on the time line, for a message."""
    return clock(milliseconds / 1000)
