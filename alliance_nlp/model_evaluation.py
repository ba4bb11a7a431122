"""A model against a coded corpus: every figure with its interval, curves, counts per session, and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from alliance_nlp.agreement import Figure, rounded
from alliance_nlp.agreement.figure import undefined, with_interval
from alliance_nlp.agreement.icc import two_way_icc
from alliance_nlp.judged import Judged
from alliance_nlp.scoring import (
    N_BINS,
    SCORES,
    Floats,
    SessionTables,
    bootstrap,
    draws,
    observed_shares,
    session_tables,
)

SESSION_FIGURES = ("count_icc", "count_correlation", "expected_icc", "expected_correlation")
"""Of the tagged utterances, or the sum of probabilities, of each session beside the coded ones."""

_POINTS = 100
_DECIMALS = 4
_NOTHING = 1e-12


class Bin(NamedTuple):
    """Utterances of like probability: a point of the reliability curve."""

    low: float
    high: float
    utterances: int
    expected: float
    """Mean probability."""
    observed: Figure
    """Share coded 1."""


class Point(NamedTuple):
    """Precision and recall if utterances were tagged from this threshold on."""

    threshold: float
    precision: float
    recall: float


class SessionCount(NamedTuple):
    """Of one session: utterances coded 1, tagged, and the sum of the probabilities."""

    session_id: str
    coded: int
    tagged: int
    expected: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one marker is told on some utterances.

    Attributes
    ----------
    marker : str
        Its name.
    utterances, positives, tagged : int
        Utterances with a code; those coded 1; those that the model tags.
    expected : float
        Sum of the probabilities.
    sessions, clients, sessions_with : int
        That hold coded utterances; sessions with one coded 1.
    figures : dict of str to Figure
        By the names of `SCORES` and `SESSION_FIGURES`.
    """

    marker: str
    utterances: int
    positives: int
    tagged: int
    expected: float
    sessions: int
    clients: int
    sessions_with: int
    figures: dict[str, Figure]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        return asdict(self) | {"figures": {name: asdict(rounded(figure)) for name, figure in self.figures.items()}}


@dataclass(frozen=True, slots=True)
class MarkerEvaluation:
    """All that is to be said of one marker.

    Attributes
    ----------
    scores : Scores
        On all coded utterances.
    threshold : float or None
        From which probability on the model tags; None for a code of a set, which has none.
    reliability : tuple of Bin
        The bins that hold utterances, from the lowest.
    precision_recall : tuple of Point
        From the highest threshold; at most about a hundred.
    session_counts : tuple of SessionCount
        By session id.
    groups : dict of str to Scores
        By the value of the column that was asked for.
    """

    scores: Scores
    threshold: float | None
    reliability: tuple[Bin, ...]
    precision_recall: tuple[Point, ...]
    session_counts: tuple[SessionCount, ...]
    groups: dict[str, Scores]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        return {
            **self.scores.to_dict(),
            "threshold": self.threshold,
            "reliability": [item._asdict() | {"observed": asdict(rounded(item.observed))} for item in self.reliability],
            "precision_recall": [item._asdict() for item in self.precision_recall],
            "session_counts": [item._asdict() for item in self.session_counts],
            "groups": [{"value": value} | scores.to_dict() for value, scores in self.groups.items()],
        }


def evaluate_marker(of_marker: Judged, threshold: float | None, seed: int = 0) -> MarkerEvaluation:
    """Evaluate one marker.

    Parameters
    ----------
    of_marker : Judged
        Its coded utterances; at least one.
    threshold : float or None
        Of the model.
    seed : int
        For the bootstrap over sessions that gives the 95 % intervals.
    """
    tables = session_tables(of_marker.probabilities, of_marker.tags, of_marker.codes, of_marker.sessions)
    counts = _session_counts(of_marker)
    values = [value for value in np.unique(of_marker.groups).tolist() if value]
    return MarkerEvaluation(
        scores_of(of_marker, seed),
        threshold,
        _reliability(tables, seed),
        _precision_recall(tables),
        counts,
        {value: scores_of(of_marker.only(of_marker.groups == value), seed) for value in values},
    )


def scores_of(of_marker: Judged, seed: int = 0) -> Scores:
    """Every figure of one marker on some utterances."""
    tables = session_tables(of_marker.probabilities, of_marker.tags, of_marker.codes, of_marker.sessions)
    in_all, resampled, n = tables.in_all(), bootstrap(tables, SCORES, seed), len(tables.sessions)
    figures = {}
    for name, score in SCORES.items():
        value = float(score(in_all)[0])
        if np.isnan(value):
            figures[name] = undefined(_reason(name, of_marker))
        else:
            figures[name] = _figure(value, resampled[name], n)
    counts = _session_counts(of_marker)
    return Scores(
        of_marker.marker,
        len(of_marker.codes),
        int(of_marker.codes.sum()),
        int(of_marker.tags.sum()),
        round(float(of_marker.probabilities.sum()), _DECIMALS),
        n,
        len(np.unique(of_marker.clients)),
        sum(count.coded > 0 for count in counts),
        figures | _session_figures(counts, seed),
    )


