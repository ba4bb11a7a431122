"""``suggest`` in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.bench._given import Names, Roles, Table, coded_sessions, names_of, options_of, say_notes, tagger_of
from alliance_nlp.bench._given import transcripts as read_sessions
from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import UsageError
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.frames import frame
from alliance_nlp.ratings import NOT_CODED, code_columns
from alliance_nlp.reports.notebook import in_notebook
from alliance_nlp.suggestion_sheet import sheet_table
from alliance_nlp.suggestions import WORTH_DECIMALS, SuggestedSession, plain
from alliance_nlp.suggestions import suggest as suggest_sessions
from alliance_nlp.tagging import Tagger

if TYPE_CHECKING:
    from pandas import DataFrame

_COLUMNS = (
    Column("rank", CellType.INTEGER),
    Column("session_id", CellType.TEXT),
    Column("utterances", CellType.INTEGER),
    Column("pointed_out", CellType.INTEGER),
    Column("worth", CellType.NUMBER),
    Column("why", CellType.TEXT),
)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to code next.

    Attributes
    ----------
    suggested : tuple of SuggestedSession
        Best first.
    """

    suggested: tuple[SuggestedSession, ...]
    _codebook: Codebook
    _context: int

    @property
    def sessions(self) -> DataFrame:
        """A row per session, best first."""
        return frame(Filled(_COLUMNS, self._rows()))

    @property
    def sheet(self) -> DataFrame:
        """The sheet for a coder; filled in, `train` takes it. It is what ``suggest`` writes.

        As CSV for Excel, write it by the command or see to cells that begin with ``=``, which Excel takes for formulas.
        """
        return frame(sheet_table(self.suggested, self._codebook, self._context))

    def to_dict(self) -> dict[str, Any]:
        """Sessions and utterances by their ids, as plain data."""
        return {"sessions": plain(self.suggested)}

    def _rows(self) -> Iterator[Sequence[Cell]]:
        for rank, item in enumerate(self.suggested, 1):
            n_lines, n_pointed_out = len(item.session.utterances), len(item.lines)
            yield rank, item.session.session_id, n_lines, n_pointed_out, round(item.worth, WORTH_DECIMALS), item.why

    def __repr__(self) -> str:
        return f"<Suggestions: {', '.join(item.session.session_id for item in self.suggested)}>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.suggestion_table import suggestion_table

        return in_notebook(lambda out: suggestion_table(self.suggested, out))


def suggest(
    model: Tagger | str | Path | None,
    transcripts: Table,
    *,
    markers: Names = (),
    sessions: int = 5,
    utterances: int = 50,
    coded: Table | None = None,
    context: int = 3,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
) -> Suggestions:
    """Rank which sessions to code next, and which utterances in them, as the command of that name does.

    Parameters
    ----------
    model : Model, Tagger or path, optional
        That is to learn, or its folder; None for the shipped model.
    transcripts : DataFrame, list of dict, path or list of paths
        To choose from.
    markers : str or sequence of str
        Rank by these only; by all of the model where none are named.
    sessions, utterances : int
        How many sessions to suggest, and how many utterances to point out in all of them together.
    coded : DataFrame, list of dict, path or list of paths, optional
        A coded table; sessions coded there are not suggested again.
    context : int
        How many utterances before to show beside each one pointed out.
    roles, columns
        As for `train`.

    Raises
    ------
    UsageError
        Where nothing is left to code, or the model has no such marker.
    CorpusError, TranscriptError
        Where a table cannot be read.
    """
    if sessions < 1 or utterances < 0 or context < 0:
        raise UsageError("sessions must be at least 1, utterances and context at least 0")
    tagger = tagger_of(model)
    codebook = tagger.bundle.codebook
    done = set()
    if coded is not None:
        already, _ = coded_sessions(coded, codebook, options_of(roles, None))
        done = {item.session.session_id for item in already if (item.codes != NOT_CODED).any()}
    found, failures, _ = read_sessions(transcripts, options_of(roles, columns, code_columns(codebook)))
    say_notes(found, failures)
    uncoded = [session for session in found if session.session_id not in done]
    suggested = suggest_sessions(uncoded, tagger, names_of(markers), sessions, utterances)
    if not suggested:
        raise UsageError(
            f"nothing to suggest: none of {len(found)} sessions has a line left to code on these markers; "
            "give other transcripts"
        )
    return Suggestions(tuple(suggested), codebook, context)
