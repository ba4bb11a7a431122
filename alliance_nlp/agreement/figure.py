"""A figure with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_FEW_SESSIONS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval.

    Attributes
    ----------
    value : float or None
        None where it is undefined.
    low, high : float or None
        None where there is no interval.
    note : str
        Why value or interval are missing, or what to mind; empty where there is nothing to say.
    """

    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def undefined(reason: str) -> Figure:
    """A figure that has no value, and why."""
    return Figure(None, None, None, f"undefined: {reason}")


def with_interval(value: float, resampled: npt.NDArray[np.float64], n_sessions: int) -> Figure:
    """A figure with the percentiles of its bootstrap over sessions.

    Parameters
    ----------
    value : float
        The figure of the whole sample.
    resampled : ndarray of shape (n_resamples,)
        That of each resample; NaN, where undefined, is left out, and the note says how often.
    n_sessions : int
        How many sessions it was drawn from.
    """
    defined = resampled[~np.isnan(resampled)]
    if not len(defined):
        return Figure(value, None, None, "undefined in every resample: no interval")
    low, high = np.percentile(defined, [2.5, 97.5])
    notes = []
    if len(defined) < len(resampled):
        lost = len(resampled) - len(defined)
        notes.append(f"undefined in {lost} of {len(resampled)} resamples, which the interval leaves out")
    if n_sessions < _FEW_SESSIONS:
        notes.append(f"{n_sessions} sessions are few: the interval is rough, and likely too narrow")
    return Figure(value, float(low), float(high), "; ".join(notes))