def _figure(value: float, resampled: Floats, n_sessions: int) -> Figure:
    if n_sessions < 2:
        return Figure(value, None, None, "one session only: no interval")
    return with_interval(value, resampled, n_sessions)


def _reason(name: str, of_marker: Judged) -> str:
    coded, tagged = int(of_marker.codes.sum()), int(of_marker.tags.sum())
    if not coded and (tagged or name != "precision"):
        return "no utterance is coded 1"
    if coded == len(of_marker.codes) and name in ("auc", "kappa", "mcc"):
        return "every utterance is coded 1"
    return "the model tags nothing" if not tagged else "the model tags every utterance"


def _session_counts(of_marker: Judged) -> tuple[SessionCount, ...]:
    ids, session = np.unique(of_marker.sessions, return_inverse=True)
    coded, tagged, expected = (
        np.bincount(session, values, len(ids)).round(_DECIMALS).tolist()
        for values in (of_marker.codes, of_marker.tags, of_marker.probabilities)
    )
    return tuple(
        SessionCount(name, int(of_coders), int(of_model), of_probabilities)
        for name, of_coders, of_model, of_probabilities in zip(ids.tolist(), coded, tagged, expected, strict=True)
    )


def _session_figures(counts: Sequence[SessionCount], seed: int) -> dict[str, Figure]:
    """ICC(2,1) and Pearson's correlation of the model's figure of a session with the number coded."""
    figures = {}
    coded = np.array([count.coded for count in counts], dtype=float)
    for name, of_model in (
        ("count", np.array([count.tagged for count in counts], dtype=float)),
        ("expected", np.array([count.expected for count in counts])),
    ):
        figures[f"{name}_icc"] = two_way_icc(np.column_stack([coded, of_model]))[0]
        value = float(correlation(coded, of_model, np.ones((1, len(counts))))[0])
        if np.isnan(value):
            same = "coders'" if np.ptp(coded) < _NOTHING else "the model's"
            why = "fewer than two sessions" if len(counts) < 2 else f"{same} figure is the same in every session"
            figures[f"{name}_correlation"] = undefined(why)
        else:
            resampled = [correlation(coded, of_model, weights) for weights in draws(len(counts), seed)]
            figures[f"{name}_correlation"] = _figure(value, np.concatenate(resampled), len(counts))
    return figures


def correlation(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Pearson's correlation of `x` and `y`, of shape (n,), for each row of `weights`, of shape (n_sums, n)."""
    x, y = x - x.mean(), y - y.mean()
    total = weights.sum(axis=1)
    mean_x, mean_y = weights @ x / total, weights @ y / total
    variance_x = weights @ x**2 / total - mean_x**2
    variance_y = weights @ y**2 / total - mean_y**2
    covariance = weights @ (x * y) / total - mean_x * mean_y
    varied = (variance_x > _NOTHING) & (variance_y > _NOTHING)
    spread = np.sqrt(np.where(varied, variance_x * variance_y, 1))
    return np.where(varied, np.clip(covariance / spread, -1, 1), np.nan)


def _reliability(tables: SessionTables, seed: int) -> tuple[Bin, ...]:
    in_all = tables.in_all()
    resampled = bootstrap(tables, {"observed": observed_shares}, seed)["observed"]
    shares = observed_shares(in_all)[0]
    utterances, expected, _ = in_all.bins[0]
    return tuple(
        Bin(
            place / N_BINS,
            (place + 1) / N_BINS,
            int(utterances[place]),
            round(float(expected[place] / utterances[place]), _DECIMALS),
            _figure(float(shares[place]), resampled[:, place], len(tables.sessions)),
        )
        for place in np.flatnonzero(utterances).tolist()
    )


def _precision_recall(tables: SessionTables) -> tuple[Point, ...]:
    in_all = tables.in_all()
    found = np.cumsum(in_all.positives[0, ::-1])
    taken = found + np.cumsum(in_all.negatives[0, ::-1])
    if not found[-1]:
        return ()
    # A point wherever recall has risen by a hundredth since the last one.
    step = np.floor(found / found[-1] * _POINTS)
    places = np.flatnonzero(np.diff(step, prepend=-1) > 0)
    return tuple(
        Point(float(threshold), round(float(precision), _DECIMALS), round(float(recall), _DECIMALS))
        for threshold, precision, recall in zip(
            tables.distinct[::-1][places], found[places] / taken[places], found[places] / found[-1], strict=True
        )
    )
