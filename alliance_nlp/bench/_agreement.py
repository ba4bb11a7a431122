"""``agreement`` in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from alliance_nlp.coder_agreement import (
    Measured,
    agreement_record,
    coverage,
    figure_table,
    markers_in_order,
    measured,
    ratings_of_markers,
    require_shared,
)
from alliance_nlp.disagreements import find_disagreements, sheet_table
from alliance_nlp.errors import UsageError
from alliance_nlp.frames import frame
from alliance_nlp.rating_table import Ratings as MarkerRatings
from alliance_nlp.rating_table import Scale
from alliance_nlp.reports.notebook import in_notebook
from alliance_nlp.transcript import Session

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class AgreementResult:
    """How far coders agree.

    Attributes
    ----------
    coders : tuple of str
        Who were compared.
    seed : int
        Of the bootstrap.
    markers : tuple of Measured
        All coders together and two by two, marker by marker; after a set, its codes.
    """

    coders: tuple[str, ...]
    seed: int
    markers: tuple[Measured, ...]
    _ratings: tuple[MarkerRatings, ...]
    _sessions: tuple[Session, ...]
    _context: int

    @property
    def figures(self) -> DataFrame:
        """Every figure with its interval, or why it is undefined: what ``agreement --csv`` writes."""
        return frame(figure_table(self.markers))

    @property
    def disagreements(self) -> DataFrame:
        """What coders differ on, with what was said where transcripts were given: the sheet for the meeting."""
        found = find_disagreements(self._ratings)
        return frame(sheet_table(found, self.coders, self._sessions, self._context))

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data: what ``agreement --json`` prints."""
        return agreement_record(self.coders, self.seed, self._ratings, self.markers)

    def __repr__(self) -> str:
        return f"<AgreementResult of {', '.join(self.coders)} on {len(self._ratings)} markers>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.agreement_tables import agreement_table, coverage_lines
        from alliance_nlp.reports.terminal import printable

        def print_to(out: Console) -> None:
            together = [item.together for item in self.markers]
            agreement_table(together, printable(f"Coders {', '.join(self.coders)}"), out)
            if pairs := [pair for item in self.markers for pair in item.pairs]:
                agreement_table(pairs, "Two by two", out, of_pairs=True)
            for line in coverage_lines(coverage(self._ratings)):
                out.print(printable(line), markup=False)

        return in_notebook(print_to)


def agreement(
    ratings: Ratings,
    *,
    markers: Names = (),
    coders: Names = (),
    codebook: Codebook | str | Path | None = None,
    scale: str | None = None,
    levels: Names = (),
    seed: int = 0,
    transcripts: Table | None = None,
    context: int = 3,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
) -> AgreementResult:
    """Tell how far coders agree, as the command of that name does.

    Parameters
    ----------
    ratings : DataFrame, list of dict, path, or mapping of str to one of them
        A table with ``session_id``, ``utterance_id``, ``coder``, ``marker`` and ``value``; or, by the coder's name, a
        coded table with a column per marker of each.
    markers, coders : str or sequence of str
        Only these; all where none are named, but for coders called consensus and adjudicator.
    codebook : Codebook or path, optional
        Where given, no other markers may occur, and its sets are known.
    scale : str, optional
        What the distance between two values means: ``"nominal"``, the default, ``"ordinal"`` or ``"interval"``.
    levels : str or sequence of str
        All values that a marker can take, in order.
    seed : int
        Of the bootstrap over sessions.
    transcripts : DataFrame, list of dict, path or list of paths, optional
        To show in the sheet of disagreements what was said.
    context : int
        How many utterances before, in that sheet.
    roles, columns
        As for `train`.

    Raises
    ------
    RatingsError, TranscriptError, UsageError
        As `alliance_nlp.rating_files.read_ratings`, and where no marker's ratings can be compared.

    Warns
    -----
    AllianceWarning
        Of markers whose ratings cannot be compared, and transcripts that could not be read.
    """
    if context < 0:
        raise UsageError("context must be at least 0")
    wanted = names_of(markers)
    book = None if codebook is None else codebook_of(codebook)
    options = options_of(roles, columns)
    table, _ = rating_table(ratings, book, wanted, options)
    chosen = table.choose_coders(names_of(coders))
    found, failures = ratings_of_markers(
        table, markers_in_order(table, wanted, book), chosen, _scale(scale), [str(level) for level in names_of(levels)]
    )
    require_shared(found)
    sessions, unread, _ = read_sessions(transcripts, options) if transcripts is not None else ([], [], [])
    warn(f"left out: {failure}" for failure in (*failures, *unread))
    return AgreementResult(chosen, seed, tuple(measured(found, table, seed)), tuple(found), tuple(sessions), context)


def _scale(scale: str | None) -> Scale | None:
    try:
        return Scale(scale) if scale else None
    except ValueError:
        raise UsageError(f"no scale {scale!r}; there are {', '.join(Scale)}") from None
