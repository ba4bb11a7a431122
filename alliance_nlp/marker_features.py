"""The features of utterances as a transformer of scikit-learn's, for its pipelines and searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from alliance_nlp.corpus_features import CorpusFeatures
from alliance_nlp.errors import CorpusError, TranscriptError
from alliance_nlp.features import Features
from alliance_nlp.lexicon import read_lexicon
from alliance_nlp.ratings import client_of
from alliance_nlp.readers import ReadOptions
from alliance_nlp.readers._records import SESSION, UNIT, RecordTable
from alliance_nlp.readers._table import naming
from alliance_nlp.roles import RoleNames
from alliance_nlp.shapes import lines_of
from alliance_nlp.surroundings import Matrix, neighbours, session_begins
from alliance_nlp.tokenization import DEFAULT_PIPELINE, Tokenizer
from alliance_nlp.transcript import CLIENT_COLUMN, Session

Numbers = npt.NDArray[np.int64]


class MarkerFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Utterances to the features of the bench: words, openings, shape, families of words, and what stands around.

    Parameters
    ----------
    transcripts : DataFrame or list of dict, optional
        Whole sessions, in which what stands around an utterance is looked up by ``session_id`` and ``utterance_id``.
        Where none are given, the rows themselves are all there is of their sessions.
    min_clients : int
        Only words that stand in so many clients' sessions become features; ``client_id`` says whose a session is.
    pipeline : str
        Tokenizer, of spaCy.
    roles : mapping of str to str, optional
        Speaker labels beyond the usual ones.
    columns : mapping of str to str, optional
        Columns that go by other names: ``{"text": "Utterance"}``.

    Attributes
    ----------
    space_ : FeatureSpace
        The columns and their weights, learned from the sessions that hold the rows given to `fit`.
    n_features_out_ : int
        Number of columns.

    Notes
    -----
    ``X`` is a DataFrame or a list of dictionaries, a row an utterance, in any order, and so is what `transform` gives.
    """

    def __init__(
        self,
        transcripts: Any = None,
        min_clients: int = 3,
        pipeline: str = DEFAULT_PIPELINE,
        roles: Mapping[str, str] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        self.transcripts = transcripts
        self.min_clients = min_clients
        self.pipeline = pipeline
        self.roles = roles
        self.columns = columns

    def fit(self, X: Any, y: object = None) -> MarkerFeatures:
        """Learn vocabulary and weights from the sessions that hold these utterances.

        Raises
        ------
        CorpusError
            Where no word stands in enough clients' sessions, or a row is not in the transcripts.
        TranscriptError
            Where a table cannot be read.
        """
        self._fit(X)
        return self

    def fit_transform(self, X: Any, y: object = None) -> Matrix:
        """Fit, and the features of the same utterances, of shape (n_utterances, n_features)."""
        features, rows = self._fit(X)
        return features.rows(rows).matrix()

    def transform(self, X: Any) -> Matrix:
        """Features of utterances, of shape (n_utterances, n_features); see `fit`."""
        check_is_fitted(self)
        sessions, rows = self._sessions_of(X)
        lines = lines_of([line for session in sessions for line in session.utterances], Tokenizer(self.pipeline))
        begins = session_begins([len(session.utterances) for session in sessions])
        around = neighbours([line.speaker for line in lines], begins)
        return self.space_.weigh(self.space_.counts(lines, begins), around).rows(rows).matrix()

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """What each column stands for, as a person reads it."""
        check_is_fitted(self)
        return np.array([self.space_.name(column) for column in range(self.n_features_out_)], dtype=object)

    def _fit(self, X: Any) -> tuple[Features, Numbers]:
        sessions, rows = self._sessions_of(X)
        tokenizer = Tokenizer(self.pipeline)
        clients = np.array([client_of(session) for session in sessions])
        corpus = CorpusFeatures(
            [lines_of(session.utterances, tokenizer) for session in sessions],
            read_lexicon(tokenizer.tokens),
            clients,
            self.min_clients,
        )
        fitted = corpus.fit(np.ones(sum(len(session.utterances) for session in sessions), dtype=bool))
        self.space_ = fitted.space
        self.n_features_out_ = self.space_.n_features
        return fitted.features, rows

    def _sessions_of(self, X: Any) -> tuple[list[Session], Numbers]:
        """The sessions that hold the rows, and the place of each row's utterance in them, laid end to end."""
        named = {name: column.strip().casefold() for name, column in (self.columns or {}).items()}
        options = ReadOptions(RoleNames(self.roles), (CLIENT_COLUMN,), named)
        wanted = RecordTable(X)
        whole = wanted if self.transcripts is None else RecordTable(self.transcripts, "transcripts")
        keys = list(_keys(wanted, options, must_have_id=whole is not wanted))
        of_rows = {session_id for session_id, _ in keys}
        sessions = []
        for session in whole.sessions(options):
            if isinstance(session, TranscriptError):
                raise session
            if whole is wanted or session.session_id in of_rows:
                sessions.append(session)
        lines = ((session.session_id, line.utterance_id) for session in sessions for line in session.utterances)
        place_of = {key: place for place, key in enumerate(lines)}
        absent = next((number for number, key in enumerate(keys) if key not in place_of), None)
        if absent is not None:
            raise CorpusError(
                f"{wanted.path}, {UNIT} {absent}: its session_id and utterance_id are not in the transcripts; "
                "give the table from which the rows were taken"
            )
        return sessions, np.array([place_of[key] for key in keys])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.dict = True
        return tags


def _keys(table: RecordTable, options: ReadOptions, must_have_id: bool) -> Iterator[tuple[str, str]]:
    """Session id and utterance id of each row; utterances without one are numbered within their session."""
    name_of = naming(options.columns)
    names = [name_of(name) for name in table.names]
    if must_have_id and not {"session_id", "utterance_id"} <= set(names):
        raise CorpusError(f"{table.path}: no column session_id or utterance_id, by which rows are found in transcripts")
    numbers: Counter[str] = Counter()
    for row in table.rows:
        cell = dict(zip(names, row.cells, strict=True)).get
        session_id = cell("session_id", SESSION).strip()
        numbers[session_id] += 1
        yield session_id, cell("utterance_id", "").strip() or str(numbers[session_id])
