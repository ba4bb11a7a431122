"""Features of a coded corpus, counted once, of which each fold takes what its training clients hold."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.bundle import Bundle
from alliance_nlp.features import NO_MEANING, Features, FeatureSpace, MeaningBlock
from alliance_nlp.lexicon import Lexicon, families_of_words
from alliance_nlp.ngrams import clients_needed, require_ngrams, several_clients_only
from alliance_nlp.prior import Prior, take_base
from alliance_nlp.private_cache import key_of
from alliance_nlp.shapes import Line, shape_counts
from alliance_nlp.surroundings import neighbours, session_begins

Mask = npt.NDArray[np.bool_]


class Fitted(NamedTuple):
    """A feature space learned from some of the clients, and the features of all utterances in it.

    Where there is a base model, what it says of these features too.
    """

    space: FeatureSpace
    features: Features
    prior: Prior | None


class CorpusFeatures:
    """Counts of all that any model of a corpus can know.

    What too few clients of the corpus hold, too few of any part of them hold.
    So the n-grams of the whole corpus are found once, and a fold is a choice
    among their columns.

    Parameters
    ----------
    lines : sequence of sequence of Line
        The utterances of each session.
    lexicon : mapping of str to tuple of tuple of str
        Families of words and phrases.
    clients : ndarray of str, shape (n_sessions,)
        Whose session each is.
    min_clients : int
        In how many clients' sessions an n-gram must stand.
    key : str
        Stands for all that in a cache; empty where there is none.
    base : Bundle, optional
        A model whose n-grams are features too, whoever holds them.

    Raises
    ------
    CorpusError
        Where not one n-gram is left.
    """

    def __init__(
        self,
        lines: Sequence[Sequence[Line]],
        lexicon: Lexicon,
        clients: npt.NDArray[np.str_],
        min_clients: int,
        key: str = "",
        base: Bundle | None = None,
    ) -> None:
        self.key = key
        self._lexicon = lexicon
        self._min_clients = min_clients
        words = [[line.words for line in of_session] for of_session in lines]
        self._base = base
        of_base = set(base.features.ngrams) if base else set()
        of_corpus = several_clients_only(words, clients, min_clients, families_of_words(lexicon))
        whole = FeatureSpace(sorted(of_base.union(of_corpus)) if base else of_corpus, lexicon)
        self._ngrams = whole.ngrams
        self._extra_place = {phrase: place for place, phrase in enumerate(whole.to_find)}
        lengths = [len(of_session) for of_session in lines]
        all_lines, begins = list(chain.from_iterable(lines)), session_begins(lengths)
        self._found = whole.found(all_lines)
        self._shapes = shape_counts(all_lines, begins)
        self._around = neighbours([line.speaker for line in all_lines], begins)
        self._meaning: npt.NDArray[np.float32] | None = None
        self._client_of_line = np.repeat(np.unique(clients, return_inverse=True)[1], lengths)
        self._of_base = np.array([ngram in of_base for ngram in self._ngrams], dtype=np.bool_)
        self._clients_needed = np.array([clients_needed(ngram, min_clients) for ngram in self._ngrams])
        self._held = _held_by_clients(self._found[:, : len(self._ngrams)], self._client_of_line)

    def with_meaning(self, vectors: npt.NDArray[np.float32], key: str) -> CorpusFeatures:
        """The same with sentence embeddings.

        Parameters
        ----------
        vectors : ndarray of float32, shape (n_utterances, n_dimensions)
            Of all utterances; no fold changes them.
        key : str
            Stands for them in a cache.
        """
        enriched = copy(self)
        enriched._meaning = vectors
        enriched.key = key_of(self.key, key)
        return enriched

    def fit(self, training: Mask) -> Fitted:
        """Learn a feature space from some of the clients.

        Parameters
        ----------
        training : ndarray of bool, shape (n_utterances,)
            Their utterances.

        Raises
        ------
        CorpusError
            Where not one n-gram is left.
        """
        chosen = np.unique(self._client_of_line[training])
        n_clients_with = np.asarray(self._held[chosen].sum(axis=0)).ravel()
        of_corpus = n_clients_with >= self._clients_needed
        require_ngrams(int(of_corpus.sum()), self._min_clients, len(chosen))
        kept = np.flatnonzero(of_corpus | self._of_base)
        block = NO_MEANING if self._meaning is None else MeaningBlock(self._meaning.shape[1])
        space = FeatureSpace([self._ngrams[place] for place in kept], self._lexicon, meaning=block)
        places = [*kept.tolist(), *(self._extra_place[phrase] for phrase in space.to_find[len(kept) :])]
        found = self._found[:, places]
        found.sort_indices()
        counts = space.gathered(found, self._shapes)
        space.fit_idf(counts[training])
        prior = take_base(space, self._base, of_corpus[kept]) if self._base else None
        return Fitted(space, space.weigh(counts, self._around, self._meaning), prior)


def _held_by_clients(found: sparse.csr_matrix, client_of_line: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    """Ones where a client's sessions hold an n-gram, of shape (n_clients, n_ngrams)."""
    n_lines = found.shape[0]
    of_client = sparse.csr_matrix((np.ones(n_lines, dtype=np.float32), (client_of_line, np.arange(n_lines))))
    held = of_client @ found
    held.data[:] = 1
    return held
