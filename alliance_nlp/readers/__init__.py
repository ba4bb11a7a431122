"""Transcript files in, sessions out.

One module a format, each of which says

- ``NAME``: the format's name, for ``--format``;
- ``TITLE``: what a person calls it, for messages;
- ``SUFFIXES``: the file endings that it takes;
- ``read(source, session_id, options)``, which yields sessions; a session that fails inside a file of many comes as its
  `TranscriptError`, and an error raised ends the file;
- where its content can be told, ``looks_like(head) -> bool``, true for no other format's files;
- where it shares an ending with others and takes the files whose content does not tell, ``PLAIN = True``;
- where it is no text, ``SOURCE = BinarySource``;
- where files of other endings are to be refused with what to do, and not passed over in a folder, ``REFUSED``.

Dropping such a module into this folder is all that a new format needs. Modules whose names begin with an underscore
are shared parts. A module that needs a large library imports it inside ``read``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.readers._formats import Format, format_named, format_of, formats, is_taken, suffixes
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import BinarySource, TextSource
from alliance_nlp.readers._transcript_file import OpenedTranscript
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session

__all__ = [
    "BinarySource",
    "Format",
    "Head",
    "OpenedTranscript",
    "ReadOptions",
    "TextSource",
    "format_named",
    "format_of",
    "formats",
    "is_taken",
    "read_session",
    "read_sessions",
    "suffixes",
]


def read_sessions(
    path: str | Path,
    roles: RoleNames | None = None,
    keep: Iterable[str] = (),
    *,
    columns: Mapping[str, str] | None = None,
    join: bool | None = None,
    format_name: str | None = None,
) -> Iterator[Session]:
    """Read the sessions of one transcript file, one after the other.

    Parameters
    ----------
    path : str or Path
        A transcript file; its content and its ending tell the format.
    roles : RoleNames, optional
        Speaker labels beyond the usual ones.
    keep : iterable of str
        Further columns of a table to carry along in `Session.columns`.
    columns : mapping of str to str, optional
        Columns of a table that go by other names: ``{"text": "Utterance"}``.
    join : bool, optional
        Whether fragments of one speaker are joined into utterances; by default in formats of machine transcription
        and captions only.
    format_name : str, optional
        Name of the format, where content and ending mislead.

    Raises
    ------
    TranscriptError
        At the first session that cannot be read.
    UsageError
        Where there is no such format.
    """
    named = {name: column.strip().casefold() for name, column in (columns or {}).items()}
    options = ReadOptions(roles or RoleNames(), tuple(keep), named, join, format_name)
    path = Path(path)
    for session in OpenedTranscript(path, options).sessions(path.stem):
        if isinstance(session, TranscriptError):
            raise session
        yield session


def read_session(
    path: str | Path,
    roles: RoleNames | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    join: bool | None = None,
    format_name: str | None = None,
) -> Session:
    """Read a transcript file that holds one session. The parameters are those of `read_sessions`.

    Raises
    ------
    TranscriptError
        Where it cannot be read.
    UsageError
        Where it holds several (use `read_sessions`), or there is no such format.
    """
    sessions = list(read_sessions(path, roles, columns=columns, join=join, format_name=format_name))
    if len(sessions) > 1:
        raise UsageError(f"{path} holds {len(sessions)} sessions; read them with read_sessions")
    return sessions[0]
