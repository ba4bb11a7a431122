"""A coded corpus, and what models say of those of its clients that they had not seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.base_model import require_unseen
from alliance_nlp.bundle import Bundle
from alliance_nlp.classifier import PENALTY_C
from alliance_nlp.codebook import Codebook
from alliance_nlp.corpus_features import CorpusFeatures
from alliance_nlp.decisions import Laid
from alliance_nlp.embeddings import SentenceEmbeddings
from alliance_nlp.evaluation import Floats, client_folds
from alliance_nlp.fold_scores import Folds, FoldScores, fold_scores, n_models
from alliance_nlp.learnable import require_folds, require_learnable, too_few_to_nest, warn_of_few
from alliance_nlp.lexicon import read_lexicon
from alliance_nlp.penalties import PENALTIES, choose_penalties, scores_at
from alliance_nlp.private_cache import key_of
from alliance_nlp.ratings import CodedSession
from alliance_nlp.shapes import lines_of
from alliance_nlp.surroundings import session_begins
from alliance_nlp.thresholds import ThresholdRules
from alliance_nlp.tokenization import DEFAULT_PIPELINE, Tokenizer, tokenizer_digest

if TYPE_CHECKING:
    from joblib import Memory

_FOLDS = 5

Say = Callable[[str], None]
"""Takes a line that is to be minded."""
Done = Callable[[int, int], None]
"""Takes how many models are fitted, and of how many."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a training run can be told.

    Attributes
    ----------
    name : str
        Name of the bundle.
    pipeline : str
        spaCy pipeline whose tokenizer is used.
    min_clients : int
        In how many clients' sessions an n-gram must stand to enter the model.
    seed : int
        For folds, resampling and the optimiser.
    notice : str
        A line about the corpus that the model card and every table of results repeat.
    penalty : float, optional
        C of the logistic regressions; None to choose it for each marker, inside nested folds.
    thresholds : ThresholdRules
        From which probability on a marker is tagged.
    embeddings : SentenceEmbeddings, optional
        What is added to the features of words and shape.
    base : Bundle, optional
        A model to begin from; see `open_base_model`.
    """

    name: str = "model"
    pipeline: str = DEFAULT_PIPELINE
    min_clients: int = 3
    seed: int = 0
    notice: str = ""
    penalty: float | None = PENALTY_C
    thresholds: ThresholdRules = field(default_factory=ThresholdRules)
    embeddings: SentenceEmbeddings | None = None
    base: Bundle | None = None


class OutOfFold(NamedTuple):
    """What models say of clients that they had not seen, at the penalties that are taken.

    Attributes
    ----------
    laid : Laid
        The corpus.
    corpus : CorpusFeatures
        Its features.
    scores : FoldScores
        Of all penalties that were tried.
    first_scores : ndarray of shape (n_utterances, n_markers)
        At the penalties taken.
    penalties : list of float
        One per marker.
    chosen : bool
        Whether they were chosen among several.
    n_models : int
        How many models a whole training run fits, the final one too.
    """

    laid: Laid
    corpus: CorpusFeatures
    scores: FoldScores
    first_scores: Floats
    penalties: list[float]
    chosen: bool
    n_models: int

    def penalty_c(self, markers: Sequence[str]) -> float | dict[str, float]:
        """As the bundle's settings hold it."""
        return dict(zip(markers, self.penalties, strict=True)) if self.chosen else self.penalties[0]


