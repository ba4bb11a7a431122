"""Intraclass correlations of figures per session, such as how often each coder gave a code."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from alliance_nlp.agreement.figure import Figure, undefined

_LEVEL = 0.95
_NOTHING = 1e-9


def two_way_icc(scores: npt.NDArray[np.float64]) -> tuple[Figure, Figure]:
    """ICC(2,1) and ICC(2,k): two-way random effects, absolute agreement.

    How well one coder's figure (2,1), or the mean of all k coders' (2,k), stands for any other coder's.

    Parameters
    ----------
    scores : ndarray of shape (n_sessions, n_coders)
        Every coder's figure for every session.

    Returns
    -------
    Figure, Figure
        With 95 % intervals from the F distribution, not from a bootstrap.

    Notes
    -----
    Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; ICC(A,1) and ICC(A,k) with their intervals in
    McGraw & Wong (1996), Psychological Methods 1, 30-46, table 7.
    """
    n, k = scores.shape
    if k < 2:
        return _both_undefined("only one coder")
    if n < 2:
        return _both_undefined("fewer than two sessions that all coders share")
    if np.allclose(scores, scores[0, 0], rtol=_NOTHING, atol=0):
        return _both_undefined("every session has the same figure from every coder: no variance")
    grand = scores.mean()
    rows, columns = scores.mean(axis=1), scores.mean(axis=0)
    between_sessions = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    between_coders = n * float(((columns - grand) ** 2).sum()) / (k - 1)
    error = float(((scores - rows[:, None] - columns + grand) ** 2).sum()) / ((n - 1) * (k - 1))
    rest = (k * between_coders + (k * n - k - n) * error) / n
    if np.isclose(between_sessions + rest, 0, atol=_NOTHING * error):
        return _both_undefined("sessions do not differ on average, only coders contradict each other")
    single = (between_sessions - error) / (between_sessions + rest)
    if np.isclose(single, 1):
        # The F interval has no width where coders do not differ at all.
        note = "all coders have the same figure for every session: no interval"
        return Figure(1.0, None, None, note), Figure(1.0, None, None, note)
    low, high = _interval(single, between_sessions, between_coders, error, n, k)
    average = _of_mean(single, k)
    if average is None:
        of_mean = undefined("coders differ more than sessions do")
    else:
        of_mean = _with_interval(average, _of_mean(low, k), _of_mean(high, k))
    return _with_interval(single, low, high), of_mean


def _interval(rho: float, sessions: float, coders: float, error: float, n: int, k: int) -> tuple[float, float]:
    """Ends of the interval of ICC(2,1); not finite where the degrees of freedom come out as none."""
    from scipy.special import fdtri

    a = k * rho / (n * (1 - rho))
    b = 1 + k * rho * (n - 1) / (n * (1 - rho))
    of_parts = (a * coders) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    v = (a * coders + b * error) ** 2 / of_parts if of_parts else (n - 1) * (k - 1)
    upper = (1 + _LEVEL) / 2
    f_low, f_high = fdtri(n - 1, v, upper), fdtri(v, n - 1, upper)
    rest = k * coders + (k * n - k - n) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        low = n * (sessions - f_low * error) / (f_low * rest + n * sessions)
        high = n * (f_high * sessions - error) / (rest + n * f_high * sessions)
    return float(low), float(high)


def _of_mean(single: float, k: int) -> float | None:
    """ICC(2,k) from ICC(2,1), by the Spearman-Brown formula, which holds for value and interval alike."""
    divisor = 1 + (k - 1) * single
    return k * single / divisor if divisor > _NOTHING else None


def _with_interval(value: float, low: float | None, high: float | None) -> Figure:
    if low is None or high is None or not np.isfinite([low, high]).all():
        return Figure(value, None, None, "too few or too contrary figures: no interval")
    return Figure(value, low, high)


def _both_undefined(reason: str) -> tuple[Figure, Figure]:
    return undefined(reason), undefined(reason)
