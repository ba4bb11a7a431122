"""Transcript files in, sessions out.

One module a format. A reader module names the file endings it takes in
``SUFFIXES`` and has a function ``read(source, session_id, roles, keep)`` that
yields sessions; a session that fails inside a file of many comes as its
`TranscriptError`, and an error raised ends the file. Dropping such a module into
this folder is all that a new format needs. Modules whose names begin with an
underscore are shared parts.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.readers._source import TextSource
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session

__all__ = ["TextSource", "read_session", "read_sessions", "reader_of", "suffixes"]

Reader = Callable[[TextSource, str, RoleNames, tuple[str, ...]], Iterator[Session | TranscriptError]]


@cache
def _readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    for module_info in pkgutil.iter_modules(__path__):
        if not module_info.name.startswith("_"):
            module = importlib.import_module(f"{__name__}.{module_info.name}")
            found.update(dict.fromkeys(module.SUFFIXES, module.read))
    return found


def suffixes() -> list[str]:
    """File endings that can be read."""
    return sorted(_readers())


def reader_of(path: Path) -> Reader:
    """The reader for a file.

    Raises
    ------
    TranscriptError
        Where no reader takes such a file.
    """
    try:
        return _readers()[path.suffix.lower()]
    except KeyError:
        raise TranscriptError(
            path, "", f"no reader for {path.suffix or 'a file without an ending'}; can read {', '.join(suffixes())}"
        ) from None


def read_sessions(path: str | Path, roles: RoleNames | None = None, keep: Iterable[str] = ()) -> Iterator[Session]:
    """Read the sessions of one transcript file, one after the other.

    Parameters
    ----------
    path : str or Path
        A transcript file; its ending tells the format.
    roles : RoleNames, optional
        Speaker labels beyond the usual ones.
    keep : iterable of str
        Further columns of a table to carry along in `Session.columns`.

    Raises
    ------
    TranscriptError
        At the first session that cannot be read.
    """
    path = Path(path)
    reader = reader_of(path)
    for session in reader(TextSource(path), path.stem, roles or RoleNames(), tuple(keep)):
        if isinstance(session, TranscriptError):
            raise session
        yield session


def read_session(path: str | Path, roles: RoleNames | None = None) -> Session:
    """Read a transcript file that holds one session.

    Raises
    ------
    TranscriptError
        Where it cannot be read.
    UsageError
        Where it holds several; use `read_sessions`.
    """
    sessions = list(read_sessions(path, roles))
    if len(sessions) > 1:
        raise UsageError(f"{path} holds {len(sessions)} sessions; read them with read_sessions")
    return sessions[0]
