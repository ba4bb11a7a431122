"""``consensus`` in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.bench._corpus import method_of
from alliance_nlp.bench._given import (
    Names,
    Ratings,
    Roles,
    Table,
    codebook_of,
    names_of,
    options_of,
    rating_table,
    warn,
)
from alliance_nlp.bench._given import transcripts as read_sessions
from alliance_nlp.codebook import Codebook
from alliance_nlp.coder_agreement import markers_in_order
from alliance_nlp.consensus import Consensus, Method, coded_sessions, settle_markers, voters
from alliance_nlp.consensus_tables import corpus_table, ratings_table
from alliance_nlp.errors import UsageError
from alliance_nlp.frames import frame
from alliance_nlp.ratings import CodedSession
from alliance_nlp.reports.notebook import in_notebook

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class ConsensusResult:
    """What coders' ratings settle on.

    Attributes
    ----------
    method : Method
        How.
    coders : tuple of str
        Whose ratings.
    markers : tuple of Consensus
        One for each marker and set.
    """

    method: Method
    coders: tuple[str, ...]
    markers: tuple[Consensus, ...]
    _coded: tuple[CodedSession, ...]
    _codebook: Codebook | None

    @property
    def codes(self) -> DataFrame:
        """The settled codes: a coded corpus where transcripts were given, else a ratings table."""
        if self._codebook:
            return frame(corpus_table(self._coded, self.markers, self._codebook))
        return frame(ratings_table(self.markers))

    def to_dict(self) -> dict[str, Any]:
        """How many codes were agreed, settled and left open, as plain data: what ``consensus --json`` prints."""
        return {
            "method": str(self.method),
            "coders": self.coders,
            "markers": [item.to_dict() for item in self.markers],
        }

    def __repr__(self) -> str:
        return f"<ConsensusResult of {', '.join(self.coders)} by {self.method}>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.agreement_tables import consensus_table

        return in_notebook(lambda out: consensus_table(self.markers, out))


def consensus(
    ratings: Ratings,
    *,
    method: str = Method.MAJORITY,
    adjudicator: str = "",
    markers: Names = (),
    coders: Names = (),
    codebook: Codebook | str | Path | None = None,
    transcripts: Table | None = None,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
) -> ConsensusResult:
    """Settle what coders differ on, as the command of that name does.

    Parameters
    ----------
    ratings, coders, roles, columns
        As for `agreement`.
    method : str
        ``"majority"``, ``"adjudicator"`` or ``"dawid-skene"``; see `alliance_nlp.consensus.settle`.
    adjudicator : str
        One of the coders, who decides.
    markers : str or sequence of str
        Only these; not together with `transcripts`.
    codebook : Codebook or path, optional
        Where given, no other markers may occur; with `transcripts`, the alliance codebook where none is.
    transcripts : DataFrame, list of dict, path or list of paths, optional
        To get a coded corpus that can be trained on.

    Raises
    ------
    RatingsError, TranscriptError, UsageError
        As `agreement`, and where the method does not fit the ratings.
    """
    named = names_of(markers)
    if transcripts is not None and named:
        raise UsageError("markers do not go with transcripts: a coded corpus holds every marker of the codebook")
    how = method_of(method)
    book = codebook_of(codebook) if codebook is not None or transcripts is not None else None
    options = options_of(roles, columns)
    table, _ = rating_table(ratings, book, named, options)
    chosen = voters(table, names_of(coders), adjudicator)
    wanted = book.variable_names if book and transcripts is not None else markers_in_order(table, named, book)
    settled = tuple(settle_markers(table, wanted, how, chosen, adjudicator, must_be_markers=transcripts is not None))
    if book is None or transcripts is None:
        return ConsensusResult(how, chosen, settled, (), None)
    sessions, failures, _ = read_sessions(transcripts, options)
    warn(f"left out: {failure}" for failure in failures)
    return ConsensusResult(how, chosen, settled, tuple(coded_sessions(sessions, settled, book)), book)
