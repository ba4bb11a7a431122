"""A coded corpus makes a model bundle, with an honest account of how good it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.bundle import Bundle
from alliance_nlp.classifier import PENALTY_C, MarkerClassifier
from alliance_nlp.codebook import Codebook
from alliance_nlp.corpus_features import CorpusFeatures
from alliance_nlp.decisions import Decisions, Laid, Told, cross_fitted, learn_decisions, nested
from alliance_nlp.evaluation import Floats, MarkerFigures, client_folds, marker_figures
from alliance_nlp.features import Line
from alliance_nlp.fold_scores import Folds, fit_markers, fold_scores, n_models
from alliance_nlp.learnable import require_folds, require_learnable, too_few_to_nest
from alliance_nlp.lexicon import read_lexicon
from alliance_nlp.penalties import PENALTIES, choose_penalties, scores_at
from alliance_nlp.ratings import NOT_CODED, CodedSession, positives
from alliance_nlp.reports.model_card import model_card
from alliance_nlp.second_look import SecondLook
from alliance_nlp.surroundings import session_begins
from alliance_nlp.thresholds import ThresholdRules, unreached
from alliance_nlp.tokenization import DEFAULT_PIPELINE, Tokenizer

_FOLDS = 5
_WEIGHT_DECIMALS = 4
"""Weights are rounded: finer differences come from the machine's arithmetic, not from the corpus."""

