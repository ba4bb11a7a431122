"""Coefficients of agreement, from tables that add up over sessions.

Every function takes tables with any number of leading axes, so that one call gives
a coefficient for all resamples of a bootstrap, and gives NaN where it is undefined.
Coefficients are computed as one minus observed over expected disagreement, which is
the same as (observed - expected) / (1 - expected) agreement and exact where all agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from alliance_nlp.rating_table import Codes, Scale
from alliance_nlp.ratings import NOT_CODED

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tables:
    """What the coefficients are computed from, summed over the utterances of each session.

    For an utterance with r ratings, r_k of them level k, the matrix of its ordered pairs of ratings holds
    r_k r_l off the diagonal and r_k (r_k - 1) on it. Utterances with one rating have no pair.

    Attributes
    ----------
    pairs : ndarray of shape (..., n_levels, n_levels)
        Sum of the matrices: every pair of ratings counts alike.
    coincidences : ndarray of shape (..., n_levels, n_levels)
        Sum of the matrices over r - 1: every rating counts alike (Krippendorff).
    pair_shares : ndarray of shape (..., n_levels, n_levels)
        Sum of the matrices over r (r - 1): every utterance counts alike (Fleiss, Gwet).
    level_shares : ndarray of shape (..., n_levels)
        Sum of r_k / r over all utterances, those with one rating too (Gwet 2014).
    contingency : ndarray of shape (..., n_coder_pairs, n_levels, n_levels)
        For each two coders, in the order of `itertools.combinations`, how often the first gave one level and the
        second the other.
    """

    pairs: Floats
    coincidences: Floats
    pair_shares: Floats
    level_shares: Floats
    contingency: Floats

    def weighted(self, weights: Floats) -> Tables:
        """Sums over sessions, each as often as `weights`, of shape (n_sums, n_sessions), says."""
        return Tables(
            *(
                np.tensordot(weights, table, axes=1)
                for table in (self.pairs, self.coincidences, self.pair_shares, self.level_shares, self.contingency)
            )
        )


def tables_by_session(codes: Codes, session_of: npt.NDArray[np.int64], n_levels: int) -> Tables:
    """Tables of each session.

    Parameters
    ----------
    codes : ndarray of shape (n_utterances, n_coders)
        Levels from 0, or `NOT_CODED`.
    session_of : ndarray of shape (n_utterances,)
        Number of the session of each utterance, from 0, each occurring.
    n_levels : int
        How many levels there are.

    Returns
    -------
    Tables
        With one leading axis: the session.
    """
    n_sessions = int(session_of.max()) + 1 if len(session_of) else 0
    shape = (n_sessions, n_levels, n_levels)
    times = (codes != NOT_CODED).sum(axis=1)

    def summed(place: npt.NDArray[np.int64], weights: Floats | None, size: int) -> Floats:
        return np.bincount(place, weights, size).astype(float)

    level_shares = np.zeros(n_sessions * n_levels)
    for of_coder in codes.T:
        coded = of_coder != NOT_CODED
        place = session_of[coded] * n_levels + of_coder[coded]
        level_shares += summed(place, 1 / times[coded], len(level_shares))
    pairs, coincidences, pair_shares = (np.zeros(shape) for _ in range(3))
    contingency = []
    for first, second in combinations(range(codes.shape[1]), 2):
        both = (codes[:, first] != NOT_CODED) & (codes[:, second] != NOT_CODED)
        place = (session_of[both] * n_levels + codes[both, first]) * n_levels + codes[both, second]
        r = times[both]
        counted, by_rating, by_utterance = (
            summed(place, weights, n_sessions * n_levels**2).reshape(shape)
            for weights in (None, 1 / (r - 1), 1 / (r * (r - 1)))
        )
        contingency.append(counted)
        pairs += counted + counted.swapaxes(1, 2)
        coincidences += by_rating + by_rating.swapaxes(1, 2)
        pair_shares += by_utterance + by_utterance.swapaxes(1, 2)
    stacked = np.stack(contingency, axis=1) if contingency else np.zeros((n_sessions, 0, n_levels, n_levels))
    return Tables(pairs, coincidences, pair_shares, level_shares.reshape(n_sessions, n_levels), stacked)


def nominal_distance(n_levels: int) -> Floats:
    """1 between any two levels."""
    return 1 - np.eye(n_levels)


def power_distance(positions: Floats, power: int) -> Floats:
    """Linear (power 1) or quadratic (power 2) distance of levels, as a share of the largest.

    Shape (n_levels, n_levels). One minus it are the weights of weighted kappa (Cohen 1968; Fleiss & Cohen 1973)
    and of AC2 (Gwet 2014).
    """
    distance: Floats = np.abs(positions[:, None] - positions) ** power
    return distance / max(float(distance.max()), 1e-300)


def observed_agreement(tables: Tables) -> Floats:
    """Share of agreeing pairs of ratings, averaged over the utterances with at least two (Fleiss 1971)."""
    distance = nominal_distance(tables.pair_shares.shape[-1])
    return 1 - _ratio(_spread(tables.pair_shares, distance), tables.pair_shares.sum((-2, -1)))


def cohen_kappa(contingency: Floats, distance: Floats) -> Floats:
    """Cohen's kappa of two coders (Cohen 1960), weighted where `distance` says so (Cohen 1968).

    Parameters
    ----------
    contingency : ndarray of shape (..., n_levels, n_levels)
        How often the first coder gave one level and the second the other.
    distance : ndarray of shape (n_levels, n_levels)
        Disagreement between levels; 0 on the diagonal.
    """
    total = contingency.sum((-2, -1))
    by_chance = contingency.sum(-1)[..., :, None] * contingency.sum(-2)[..., None, :]
    return 1 - _ratio(total * _spread(contingency, distance), _spread(by_chance, distance))


def light_kappa(contingency: Floats, distance: Floats) -> Floats:
    """Mean of Cohen's kappa over the pairs of coders for whom it is defined (Light 1971).

    Parameters
    ----------
    contingency : ndarray of shape (..., n_coder_pairs, n_levels, n_levels)
        A table per pair of coders.
    distance : ndarray of shape (n_levels, n_levels)
        As in `cohen_kappa`.
    """
    kappas = cohen_kappa(contingency, distance)
    defined = ~np.isnan(kappas)
    return _ratio(np.where(defined, kappas, 0).sum(-1), defined.sum(-1).astype(float))


def fleiss_kappa(tables: Tables) -> Floats:
    """Fleiss' kappa (Fleiss 1971), with missing ratings as in Gwet (2014); for two coders, Scott's pi."""
    shares = _level_shares(tables)
    distance = nominal_distance(shares.shape[-1])
    observed = _ratio(_spread(tables.pair_shares, distance), tables.pair_shares.sum((-2, -1)))
    return 1 - _ratio(observed, _spread(shares[..., :, None] * shares[..., None, :], distance))


def gwet_ac(tables: Tables, distance: Floats) -> Floats:
    """Gwet's AC1 (Gwet 2008) for nominal, AC2 (Gwet 2014) for weighted distances; missing ratings allowed.

    Parameters
    ----------
    tables : Tables
        See there.
    distance : ndarray of shape (n_levels, n_levels)
        As in `cohen_kappa`, at most 1. All levels count, used or not.
    """
    shares = _level_shares(tables)
    n_levels = shares.shape[-1]
    observed = _ratio(_spread(tables.pair_shares, distance), tables.pair_shares.sum((-2, -1)))
    if n_levels < 2:
        return np.full_like(observed, np.nan)
    chance = (1 - distance).sum() / (n_levels * (n_levels - 1)) * (shares * (1 - shares)).sum(-1)
    return 1 - _ratio(observed, 1 - chance)


def krippendorff_alpha(coincidences: Floats, scale: Scale, positions: Floats) -> Floats:
    """Krippendorff's alpha (Krippendorff 2011); any number of coders, missing ratings allowed.

    Parameters
    ----------
    coincidences : ndarray of shape (..., n_levels, n_levels)
        See `Tables`.
    scale : Scale
        Nominal, ordinal or interval difference.
    positions : ndarray of shape (n_levels,)
        Values of the levels, for the interval scale.
    """
    margins = coincidences.sum(-1)
    n = margins.sum(-1)
    match scale:
        case Scale.NOMINAL:
            difference = nominal_distance(margins.shape[-1])
        case Scale.INTERVAL:
            difference = (positions[:, None] - positions) ** 2
        case Scale.ORDINAL:
            # Half of each end's ratings and all between: the distance of the levels' mean ranks.
            ranks = margins.cumsum(-1) - margins / 2
            difference = (ranks[..., :, None] - ranks[..., None, :]) ** 2
    expected = _spread(margins[..., :, None] * margins[..., None, :], difference)
    return 1 - _ratio((n - 1) * _spread(coincidences, difference), expected)


def specific_agreement(pairs: Floats, level: int) -> Floats:
    """Positive agreement (level 1) or negative agreement (level 0) of a marker, or that on any level.

    The chance that another coder gives the level, where one has given it: for two coders 2a / (2a + b + c)
    (Cicchetti & Feinstein 1990), for more the same over all pairs (de Vet, Dikmans & Eekhout 2017).
    """
    return _ratio(pairs[..., level, level], pairs[..., level, :].sum(-1))


def level_prevalence(pair_shares: Floats, level: int) -> Floats:
    """Share of a level among the ratings of an utterance, averaged over the utterances with at least two."""
    return _ratio(pair_shares[..., level, :].sum(-1), pair_shares.sum((-2, -1)))


def _level_shares(tables: Tables) -> Floats:
    return _ratio(tables.level_shares, tables.level_shares.sum(-1, keepdims=True))


def _spread(table: Floats, distance: Floats) -> Floats:
    total: Floats = (table * distance).sum((-2, -1))
    return total


def _ratio(part: Floats, whole: Floats) -> Floats:
    part, whole = np.broadcast_arrays(part, whole)
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio
