"""Parts of the commands that read ratings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.errors import AllianceError, TranscriptError, UsageError
from alliance_nlp.rating_table import CONSENSUS, RatingTable
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import CLIENT_COLUMN, Session


def markers_in_order(table: RatingTable, wanted: Sequence[str], codebook: Codebook | None) -> list[str]:
    """Markers of a table, in the order of the codebook and then as they come."""
    order = (codebook or read_codebook()).marker_names
    return sorted(table.choose_markers(wanted), key=lambda name: order.index(name) if name in order else len(order))


def say_who_is_left_out(table: RatingTable, coders: Sequence[str], named: bool) -> None:
    """Say on standard error that a coder called consensus was not asked for and is passed over."""
    for coder in table.coders:
        if not named and coder not in coders and coder.casefold() == CONSENSUS:
            click.echo(
                f"Left out: the coder {coder}, who is no coder of their own; name it in --coders to compare with it.",
                err=True,
            )


def read_transcripts(paths: Sequence[Path], roles: RoleNames) -> tuple[list[Session], list[TranscriptError]]:
    """Sessions of transcripts, and what could not be read."""
    from alliance_nlp.batch import find_transcripts
    from alliance_nlp.readers import TextSource, reader_of

    sessions: dict[str, Session] = {}
    failures: list[TranscriptError] = []
    files, _ = find_transcripts(paths)
    for file in files:
        try:
            for item in reader_of(file.path)(TextSource(file.path), file.session_name, roles, (CLIENT_COLUMN,)):
                if isinstance(item, TranscriptError):
                    failures.append(item)
                elif item.session_id in sessions:
                    reason = "the session id is in another transcript too; give each session an id of its own"
                    failures.append(TranscriptError(file.path, f"session {item.session_id}", reason))
                else:
                    sessions[item.session_id] = item
        except TranscriptError as error:
            failures.append(error)
    if not sessions:
        raise failures[0] if failures else UsageError("no transcript could be read")
    return list(sessions.values()), failures


def say_what_failed(failures: Sequence[AllianceError]) -> None:
    """Say on standard error what could not be used."""
    for failure in failures:
        click.echo(f"Left out: {failure}", err=True)
