"""Many sessions over time: grouped, in order, with trends and their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from alliance_nlp.errors import UsageError
from alliance_nlp.session_info import Info, SessionOrder
from alliance_nlp.summary import SessionSummary
from alliance_nlp.transcript import SpeakerRole

MIN_SESSIONS = 5
"""Fewer sessions make no trend."""
_MAX_STEPS = 100
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trend:
    """How a share changes from session to session.

    Attributes
    ----------
    fitted, low, high : tuple of float
        The share at each session with its 95 % interval.
    odds_ratio : tuple of float
        By how much the odds change from one session to the next, with the
        limits of the 95 % interval: value, low, high.
    """

    fitted: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    odds_ratio: tuple[float, float, float]

    @property
    def direction(self) -> int:
        """1 where the share rises, -1 where it falls, 0 where the interval holds no change."""
        _, low, high = self.odds_ratio
        return 1 if low > 1 else -1 if high < 1 else 0


@dataclass(frozen=True, slots=True)
class CaseSession:
    """One session of a caseload."""

    summary: SessionSummary
    info: Info
    when: date | None


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """The sessions of one therapist, one client, or whatever the grouping columns say.

    Attributes
    ----------
    name : mapping of str to str
        Value of each grouping column; empty where nothing is grouped.
    sessions : tuple of CaseSession
        From first to last.
    trends : mapping of str to Trend or None
        By marker (share of the role's utterances), ``taken_up`` (share of the
        rupture episodes) and ``talk_share`` (the therapist's share of the
        words); None where it cannot be told, and for all of them where
        the order is that of names.
    order_known : bool
        See `SessionOrder`.
    """

    name: Mapping[str, str]
    sessions: tuple[CaseSession, ...]
    trends: Mapping[str, Trend | None]
    order_known: bool


def case_groups(
    summaries: Mapping[str, SessionSummary], info: Mapping[str, Info], order: SessionOrder, columns: Sequence[str]
) -> list[CaseGroup]:
    """Group sessions by columns, keep their order, fit the trends where the order is known.

    Raises
    ------
    UsageError
        Where no session has one of the columns.
    """
    for column in columns:
        if not any(column in info.get(session_id, {}) for session_id in order.session_ids):
            known = sorted({name for of_session in info.values() for name in of_session})
            raise UsageError(
                f"no session has a column {column!r}; "
                + (f"there are {', '.join(known)}" if known else "add it to a table and name that with --sessions-info")
            )
    members: dict[tuple[str, ...], list[CaseSession]] = {}
    for session_id in order.session_ids:
        summary, of_session = summaries[session_id], info.get(session_id, {})
        session = CaseSession(summary, of_session, order.dates.get(session_id))
        members.setdefault(tuple(of_session.get(column, "") for column in columns), []).append(session)
    return [
        CaseGroup(dict(zip(columns, name, strict=True)), tuple(sessions), _trends(sessions, order.known), order.known)
        # Those of whom nothing is known stand last.
        for name, sessions in sorted(members.items(), key=lambda member: ("" in member[0], member[0]))
    ]


def _trends(sessions: Sequence[CaseSession], order_known: bool) -> dict[str, Trend | None]:
    trends: dict[str, Trend | None] = {}
    if not order_known:
        return dict.fromkeys([*(marker.name for marker in sessions[0].summary.markers), "taken_up", "talk_share"])
    for column, marker in enumerate(sessions[0].summary.markers):
        of_marker = [session.summary.markers[column] for session in sessions]
        trends[marker.name] = fit_trend([m.count for m in of_marker], [m.utterances for m in of_marker])
    summaries = [session.summary for session in sessions]
    trends["taken_up"] = fit_trend([s.addressed for s in summaries], [len(s.episodes) for s in summaries])
    trends["talk_share"] = fit_trend(
        [s.words[SpeakerRole.THERAPIST] for s in summaries], [sum(s.words.values()) for s in summaries]
    )
    return trends


def fit_trend(successes: Sequence[int], trials: Sequence[int]) -> Trend | None:
    """Logistic regression of a share on the session's number.

    With Firth's penalty (Firth 1993; Heinze & Schemper 2002), so that it is
    finite even where one session alone has a success, and with the variance
    scaled up by Pearson's statistic where sessions differ more than chance
    (quasi-binomial, McCullagh & Nelder 1989, section 4.5), never down. The
    intervals use Student's t on the sessions less two.

    Parameters
    ----------
    successes, trials : sequence of int
        Of each session, in order; a session without trials counts for nothing.

    Returns
    -------
    Trend or None
        None where fewer than `MIN_SESSIONS` sessions have trials, or no trial succeeds.
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    used = n > 0
    if used.sum() < MIN_SESSIONS or not k.any():
        return None
    numbers = np.arange(len(n), dtype=float)
    design = np.column_stack([np.ones(len(n)), numbers - numbers[used].mean()])
    coefficients, covariance = _firth(design[used], k[used], n[used])
    share = _logistic(design[used] @ coefficients)
    degrees = int(used.sum()) - 2
    pearson = float(((k[used] - n[used] * share) ** 2 / (n[used] * share * (1 - share))).sum())
    covariance = covariance * max(1.0, pearson / degrees)
    from scipy.stats import t

    quantile = float(t.ppf(0.975, degrees))
    middle = design @ coefficients
    spread = quantile * np.sqrt(np.einsum("ij,jk,ik->i", design, covariance, design))
    slope, slope_spread = coefficients[1], quantile * np.sqrt(covariance[1, 1])
    low, value, high = np.exp(np.clip([slope - slope_spread, slope, slope + slope_spread], -700, 700)).tolist()
    fitted, lower, upper = (tuple(_logistic(row).tolist()) for row in (middle, middle - spread, middle + spread))
    return Trend(fitted, lower, upper, (value, low, high))


def _firth(design: Floats, successes: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """Coefficients and their covariance, by Fisher scoring on the penalised score."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(_MAX_STEPS):
        share = _logistic(design @ coefficients)
        weights = trials * share * (1 - share)
        covariance = np.linalg.inv(design.T @ (weights[:, None] * design))
        leverage = weights * np.einsum("ij,jk,ik->i", design, covariance, design)
        step = covariance @ design.T @ (successes - trials * share + leverage * (0.5 - share))
        coefficients = coefficients + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    share = _logistic(design @ coefficients)
    weights = trials * share * (1 - share)
    return coefficients, np.asarray(np.linalg.inv(design.T @ (weights[:, None] * design)), dtype=np.float64)


def _logistic(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(values, -700, 700)))
