"""Coders' codes: a coded corpus read from the core table with a column per marker or set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.errors import CorpusError, TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions
from alliance_nlp.set_columns import set_codes
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
        the speaker's role is not the marker's. Of the codes of a set, exactly one
        is 1 or all are `NOT_CODED`.
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
        Core tables with a column per marker (1, 0, or empty for not coded),
        for each set a column with the code's name or a column per code, and,
        where a client has several sessions, a column ``client_id``.
    codebook : Codebook
        Names the markers; all must have a column.
    options : ReadOptions, optional
        What the user says about the tables.
    keep : sequence of str
        Further columns to carry along in `Session.columns`.
    some_markers : bool
        Whether a marker or set without a column is not coded, instead of an error.

    Raises
    ------
    CorpusError
        Where a marker has no column, a cell is none of 1, 0 and empty, or not
        exactly one code of a set is given.
    TranscriptError
        Where a session cannot be read.
    """
    options = replace(options or ReadOptions(), keep=(*code_columns(codebook), *keep))
    found = (
        (path, session) for path in map(Path, paths) for session in OpenedTranscript(path, options).sessions(path.stem)
    )
    return with_codes(found, codebook, some_markers)


def code_columns(codebook: Codebook) -> tuple[str, ...]:
    """Columns of a coded table that `with_codes` looks at."""
    return (CLIENT_COLUMN, *codebook.marker_names, *(code_set.name for code_set in codebook.sets))


def with_codes(
    found: Iterable[tuple[Path, Session | TranscriptError]], codebook: Codebook, some_markers: bool = False
) -> list[CodedSession]:
    """Sessions with the codes that stand in their columns; see `read_coded_sessions`.

    Parameters
    ----------
    found : iterable of (Path, Session or TranscriptError)
        What was read, and from where, `code_columns` kept.
    codebook, some_markers
        As for `read_coded_sessions`.
    """
    coded = []
    file_of_session: dict[str, str | Path] = {}
    for path, session in found:
        if isinstance(session, TranscriptError):
            raise session
        if session.session_id in file_of_session:
            first = file_of_session[session.session_id]
            raise CorpusError(f"{path}: the session id {session.session_id!r} is also in {first}; rename one")
        file_of_session[session.session_id] = path
        client = client_of(session, f"{path}, ")
        coded.append(CodedSession(session, client, _codes(path, session, codebook, some_markers)))
    return coded


def client_of(session: Session, where: str = "") -> str:
    """Whose session it is: what its column ``client_id`` says, or else it stands for itself.

    Raises
    ------
    CorpusError
        Where the column says two things; `where` begins the message.
    """
    clients = {client.strip() for client in session.columns.get(CLIENT_COLUMN, ())}
    if len(clients) > 1:
        raise CorpusError(f"{where}session {session.session_id}: more than one {CLIENT_COLUMN}; give one")
    return next(iter(clients), "") or session.session_id


def _codes(path: str | Path, session: Session, codebook: Codebook, some_markers: bool) -> npt.NDArray[np.int8]:
    codes = np.full((len(session.utterances), len(codebook.markers)), NOT_CODED, dtype=np.int8)
    independent = {marker.name for marker in codebook.independent}
    for index, marker in enumerate(codebook.markers):
        if marker.name not in independent:
            continue
        cells = session.columns.get(marker.name)
        if cells is not None:
            codes[:, index] = _marker_codes(path, session, marker, cells)
        elif not some_markers:
            names = ", ".join(codebook.variable_names)
            raise CorpusError(
                f"{path}: no column {marker.name!r}; a coded corpus has a column for each marker of the codebook "
                f"({names}) that holds 1, 0 or, where not coded, nothing"
            )
    for code_set in codebook.sets:
        of_set = set_codes(path, session, code_set)
        if of_set is not None:
            codes[:, codebook.columns_of(code_set)] = of_set
        elif not some_markers:
            raise CorpusError(
                f"{path}: no column {code_set.name!r}; a coded corpus has for each set of the codebook a column with "
                f"the name of the code ({', '.join(code_set.code_names)}), or a column per code with 1 and 0"
            )
    return codes


def _marker_codes(path: str | Path, session: Session, marker: Marker, cells: Sequence[str]) -> npt.NDArray[np.int8]:
    codes = np.full(len(session.utterances), NOT_CODED, dtype=np.int8)
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
            codes[row] = int(code)
    return codes


def positives(coded: Sequence[CodedSession], marker: int) -> tuple[int, int]:
    """Number of utterances coded 1 on a marker, and of clients whose sessions hold one."""
    held = [(item.client, int((item.codes[:, marker] == 1).sum())) for item in coded]
    return sum(count for _, count in held), len({client for client, count in held if count})