def out_of_fold(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    settings: TrainingSettings,
    say: Say = lambda message: None,
    done: Done = lambda models, of: None,
    jobs: int = 1,
    memory: Memory | None = None,
) -> OutOfFold:
    """First scores of all utterances by models that had not seen their clients; parameters as of `train`.

    Raises
    ------
    CorpusError
        Where a marker is too rare to learn, or the base model learned from sessions of the corpus.
    EmbeddingsError
        Where the model of `settings.embeddings` cannot be used.
    """
    require_learnable(coded, codebook)
    if settings.base:
        require_unseen(settings.base, coded)
    clients = np.array([item.client for item in coded])
    client_of = np.repeat(clients, [len(item.codes) for item in coded])
    laid = _laid(coded, codebook, _folds(coded, client_of, settings.seed))
    require_folds(laid, codebook)
    for warning in warn_of_few(coded, codebook):
        say(warning)
    clients_of_folds = [len(set(client_of[laid.fold_of == fold])) for fold in range(laid.fold_of.max() + 1)]
    tried: tuple[float, ...] = PENALTIES if settings.penalty is None else (settings.penalty,)
    if settings.penalty is None and (why := too_few_to_nest(laid, codebook, clients_of_folds, settings.min_clients)):
        tried = (PENALTY_C,)
        say(why)
    choosing = len(tried) > 1
    n_to_fit = n_models(len(clients_of_folds), choosing) + 1
    corpus = _corpus_features(coded, settings, memory)
    if settings.embeddings:
        corpus = _with_meaning(corpus, coded, settings.embeddings, jobs, memory)
    scores = fold_scores(
        corpus, laid.codes, laid.fold_of, tried, choosing, settings.seed, jobs,
        lambda models: done(models, n_to_fit), memory,
    )  # fmt: skip
    chosen = choose_penalties(scores.outer, laid.codes) if choosing else [0] * len(codebook.markers)
    penalties = [tried[place] for place in chosen]
    return OutOfFold(laid, corpus, scores, scores_at(scores.outer, chosen), penalties, choosing, n_to_fit)


def _corpus_features(
    coded: Sequence[CodedSession], settings: TrainingSettings, memory: Memory | None
) -> CorpusFeatures:
    if not memory:
        return _counted("", coded, settings.pipeline, settings.min_clients, settings.base)
    said = [
        (item.client, [(line.speaker, line.text) for line in item.session.utterances]) for item in coded
    ]  # fmt: skip
    of_base = settings.base.digest if settings.base else ""
    key = key_of(json.dumps(said), tokenizer_digest(settings.pipeline), str(settings.min_clients), of_base)
    counted = memory.cache(_counted, ignore=["coded", "pipeline", "min_clients", "base"])
    features: CorpusFeatures = counted(key, coded, settings.pipeline, settings.min_clients, settings.base)
    return features


def _with_meaning(
    corpus: CorpusFeatures,
    coded: Sequence[CodedSession],
    embeddings: SentenceEmbeddings,
    jobs: int,
    memory: Memory | None,
) -> CorpusFeatures:
    texts = [utterance.text for item in coded for utterance in item.session.utterances]
    if not memory:
        return corpus.with_meaning(_embedded("", texts, embeddings, jobs), "")
    key = key_of(json.dumps(texts), embeddings.key)
    embedded = memory.cache(_embedded, ignore=["texts", "embeddings", "jobs"])
    return corpus.with_meaning(embedded(key, texts, embeddings, jobs), key)


def _embedded(key: str, texts: Sequence[str], embeddings: SentenceEmbeddings, jobs: int) -> npt.NDArray[np.float32]:
    """Sentence embeddings of a corpus; the key stands for all else."""
    return embeddings.vectors(texts, jobs)


def _counted(
    key: str, coded: Sequence[CodedSession], pipeline: str, min_clients: int, base: Bundle | None
) -> CorpusFeatures:
    """Features of a corpus; the key stands for all else."""
    tokenizer = Tokenizer(pipeline)
    lines = [lines_of(item.session.utterances, tokenizer) for item in coded]
    clients = np.array([item.client for item in coded])
    return CorpusFeatures(lines, read_lexicon(tokenizer.tokens), clients, min_clients, key, base)


def _laid(coded: Sequence[CodedSession], codebook: Codebook, fold_of: Folds) -> Laid:
    roles = (utterance.speaker_role for item in coded for utterance in item.session.utterances)
    return Laid(
        np.concatenate([item.codes for item in coded]),
        np.array(codebook.coded_on(roles)),
        session_begins([len(item.codes) for item in coded]),
        fold_of,
    )


def _folds(coded: Sequence[CodedSession], client_of: npt.NDArray[np.str_], seed: int) -> Folds:
    codes = np.concatenate([item.codes for item in coded])
    rarest = int(np.argmin((codes == 1).sum(axis=0)))
    fold_of = np.empty(len(codes), dtype=np.int64)
    # Spread the rarest marker evenly; the others follow well enough.
    n_folds = min(_FOLDS, len(set(client_of)))
    for fold, test in enumerate(client_folds((codes[:, rarest] == 1).astype(np.int8), client_of, n_folds, seed)):
        fold_of[test] = fold
    return fold_of
