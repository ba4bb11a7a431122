"""Scores of tags and probabilities against codes, from tables that add up over sessions.

Every score takes tables with one row for each resample of a bootstrap over sessions, so that one call gives it for all
of them, and gives NaN where it is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

N_RESAMPLES = 1000
N_BINS = 10
"""Of equal width, for the reliability curve and the expected calibration error."""

_RESAMPLES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Sums:
    """What scores are computed from; the first axis is the resample.

    Attributes
    ----------
    decisions : ndarray of shape (n_sums, 4)
        Utterances tagged and coded, tagged only, coded only, neither.
    positives, negatives : ndarray of shape (n_sums, n_distinct)
        Utterances coded 1, and coded 0, at each probability that occurs, from the lowest.
    bins : ndarray of shape (n_sums, 3, N_BINS)
        Utterances whose probability is in each bin, sum of their probabilities, and how many are coded 1.
    """

    decisions: Floats
    positives: Floats
    negatives: Floats
    bins: Floats


@dataclass(frozen=True, slots=True)
class SessionTables:
    """The same for each session; `positives` and `negatives` sparse, of shape (n_sessions, n_distinct).

    Attributes
    ----------
    sessions : tuple of str
        Their ids, sorted.
    distinct : ndarray of shape (n_distinct,)
        The probabilities that occur, ascending.
    """

    sessions: tuple[str, ...]
    distinct: Floats
    decisions: Floats
    positives: sparse.csr_matrix
    negatives: sparse.csr_matrix
    bins: Floats

    def weighted(self, weights: Floats) -> Sums:
        """Sums over sessions, each as often as `weights`, of shape (n_sums, n_sessions), says."""
        return Sums(
            weights @ self.decisions,
            (self.positives.T @ weights.T).T,
            (self.negatives.T @ weights.T).T,
            np.tensordot(weights, self.bins, axes=1),
        )

    def in_all(self) -> Sums:
        """Sums over all sessions, one row."""
        return self.weighted(np.ones((1, len(self.sessions))))


Score = Callable[[Sums], Floats]


def session_tables(probabilities: Floats, tags: Codes, codes: Codes, sessions: npt.NDArray[np.str_]) -> SessionTables:
    """Tables of each session from its utterances.

    Parameters
    ----------
    probabilities, tags, codes : ndarray of shape (n_utterances,)
        What the model says, and what the coders said: 0 or 1.
    sessions : ndarray of shape (n_utterances,)
        The session of each utterance.
    """
    ids, session = np.unique(sessions, return_inverse=True)
    distinct, place = np.unique(probabilities, return_inverse=True)
    n = len(ids)

    def at_each(code: int) -> sparse.csr_matrix:
        of_code = codes == code
        ones = np.ones(int(of_code.sum()))
        return sparse.csr_matrix((ones, (session[of_code], place[of_code])), shape=(n, len(distinct)))

    decision = np.where(tags == 1, np.where(codes == 1, 0, 1), np.where(codes == 1, 2, 3))
    cell = session * N_BINS + _bin(probabilities)
    bins = [np.bincount(cell, weights, n * N_BINS) for weights in (None, probabilities, codes.astype(float))]
    return SessionTables(
        tuple(ids.tolist()),
        distinct,
        np.bincount(session * 4 + decision, minlength=n * 4).reshape(n, 4).astype(float),
        at_each(1),
        at_each(0),
        np.stack([of_kind.reshape(n, N_BINS) for of_kind in bins], axis=1).astype(float),
    )


def _bin(probabilities: Floats) -> npt.NDArray[np.int64]:
    # Rounded, since .3 times 10 must not fall below 3.
    return np.minimum(np.floor((probabilities * N_BINS).round(9)), N_BINS - 1).astype(np.int64)


def draws(n_sessions: int, seed: int, n_resamples: int = N_RESAMPLES) -> Iterator[Floats]:
    """How often each session is drawn in each resample, a hundred resamples or fewer at a time.

    Yields
    ------
    ndarray of shape (n_at_once, n_sessions)
        Each row sums to `n_sessions`. The same seed gives the same draws.
    """
    random = np.random.default_rng(seed)
    for start in range(0, n_resamples, _RESAMPLES_AT_ONCE):
        size = min(_RESAMPLES_AT_ONCE, n_resamples - start)
        drawn = random.integers(n_sessions, size=(size, n_sessions)) + np.arange(size)[:, None] * n_sessions
        yield np.bincount(drawn.ravel(), minlength=size * n_sessions).reshape(size, n_sessions).astype(float)


def bootstrap(tables: SessionTables, scores: Mapping[str, Score], seed: int) -> dict[str, Floats]:
    """Each score in each of `N_RESAMPLES` resamples of sessions, of shape (N_RESAMPLES, ...)."""
    found: dict[str, list[Floats]] = {name: [] for name in scores}
    for weights in draws(len(tables.sessions), seed):
        sums = tables.weighted(weights)
        for name, score in scores.items():
            found[name].append(score(sums))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio


def prevalence(sums: Sums) -> Floats:
    """Share of utterances coded 1."""
    both, _, missed, _ = sums.decisions.T
    return _ratio(both + missed, sums.decisions.sum(axis=1))


def precision(sums: Sums) -> Floats:
    """Of the utterances tagged, the share coded 1."""
    both, false, _, _ = sums.decisions.T
    return _ratio(both, both + false)


def recall(sums: Sums) -> Floats:
    """Of the utterances coded 1, the share tagged."""
    both, _, missed, _ = sums.decisions.T
    return _ratio(both, both + missed)


def f1(sums: Sums) -> Floats:
    """Harmonic mean of precision and recall; the same as positive agreement between coders."""
    both, false, missed, _ = sums.decisions.T
    return _ratio(2 * both, 2 * both + false + missed)


def kappa(sums: Sums) -> Floats:
    """Cohen's kappa of tags and codes (Cohen 1960)."""
    both, false, missed, neither = sums.decisions.T
    chance = (both + false) * (false + neither) + (both + missed) * (missed + neither)
    return _ratio(2 * (both * neither - false * missed), chance)


