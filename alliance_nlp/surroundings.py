"""What stands around an utterance in its session: the lines of the same and of the other speakers, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix: TypeAlias = sparse.csr_matrix
Floats: TypeAlias = npt.NDArray[np.float64]

SIDES = ("others before", "self before", "others after", "self after")
REACH = 8
"""How many lines away counts as around, on either side."""
_FADING = 0.7
"""What a speaker's line weighs beside that speaker's nearest one, raised by one power a line."""
_SCORE_FADING = 0.9


def session_begins(lengths: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Mask of shape (sum(lengths),) that marks the first utterance of each of several sessions laid end to end."""
    begins = np.zeros(sum(lengths), dtype=bool)
    begins[np.cumsum(lengths) - lengths] = True
    return begins


def neighbours(speakers: Sequence[str], begins: npt.NDArray[np.bool_]) -> tuple[Matrix, ...]:
    """The lines around each line, by side.

    Parameters
    ----------
    speakers : sequence of str
        Who says each line, of one or several sessions laid end to end.
    begins : ndarray of bool, shape (n_lines,)
        Where a session begins.

    Returns
    -------
    tuple of csr_matrix, each of shape (n_lines, n_lines)
        One per side, in the order of `SIDES`. A row holds the weights of the lines on that side, at most `REACH` lines
        away; the nearest weighs most, and a row's weights have length 1.
    """
    number_of = {speaker: number for number, speaker in enumerate(dict.fromkeys(speakers))}
    speaker = np.array([number_of[name] for name in speakers], dtype=np.int64)
    session = np.cumsum(begins)
    lines = np.arange(len(speakers))
    found: dict[str, list[npt.NDArray[np.int64]]] = {side: [] for side in SIDES}
    for way, step in (("before", -1), ("after", 1)):
        for distance in range(1, REACH + 1):
            other = lines + step * distance
            there = (other >= 0) & (other < len(lines))
            there[there] = session[other[there]] == session[lines[there]]
            same = np.zeros(len(lines), dtype=bool)
            same[there] = speaker[other[there]] == speaker[lines[there]]
            found[f"self {way}"].append(np.where(there & same, other, -1))
            found[f"others {way}"].append(np.where(there & ~same, other, -1))
    return tuple(_weighted(np.column_stack(found[side])) for side in SIDES)


def _weighted(columns: npt.NDArray[np.int64]) -> Matrix:
    """Rows of fading weights from the columns of each row, nearest first, with -1 for none."""
    there = columns >= 0
    weights = np.where(there, _FADING ** (np.cumsum(there, axis=1) - 1), 0.0)
    weights /= np.maximum(np.sqrt((weights**2).sum(axis=1, keepdims=True)), np.finfo(float).tiny)
    row_ends = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    return sparse.csr_matrix((weights[there], columns[there], row_ends), shape=(len(columns), len(columns)))


def faded_sums(values: Floats, begins: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Sums of the values of the lines before, and of those after, in the same session, the nearer the heavier.

    Parameters
    ----------
    values : ndarray of shape (n_lines, n_values)
        What is summed.
    begins : ndarray of bool, shape (n_lines,)
        Where a session begins.

    Returns
    -------
    ndarray, ndarray, each of shape (n_lines, n_values)
    """
    session = np.cumsum(begins, dtype=np.int64)
    return _sums_before(values, session), _sums_before(values[::-1], session[::-1])[::-1]


def line_away(values: Floats, begins: npt.NDArray[np.bool_], distance: int) -> Floats:
    """The values of the line so many lines before (negative: after) in the same session, 0 where there is none.

    Parameters
    ----------
    values : ndarray of shape (n_lines, n_values)
        Of the lines.
    begins : ndarray of bool, shape (n_lines,)
        Where a session begins.
    distance : int
        Not 0.

    Returns
    -------
    ndarray of shape (n_lines, n_values)
    """
    if distance < 0:
        ends = np.roll(begins, -1)
        return line_away(values[::-1], ends[::-1], -distance)[::-1]
    away = np.zeros(values.shape)
    same = _same(np.cumsum(begins, dtype=np.int64), distance)
    away[distance:] = np.where(same, values[:-distance], 0)
    return away


def _sums_before(values: Floats, session: npt.NDArray[np.int64]) -> Floats:
    # Each round doubles how far a sum reaches; sums of a session never reach over its begin.
    sums, reach = values.copy(), 1
    longest = int(np.bincount(session).max()) if len(session) else 0
    while reach < longest:
        sums[reach:] += _SCORE_FADING**reach * np.where(_same(session, reach), sums[:-reach], 0)
        reach *= 2
    before = np.zeros(values.shape)
    before[1:] = np.where(_same(session, 1), sums[:-1], 0)
    return before


def _same(session: npt.NDArray[np.int64], distance: int) -> npt.NDArray[np.bool_]:
    return np.asarray(session[distance:] == session[:-distance])[:, np.newaxis]
