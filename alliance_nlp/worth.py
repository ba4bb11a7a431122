"""What coding an utterance would teach: how unsure the model is of it, and how rare the marker in doubt.

Uncertainty sampling (Lewis & Gale 1994) by the entropy of the calibrated probability (Settles 2009, section 3.1).
Where a code is rare, entropy is low nearly everywhere and the common codes would decide alone; so each marker's
entropy is measured by that of its base rate, what one would know of a line without having read it.
"""

from __future__ import annotations

import numpy as np

from alliance_nlp.surroundings import Floats

_RAREST = 0.005
"""One that is expected still less often counts as this rare, so that a marker never seen does not decide alone."""


def entropy(probabilities: Floats) -> Floats:
    """Entropy of yes or no, in bits; 0 where sure, 1 at a probability of one half (Shannon 1948)."""
    p = np.clip(probabilities, 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where((p > 0) & (p < 1), p * np.log2(p) + (1 - p) * np.log2(1 - p), 0)
    return np.asarray(-parts)


def set_worth(probabilities: Floats, shares: Floats) -> Floats:
    """What coding each utterance on a set would teach.

    Parameters
    ----------
    probabilities : ndarray of shape (n_utterances, n_codes)
        Of the set's codes; a row of NaN where there is nothing to code.
    shares : ndarray of shape (n_codes,)
        Expected share of each code; see `expected_rates`.

    Returns
    -------
    ndarray of shape (n_utterances,)
        Entropy of the codes' distribution over that of their expected shares, as of a marker in `worth_of_lines`.
    """
    coded = ~np.isnan(probabilities).any(axis=1)
    worth = np.zeros(len(probabilities))
    expected = np.maximum(shares, _RAREST)
    usual = _entropy_of_several((expected / expected.sum())[None])[0]
    worth[coded] = _entropy_of_several(probabilities[coded]) / usual
    return worth


def _entropy_of_several(shares: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(shares > 0, shares * np.log2(shares), 0)
    return np.asarray(-parts.sum(axis=1))


def expected_rates(probabilities: Floats) -> Floats:
    """Expected prevalence of each marker, shape (n_markers,), on the lines where it is coded.

    Parameters
    ----------
    probabilities : ndarray of shape (n_utterances, n_markers)
        Calibrated; NaN where the marker is not coded on the speaker's role.

    Returns
    -------
    ndarray of shape (n_markers,)
        0 for a marker that is coded on none of the lines.
    """
    coded = ~np.isnan(probabilities)
    return np.asarray(np.where(coded, probabilities, 0).sum(axis=0) / np.maximum(coded.sum(axis=0), 1))


def worth_of_lines(probabilities: Floats, rates: Floats) -> Floats:
    """What coding each utterance on each marker would teach.

    Parameters
    ----------
    probabilities : ndarray of shape (n_utterances, n_markers)
        Calibrated; NaN where there is nothing to code.
    rates : ndarray of shape (n_markers,)
        Prevalence of each marker; see `expected_rates`.

    Returns
    -------
    ndarray of shape (n_utterances, n_markers)
        Entropy of the probability over that of the prevalence; 0 where there is nothing to code. 1 is a line of which
        the model knows no more than how rare the marker is.
    """
    usual = entropy(np.clip(rates, _RAREST, 1 - _RAREST))
    return np.where(np.isnan(probabilities), 0, entropy(np.nan_to_num(probabilities)) / usual)
