"""How far coders agree on one marker: every figure, with its interval or the reason why it is undefined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.agreement.coefficients import (
    Floats,
    Tables,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    level_prevalence,
    light_kappa,
    nominal_distance,
    observed_agreement,
    power_distance,
    specific_agreement,
    tables_by_session,
)
from alliance_nlp.agreement.figure import Figure, undefined, with_interval
from alliance_nlp.agreement.icc import two_way_icc
from alliance_nlp.rating_table import MARKER_LEVELS, Ratings, Scale
from alliance_nlp.ratings import NOT_CODED

N_RESAMPLES = 1000

_RESAMPLES_AT_ONCE = 100
_DECIMALS = 4

Coefficient = Callable[[Tables], Floats]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far some coders agree on one marker.

    Attributes
    ----------
    marker, scale, levels, coders
        As in `Ratings`.
    sessions, utterances : int
        Utterances that at least two of the coders coded, and the sessions that hold them.
    given : mapping of str to mapping of str to int
        How often each coder gave each level on these utterances.
    together : mapping of str to int
        On how many of them all who coded it gave the same level.
    figures : mapping of str to Figure
        By name; ``docs/agreement.md`` explains each.
    """

    marker: str
    scale: Scale
    levels: tuple[str, ...]
    coders: tuple[str, ...]
    sessions: int
    utterances: int
    given: Mapping[str, Mapping[str, int]]
    together: Mapping[str, int]
    figures: Mapping[str, Figure]

    @property
    def has_marker_levels(self) -> bool:
        """Whether the levels are 0 and 1."""
        return self.levels == MARKER_LEVELS

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        figures = {name: rounded(figure) for name, figure in self.figures.items()}
        return asdict(self) | {"figures": {name: asdict(figure) for name, figure in figures.items()}}


def rounded(figure: Figure) -> Figure:
    """A figure to the digits that results show."""
    value, low, high = (
        None if number is None else round(number, _DECIMALS) + 0.0 for number in (figure.value, figure.low, figure.high)
    )
    return Figure(value, low, high, figure.note)


def measure(ratings: Ratings, seed: int = 0, n_resamples: int = N_RESAMPLES) -> Agreement:
    """Agreement of all coders of `ratings` on its marker.

    Parameters
    ----------
    ratings : Ratings
        Of one coder or more.
    seed : int
        For the resampling.
    n_resamples : int
        Of the bootstrap over sessions that gives the 95 % intervals (percentiles). Those of the intraclass
        correlations come from the F distribution. With 0 there are no others.

    Returns
    -------
    Agreement
        A figure that is undefined has no value, and says why.
    """
    ratings = ratings.of(ratings.coders)
    pairable = (ratings.codes != NOT_CODED).sum(axis=1) >= 2
    session_of = _session_numbers(ratings)
    reason = _reason_for_none(ratings, pairable)
    coefficients = _coefficients(ratings)
    if reason:
        figures = {name: undefined(reason) for name in coefficients}
    else:
        tables = tables_by_session(ratings.codes, session_of, len(ratings.levels))
        figures = _figures(ratings, tables, coefficients, seed, n_resamples)
    for name, scores in _session_scores(ratings, session_of):
        icc = two_way_icc(scores) if not reason else (undefined(reason), undefined(reason))
        figures |= dict(zip((f"icc_single{name}", f"icc_average{name}"), icc, strict=True))
    of_pairable = ratings.codes[pairable]
    agreed = [set(row[row != NOT_CODED].tolist()) for row in of_pairable]
    return Agreement(
        ratings.marker,
        ratings.scale,
        ratings.levels,
        ratings.coders,
        len(np.unique(session_of[pairable])),
        len(of_pairable),
        {
            coder: {level: int((of_coder == place).sum()) for place, level in enumerate(ratings.levels)}
            for coder, of_coder in zip(ratings.coders, of_pairable.T, strict=True)
        },
        {level: agreed.count({place}) for place, level in enumerate(ratings.levels)},
        figures,
    )


def _session_numbers(ratings: Ratings) -> npt.NDArray[np.int64]:
    """Number of each utterance's session, by sorted ids, so that the order of rows does not matter."""
    number = {session_id: place for place, session_id in enumerate(sorted({item[0] for item in ratings.utterances}))}
    return np.array([number[session_id] for session_id, _ in ratings.utterances], dtype=np.int64)


def _reason_for_none(ratings: Ratings, pairable: npt.NDArray[np.bool_]) -> str:
    if len(ratings.coders) < 2:
        return "only one coder"
    if not pairable.any():
        return "no utterance was coded by two of the coders"
    if len(ratings.levels) < 2:
        return f"there is one level only, {ratings.levels[0]}"
    return ""


