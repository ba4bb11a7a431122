"""``tag`` in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_nlp.batch_notes import few_words_known
from alliance_nlp.bench._given import Roles, Table, options_of, say_notes, tagger_of, warn
from alliance_nlp.bench._given import transcripts as read_sessions
from alliance_nlp.bundle import Bundle
from alliance_nlp.errors import TranscriptError, UsageError
from alliance_nlp.exports import Cell, Filled
from alliance_nlp.frames import frame
from alliance_nlp.reports.notebook import in_notebook
from alliance_nlp.results import (
    EPISODE_COLUMNS,
    FAILURE_COLUMNS,
    episode_rows,
    failure_row,
    typed_session_columns,
    utterance_columns,
    utterance_rows,
)
from alliance_nlp.summary import SessionSummary, session_row, summarise
from alliance_nlp.tagging import TaggedSession, Tagger

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class TagResult:
    """Tagged sessions, as tables with the columns of the files that ``tag`` writes.

    Attributes
    ----------
    tagged : tuple of TaggedSession
        In the order of the transcripts.
    summaries : tuple of SessionSummary
        Of the same.
    """

    tagged: tuple[TaggedSession, ...]
    summaries: tuple[SessionSummary, ...]
    _failures: tuple[TranscriptError, ...]
    _bundle: Bundle
    _explained: bool

    @property
    def utterances(self) -> DataFrame:
        """A row per utterance: probabilities and tags."""
        book = self._bundle.codebook
        columns = utterance_columns(book.markers, book.sets, self._explained)
        return frame(Filled(columns, chain.from_iterable(map(utterance_rows, self.tagged))))

    @property
    def sessions(self) -> DataFrame:
        """A row per session."""
        book = self._bundle.codebook
        return frame(Filled(typed_session_columns(book.markers, book.sets), map(session_row, self.summaries)))

    @property
    def episodes(self) -> DataFrame:
        """A row per rupture episode."""
        return frame(Filled(EPISODE_COLUMNS, self._episode_rows()))

    @property
    def failures(self) -> DataFrame:
        """Sessions that could not be read: where, and why."""
        return frame(Filled(FAILURE_COLUMNS, map(failure_row, self._failures)))

    def to_records(self) -> list[dict[str, str | float | int | None]]:
        """The utterances as dictionaries, without pandas."""
        return [record for tagged in self.tagged for record in tagged.to_records()]

    def _episode_rows(self) -> Iterator[Sequence[Cell]]:
        for tagged, summary in zip(self.tagged, self.summaries, strict=True):
            yield from episode_rows(tagged, summary)

    def __repr__(self) -> str:
        return f"<TagResult: {len(self.tagged)} sessions by {self._bundle.name}>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.terminal import session_table

        book = self._bundle.codebook
        notice = self._bundle.training.get("notice", "")
        return in_notebook(
            lambda out: session_table(self.summaries, book.markers, out, book.sets), [notice] if notice else []
        )


def tag(
    transcripts: Table,
    model: Tagger | str | Path | None = None,
    *,
    explain: int = 0,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
) -> TagResult:
    """Tag sessions and summarise each, as the command of that name does.

    Parameters
    ----------
    transcripts : DataFrame, list of dict, path or list of paths
        ``session_id``, ``speaker`` or ``speaker_role``, ``text``; ``utterance_id``, ``start`` and ``end`` where there
        are. Identifiers left in them are not looked for.
    model : Model, Tagger or path, optional
        Or its folder; None for the shipped model.
    explain : int
        How many reasons to give per utterance and marker.
    roles, columns
        As for `train`.

    Raises
    ------
    TranscriptError
        Where not one session can be read.
    BundleError
        Where the model is damaged.

    Warns
    -----
    AllianceWarning
        Of sessions that could not be read, see `TagResult.failures`, and of those of whose words the model knows few.
    """
    if explain < 0:
        raise UsageError("explain must be at least 0")
    tagger = tagger_of(model)
    found, failures, _ = read_sessions(transcripts, options_of(roles, columns))
    say_notes(found, failures)
    tagged = tagger.tag_all(found, explain)
    summaries = tuple(map(summarise, tagged))
    warn(few_words_known(summaries))
    return TagResult(tuple(tagged), summaries, tuple(failures), tagger.bundle, explain > 0)
