"""A coded corpus, from a coded table or from transcripts and coders' ratings."""

from __future__ import annotations

from typing import Any, NamedTuple

from alliance_nlp.bench._given import (
    Names,
    Ratings,
    Table,
    coded_sessions,
    names_of,
    rating_table,
    say_notes,
    transcripts,
)
from alliance_nlp.codebook import Codebook
from alliance_nlp.consensus import Method, settle_sessions, settled_by, voters
from alliance_nlp.errors import UsageError
from alliance_nlp.left_open import left_open
from alliance_nlp.rating_table import RatingTable
from alliance_nlp.ratings import CodedSession
from alliance_nlp.readers import ReadOptions


class Corpus(NamedTuple):
    """Coded sessions and where they came from."""

    coded: list[CodedSession]
    provenance: dict[str, Any]
    codebook: Codebook
    """Names the columns of the codes."""
    table: RatingTable | None = None
    coders: tuple[str, ...] = ()
    """Whose ratings were settled."""


def corpus_of(
    given: Table,
    codebook: Codebook,
    options: ReadOptions,
    ratings: Ratings | None,
    consensus: str | None,
    adjudicator: str,
    coders: Names,
    some_markers: bool = False,
) -> Corpus:
    """The corpus that `train` and `evaluate` are given; with `some_markers`, of what is coded or rated alone.

    Raises
    ------
    CorpusError, RatingsError, TranscriptError
        Where it cannot be read, in whole or in part.
    UsageError
        Where the arguments do not go together.
    """
    if ratings is None:
        if consensus or adjudicator or coders:
            raise UsageError("consensus, adjudicator and coders are about ratings; give those too")
        coded, provenance = coded_sessions(given, codebook, options, some_markers)
        say_notes(item.session for item in coded)
        return Corpus(coded, provenance, codebook)
    method = method_of(consensus or Method.MAJORITY)
    table, of_ratings = rating_table(ratings, codebook, (), options)
    if some_markers:
        codebook = codebook.only(name for name in codebook.marker_names if name in table.markers or table.set_of(name))
    chosen = voters(table, names_of(coders), adjudicator)
    sessions, failures, files = transcripts(given, options)
    if failures:
        # A model must not be trained or judged on part of a corpus unnoticed.
        raise failures[0]
    coded = settle_sessions(sessions, table, codebook, method, chosen, adjudicator)
    say_notes(sessions)
    settled = settled_by(method, chosen, adjudicator) | left_open(coded, table, codebook, chosen)
    provenance = {"files": files, "ratings": of_ratings, "consensus": settled}
    return Corpus(coded, provenance, codebook, table, chosen)


def method_of(name: str) -> Method:
    """How differences are settled."""
    try:
        return Method(name)
    except ValueError:
        raise UsageError(f"no method {name!r}; there are {', '.join(Method)}") from None
