"""What an utterance is judged by: its words, its openings, its shape, what it is about, and what stands around it.

Where a model has them, its sentence embedding too.

Each of these is a block of columns, weighted by sublinear TF-IDF and brought to
a length of its own, so that no block drowns another (see
``docs/decisions/0008-blocks-of-features.md``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.lexicon import Lexicon, families_of_words, family_name
from alliance_nlp.ngrams import GAP, NEAR, Ngram, NgramFinder, Words, ngram_name, ngrams
from alliance_nlp.shapes import SHAPES, Line, counted, shape_counts
from alliance_nlp.surroundings import SIDES, Floats, Matrix


class BlockLengths(NamedTuple):
    """How much each block can weigh."""

    runs: float = 1.5
    """N-grams of words side by side, and openings."""
    pairs: float = 1.0
    """N-grams with a gap."""
    family_pairs: float = 1.0
    """Pairs in which a family stands for a word, or two for both."""
    shape: float = 0.5
    families: float = 0.5
    side: float = 0.25
    """Each side of the surroundings."""


BLOCK_LENGTHS = BlockLengths()


class MeaningBlock(NamedTuple):
    """The columns of sentence embeddings; none by default."""

    dimensions: int = 0
    length: float = 0.5
    """How much an embedding can weigh."""


NO_MEANING = MeaningBlock()
MEANING = "⟨meaning⟩"
"""What all columns of an embedding together are called; no single one means anything to a person."""


@dataclass(frozen=True, slots=True)
class Features:
    """Weighted features of utterances, the surroundings not yet multiplied out.

    Attributes
    ----------
    own : csr_matrix of shape (n_utterances, n_own)
        Of the utterances themselves: n-grams, shape, families.
    words : csr_matrix of shape (n_lines, n_words)
        Of all lines that surround them, their words.
    around : tuple of csr_matrix, each of shape (n_utterances, n_lines)
        Per side, the weight of each line.
    meaning : ndarray of float32, shape (n_utterances, n_dimensions), optional
        Sentence embeddings of the utterances.
    """

    own: Matrix
    words: Matrix
    around: tuple[Matrix, ...]
    meaning: npt.NDArray[np.float32] | None = None

    def rows(self, rows: slice | npt.NDArray[np.int64]) -> Features:
        """Only these utterances, with all the lines that surround them."""
        meaning = None if self.meaning is None else self.meaning[rows]
        return Features(self.own[rows], self.words, tuple(side[rows] for side in self.around), meaning)

    def matrix(self) -> Matrix:
        """All columns, of shape (n_utterances, n_features)."""
        meaning = [] if self.meaning is None else [sparse.csr_matrix(self.meaning)]
        return sparse.hstack([self.own, *(side @ self.words for side in self.around), *meaning], format="csr")

    def __matmul__(self, weights: Floats) -> Floats:
        """Product with weights of shape (n_features, k), without multiplying out what surrounds an utterance."""
        n_own, n_words = self.own.shape[1], self.words.shape[1]
        product = self.own @ weights[:n_own]
        for number, side in enumerate(self.around):
            first = n_own + number * n_words
            product += side @ (self.words @ weights[first : first + n_words])
        if self.meaning is not None:
            product += self.meaning.astype(np.float64) @ weights[n_own + len(self.around) * n_words :]
        return np.asarray(product)


class FeatureSpace:
    """Turns the utterances of sessions into rows of numbers.

    The columns: n-grams, shape, families of words; then, per side of the
    surroundings, the words that have a column of their own; then, where there are
    any, the dimensions of sentence embeddings.

    Parameters
    ----------
    ngrams : sequence of tuple of str
        The n-grams that have a column, sorted; see `several_clients_only`.
    lexicon : mapping of str to tuple of tuple of str
        Families of words and phrases, as tokens; see `read_lexicon`.
    idf : ndarray of shape (n_own,), optional
        Inverse document frequencies of n-grams, shape and families; ones before `fit_idf`.
    meaning : MeaningBlock
        The columns of sentence embeddings.
    marks_around : bool
        Whether punctuation counts among the words around, as it did once. It tells how a session was typed, not what
        went on in it.
    lengths : BlockLengths
        How much each block can weigh.
    """

    def __init__(
        self,
        ngrams: Sequence[Ngram],
        lexicon: Lexicon,
        idf: npt.NDArray[np.float32] | None = None,
        meaning: MeaningBlock = NO_MEANING,
        marks_around: bool = False,
        lengths: BlockLengths = BLOCK_LENGTHS,
    ) -> None:
        self.ngrams = list(ngrams)
        self.lexicon = dict(lexicon)
        self.meaning = meaning
        self.marks_around = marks_around
        self.lengths = lengths
        self.idf = np.ones(self.n_own, dtype=np.float32) if idf is None else idf

    @property
    def n_own(self) -> int:
        """Number of columns about the utterance itself."""
        return len(self.ngrams) + len(SHAPES) + len(self.lexicon)

    @property
    def n_counted(self) -> int:
        """Number of columns about words and shape, before those of sentence embeddings."""
        return self.n_own + len(SIDES) * len(self._words)

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return self.n_counted + self.meaning.dimensions

    def columns_of(self, other: FeatureSpace) -> npt.NDArray[np.int64]:
        """Where the columns of another space stand in this one, which has the same families and all its n-grams."""
        place = {ngram: number for number, ngram in enumerate(self.ngrams)}
        of_ngrams = np.array([place[ngram] for ngram in other.ngrams], dtype=np.int64)
        words = self._word_of_column[of_ngrams[other._words]]
        sides = [self.n_own + side * len(self._words) + words for side in range(len(SIDES))]
        return np.concatenate([of_ngrams, np.arange(len(self.ngrams), self.n_own), *sides])

    def with_ngrams(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """All columns but those of other n-grams and, around, of other words.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n_ngrams,)
            N-grams of this space.

        Returns
        -------
        ndarray of bool, shape (n_features,)
        """
        others = np.ones(len(SHAPES) + len(self.lexicon), dtype=np.bool_)
        meaning = np.ones(self.meaning.dimensions, dtype=np.bool_)
        return np.concatenate([chosen, others, *[chosen[self._words]] * len(SIDES), meaning])

    def name(self, column: int, words: Words = ()) -> str:
        """What a column stands for, as a person reads it.

        Parameters
        ----------
        column : int
            Of the multiplied-out matrix.
        words : sequence of str, optional
            Tokens of the utterance in question; what of it belongs to a family is named beside it.
        """
        if column < len(self.ngrams):
            return ngram_name(self.ngrams[column])
        if column < len(self.ngrams) + len(SHAPES):
            return SHAPES[column - len(self.ngrams)]
        if column < self.n_own:
            family = list(self.lexicon)[column - self.n_own]
            found = dict.fromkeys(" ".join(ngram) for ngram in ngrams(words) if ngram in self._phrases_of[family])
            return " ".join([family_name(family), *([", ".join(found)] if found else [])])
        if column >= self.n_counted:
            return MEANING
        side, word = divmod(column - self.n_own, len(self._words))
        return f"⟨{SIDES[side]}: {self.ngrams[self._words[word]][0]}⟩"

    def fit_idf(self, counts: Matrix) -> None:
        """Set the inverse document frequencies from the training rows of `counts`, smoothed as scikit-learn does."""
        rows_with = np.bincount(counts.indices, minlength=self.n_own)
        self.idf = (np.log((1 + counts.shape[0]) / (1 + rows_with)) + 1).astype(np.float32)

    def counts(self, lines: Sequence[Line], begins: npt.NDArray[np.bool_]) -> Matrix:
        """How often each feature of its own stands in each utterance.

        Parameters
        ----------
        lines : sequence of Line
            Utterances of one or several sessions, each session's in order.
        begins : ndarray of bool, shape (len(lines),)
            Where a session begins; there, the line above is not what came before.

        Returns
        -------
        csr_matrix of shape (len(lines), n_own)
        """
        return self.gathered(self.found(lines), shape_counts(lines, begins))

    def found(self, lines: Sequence[Line]) -> Matrix:
        """How often each n-gram, and each phrase of a family without a column, stands in each utterance.

        Parameters
        ----------
        lines : sequence of Line
            Utterances.

        Returns
        -------
        csr_matrix of shape (len(lines), n_ngrams + n_extra_phrases)
        """
        utterances = [line.words for line in lines]
        n_words = np.array([len(words) for words in utterances], dtype=np.int64)
        n_to_find = len(self.ngrams) + len(self._extra_phrases)
        return counted([self._finder.find(utterances, n_words)], len(lines), n_to_find)

    def gathered(self, found: Matrix, shapes: Matrix) -> Matrix:
        """Counts, as `counts` gives them, from those of `found` and `shape_counts`."""
        return sparse.hstack([found[:, : len(self.ngrams)], shapes, found @ self._families], format="csr")

    def known_tokens(self, counts: Matrix) -> npt.NDArray[np.int64]:
        """How many words and marks of each row of `counts` have a column of their own; of shape (n_utterances,)."""
        return np.asarray(counts @ self._is_token).astype(np.int64)

    def weigh(
        self, counts: Matrix, around: tuple[Matrix, ...], meaning: npt.NDArray[np.float32] | None = None
    ) -> Features:
        """Sublinear TF-IDF (Salton & Buckley 1988), each block of a row brought to its length.

        Parameters
        ----------
        counts : csr_matrix of shape (n_utterances, n_own)
            See `counts`.
        around : tuple of csr_matrix
            The lines around each; see `neighbours`.
        meaning : ndarray of float32, shape (n_utterances, n_dimensions), optional
            Sentence embeddings of length 1, where the space has columns for them.
        """
        n_rows = counts.shape[0]
        values = (1 + np.log(counts.data)) * self.idf.take(counts.indices)
        row_of_value = np.repeat(np.arange(n_rows), np.diff(counts.indptr))
        block_lengths = np.array(self.lengths[:-1])
        block_of_value = self._block_of_column.take(counts.indices)
        lengths = _lengths(values, row_of_value * len(block_lengths) + block_of_value)
        own = sparse.csr_matrix(
            (values / lengths * block_lengths.take(block_of_value), counts.indices, counts.indptr), shape=counts.shape
        )
        word_of_value = self._word_of_column.take(counts.indices)
        at = np.flatnonzero(word_of_value >= 0)
        rows, words = row_of_value.take(at), values.take(at)
        row_ends = np.searchsorted(rows, np.arange(n_rows + 1))
        surroundings = sparse.csr_matrix(
            (words / _lengths(words, rows) * self.lengths.side, word_of_value.take(at), row_ends),
            shape=(n_rows, len(self._words)),
        )
        return Features(
            own, surroundings, around, None if meaning is None else meaning * np.float32(self.meaning.length)
        )

    @cached_property
    def _extra_phrases(self) -> list[Ngram]:
        """Words and phrases of families that have no column of their own."""
        known = set(self.ngrams)
        return sorted({phrase for phrases in self.lexicon.values() for phrase in phrases} - known)

    @property
    def to_find(self) -> list[Ngram]:
        """The n-grams that have a column, then the phrases of families that have none."""
        return [*self.ngrams, *self._extra_phrases]

    @cached_property
    def _finder(self) -> NgramFinder:
        return NgramFinder(self.to_find, families_of_words(self.lexicon))

    @cached_property
    def _phrases_of(self) -> Mapping[str, frozenset[Ngram]]:
        return {family: frozenset(phrases) for family, phrases in self.lexicon.items()}

    @cached_property
    def _families(self) -> Matrix:
        """Which families each word or phrase belongs to, of shape (n_ngrams + n_extra_phrases, n_families)."""
        place = {ngram: number for number, ngram in enumerate(self.to_find)}
        cells = [(place[phrase], family) for family, phrases in enumerate(self.lexicon.values()) for phrase in phrases]
        rows, columns = np.array(cells, dtype=np.int64).reshape(-1, 2).T
        shape = len(self.ngrams) + len(self._extra_phrases), len(self.lexicon)
        return sparse.csr_matrix((np.ones(len(cells), dtype=np.float32), (rows, columns)), shape=shape)

    @cached_property
    def _is_token(self) -> npt.NDArray[np.bool_]:
        """Which columns of its own stand for a single word or mark."""
        return np.array([*(len(ngram) == 1 for ngram in self.ngrams), *[False] * (self.n_own - len(self.ngrams))])

    @cached_property
    def _words(self) -> npt.NDArray[np.int64]:
        """Columns of the n-grams that are single words and count around an utterance."""
        single = [(column, ngram[0]) for column, ngram in enumerate(self.ngrams) if len(ngram) == 1]
        return np.array(
            [column for column, word in single if self.marks_around or any(map(str.isalnum, word))], dtype=np.int64
        )

    @cached_property
    def _word_of_column(self) -> npt.NDArray[np.int64]:
        word_of_column = np.full(self.n_own, -1, dtype=np.int64)
        word_of_column[self._words] = np.arange(len(self._words))
        return word_of_column

    @cached_property
    def _block_of_column(self) -> npt.NDArray[np.int64]:
        """The block of each column of its own, by its place in `BlockLengths`."""
        of_ngrams = [2 if NEAR in ngram else 1 if GAP in ngram else 0 for ngram in self.ngrams]
        return np.array([*of_ngrams, *[3] * len(SHAPES), *[4] * len(self.lexicon)])


def _lengths(values: Floats, group: npt.NDArray[np.int64]) -> Floats:
    """For each value, the Euclidean length of its group."""
    return np.sqrt(np.bincount(group, weights=values**2)).take(group)
