"""The shape of an utterance beside its neighbours: how long, how much taken over, who speaks, who asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.ngrams import Places, Words
from alliance_nlp.surroundings import Matrix
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import Utterance

_LENGTH_BINS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34, 55])
_SHARE_BINS = np.array([0, 20, 40, 60, 80])
_MAX_QUESTIONS = 3


class Line(NamedTuple):
    """An utterance as the features see it; a named tuple, since there is one for each."""

    words: Words
    speaker: str


def lines_of(utterances: Sequence[Utterance], tokenizer: Tokenizer) -> list[Line]:
    """Utterances of one or several sessions, their words told apart."""
    words = tokenizer.tokens(utterance.text for utterance in utterances)
    speakers = (utterance.speaker for utterance in utterances)
    return list(map(Line._make, zip(words, speakers, strict=True)))


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


def shape_counts(lines: Sequence[Line], begins: npt.NDArray[np.bool_]) -> Matrix:
    """Which shapes each utterance has, of shape (len(lines), len(SHAPES)); see `FeatureSpace.counts`."""
    return counted(_shapes(lines, begins), len(lines), len(SHAPES))


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


def counted(places: Iterable[Places], n_rows: int, n_columns: int) -> Matrix:
    """How often each cell is named."""
    rows, columns = (np.concatenate(part) for part in zip(*places, strict=True))
    cells, times = np.unique(rows * n_columns + columns, return_counts=True)
    first_cells = np.arange(n_rows + 1) * n_columns
    row_ends = np.searchsorted(cells, first_cells)
    column = cells - np.repeat(first_cells[:-1], np.diff(row_ends))
    return sparse.csr_matrix((times.astype(np.float32), column, row_ends), shape=(n_rows, n_columns))
