"""Coders' codes: a coded corpus read from the core table with a column per marker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import CorpusError, TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions
from alliance_nlp.transcript import CLIENT_COLUMN, Session

NOT_CODED = -1


@dataclass(frozen=True, slots=True)
class CodedSession:
    """A session with its codes.

    Attributes
    ----------
    session : Session
        The transcript.
    client : str
        Whose session it is: the ``client_id`` of the table, or the session itself.
    codes : ndarray of int8, shape (n_utterances, n_markers)
        1, 0, or `NOT_CODED`; in the codebook's order, and `NOT_CODED` wherever
        the speaker's role is not the marker's.
    """

    session: Session
    client: str
    codes: npt.NDArray[np.int8]


def read_coded_sessions(
    paths: Iterable[str | Path],
    codebook: Codebook,
    options: ReadOptions | None = None,
    keep: Sequence[str] = (),
    some_markers: bool = False,
) -> list[CodedSession]:
    """Read a coded corpus.

    Parameters
    ----------
    paths : iterable of str or Path
        Core tables with a column per marker (1, 0, or empty for not coded)
        and, where a client has several sessions, a column ``client_id``.
    codebook : Codebook
        Names the markers; all must have a column.
    options : ReadOptions, optional
        What the user says about the tables.
    keep : sequence of str
        Further columns to carry along in `Session.columns`.
    some_markers : bool
        Whether a marker without a column is not coded, instead of an error.

    Raises
    ------
    CorpusError
        Where a marker has no column, or a cell is none of 1, 0 and empty.
    TranscriptError
        Where a session cannot be read.
    """
    options = replace(options or ReadOptions(), keep=(CLIENT_COLUMN, *codebook.marker_names, *keep))
    coded = []
    file_of_session: dict[str, str | Path] = {}
    for path in map(Path, paths):
        for session in OpenedTranscript(path, options).sessions(path.stem):
            if isinstance(session, TranscriptError):
                raise session
            if session.session_id in file_of_session:
                first = file_of_session[session.session_id]
                raise CorpusError(f"{path}: the session id {session.session_id!r} is also in {first}; rename one")
            file_of_session[session.session_id] = path
            missing = [name for name in codebook.marker_names if name not in session.columns]
            if missing and not some_markers:
                raise CorpusError(
                    f"{path}: no column {missing[0]!r}; a coded corpus has a column for each marker of the codebook "
                    f"({', '.join(codebook.marker_names)}) that holds 1, 0 or, where not coded, nothing"
                )
            clients = [client.strip() for client in session.columns.get(CLIENT_COLUMN, ())]
            if len(set(clients)) > 1:
                raise CorpusError(f"{path}, session {session.session_id}: more than one {CLIENT_COLUMN}; give one")
            codes = _codes(path, session, codebook)
            coded.append(CodedSession(session, next(iter(clients), "") or session.session_id, codes))
    return coded


def _codes(path: str | Path, session: Session, codebook: Codebook) -> npt.NDArray[np.int8]:
    codes = np.full((len(session.utterances), len(codebook.markers)), NOT_CODED, dtype=np.int8)
    for index, marker in enumerate(codebook.markers):
        cells = session.columns.get(marker.name, ("",) * len(session.utterances))
        for row, (utterance, cell) in enumerate(zip(session.utterances, cells, strict=True)):
            # A column with gaps comes out of pandas as 1.0 and 0.0.
            code = cell.strip().removesuffix(".0")
            if code not in ("", "0", "1"):
                # What stands in a code's place can be somebody's words.
                shown = repr(code) if len(code) <= 4 else f"a text of {len(code)} characters"
                raise CorpusError(
                    f"{path}, session {session.session_id}, utterance {utterance.utterance_id}: "
                    f"the {marker.name} code is {shown}; write 1, 0 or nothing"
                )
            if code == "1" and utterance.speaker_role != marker.role:
                raise CorpusError(
                    f"{path}, session {session.session_id}, utterance {utterance.utterance_id}: {marker.name} "
                    f"is coded on a {utterance.speaker_role} line; it is a code for the {marker.role}"
                )
            if code and utterance.speaker_role == marker.role:
                codes[row, index] = int(code)
    return codes


def positives(coded: Sequence[CodedSession], marker: int) -> tuple[int, int]:
    """Number of utterances coded 1 on a marker, and of clients whose sessions hold one."""
    held = [(item.client, int((item.codes[:, marker] == 1).sum())) for item in coded]
    return sum(count for _, count in held), len({client for client, count in held if count})
