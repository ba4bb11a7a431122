"""What the functions of the bench are given, made what the functions behind the commands take."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from alliance_nlp.batch import find_transcripts
from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.errors import AllianceError, TranscriptError, UsageError
from alliance_nlp.rating_files import RatingRecords, RatingSource, rating_files, read_ratings
from alliance_nlp.rating_table import RatingTable
from alliance_nlp.ratings import CodedSession, code_columns, read_coded_sessions, with_codes
from alliance_nlp.readers import ReadOptions
from alliance_nlp.readers._records import RecordTable, is_frame
from alliance_nlp.roles import RoleNames
from alliance_nlp.tagging import Tagger, load_tagger
from alliance_nlp.transcript import CLIENT_COLUMN, Session
from alliance_nlp.transcript_files import digest, gathered, read_transcripts

if TYPE_CHECKING:
    from pandas import DataFrame

Table: TypeAlias = "DataFrame | Iterable[Mapping[str, Any]] | str | Path | Sequence[str | Path]"
"""A DataFrame, dictionaries, or one file or more."""
Ratings: TypeAlias = "Table | Mapping[str, Table]"
"""A table that names its coders, or a coded table of each coder by name."""
Names: TypeAlias = "str | Sequence[str]"
Roles: TypeAlias = "Mapping[str, str] | RoleNames | None"


class AllianceWarning(UserWarning):
    """Something to be minded, which a command prints as a note."""


def warn(messages: Iterable[object]) -> None:
    """Warn where the user called the bench."""
    level, caller = 1, inspect.currentframe()
    while caller and caller.f_globals.get("__name__", "").startswith("alliance_nlp."):
        level, caller = level + 1, caller.f_back
    for message in messages:
        warnings.warn(str(message), AllianceWarning, stacklevel=level)


def options_of(roles: Roles, columns: Mapping[str, str] | None, keep: Sequence[str] = ()) -> ReadOptions:
    """How tables are to be read; see `alliance_nlp.read_sessions`."""
    named = {name: column.strip().casefold() for name, column in (columns or {}).items()}
    try:
        names = roles if isinstance(roles, RoleNames) else RoleNames(roles)
    except ValueError as error:
        raise UsageError(f"roles: {error}; write for example roles={{'SPEAKER_00': 'therapist'}}") from None
    return ReadOptions(names, tuple(keep), named)


def names_of(given: Names) -> tuple[str, ...]:
    """Names, where a single one need not stand in a list."""
    return (given,) if isinstance(given, str) and given else tuple(given)


def codebook_of(codebook: Codebook | str | Path | None) -> Codebook:
    """A codebook, read where a file is named; the alliance codebook where none is."""
    return codebook if isinstance(codebook, Codebook) else read_codebook(codebook)


def tagger_of(model: Tagger | str | Path | None) -> Tagger:
    """A tagger, loaded where a folder is named; the shipped model's where none is, or ``"default"``."""
    if model == "default" and not Path(model).exists():
        model = None
    return model if isinstance(model, Tagger) else load_tagger(model)


def paths_of(given: Table) -> list[Path] | None:
    """The files named, or None where a table is given."""
    if isinstance(given, str | Path):
        return [Path(given)]
    if not is_frame(given) and isinstance(given, list | tuple) and all(isinstance(item, str | Path) for item in given):
        return [Path(item) for item in given if isinstance(item, str | Path)] or None
    return None


def coded_sessions(
    given: Table, codebook: Codebook, options: ReadOptions, some_markers: bool = False
) -> tuple[list[CodedSession], dict[str, Any]]:
    """A coded corpus, and where it came from.

    Raises
    ------
    CorpusError, TranscriptError
        As `read_coded_sessions`.
    """
    paths = paths_of(given)
    if paths is not None:
        coded = read_coded_sessions(paths, codebook, options, options.keep, some_markers)
        return coded, {"files": [digest(path) for path in paths]}
    table = RecordTable(given)
    options = replace(options, keep=(*code_columns(codebook), *options.keep))
    return with_codes(_of_table(table, options), codebook, some_markers), {"files": [_digest(table)]}


def transcripts(
    given: Table, options: ReadOptions
) -> tuple[list[Session], list[TranscriptError], list[dict[str, str]]]:
    """Sessions, what could not be read, and digests of where they came from.

    Raises
    ------
    TranscriptError, UsageError
        Where there is no session.
    """
    paths = paths_of(given)
    if paths is not None:
        sessions, failures = read_transcripts(paths, options, options.keep)
        return sessions, failures, [digest(file.path) for file in find_transcripts(paths)[0]]
    table = RecordTable(given)
    sessions, failures = gathered(_of_table(table, replace(options, keep=(CLIENT_COLUMN, *options.keep))))
    return sessions, failures, [_digest(table)]


def rating_table(
    given: Ratings, codebook: Codebook | None, markers: Sequence[str], options: ReadOptions
) -> tuple[RatingTable, list[dict[str, str]]]:
    """Ratings, and digests of where they came from.

    Raises
    ------
    RatingsError, TranscriptError, UsageError
        As `read_ratings`.
    """
    of_coders = given.items() if isinstance(given, Mapping) else [("", given)]
    sources: list[RatingSource | RatingRecords] = []
    digests = []
    for coder, table in of_coders:
        paths = paths_of(table)
        if paths is not None:
            files = [RatingSource(path, coder) if coder else RatingSource.parse(str(path)) for path in paths]
            sources += files
            digests += [digest(file.path) for file in rating_files(files)]
        else:
            records = RecordTable(table, f"ratings of {coder}" if coder else "ratings")
            sources.append(RatingRecords(records, coder))
            digests.append(_digest(records))
    table = read_ratings(sources, codebook, markers, options.roles, options.columns)
    warn(table.notes)
    return table, digests


def say_notes(sessions: Iterable[Session], failures: Iterable[AllianceError] = ()) -> None:
    """Warn of what readers left out or assumed, and of what could not be used."""
    warn(note for session in sessions for note in session.notes)
    warn(f"left out: {failure}" for failure in failures)


def _of_table(table: RecordTable, options: ReadOptions) -> Iterator[tuple[Path, Session | TranscriptError]]:
    return ((table.path, item) for item in table.sessions(options))


def _digest(table: RecordTable) -> dict[str, str]:
    return {"file": str(table.path), "sha256": table.sha256}
