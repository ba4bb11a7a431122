"""Runs of one to three words, pairs of words, also by the families they belong to, and what an utterance opens with.

Which there are, which are kept, where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from alliance_nlp.errors import CorpusError
from alliance_nlp.number_table import Numbers, NumberTable

BEGIN, END, OPENS, GAP, NEAR = "<s>", "</s>", "⟨opens⟩", "⟨…⟩", "⟨near⟩"
_LONGEST = 3
_WIDEST = 4
"""How many words a gap is wide at most."""
_NEAREST = 3
"""How many words further on the second of a family pair stands at most."""

_MARKS = {BEGIN: "⟨begin⟩", END: "⟨end⟩", GAP: "…", NEAR: "…"}
"""How they are shown."""

Words: TypeAlias = Sequence[str]
Ngram: TypeAlias = tuple[str, ...]
FamilyOf: TypeAlias = Mapping[str, str]
"""For each word that belongs to a family, what stands for the family in an n-gram."""
NO_FAMILIES: FamilyOf = MappingProxyType({})
Places: TypeAlias = tuple[Numbers, Numbers]
"""Rows and columns of cells, one pair per find."""

_NOWHERE, _ROOT = 0, 1
"""Nodes of the tree."""
_UNKNOWN = 0
"""Number of a token that is in no n-gram."""


def ngrams(words: Words, family_of: FamilyOf = NO_FAMILIES) -> Iterator[Ngram]:
    """N-grams that an utterance holds: of one to three words, pairs, and what it opens with.

    Parameters
    ----------
    words : sequence of str
        The utterance's tokens.
    family_of : mapping of str to str
        The family of words that have one.

    Yields
    ------
    tuple of str
        Each as often as it stands there. An opening begins with `OPENS`; a pair has `GAP` between its words; a
        family pair has `NEAR` between them, and the family in place of one word or of both.
    """
    marked = [BEGIN, *words, END]
    yield from ((word,) for word in words)
    for size in range(2, _LONGEST + 1):
        yield from zip(*(marked[start:] for start in range(size)), strict=False)
    for width in range(1, _WIDEST + 1):
        yield from ((first, GAP, second) for first, second in zip(words, words[width + 1 :], strict=False))
    families = [family_of.get(word) for word in words] if family_of else []
    for away in range(1, _NEAREST + 1):
        for first, family, second, other_family in zip(words, families, words[away:], families[away:], strict=False):
            if family:
                yield (family, NEAR, second)
            if other_family:
                yield (first, NEAR, other_family)
            if family and other_family:
                yield (family, NEAR, other_family)
    for size in range(1, min(_LONGEST, len(words)) + 1):
        yield (OPENS, *words[:size])


def ngram_name(ngram: Ngram) -> str:
    """An n-gram as a person reads it."""
    if ngram[0] == OPENS:
        return f"⟨opens with⟩ {' '.join(ngram[1:])}"
    return " ".join(_MARKS.get(word, word) for word in ngram)


def several_clients_only(
    sessions: Iterable[Iterable[Words]], clients: Iterable[str], min_clients: int, family_of: FamilyOf = NO_FAMILIES
) -> list[Ngram]:
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
        In how many clients' sessions an n-gram must stand; see `clients_needed`.
    family_of : mapping of str to str
        The family of words that have one.

    Raises
    ------
    CorpusError
        Where not one n-gram is left.
    """
    ngrams_of_client: dict[str, set[Ngram]] = {}
    for utterances, client in zip(sessions, clients, strict=True):
        of_utterances = (ngrams(words, family_of) for words in utterances)
        ngrams_of_client.setdefault(client, set()).update(chain.from_iterable(of_utterances))
    count: dict[Ngram, int] = {}
    for found in ngrams_of_client.values():
        for ngram in found:
            count[ngram] = count.get(ngram, 0) + 1
    kept = sorted(ngram for ngram, held_by in count.items() if held_by >= clients_needed(ngram, min_clients))
    require_ngrams(len(kept), min_clients, len(ngrams_of_client))
    return kept


def clients_needed(ngram: Ngram, min_clients: int) -> int:
    """In how many clients' sessions an n-gram must stand: a pair in twice as many, since there are so many pairs."""
    return 2 * min_clients if GAP in ngram else min_clients


def require_ngrams(n_kept: int, min_clients: int, n_clients: int) -> None:
    """Raise a `CorpusError` where not one n-gram stands in the sessions of enough clients."""
    if not n_kept:
        raise CorpusError(
            f"no word stands in the sessions of {min_clients} clients (there are {n_clients}); "
            "add sessions of more clients, or lower --min-clients"
        )


