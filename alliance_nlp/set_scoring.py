"""How well one code of a set is told: scores of tables of the coders' code against the model's.

Every function takes tables of shape (..., n_codes, n_codes), a row for each code of the coders and a column for each
of the model, gives a score for each table, and NaN where it is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from alliance_nlp.agreement.coefficients import cohen_kappa, nominal_distance, power_distance
from alliance_nlp.scoring import Floats

Places = npt.NDArray[np.int64]
SetScore = Callable[[Floats], Floats]

SET_FIGURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "kappa": "κ",
    "kappa_linear": "κ linear",
    "kappa_quadratic": "κ quadratic",
    "mean_absolute_error": "mean absolute error",
}
"""The scores of a set by the names they have in results, and what people call them."""


def confusion(coded: Places, told: Places, n_codes: int) -> Floats:
    """How often each code of the coders met each of the model, of shape (n_codes, n_codes)."""
    return np.bincount(coded * n_codes + told, minlength=n_codes**2).reshape(n_codes, n_codes).astype(float)


def confusion_by_session(coded: Places, told: Places, sessions: npt.NDArray[np.str_], n_codes: int) -> Floats:
    """The same for each session, by sorted ids, of shape (n_sessions, n_codes, n_codes)."""
    _, session = np.unique(sessions, return_inverse=True)
    n_sessions = int(session.max()) + 1
    cell = (session * n_codes + coded) * n_codes + told
    counts = np.bincount(cell, minlength=n_sessions * n_codes**2)
    return counts.reshape(n_sessions, n_codes, n_codes).astype(float)


def accuracy(tables: Floats) -> Floats:
    """Share of utterances with the coders' code."""
    return _ratio(np.trace(tables, axis1=-2, axis2=-1), tables.sum((-2, -1)))


def macro_f1(tables: Floats) -> Floats:
    """Mean F1 over the codes that coders or model gave, each counting alike."""
    either = tables.sum(-1) + tables.sum(-2)
    f1 = np.divide(2 * np.diagonal(tables, axis1=-2, axis2=-1), either, out=np.zeros_like(either), where=either > 0)
    return _ratio(f1.sum(-1), (either > 0).sum(-1).astype(float))


def kappa(tables: Floats) -> Floats:
    """Cohen's kappa of model and coders (Cohen 1960)."""
    return cohen_kappa(tables, nominal_distance(tables.shape[-1]))


def weighted_kappa(tables: Floats, power: int = 1) -> Floats:
    """Cohen's kappa of levels, weighted linearly or, with `power` 2, quadratically (Cohen 1968)."""
    return cohen_kappa(tables, power_distance(_levels(tables), power))


def quadratic_kappa(tables: Floats) -> Floats:
    """Quadratically weighted kappa."""
    return weighted_kappa(tables, 2)


def mean_absolute_error(tables: Floats) -> Floats:
    """By how many levels the model is off on average."""
    levels = _levels(tables)
    return _ratio((tables * np.abs(levels[:, None] - levels)).sum((-2, -1)), tables.sum((-2, -1)))


def set_scores(ordered: bool) -> Mapping[str, SetScore]:
    """The scores of a set, by the names they have in results."""
    found: dict[str, SetScore] = {"accuracy": accuracy, "macro_f1": macro_f1, "kappa": kappa}
    if ordered:
        found["kappa_linear"], found["kappa_quadratic"] = weighted_kappa, quadratic_kappa
        found["mean_absolute_error"] = mean_absolute_error
    return found


def _levels(tables: Floats) -> Floats:
    return np.arange(tables.shape[-1], dtype=float)


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole != 0)
    return ratio
