"""What an utterance is judged by: its words, its openings, its shape, what it is about, and what stands around it.

Each of these is a block of columns, weighted by sublinear TF-IDF and brought to
a length of its own, so that no block drowns another (see
``docs/decisions/0008-blocks-of-features.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.lexicon import Lexicon
from alliance_nlp.ngrams import Ngram, NgramFinder, Places, Words, ngram_name, ngrams
from alliance_nlp.surroundings import SIDES, Floats, Matrix

_LENGTH_BINS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34, 55])
_SHARE_BINS = np.array([0, 20, 40, 60, 80])
_MAX_QUESTIONS = 3

_OWN_BLOCK_LENGTHS = np.array([1.0, 0.5, 0.5])
"""How much n-grams, shape and families can weigh."""
_SIDE_LENGTH = 0.2
"""How much each side of the surroundings can weigh."""


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance as the features see it."""

    words: Words
    speaker: str


def _spans(lows: npt.NDArray[np.int64]) -> list[str]:
    highs = [*(lows[1:] - 1).tolist(), None]
    return [
        f"{low}" if low == high else f"{low}–{high}" if high is not None else f"{low}+"
        for low, high in zip(lows.tolist(), highs, strict=True)
    ]


_SHAPE_BLOCKS = {
    "length": [f"⟨length {span} words⟩" for span in _spans(_LENGTH_BINS)],
    "length before": [f"⟨before: length {span} words⟩" for span in _spans(_LENGTH_BINS)],
    "length after": [f"⟨after: length {span} words⟩" for span in _spans(_LENGTH_BINS)],
    "shared": [f"⟨{span} % of its words taken over from before⟩" for span in _spans(_SHARE_BINS)],
    "questions": ["⟨1 question mark⟩", "⟨2 question marks⟩", f"⟨{_MAX_QUESTIONS} or more question marks⟩"],
    "question before": ["⟨before: a question⟩"],
    "question after": ["⟨after: a question⟩"],
    "speaker before": ["⟨before: nobody⟩", "⟨before: same speaker⟩", "⟨before: other speaker⟩"],
    "speaker after": ["⟨after: nobody⟩", "⟨after: same speaker⟩", "⟨after: other speaker⟩"],
}
SHAPES = tuple(chain.from_iterable(_SHAPE_BLOCKS.values()))
"""Names of the features of an utterance's shape, the same in every model."""
_FIRST_OF_SHAPE = dict(zip(_SHAPE_BLOCKS, np.cumsum([0, *map(len, _SHAPE_BLOCKS.values())]), strict=False))


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
    """

    own: Matrix
    words: Matrix
    around: tuple[Matrix, ...]

    def rows(self, rows: slice | npt.NDArray[np.int64]) -> Features:
        """Only these utterances, with all the lines that surround them."""
        return Features(self.own[rows], self.words, tuple(side[rows] for side in self.around))

    def matrix(self) -> Matrix:
        """All columns, of shape (n_utterances, n_features)."""
        return sparse.hstack([self.own, *(side @ self.words for side in self.around)], format="csr")

    def __matmul__(self, weights: Floats) -> Floats:
        """Product with weights of shape (n_features, k), without multiplying out what surrounds an utterance."""
        n_own, n_words = self.own.shape[1], self.words.shape[1]
        product = self.own @ weights[:n_own]
        for number, side in enumerate(self.around):
            first = n_own + number * n_words
            product += side @ (self.words @ weights[first : first + n_words])
        return np.asarray(product)


class FeatureSpace:
    """Turns the utterances of sessions into rows of numbers.

    The columns: n-grams, shape, families of words; then, per side of the
    surroundings, the words that have a column of their own.

    Parameters
    ----------
    ngrams : sequence of tuple of str
        The n-grams that have a column, sorted; see `several_clients_only`.
    lexicon : mapping of str to tuple of tuple of str
        Families of words and phrases, as tokens; see `read_lexicon`.
    idf : ndarray of shape (n_own,), optional
        Inverse document frequencies of n-grams, shape and families; ones before `fit_idf`.
    """

    def __init__(self, ngrams: Sequence[Ngram], lexicon: Lexicon, idf: npt.NDArray[np.float32] | None = None) -> None:
        self.ngrams = list(ngrams)
        self.lexicon = dict(lexicon)
        self.idf = np.ones(self.n_own, dtype=np.float32) if idf is None else idf

    @property
    def n_own(self) -> int:
        """Number of columns about the utterance itself."""
        return len(self.ngrams) + len(SHAPES) + len(self.lexicon)

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return self.n_own + len(SIDES) * len(self._words)

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
            return " ".join([f"⟨words of {family}⟩", *([", ".join(found)] if found else [])])
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
        return _counted([self._finder.find(utterances, n_words)], len(lines), len(self.to_find))

    def gathered(self, found: Matrix, shapes: Matrix) -> Matrix:
        """Counts, as `counts` gives them, from those of `found` and `shape_counts`."""
        return sparse.hstack([found[:, : len(self.ngrams)], shapes, found @ self._families], format="csr")

    def weigh(self, counts: Matrix, around: tuple[Matrix, ...]) -> Features:
        """Sublinear TF-IDF (Salton & Buckley 1988), each block of a row brought to its length.

        Parameters
        ----------
        counts : csr_matrix of shape (n_utterances, n_own)
            See `counts`.
        around : tuple of csr_matrix
            The lines around each; see `neighbours`.
        """
        n_rows = counts.shape[0]
        values = (1 + np.log(counts.data)) * self.idf[counts.indices]
        row_of_value = np.repeat(np.arange(n_rows), np.diff(counts.indptr))
        block_of_value = self._block_of_column[counts.indices]
        lengths = _lengths(values, row_of_value * len(_OWN_BLOCK_LENGTHS) + block_of_value)
        own = sparse.csr_matrix(
            (values / lengths * _OWN_BLOCK_LENGTHS[block_of_value], counts.indices, counts.indptr), shape=counts.shape
        )
        word = self._word_of_column[counts.indices]
        rows, words = row_of_value[word >= 0], values[word >= 0]
        row_ends = np.searchsorted(rows, np.arange(n_rows + 1))
        surroundings = sparse.csr_matrix(
            (words / _lengths(words, rows) * _SIDE_LENGTH, word[word >= 0], row_ends),
            shape=(n_rows, len(self._words)),
        )
        return Features(own, surroundings, around)

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
        return NgramFinder(self.to_find)

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
    def _words(self) -> npt.NDArray[np.int64]:
        """Columns of the n-grams that are single words."""
        return np.array([column for column, ngram in enumerate(self.ngrams) if len(ngram) == 1], dtype=np.int64)

    @cached_property
    def _word_of_column(self) -> npt.NDArray[np.int64]:
        word_of_column = np.full(self.n_own, -1, dtype=np.int64)
        word_of_column[self._words] = np.arange(len(self._words))
        return word_of_column

    @cached_property
    def _block_of_column(self) -> npt.NDArray[np.int64]:
        return np.repeat(np.arange(3), [len(self.ngrams), len(SHAPES), len(self.lexicon)])


def shape_counts(lines: Sequence[Line], begins: npt.NDArray[np.bool_]) -> Matrix:
    """Which shapes each utterance has, of shape (len(lines), len(SHAPES)); see `FeatureSpace.counts`."""
    return _counted(_shapes(lines, begins), len(lines), len(SHAPES))


def _shapes(lines: Sequence[Line], begins: npt.NDArray[np.bool_]) -> Iterator[Places]:
    # Row -1 stands above row 0, and the last above the first; neither counts, since a session begins there.
    rows = np.arange(len(lines))
    n_words = np.array([len(line.words) for line in lines], dtype=np.int64)
    ends = np.roll(begins, -1)
    above, below = np.roll(rows, 1), np.roll(rows, -1)
    questions = np.array([line.words.count("?") for line in lines], dtype=np.int64)
    same_as_above = np.array([line.speaker == lines[place - 1].speaker for place, line in enumerate(lines)])
    distinct = [frozenset(line.words) for line in lines]
    n_shared = np.array([len(words & distinct[place - 1]) for place, words in enumerate(distinct)])
    share = np.where(begins, 0, 100 * n_shared / np.maximum([len(words) for words in distinct], 1))
    asked, asked_before, asked_after = (
        questions > 0,
        ~begins & (questions[above] > 0),
        ~ends & (questions[below] > 0),
    )

    def binned(shape: str, values: npt.NDArray[Any], bins: npt.NDArray[Any]) -> Places:
        return rows, _FIRST_OF_SHAPE[shape] + np.searchsorted(bins, values, "right") - 1

    yield binned("length", n_words, _LENGTH_BINS)
    yield binned("length before", np.where(begins, 0, n_words[above]), _LENGTH_BINS)
    yield binned("length after", np.where(ends, 0, n_words[below]), _LENGTH_BINS)
    yield binned("shared", share, _SHARE_BINS)
    yield rows[asked], _FIRST_OF_SHAPE["questions"] + np.minimum(questions[asked], _MAX_QUESTIONS) - 1
    yield rows[asked_before], np.full(asked_before.sum(), _FIRST_OF_SHAPE["question before"])
    yield rows[asked_after], np.full(asked_after.sum(), _FIRST_OF_SHAPE["question after"])
    yield rows, _FIRST_OF_SHAPE["speaker before"] + np.where(begins, 0, np.where(same_as_above, 1, 2))
    yield rows, _FIRST_OF_SHAPE["speaker after"] + np.where(ends, 0, np.where(same_as_above[below], 1, 2))


def _counted(places: Iterable[Places], n_rows: int, n_columns: int) -> Matrix:
    """How often each cell is named."""
    rows, columns = (np.concatenate(part) for part in zip(*places, strict=True))
    cells, times = np.unique(rows * n_columns + columns, return_counts=True)
    row, column = np.divmod(cells, n_columns)
    row_ends = np.searchsorted(row, np.arange(n_rows + 1))
    return sparse.csr_matrix((times.astype(np.float32), column, row_ends), shape=(n_rows, n_columns))


def _lengths(values: Floats, group: npt.NDArray[np.int64]) -> Floats:
    """For each value, the Euclidean length of its group."""
    return np.sqrt(np.bincount(group, weights=values**2))[group]
