"""What an utterance is judged by: its words, its openings, its shape, and what came before it.

The features are those that the field's small corpora reward (see
``docs/decisions/0003-features.md``): word n-grams of one to three with marks for
begin and end, the first one to three words once more, and binned measures of
the utterance beside the one before it, weighted by sublinear TF-IDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.errors import CorpusError

BEGIN, END, OPENS = "<s>", "</s>", "⟨opens⟩"
_LONGEST = 3
_LENGTH_BINS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34, 55])
_SHARE_BINS = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
_MAX_QUESTIONS = 3

Words = Sequence[str]
Matrix: TypeAlias = sparse.csr_matrix


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance as the features see it."""

    words: Words
    speaker: str


def _length_names(of: str) -> list[str]:
    ends = [*(_LENGTH_BINS[1:] - 1), None]
    spans = [
        f"{low}" if low == high else f"{low}–{high}" if high is not None else f"{low}+"
        for low, high in zip(_LENGTH_BINS, ends, strict=True)
    ]
    return [f"⟨{of} {span} words⟩" for span in spans]


_BLOCKS = {
    "length": _length_names("length"),
    "length before": _length_names("before: length"),
    "shared": [f"⟨{round(share * 100)} % or more shared with before⟩" for share in _SHARE_BINS],
    "questions": ["⟨1 question mark⟩", "⟨2 question marks⟩", f"⟨{_MAX_QUESTIONS} or more question marks⟩"],
    "question before": ["⟨before: a question⟩"],
    "speaker before": ["⟨before: nobody⟩", "⟨before: same speaker⟩", "⟨before: other speaker⟩"],
}
SHAPES = tuple(chain.from_iterable(_BLOCKS.values()))
"""Names of the features that are no words, the same in every model."""
_FIRST_OF_BLOCK = dict(zip(_BLOCKS, np.cumsum([0, *map(len, _BLOCKS.values())]), strict=False))


def ngrams(words: Words) -> Iterator[tuple[str, ...]]:
    """N-grams that an utterance holds: of one to three words, and what it opens with.

    Parameters
    ----------
    words : sequence of str
        The utterance's tokens.

    Yields
    ------
    tuple of str
        Each as often as it stands there. An opening begins with `OPENS`.
    """
    marked = [BEGIN, *words, END]
    yield from ((word,) for word in words)
    for size in range(2, _LONGEST + 1):
        yield from zip(*(marked[start:] for start in range(size)), strict=False)
    for size in range(1, min(_LONGEST, len(words)) + 1):
        yield (OPENS, *words[:size])


def several_clients_only(
    sessions: Iterable[Sequence[Line]], clients: Iterable[str], min_clients: int
) -> list[tuple[str, ...]]:
    """N-grams that enough clients' sessions hold, sorted.

    This is the rule that keeps people out of a model: what only one or two
    clients' sessions say, such as a name or a place, is never stored.

    Parameters
    ----------
    sessions : iterable of sequence of Line
        The training sessions.
    clients : iterable of str
        The client of each session.
    min_clients : int
        In how many clients' sessions an n-gram must stand.

    Raises
    ------
    CorpusError
        Where not one n-gram is left.
    """
    ngrams_of_client: dict[str, set[tuple[str, ...]]] = {}
    for lines, client in zip(sessions, clients, strict=True):
        ngrams_of_client.setdefault(client, set()).update(chain.from_iterable(ngrams(line.words) for line in lines))
    count: dict[tuple[str, ...], int] = {}
    for found in ngrams_of_client.values():
        for ngram in found:
            count[ngram] = count.get(ngram, 0) + 1
    kept = sorted(ngram for ngram, clients_with in count.items() if clients_with >= min_clients)
    if not kept:
        raise CorpusError(
            f"no word stands in the sessions of {min_clients} clients (there are {len(ngrams_of_client)}); "
            "add sessions of more clients, or lower --min-clients"
        )
    return kept


