"""A session laid out along its length: where each utterance stands, and how dense each marker is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alliance_nlp.summary import count_words
from alliance_nlp.tagging import TaggedSession

N_POINTS = 101
"""At how many places a density is given, evenly spaced from begin to end."""
BANDWIDTH = 0.03
"""Standard deviation of the smoothing, as a share of the session."""
_MOST_TICKS = 9
_MINUTES_BETWEEN_TICKS = (1, 2, 5, 10, 15, 20, 30, 60, 120)
_LINES_BETWEEN_TICKS = (5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where things stand in a session.

    Attributes
    ----------
    timed : bool
        Whether the transcript's times are the measure; else it is the words
        spoken up to an utterance.
    starts, ends : ndarray of float64, shape (n_utterances,)
        Of each utterance, as shares of the session, 0 to 1.
    densities : ndarray of float64, shape (N_POINTS, n_markers)
        Expected tags per 100 utterances of the marker's role nearby: the
        calibrated probabilities under a Gaussian kernel (Nadaraya 1964;
        Watson 1964). NaN where the role does not speak at all.
    ticks : tuple of (float, str)
        Places with a label: minutes, or numbers of utterances.
    """

    timed: bool
    starts: npt.NDArray[np.float64]
    ends: npt.NDArray[np.float64]
    densities: npt.NDArray[np.float64]
    ticks: tuple[tuple[float, str], ...]


def timeline(tagged: TaggedSession) -> Timeline:
    """The timeline of a tagged session."""
    utterances = tagged.session.utterances
    seconds = np.array([np.nan if line.start is None else line.start for line in utterances])
    timed = bool(np.isfinite(seconds).all() and (np.diff(seconds) >= 0).all() and seconds[-1] > seconds[0])
    if timed:
        last_end = max((line.end for line in utterances if line.end is not None), default=0.0)
        edges = np.append(seconds, max(last_end, seconds[-1] + 1))
    else:
        # An utterance without a word, such as a pause, still has its place.
        words = [max(count_words(line.text), 1) for line in utterances]
        edges = np.concatenate([[0.0], np.cumsum(words)])
    shares = (edges - edges[0]) / (edges[-1] - edges[0])
    starts, ends = shares[:-1], shares[1:]
    ticks = _minutes(edges[0], edges[-1]) if timed else _lines(starts)
    return Timeline(timed, starts, ends, _densities(tagged, (starts + ends) / 2), ticks)


def _densities(tagged: TaggedSession, middles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    places = np.linspace(0, 1, N_POINTS)
    densities = np.full((N_POINTS, len(tagged.markers)), np.nan)
    for column in range(len(tagged.markers)):
        coded = tagged.tags[:, column] >= 0
        if coded.any():
            # In logarithms, so that a place far from every utterance takes after the nearest.
            log_weights = -0.5 * ((places[:, None] - middles[coded]) / BANDWIDTH) ** 2
            weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
            densities[:, column] = 100 * weights @ tagged.probabilities[coded, column] / weights.sum(axis=1)
    return densities


def _minutes(first: float, last: float) -> tuple[tuple[float, str], ...]:
    length = (last - first) / 60
    step = next((step for step in _MINUTES_BETWEEN_TICKS if length / step <= _MOST_TICKS), _MINUTES_BETWEEN_TICKS[-1])
    minutes = range(-int(-first // (60 * step)) * step, int(last // 60) + 1, step)
    return tuple(((60 * minute - first) / (last - first), f"{minute} min") for minute in minutes)


def _lines(starts: npt.NDArray[np.float64]) -> tuple[tuple[float, str], ...]:
    step = next((step for step in _LINES_BETWEEN_TICKS if len(starts) / step <= _MOST_TICKS), _LINES_BETWEEN_TICKS[-1])
    numbers = [1, *range(step, len(starts) + 1, step)]
    return tuple((float(starts[number - 1]), f"line {number}") for number in numbers)


def clock(seconds: float) -> str:
    """Seconds as on a player's counter: ``7:05``, ``1:07:05``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