Say = Callable[[str], None]
Done = Callable[[int, int], None]


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
    """

    name: str = "model"
    pipeline: str = DEFAULT_PIPELINE
    min_clients: int = 3
    seed: int = 0
    notice: str = ""
    penalty: float | None = PENALTY_C
    thresholds: ThresholdRules = field(default_factory=ThresholdRules)


def train(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    settings: TrainingSettings,
    provenance: Mapping[str, Any],
    say: Say = lambda message: None,
    done: Done = lambda models, of: None,
    jobs: int = 1,
) -> tuple[Bundle, dict[str, MarkerFigures]]:
    """Train one classifier per marker.

    Each marker's first scores come from folds that keep a client's sessions
    together, with the vocabulary chosen anew in each. The second look,
    calibration (Platt) and thresholds are fitted on those out-of-fold scores;
    for the figures, those of a fold come from the other folds. Where the
    penalty is to be chosen, it is chosen for the figures of a fold by folds
    inside the others (`decisions.nested`).

    Parameters
    ----------
    coded : sequence of CodedSession
        The corpus.
    codebook : Codebook
        The markers; `coded` holds their codes in this order.
    settings : TrainingSettings
        See there.
    provenance : mapping
        Where the corpus came from, as plain data; kept in the bundle.
    say : callable
        Takes what is to be minded, a line each.
    done : callable
        Takes the number of models that are fitted, and of how many.
    jobs : int
        Processes; the bundle is the same for any number.

    Returns
    -------
    Bundle, dict of str to MarkerFigures
        The model, and how well it told each marker on unseen clients.

    Raises
    ------
    CorpusError
        Where a marker is too rare to learn.
    """
    require_learnable(coded, codebook)
    clients = np.array([item.client for item in coded])
    lengths = [len(item.codes) for item in coded]
    client_of = np.repeat(clients, lengths)
    laid = _laid(coded, codebook, _folds(coded, client_of, settings.seed))
    require_folds(laid, codebook)
    penalties: tuple[float, ...] = (PENALTY_C,) if settings.penalty is None else (settings.penalty,)
    nesting = settings.penalty is None
    clients_of_folds = [len(set(client_of[laid.fold_of == fold])) for fold in range(laid.fold_of.max() + 1)]
    if nesting and (why := too_few_to_nest(laid, codebook, clients_of_folds, settings.min_clients)):
        nesting = False
        say(why)
    if nesting:
        penalties = PENALTIES
    rules = [settings.thresholds.rule(name) for name in codebook.marker_names]
    n_folds = len(clients_of_folds)
    n_to_fit = n_models(n_folds, nesting) + 1
    corpus = _corpus_features(coded, clients, settings)
    scores = fold_scores(
        corpus, laid.codes, laid.fold_of, penalties, nesting, settings.seed, jobs, lambda models: done(models, n_to_fit)
    )
    chosen = choose_penalties(scores.outer, laid.codes) if nesting else [0] * len(rules)
    first_scores = scores_at(scores.outer, chosen)
    decisions = learn_decisions(first_scores, laid, rules)
    told = nested(scores, laid, rules) if nesting else cross_fitted(first_scores, laid, rules)
    space, features = corpus.fit(np.ones(len(client_of), dtype=bool))
    of_markers = [penalties[place] for place in chosen]
    weights, intercepts = fit_markers(features.matrix(), laid.codes, of_markers, settings.seed)
    done(n_to_fit, n_to_fit)
    for warning in unreached(codebook.marker_names, rules, decisions.thresholds):
        say(warning)
    figures = _figures(coded, codebook, laid, told, client_of, settings.seed)
    training = {
        "notice": settings.notice,
        "corpus": {
            **provenance,
            "sessions": len(coded),
            "clients": len(set(clients)),
            "utterances": len(laid.codes),
            "positives": {
                marker.name: dict(zip(("utterances", "clients"), positives(coded, index), strict=True))
                for index, marker in enumerate(codebook.markers)
            },
        },
        "settings": {
            "min_clients": settings.min_clients,
            "seed": settings.seed,
            "folds": n_folds,
            "penalty_c": dict(zip(codebook.marker_names, of_markers, strict=True)) if nesting else penalties[0],
            "threshold_rule": str(settings.thresholds),
        },
        "figures": {name: figure.to_dict() for name, figure in figures.items()},
    }
    thresholds = tuple(threshold.value for threshold in decisions.thresholds)
    card = model_card(settings.name, codebook, training, figures, thresholds)
    classifier = _classifier(weights, intercepts, decisions)
    return Bundle(settings.name, codebook, settings.pipeline, space, classifier, thresholds, training, card), figures


def _corpus_features(
    coded: Sequence[CodedSession], clients: npt.NDArray[np.str_], settings: TrainingSettings
) -> CorpusFeatures:
    tokenizer = Tokenizer(settings.pipeline)
    lines = [
        [
            Line(words, utterance.speaker)
            for words, utterance in zip(
                tokenizer.tokens(utterance.text for utterance in item.session.utterances),
                item.session.utterances,
                strict=True,
            )
        ]
        for item in coded
    ]
    return CorpusFeatures(lines, read_lexicon(tokenizer.tokens), clients, settings.min_clients)


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


def _figures(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    laid: Laid,
    told: Told,
    client_of: npt.NDArray[np.str_],
    seed: int,
) -> dict[str, MarkerFigures]:
    session_of = np.repeat([item.session.session_id for item in coded], [len(item.codes) for item in coded])
    figures = {}
    for index, name in enumerate(codebook.marker_names):
        rated = laid.codes[:, index] != NOT_CODED
        figures[name] = marker_figures(
            told.probabilities[rated, index],
            told.tags[rated, index],
            laid.codes[rated, index],
            session_of[rated],
            len(np.unique(client_of[rated])),
            seed,
        )
    return figures


def _classifier(weights: Floats, intercepts: Floats, decisions: Decisions) -> MarkerClassifier:
    second_look = decisions.second_look
    return MarkerClassifier(
        weights.round(_WEIGHT_DECIMALS).astype(np.float32),
        intercepts.round(_WEIGHT_DECIMALS),
        SecondLook(
            second_look.weights.round(_WEIGHT_DECIMALS).astype(np.float32),
            second_look.intercepts.round(_WEIGHT_DECIMALS),
            second_look.usual.round(_WEIGHT_DECIMALS),
        ),
        tuple(decisions.calibrations),
    )
