"""Picks that are worth much and unlike each other.

Maximal marginal relevance (Carbonell & Goldstein 1998), with what a pick is worth in the place of relevance: each next
pick is the one that is worth most once what it shares with its nearest neighbour among the earlier picks is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from alliance_nlp.surroundings import Floats, Matrix


def word_vectors(texts: Sequence[Sequence[str]]) -> Matrix:
    """Texts as vectors of unit length whose products tell how alike they are.

    Parameters
    ----------
    texts : sequence of sequence of str
        Tokens of each text.

    Returns
    -------
    csr_matrix of shape (n_texts, n_words)
        TF-IDF with sublinear counts (Salton & Buckley 1988); a row of zeros for a text without tokens.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(texts):
        return sparse.csr_matrix((len(texts), 1))
    # The tokens are the house's own: scikit-learn's drop "I" and punctuation.
    vectors: Matrix = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(texts)
    return vectors


class Pick(NamedTuple):
    """One of the things to choose from."""

    place: int
    marker: int
    """For which it was picked."""


def pick_unlike(
    worth: Floats, vectors: Matrix, how_many: int, groups: Sequence[str] = (), same_group: float = 0.0
) -> list[Pick]:
    """Choose one after the other, each by its worth times its unlikeness to the earlier ones.

    Each is picked for one marker, the one it is worth most for, and what is worth for that marker counts the less the
    more picks it has had, by the divisors of D'Hondt: otherwise a speaker with many markers would fill the list.

    Parameters
    ----------
    worth : ndarray of shape (n, n_markers)
        At least 0; what is worth 0 for every marker is never picked, nor the double of an earlier pick.
    vectors : csr_matrix of shape (n, n_words)
        See `word_vectors`.
    how_many : int
        At most so many.
    groups : sequence of str, optional
        What each belongs to.
    same_group : float
        How alike two of one group count at least.

    Returns
    -------
    list of Pick
        Best first; of equals, the first.
    """
    group_of = np.asarray(groups) if len(groups) else None
    nearest = np.zeros(len(worth))
    picks_for = np.zeros(worth.shape[1])
    picked: list[Pick] = []
    while len(picked) < how_many:
        value = worth / (1 + picks_for) * (1 - nearest[:, None])
        if not value.any():
            break
        best, marker = divmod(int(np.argmax(value)), worth.shape[1])
        picked.append(Pick(best, marker))
        picks_for[marker] += 1
        # Rounded, so that a double is as like as can be.
        alike = np.clip((vectors @ vectors[best].T).toarray().ravel().round(9), 0, 1)
        if group_of is not None:
            alike = np.where(group_of == group_of[best], np.maximum(alike, same_group), alike)
        nearest = np.maximum(nearest, alike)
        nearest[best] = 1
    return picked