def mcc(sums: Sums) -> Floats:
    """Matthews' correlation coefficient, the phi of the two-by-two table (Matthews 1975)."""
    both, false, missed, neither = sums.decisions.T
    margins = (both + false) * (both + missed) * (neither + false) * (neither + missed)
    return _ratio(both * neither - false * missed, np.sqrt(margins))


def auc(sums: Sums) -> Floats:
    """Area under the ROC curve: how often a positive ranks above a negative; ties count half."""
    below = np.cumsum(sums.negatives, axis=1) - sums.negatives / 2
    n_pairs = sums.positives.sum(axis=1) * sums.negatives.sum(axis=1)
    return _ratio((sums.positives * below).sum(axis=1), n_pairs)


def average_precision(sums: Sums) -> Floats:
    """Mean precision over the positives, each at the threshold that just takes it in; no interpolation."""
    found = np.cumsum(sums.positives[:, ::-1], axis=1)
    taken = found + np.cumsum(sums.negatives[:, ::-1], axis=1)
    at_each = np.divide(found, taken, out=np.zeros_like(found), where=taken > 0)
    return _ratio((sums.positives[:, ::-1] * at_each).sum(axis=1), sums.positives.sum(axis=1))


def calibration_error(sums: Sums) -> Floats:
    """Expected calibration error (Naeini et al. 2015), over `N_BINS` bins of equal width.

    How far mean probability and share coded 1 lie apart in a bin, averaged over the utterances.
    """
    utterances, expected, coded = sums.bins.swapaxes(0, 1)
    return _ratio(np.abs(expected - coded).sum(axis=1), utterances.sum(axis=1))


def observed_shares(sums: Sums) -> Floats:
    """Share coded 1 in each bin, of shape (n_sums, N_BINS)."""
    return _ratio(sums.bins[:, 2], sums.bins[:, 0])


SCORES: Mapping[str, Score] = {
    "prevalence": prevalence,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "auc": auc,
    "average_precision": average_precision,
    "kappa": kappa,
    "mcc": mcc,
    "expected_calibration_error": calibration_error,
}
"""By the names they have in results."""