class NgramFinder:
    """Finds known n-grams in many utterances at once.

    A tree with a token on each edge; an n-gram is the path to its node. All edges stand in one table, so that many
    steps are one look; where a first token leads, and a gap after it, is known for each token beforehand.

    Parameters
    ----------
    ngrams : sequence of tuple of str
        The n-grams to find; the place of each is its column.
    family_of : mapping of str to str
        The family of words that have one; each such word is to be found too.
    """

    def __init__(self, ngrams: Sequence[Ngram], family_of: FamilyOf = NO_FAMILIES) -> None:
        self._id_of_token = {token: number for number, token in enumerate(sorted(set(chain.from_iterable(ngrams))), 1)}
        self._width = len(self._id_of_token) + 1
        tokens = self._ids(chain.from_iterable(ngrams))
        lengths = np.fromiter(map(len, ngrams), dtype=np.int64)
        first_token = np.cumsum(lengths) - lengths
        node_of_ngram = np.full(len(ngrams), _ROOT)
        edges, n_nodes = [], _ROOT + 1
        for depth in range(lengths.max(initial=0)):
            longer = np.flatnonzero(lengths > depth)
            of_longer = node_of_ngram[longer] * self._width + tokens[first_token[longer] + depth]
            of_depth, place = np.unique(of_longer, return_inverse=True)
            node_of_ngram[longer] = n_nodes + place
            edges.append(of_depth)
            n_nodes += len(of_depth)
        self._nodes = NumberTable(np.concatenate(edges), np.arange(_ROOT + 1, n_nodes))
        self._column_of_node = np.full(n_nodes, -1)
        self._column_of_node[node_of_ngram] = np.arange(len(ngrams))

        self._family_of_token = np.zeros(self._width, dtype=np.int64)
        self._family_of_token[self._ids(family_of)] = self._ids(family_of.values())
        self._family_of_token[_UNKNOWN] = _UNKNOWN
        self._first = self._step(np.full(self._width, _ROOT), np.arange(self._width))
        self._gap_after = self._step(self._first, self._id_of_token.get(GAP, _UNKNOWN))
        self._near_after = self._step(self._first, self._id_of_token.get(NEAR, _UNKNOWN))

    def find(self, utterances: Sequence[Words], n_words: Numbers) -> Places:
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

        def keep(nodes: Numbers, rows: Numbers) -> None:
            column = self._column_of_node.take(nodes)
            held = np.flatnonzero(column >= 0)
            found_rows.append(rows.take(held))
            found_columns.append(column.take(held))

        # No n-gram holds an end mark before a begin mark, so no run is found across two utterances.
        nodes = self._first[tokens]
        keep(nodes, row_of_token)
        for size in range(2, _LONGEST + 1):
            nodes = self._step(nodes[:-1], tokens[size - 1 :])
            keep(nodes, row_of_token[: len(nodes)])

        def keep_pairs(opened: Numbers, seconds: Numbers, away: int) -> None:
            within = row_of_token[:-away] == row_of_token[away:]
            at = np.flatnonzero((opened[:-away] != _NOWHERE) & (seconds[away:] != _UNKNOWN) & within)
            keep(self._step(opened[at], seconds[at + away]), row_of_token[at])

        gap_after = self._gap_after[tokens]
        for away in range(2, _WIDEST + 2):
            keep_pairs(gap_after, tokens, away)
        families = self._family_of_token[tokens]
        near_word, near_family = self._near_after[tokens], self._near_after[families]
        for away in range(1, _NEAREST + 1):
            keep_pairs(near_family, tokens, away)
            keep_pairs(near_word, families, away)
            keep_pairs(near_family, families, away)

        first_token = np.cumsum(n_words + 2) - (n_words + 2) + 1
        all_rows = np.arange(len(utterances))
        nodes = np.full(len(utterances), self._first[self._id_of_token.get(OPENS, _UNKNOWN)])
        for place in range(_LONGEST):
            # Past the end of a short utterance stands its end mark, which no opening holds.
            nodes = self._step(nodes, tokens[np.minimum(first_token + place, len(tokens) - 1)])
            keep(nodes, all_rows)
        return np.concatenate(found_rows), np.concatenate(found_columns)

    def _ids(self, tokens: Iterable[str]) -> Numbers:
        """Number of each token; `_UNKNOWN` for one that is in no n-gram."""
        return np.fromiter(map(self._id_of_token.get, tokens, repeat(_UNKNOWN)), dtype=np.int64)

    def _step(self, nodes: Numbers, tokens: Numbers | int) -> Numbers:
        """Node that a token leads to from each node; `_NOWHERE` where there is none, and from there."""
        return self._nodes.values_of(nodes * self._width + tokens)