def _coefficients(ratings: Ratings) -> dict[str, Coefficient]:
    n_levels = len(ratings.levels)
    nominal = nominal_distance(n_levels)
    positions = _positions(ratings)

    def kappa(tables: Tables, distance: Floats) -> Floats:
        if tables.contingency.shape[-3] == 1:
            return cohen_kappa(tables.contingency[..., 0, :, :], distance)
        return light_kappa(tables.contingency, distance)

    def alpha(tables: Tables) -> Floats:
        return krippendorff_alpha(tables.coincidences, ratings.scale, positions)

    def of_level(function: Callable[[Floats, int], Floats], level: int, tables: Tables) -> Floats:
        return function(tables.pairs if function is specific_agreement else tables.pair_shares, level)

    found: dict[str, Coefficient] = {}
    if ratings.is_marker:
        found["prevalence"] = partial(of_level, level_prevalence, 1)
    found["raw_agreement"] = observed_agreement
    found["cohen_kappa"] = partial(kappa, distance=nominal)
    if ratings.scale != Scale.NOMINAL:
        for name, power in (("linear", 1), ("quadratic", 2)):
            found[f"cohen_kappa_{name}"] = partial(kappa, distance=power_distance(positions, power))
    found["fleiss_kappa"] = fleiss_kappa
    found["krippendorff_alpha"] = alpha
    found["gwet_ac1"] = partial(gwet_ac, distance=nominal)
    if ratings.scale != Scale.NOMINAL:
        for name, power in (("linear", 1), ("quadratic", 2)):
            found[f"gwet_ac2_{name}"] = partial(gwet_ac, distance=power_distance(positions, power))
    if ratings.is_marker:
        found["positive_agreement"] = partial(of_level, specific_agreement, 1)
        found["negative_agreement"] = partial(of_level, specific_agreement, 0)
    else:
        for place, level in enumerate(ratings.levels):
            found[f"prevalence_{level}"] = partial(of_level, level_prevalence, place)
            found[f"agreement_on_{level}"] = partial(of_level, specific_agreement, place)
    return found


def _positions(ratings: Ratings) -> Floats:
    if ratings.scale == Scale.INTERVAL:
        return np.array([float(level) for level in ratings.levels])
    return np.arange(len(ratings.levels), dtype=float)


def _figures(
    ratings: Ratings, tables: Tables, coefficients: Mapping[str, Coefficient], seed: int, n_resamples: int
) -> dict[str, Figure]:
    n_sessions = len(tables.pairs)
    n_compared = int((tables.pairs.sum((-2, -1)) > 0).sum())
    in_all = tables.weighted(np.ones((1, n_sessions)))
    values = {name: float(function(in_all)[0]) for name, function in coefficients.items()}
    random = np.random.default_rng(seed)
    spread: dict[str, list[Floats]] = {name: [] for name in coefficients}
    for start in range(0, n_resamples if n_compared > 1 else 0, _RESAMPLES_AT_ONCE):
        size = min(_RESAMPLES_AT_ONCE, n_resamples - start)
        drawn = random.multinomial(n_sessions, np.full(n_sessions, 1 / n_sessions), size).astype(float)
        resampled = tables.weighted(drawn)
        for name, function in coefficients.items():
            spread[name].append(function(resampled))
    used = np.unique(ratings.codes[ratings.codes != NOT_CODED])
    figures = {}
    for name, value in values.items():
        if np.isnan(value):
            figures[name] = undefined(_reason(name, ratings, used))
        elif n_compared < 2:
            figures[name] = Figure(value, None, None, "one session only: no interval")
        elif not n_resamples:
            figures[name] = Figure(value, None, None)
        else:
            figures[name] = with_interval(value, np.concatenate(spread[name]), n_compared)
    return figures


def _reason(name: str, ratings: Ratings, used: npt.NDArray[np.int16]) -> str:
    if len(used) == 1:
        only = ratings.levels[used[0]]
        if "agreement_on" in name or name in ("positive_agreement", "negative_agreement"):
            return f"every rating is {only}, so nobody gave the level in question"
        return f"every rating is {only}, so chance alone would make all agree"
    if "agreement" in name:
        return "nobody gave this level where two coded"
    return "no two coders who both coded an utterance used more than one level"


def _session_scores(
    ratings: Ratings, session_of: npt.NDArray[np.int64]
) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    """For each intraclass correlation the end of its name and, of shape (n_sessions, n_coders), what it compares.

    Only utterances that every coder coded count, so that a session's figures differ by judgement alone: how often
    each coder gave the level or, on an interval scale, the mean of the coder's values.
    """
    by_all = (ratings.codes != NOT_CODED).all(axis=1)
    codes = ratings.codes[by_all]
    kept, session = np.unique(session_of[by_all], return_inverse=True)

    def summed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.stack([np.bincount(session, of_coder, len(kept)) for of_coder in values.T], axis=1)

    if ratings.scale == Scale.INTERVAL:
        yield "", summed(_positions(ratings)[codes]) / np.bincount(session, minlength=len(kept))[:, None]
    elif ratings.is_marker:
        yield "", summed((codes == 1).astype(float))
    else:
        for place, level in enumerate(ratings.levels):
            yield f"_{level}", summed((codes == place).astype(float))
