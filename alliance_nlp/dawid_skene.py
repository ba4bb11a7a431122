"""True classes and coders' errors, estimated together from several coders' codes (Dawid & Skene 1979)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_MOST_STEPS = 5000
_TOLERANCE = 1e-9
_NEVER = 1e-300


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """What the model estimates.

    Attributes
    ----------
    probabilities : ndarray of shape (n_items, n_levels)
        That an item is truly of a level, given all its codes.
    prevalence : ndarray of shape (n_levels,)
        Share of each level.
    confusion : ndarray of shape (n_coders, n_levels, n_levels)
        Chance that a coder gives the last axis's level to an item that is truly of the middle axis's.
    steps : int
        Of the EM algorithm.
    converged : bool
        Whether the estimates had settled by then.
    """

    probabilities: Floats
    prevalence: Floats
    confusion: Floats
    steps: int
    converged: bool


def dawid_skene(counts: npt.NDArray[np.integer]) -> DawidSkene:
    """Estimate by maximum likelihood, with the EM algorithm begun from the shares of the codes.

    Parameters
    ----------
    counts : ndarray of shape (n_items, n_coders, n_levels)
        How often each coder gave each level to each item; all zero where not coded.

    Returns
    -------
    DawidSkene
        A level that no item is thought to be of keeps a confusion row of zeros.

    Notes
    -----
    Dawid & Skene (1979), Applied Statistics 28, 20-28; equations 2.3 to 2.5 and 3.1. Coders are taken to err
    independently of each other, given the true level. With two coders, the estimates are not determined by the data.
    """
    # Items with the same codes share their probabilities; there are few different ones.
    flat = counts.reshape(len(counts), -1)
    patterns, place, times = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    n_coders, n_levels = counts.shape[1:]
    codes = patterns.reshape(-1, n_coders, n_levels).astype(float)
    coded = codes.sum((1, 2), keepdims=True)[:, 0]
    probabilities = np.divide(codes.sum(1), coded, out=np.full((len(codes), n_levels), 1 / n_levels), where=coded > 0)
    steps, change = 0, np.inf
    while change >= _TOLERANCE and steps < _MOST_STEPS:
        steps += 1
        weighted = probabilities * times[:, None]
        prevalence = weighted.sum(0) / times.sum()
        said = np.einsum("ij,ikl->kjl", weighted, codes)
        in_all = said.sum(-1, keepdims=True)
        confusion = np.divide(said, in_all, out=np.zeros_like(said), where=in_all > 0)
        # Of two levels thought impossible for an item, the less impossible one stays comparable.
        logs = np.log(np.maximum(prevalence, _NEVER)) + np.einsum(
            "ikl,kjl->ij", codes, np.log(np.maximum(confusion, _NEVER))
        )
        updated = np.exp(logs - logs.max(1, keepdims=True))
        updated /= updated.sum(1, keepdims=True)
        change = float(np.abs(updated - probabilities).max())
        probabilities = updated
    return DawidSkene(probabilities[place.reshape(-1)], prevalence, confusion, steps, change < _TOLERANCE)
