"""What a base model's weights come to among the features of a new one, and how the new one learns from there.

The new model has the n-grams of both. What the base model says of an utterance,
one score for each of its markers, stands beside the features that the new corpus
tells enough of; once fitted, the weights of those scores are multiplied out, so
that the model is a plain one: it needs no base to tag with, and tags as fast.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.bundle import Bundle
from alliance_nlp.features import FeatureSpace
from alliance_nlp.surroundings import Floats, Matrix

_SCALE = 0.1
"""By which the scores of the base are multiplied: the less, the less they are believed."""


class Prior(NamedTuple):
    """A base model's weights, among the features of a new model.

    Attributes
    ----------
    weights : ndarray of float32, shape (n_features, n_base_markers)
        0 where the base has no such feature.
    learned : ndarray of bool, shape (n_features,)
        Features that the new corpus tells enough of to weigh them itself; the others weigh what the base's scores do.
    """

    weights: npt.NDArray[np.float32]
    learned: npt.NDArray[np.bool_]

    def design(self, features: Matrix) -> Matrix:
        """What is fitted: the learned features, then the base's scores; of shape (n_utterances, n_fitted)."""
        scores = sparse.csr_matrix(features @ self.weights * _SCALE)
        return sparse.hstack([features[:, self.learned], scores], format="csr")

    def multiplied_out(self, fitted: Floats) -> Floats:
        """Weights of shape (n_features, n_markers) from those of `design`, of shape (n_fitted, n_markers)."""
        n_learned = int(self.learned.sum())
        weights = self.weights.astype(np.float64) @ (fitted[n_learned:] * _SCALE)
        weights[self.learned] += fitted[:n_learned]
        return weights


def take_base(space: FeatureSpace, base: Bundle, of_corpus: npt.NDArray[np.bool_]) -> Prior:
    """Take a base model into a feature space that holds its n-grams: their inverse document frequencies, and a prior.

    Parameters
    ----------
    space : FeatureSpace
        Of the new model; its ``idf`` is changed.
    base : Bundle
        See `open_base_model`.
    of_corpus : ndarray of bool, shape (n_ngrams,)
        The n-grams of the space that enough clients of the new corpus hold.
    """
    columns = space.columns_of(base.features)
    space.idf[columns[: base.features.n_own]] = base.features.idf
    weights = np.zeros((space.n_features, base.classifier.weights.shape[1]), dtype=np.float32)
    weights[columns] = base.classifier.weights
    return Prior(weights, space.with_ngrams(of_corpus))
