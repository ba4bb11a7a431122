"""Whole transcripts from files or tables in memory, told apart by their session ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from alliance_nlp.batch import find_transcripts
from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.readers import BinarySource, OpenedTranscript, ReadOptions
from alliance_nlp.transcript import CLIENT_COLUMN, Session


def read_transcripts(
    paths: Sequence[Path], options: ReadOptions, keep: Sequence[str] = ()
) -> tuple[list[Session], list[TranscriptError]]:
    """Sessions of transcripts with the columns to `keep`, and what could not be read.

    Raises
    ------
    TranscriptError, UsageError
        Where there is no session.
    """
    return gathered(_sessions(paths, replace(options, keep=(CLIENT_COLUMN, *keep))))


def gathered(found: Iterable[tuple[Path, Session | TranscriptError]]) -> tuple[list[Session], list[TranscriptError]]:
    """Sessions of different ids, and what failed; see `read_transcripts`."""
    sessions: dict[str, Session] = {}
    failures: list[TranscriptError] = []
    for path, item in found:
        if isinstance(item, TranscriptError):
            failures.append(item)
        elif item.session_id in sessions:
            reason = "the session id is in another transcript too; give each session an id of its own"
            failures.append(TranscriptError(path, f"session {item.session_id}", reason))
        else:
            sessions[item.session_id] = item
    if not sessions:
        raise failures[0] if failures else UsageError("no transcript could be read")
    return list(sessions.values()), failures


def _sessions(paths: Sequence[Path], options: ReadOptions) -> Iterator[tuple[Path, Session | TranscriptError]]:
    files, _ = find_transcripts(paths)
    for file in files:
        try:
            for item in OpenedTranscript(file.path, options).sessions(file.session_name):
                yield file.path, item
        except TranscriptError as error:
            yield file.path, error


def digest(path: Path) -> dict[str, str]:
    """Name and SHA-256 of a file."""
    return {"file": path.name, "sha256": BinarySource(path).sha256}
