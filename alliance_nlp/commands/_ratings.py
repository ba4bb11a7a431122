"""Parts of the commands that read ratings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import AllianceError, UsageError
from alliance_nlp.rating_table import RatingTable, is_own_coder
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session
from alliance_nlp.transcript_files import digest, read_transcripts


def say_who_is_left_out(table: RatingTable, coders: Sequence[str], named: bool, settling: bool = False) -> None:
    """Say on standard error that a coder called consensus or adjudicator was not asked for and is passed over."""
    for coder in table.coders:
        if not named and coder not in coders and not is_own_coder(coder):
            remedy = (
                f"to let it decide, add --adjudicator {coder}" if settling else "name it in --coders to compare with it"
            )
            click.echo(f"Left out: the coder {coder}, who is no coder of their own; {remedy}.", err=True)


def say_notes_of_ratings(table: RatingTable) -> None:
    """Say on standard error what was not there to read, or was passed over."""
    for note in table.notes:
        click.echo(f"Note: {note}", err=True)


def say_notes(sessions: Sequence[Session]) -> None:
    """Say on standard error what readers left out or assumed."""
    for session in sessions:
        for note in session.notes:
            click.echo(f"Note: {note}", err=True)


def say_what_failed(failures: Sequence[AllianceError]) -> None:
    """Say on standard error what could not be used."""
    for failure in failures:
        click.echo(f"Left out: {failure}", err=True)


class RatedCorpus(NamedTuple):
    """Coded sessions settled from ratings, and what they were settled from."""

    coded: list[CodedSession]
    provenance: dict[str, Any]
    codebook: Codebook
    """Names the columns of the codes."""
    table: RatingTable
    coders: tuple[str, ...]
    """Whose codes were settled."""


def read_corpus(
    corpus: Sequence[Path],
    codebook: Codebook,
    options: ReadOptions,
    ratings: Sequence[str],
    method: str | None,
    adjudicator: str | None,
    coders: Sequence[str],
    quiet: bool,
) -> tuple[list[CodedSession], dict[str, Any]]:
    """Coded sessions, from coded tables or from transcripts and ratings, and where they came from."""
    if ratings:
        rated = read_rated_corpus(corpus, codebook, options, ratings, method, adjudicator, coders, quiet)
        return rated.coded, rated.provenance
    require_no_settling(method, adjudicator, coders)
    coded = read_coded_sessions(corpus, codebook, options)
    if not quiet:
        say_notes([item.session for item in coded])
    return coded, {"files": [digest(path) for path in corpus]}


def require_no_settling(method: str | None, adjudicator: str | None, coders: Sequence[str]) -> None:
    """Raise a `UsageError` where a corpus without ratings comes with options about them."""
    if method or adjudicator or coders:
        raise UsageError("--consensus, --adjudicator and --coders are about ratings; give those with --ratings FILE")


def read_rated_corpus(
    corpus: Sequence[Path],
    codebook: Codebook,
    options: ReadOptions,
    ratings: Sequence[str],
    method: str | None,
    adjudicator: str | None,
    coders: Sequence[str],
    quiet: bool,
    keep: Sequence[str] = (),
    some_markers: bool = False,
) -> RatedCorpus:
    """Coded sessions from transcripts and ratings; with `some_markers`, of those markers alone that are rated."""
    from alliance_nlp.batch import find_transcripts
    from alliance_nlp.consensus import Method, settle_sessions, settled_by, voters
    from alliance_nlp.left_open import left_open
    from alliance_nlp.rating_files import rating_files, read_ratings

    how = Method(method or Method.MAJORITY)
    table = read_ratings(ratings, codebook, roles=options.roles, columns=options.columns)
    if some_markers:
        codebook = codebook.only(name for name in codebook.marker_names if name in table.markers or table.set_of(name))
    chosen = voters(table, coders, adjudicator or "")
    sessions, failures = read_transcripts(corpus, options, keep)
    if failures:
        # A model must not be trained or judged on part of a corpus unnoticed.
        raise failures[0]
    coded = settle_sessions(sessions, table, codebook, how, chosen, adjudicator or "")
    if not quiet:
        say_notes_of_ratings(table)
        say_notes(sessions)
        say_who_is_left_out(table, (*chosen, adjudicator or ""), bool(coders), settling=True)
        click.echo(f"{len(coded)} of {len(sessions)} transcripts are rated", err=True)
    provenance = {
        "files": [digest(file.path) for file in find_transcripts(corpus)[0]],
        "ratings": [digest(source.path) for source in rating_files(ratings)],
        "consensus": settled_by(how, chosen, adjudicator or "") | left_open(coded, table, codebook, chosen),
    }
    return RatedCorpus(coded, provenance, codebook, table, chosen)
