"""First scores of every utterance by models that never saw its client, for several penalties at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.classifier import fit_scores
from alliance_nlp.corpus_features import CorpusFeatures, Mask
from alliance_nlp.evaluation import Codes, Floats
from alliance_nlp.prior import Prior
from alliance_nlp.private_cache import key_of
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.surroundings import Matrix

if TYPE_CHECKING:
    from joblib import Memory

Folds = npt.NDArray[np.int64]
"""The fold of each utterance, of shape (n_utterances,)."""


class FoldScores(NamedTuple):
    """Scores by models that some folds had no part in.

    Attributes
    ----------
    outer : ndarray of shape (n_penalties, n_utterances, n_markers)
        By the model that the utterance's own fold had no part in.
    inner : ndarray of shape (n_folds, n_penalties, n_utterances, n_markers), or None
        By the model that neither the utterance's own fold nor the first axis's had a part in; NaN where the two are
        the same. None unless asked for.
    """

    outer: Floats
    inner: Floats | None


def fold_scores(
    corpus: CorpusFeatures,
    codes: Codes,
    fold_of: Folds,
    penalties: Sequence[float],
    nested: bool,
    seed: int,
    jobs: int = 1,
    done: Callable[[int], None] = lambda number: None,
    memory: Memory | None = None,
) -> FoldScores:
    """Fit models on all folds but one and, where `nested`, on all but two.

    A model without two folds serves both: it is an inner fold of either. So
    nested folds cost half of what they would, and see the same clients apart.

    Parameters
    ----------
    corpus : CorpusFeatures
        Of all utterances.
    codes : ndarray of shape (n_utterances, n_markers)
        0, 1, or not coded; of each marker 0 and 1 must be left in all that is trained on.
    fold_of : ndarray of shape (n_utterances,)
        A client's utterances are in one fold.
    penalties : sequence of float
        C of the logistic regressions, each tried.
    nested : bool
        Whether the inner scores are wanted.
    seed : int
        Of the optimiser.
    jobs : int
        Processes; the scores are the same for any number.
    done : callable
        Takes the number of models that are fitted.
    memory : joblib.Memory, optional
        Where scores of an earlier run are found again, and those of this one kept.
    """
    n_folds = int(fold_of.max()) + 1
    tasks = [*combinations(range(n_folds), 1), *(combinations(range(n_folds), 2) if nested else ())]
    outer = np.full((len(penalties), *codes.shape), np.nan)
    inner = np.full((n_folds, *outer.shape), np.nan) if nested else None
    settings = _Settings(tuple(penalties), seed)
    for number, (without, scores) in enumerate(_each(corpus, codes, fold_of, tasks, settings, jobs, memory), 1):
        if len(without) == 1:
            outer[:, fold_of == without[0]] = scores
        elif inner is not None:
            of_left_out = fold_of[np.isin(fold_of, without)]
            first, second = without
            inner[first][:, fold_of == second] = scores[:, of_left_out == second]
            inner[second][:, fold_of == first] = scores[:, of_left_out == first]
        done(number)
    return FoldScores(outer, inner)


def n_models(n_folds: int, nested: bool) -> int:
    """How many models `fold_scores` fits for each penalty and marker."""
    return n_folds + (comb(n_folds, 2) if nested else 0)


class _Settings(NamedTuple):
    penalties: tuple[float, ...]
    seed: int


def _each(
    corpus: CorpusFeatures,
    codes: Codes,
    fold_of: Folds,
    tasks: Sequence[tuple[int, ...]],
    settings: _Settings,
    jobs: int,
    memory: Memory | None,
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    from joblib import Parallel, delayed

    fit = memory.cache(_scores_of, ignore=["corpus", "codes", "left_out", "settings"]) if memory else _scores_of
    arguments = []
    for task in tasks:
        left_out = np.isin(fold_of, task)
        key = key_of(corpus.key, codes.tobytes(), left_out.tobytes(), repr(settings)) if memory else ""
        arguments.append((key, corpus, codes, left_out, settings))
    # max_nbytes: what is sent to a worker goes through a pipe, never through a file.
    workers = Parallel(n_jobs=jobs, return_as="generator", max_nbytes=None)
    yield from zip(tasks, workers(delayed(fit)(*of_task) for of_task in arguments), strict=True)


def _scores_of(key: str, corpus: CorpusFeatures, codes: Codes, left_out: Mask, settings: _Settings) -> Floats:
    """Of shape (n_penalties, n_left_out, n_markers); the key stands for all else."""
    fitted = corpus.fit(~left_out)
    features = fitted.features.matrix()
    training, wanted = features[~left_out], features[left_out]
    scores = []
    for penalty in settings.penalties:
        weights, intercepts = fit_markers(
            training, codes[~left_out], [penalty] * codes.shape[1], settings.seed, fitted.prior
        )
        scores.append(wanted @ weights + intercepts)
    return np.stack(scores)


def fit_markers(
    features: Matrix, codes: Codes, penalties: Sequence[float], seed: int, prior: Prior | None
) -> tuple[Floats, Floats]:
    """Weights of shape (n_features, n_markers) and intercepts, each marker fitted on what is coded of it."""
    design = prior.design(features) if prior else features
    fits = []
    for of_marker, penalty in zip(codes.T, penalties, strict=True):
        rated = of_marker != NOT_CODED
        fits.append(fit_scores(design[rated], of_marker[rated], seed, penalty))
    weights, intercepts = zip(*fits, strict=True)
    of_design = np.column_stack(weights)
    return prior.multiplied_out(of_design) if prior else of_design, np.array(intercepts)
