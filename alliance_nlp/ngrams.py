"""Runs of one to three words, and what an utterance opens with: which there are, which are kept, where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from alliance_nlp.errors import CorpusError

BEGIN, END, OPENS = "<s>", "</s>", "⟨opens⟩"
_LONGEST = 3

Words: TypeAlias = Sequence[str]
Ngram: TypeAlias = tuple[str, ...]
Places: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Rows and columns of cells, one pair per find."""


def ngrams(words: Words) -> Iterator[Ngram]:
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


def ngram_name(ngram: Ngram) -> str:
    """An n-gram as a person reads it."""
    if ngram[0] == OPENS:
        return f"⟨opens with⟩ {' '.join(ngram[1:])}"
    return " ".join("⟨begin⟩" if word == BEGIN else "⟨end⟩" if word == END else word for word in ngram)


def several_clients_only(sessions: Iterable[Iterable[Words]], clients: Iterable[str], min_clients: int) -> list[Ngram]:
    """N-grams that enough clients' sessions hold, sorted.

    This is the rule that keeps people out of a model: what only one or two
    clients' sessions say, such as a name or a place, is never stored.

    Parameters
    ----------
    sessions : iterable of iterable of sequence of str
        The tokens of each utterance of each training session.
    clients : iterable of str
        The client of each session.
    min_clients : int
        In how many clients' sessions an n-gram must stand.

    Raises
    ------
    CorpusError
        Where not one n-gram is left.
    """
    ngrams_of_client: dict[str, set[Ngram]] = {}
    for utterances, client in zip(sessions, clients, strict=True):
        ngrams_of_client.setdefault(client, set()).update(chain.from_iterable(map(ngrams, utterances)))
    count: dict[Ngram, int] = {}
    for found in ngrams_of_client.values():
        for ngram in found:
            count[ngram] = count.get(ngram, 0) + 1
    kept = sorted(ngram for ngram, clients_with in count.items() if clients_with >= min_clients)
    require_ngrams(len(kept), min_clients, len(ngrams_of_client))
    return kept


def require_ngrams(n_kept: int, min_clients: int, n_clients: int) -> None:
    """Raise a `CorpusError` where not one n-gram stands in the sessions of enough clients."""
    if not n_kept:
        raise CorpusError(
            f"no word stands in the sessions of {min_clients} clients (there are {n_clients}); "
            "add sessions of more clients, or lower --min-clients"
        )


class NgramFinder:
    """Finds known n-grams in many utterances at once.

    A tree with a token on each edge; an n-gram is the path to its node. The
    edges stand in one sorted array, so that a step is one binary search.

    Parameters
    ----------
    ngrams : sequence of tuple of str
        The n-grams to find; the place of each is its column.
    """

    def __init__(self, ngrams: Sequence[Ngram]) -> None:
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

    def find(self, utterances: Sequence[Words], n_words: npt.NDArray[np.int64]) -> Places:
        """Where each n-gram stands: the utterance and the n-gram's column, once per find.

        Parameters
        ----------
        utterances : sequence of sequence of str
            Tokens of each utterance.
        n_words : ndarray of int64, shape (n_utterances,)
            How many each has.
        """
        tokens = self._ids(chain.from_iterable((BEGIN, *words, END) for words in utterances))
        row_of_token = np.repeat(np.arange(len(utterances)), n_words + 2)
        found_rows, found_columns = [], []

        def keep(nodes: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> None:
            column = np.where(nodes >= 0, self._column_of_node[nodes], -1)
            found_rows.append(rows[column >= 0])
            found_columns.append(column[column >= 0])

        # No n-gram holds an end mark before a begin mark, so none is found across two utterances.
        nodes = self._step(np.zeros(len(tokens), dtype=np.int64), tokens)
        keep(nodes, row_of_token)
        for size in range(2, _LONGEST + 1):
            nodes = self._step(nodes[:-1], tokens[size - 1 :])
            keep(nodes, row_of_token[: len(nodes)])

        first_token = np.cumsum(n_words + 2) - (n_words + 2) + 1
        all_rows = np.arange(len(utterances))
        nodes = np.repeat(self._step(np.zeros(1, dtype=np.int64), self._ids([OPENS])), len(utterances))
        for place in range(_LONGEST):
            # Past the end of a short utterance stands its end mark, which no opening holds.
            nodes = self._step(nodes, tokens[np.minimum(first_token + place, len(tokens) - 1)])
            keep(nodes, all_rows)
        return np.concatenate(found_rows), np.concatenate(found_columns)

    def _ids(self, tokens: Iterable[str]) -> npt.NDArray[np.int64]:
        """Number of each token; 0 for one that is in no n-gram."""
        return np.fromiter(map(self._id_of_token.get, tokens, repeat(0)), dtype=np.int64)

    def _step(self, nodes: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Node that a token leads to from each node; -1 where there is none, and from -1."""
        edges = nodes * self._width + tokens
        place = np.minimum(np.searchsorted(self._edges, edges), len(self._edges) - 1)
        return np.where((nodes >= 0) & (self._edges[place] == edges), self._nodes[place], -1)