def session_begins(lengths: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Mask of shape (sum(lengths),) that marks the first utterance of each of several sessions laid end to end."""
    begins = np.zeros(sum(lengths), dtype=bool)
    begins[np.cumsum(lengths) - lengths] = True
    return begins


class _NgramTree:
    """Finds known n-grams in a long row of tokens, all places at once.

    A tree with a token on each edge; an n-gram is the path to its node. The
    edges stand in one sorted array, so that a step is one binary search.
    """

    def __init__(self, ngrams: Sequence[tuple[str, ...]]) -> None:
        self._id_of_token = {token: number for number, token in enumerate(sorted(set(chain.from_iterable(ngrams))), 1)}
        self._width = len(self._id_of_token) + 1
        node_of_edge: dict[int, int] = {}
        column_of_node = [-1]
        for column, ngram in enumerate(ngrams):
            node = 0
            for token in ngram:
                edge = node * self._width + self._id_of_token[token]
                if edge not in node_of_edge:
                    node_of_edge[edge] = len(column_of_node)
                    column_of_node.append(-1)
                node = node_of_edge[edge]
            column_of_node[node] = column
        self._edges = np.array(sorted(node_of_edge), dtype=np.int64)
        self._nodes = np.array([node_of_edge[edge] for edge in self._edges.tolist()], dtype=np.int64)
        self._column_of_node = np.array(column_of_node, dtype=np.int64)

    def ids(self, tokens: Iterable[str]) -> npt.NDArray[np.int64]:
        """Number of each token; 0 for one that is in no n-gram."""
        return np.fromiter(map(self._id_of_token.get, tokens, repeat(0)), dtype=np.int64)

    def step(self, nodes: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Node that a token leads to from each node; -1 where there is none, and from -1."""
        edges = nodes * self._width + tokens
        place = np.minimum(np.searchsorted(self._edges, edges), len(self._edges) - 1)
        return np.where((nodes >= 0) & (self._edges[place] == edges), self._nodes[place], -1)

    def column(self, nodes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Column of the n-gram that ends at each node; -1 where none does."""
        return np.where(nodes >= 0, self._column_of_node[nodes], -1)


class FeatureSpace:
    """Turns the utterances of a session into rows of numbers.

    Parameters
    ----------
    ngrams : sequence of tuple of str
        The n-grams that have a column, sorted; see `several_clients_only`.
    idf : ndarray of shape (n_features,), optional
        Inverse document frequencies; ones before `fit_idf`. `n_features` is
        ``len(ngrams) + len(SHAPES)``.
    """

    def __init__(self, ngrams: Sequence[tuple[str, ...]], idf: npt.NDArray[np.float32] | None = None) -> None:
        self.ngrams = list(ngrams)
        self.idf = np.ones(self.n_features, dtype=np.float32) if idf is None else idf

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return len(self.ngrams) + len(SHAPES)

    @cached_property
    def _tree(self) -> _NgramTree:
        return _NgramTree(self.ngrams)

    def name(self, column: int) -> str:
        """What a column stands for, as a person reads it."""
        if column >= len(self.ngrams):
            return SHAPES[column - len(self.ngrams)]
        ngram = self.ngrams[column]
        if ngram[0] == OPENS:
            return f"⟨opens with⟩ {' '.join(ngram[1:])}"
        return " ".join("⟨begin⟩" if word == BEGIN else "⟨end⟩" if word == END else word for word in ngram)

    def fit_idf(self, counts: Matrix) -> None:
        """Set the inverse document frequencies from the training rows of `counts`, smoothed as scikit-learn does."""
        rows_with = np.bincount(counts.indices, minlength=self.n_features)
        self.idf = (np.log((1 + counts.shape[0]) / (1 + rows_with)) + 1).astype(np.float32)

    def counts(self, lines: Sequence[Line], begins: npt.NDArray[np.bool_]) -> Matrix:
        """How often each feature stands in each utterance.

        Parameters
        ----------
        lines : sequence of Line
            Utterances of one or several sessions, each session's in order.
        begins : ndarray of bool, shape (len(lines),)
            Where a session begins; there, the line above is not what came before.

        Returns
        -------
        csr_matrix of shape (len(lines), n_features)
        """
        n_words = np.array([len(line.words) for line in lines], dtype=np.int64)
        rows, columns = zip(self._found_ngrams(lines, n_words), *self._shapes(lines, begins, n_words), strict=True)
        cells, times = np.unique(np.concatenate(rows) * self.n_features + np.concatenate(columns), return_counts=True)
        row, column = np.divmod(cells, self.n_features)
        row_ends = np.searchsorted(row, np.arange(len(lines) + 1))
        return sparse.csr_matrix((times.astype(np.float32), column, row_ends), shape=(len(lines), self.n_features))

    def weigh(self, counts: Matrix) -> Matrix:
        """Sublinear TF-IDF, each row of length 1 (Salton & Buckley 1988)."""
        values = (1 + np.log(counts.data)) * self.idf[counts.indices]
        row_of_value = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(row_of_value, weights=values**2, minlength=counts.shape[0]))
        return sparse.csr_matrix((values / lengths[row_of_value], counts.indices, counts.indptr), shape=counts.shape)

    def _found_ngrams(
        self, lines: Sequence[Line], n_words: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        tree = self._tree
        tokens = tree.ids(chain.from_iterable((BEGIN, *line.words, END) for line in lines))
        row_of_token = np.repeat(np.arange(len(lines)), n_words + 2)
        found_rows, found_columns = [], []

        def keep(nodes: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> None:
            column = tree.column(nodes)
            found_rows.append(rows[column >= 0])
            found_columns.append(column[column >= 0])

        # No n-gram holds an end mark before a begin mark, so none is found across two utterances.
        nodes = tree.step(np.zeros(len(tokens), dtype=np.int64), tokens)
        keep(nodes, row_of_token)
        for size in range(2, _LONGEST + 1):
            nodes = tree.step(nodes[:-1], tokens[size - 1 :])
            keep(nodes, row_of_token[: len(nodes)])

        first_token = np.cumsum(n_words + 2) - (n_words + 2) + 1
        all_rows = np.arange(len(lines))
        nodes = np.repeat(tree.step(np.zeros(1, dtype=np.int64), tree.ids([OPENS])), len(lines))
        for place in range(_LONGEST):
            # Past the end of a short utterance stands its end mark, which no opening holds.
            nodes = tree.step(nodes, tokens[np.minimum(first_token + place, len(tokens) - 1)])
            keep(nodes, all_rows)
        return np.concatenate(found_rows), np.concatenate(found_columns)

    def _shapes(
        self, lines: Sequence[Line], begins: npt.NDArray[np.bool_], n_words: npt.NDArray[np.int64]
    ) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        # Row -1 stands above row 0, and counts for nothing there since a session begins.
        above = np.arange(len(lines)) - 1
        questions = np.array([line.words.count("?") for line in lines], dtype=np.int64)
        n_words_before = np.where(begins, 0, n_words[above])
        question_before = ~begins & (questions[above] > 0)
        same_speaker = np.array([line.speaker == lines[place - 1].speaker for place, line in enumerate(lines)])
        distinct = [frozenset(line.words) for line in lines]
        n_shared = np.array([len(words & distinct[place - 1]) for place, words in enumerate(distinct)])
        share = np.where(begins, 0, n_shared / np.maximum([len(words) for words in distinct], 1))
        asked = questions > 0
        rows = np.arange(len(lines))
        first = {block: len(self.ngrams) + start for block, start in _FIRST_OF_BLOCK.items()}
        yield rows, first["length"] + np.searchsorted(_LENGTH_BINS, n_words, "right") - 1
        yield rows, first["length before"] + np.searchsorted(_LENGTH_BINS, n_words_before, "right") - 1
        yield rows, first["shared"] + np.searchsorted(_SHARE_BINS, share, "right") - 1
        yield rows[asked], first["questions"] + np.minimum(questions[asked], _MAX_QUESTIONS) - 1
        yield rows[question_before], np.full(question_before.sum(), first["question before"])
        yield rows, first["speaker before"] + np.where(begins, 0, np.where(same_speaker, 1, 2))
