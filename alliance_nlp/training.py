"""A coded corpus makes a model bundle, with an honest account of how good it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.bundle import Bundle
from alliance_nlp.classifier import (
    DECIMALS,
    PENALTY_C,
    Calibration,
    MarkerClassifier,
    fit_calibration,
    fit_scores,
)  # fmt: skip
from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.evaluation import Codes, Floats, MarkerFigures, best_kappa_threshold, client_folds, marker_figures
from alliance_nlp.features import FeatureSpace, Line
from alliance_nlp.lexicon import Lexicon, read_lexicon
from alliance_nlp.logistic import sigmoid
from alliance_nlp.ngrams import several_clients_only
from alliance_nlp.ratings import NOT_CODED, CodedSession, positives
from alliance_nlp.reports.model_card import model_card
from alliance_nlp.second_look import SecondLook, fit_second_look, second_look_inputs
from alliance_nlp.set_training import OutOfFold, train_sets, without_thresholds
from alliance_nlp.surroundings import Matrix, session_begins
from alliance_nlp.tokenization import DEFAULT_PIPELINE, Tokenizer

_FOLDS = 5
_WEIGHT_DECIMALS = 4
"""Weights are rounded: finer differences come from the machine's arithmetic, not from the corpus."""


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
    """

    name: str = "model"
    pipeline: str = DEFAULT_PIPELINE
    min_clients: int = 3
    seed: int = 0
    notice: str = ""


def train(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    settings: TrainingSettings,
    provenance: Mapping[str, Any],
    say: Callable[[str], None] = lambda message: None,
) -> tuple[Bundle, dict[str, MarkerFigures]]:
    """Train one classifier per marker.

    Each marker's first scores come from folds that keep a client's sessions
    together, with the vocabulary chosen anew in each. The second look,
    calibration (Platt) and threshold (highest with near the best kappa) are fitted on those out-of-fold
    scores; for the figures, those of a fold come from the other folds. The
    codes of a set are calibrated against each other (`train_sets`).

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
        Takes a line about the progress.

    Returns
    -------
    Bundle, dict of str to MarkerFigures
        The model, and how well it told each marker on unseen clients.

    Raises
    ------
    CorpusError
        Where a marker is too rare to learn.
    """
    _require_learnable(coded, codebook)
    tokenizer = Tokenizer(settings.pipeline)
    lexicon = read_lexicon(tokenizer.tokens)
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
    clients = np.array([item.client for item in coded])
    codes = np.concatenate([item.codes for item in coded])
    first_scores, fold_of = _out_of_fold_scores(lines, lexicon, clients, codes, codebook, settings, say)
    coded_on_role = np.array(
        codebook.coded_on(utterance.speaker_role for item in coded for utterance in item.session.utterances)
    )
    begins = session_begins([len(item.codes) for item in coded])
    second_inputs = second_look_inputs(first_scores, coded_on_role, begins)
    second_look = fit_second_look(second_inputs, codes, NOT_CODED)
    scores = _out_of_fold_second_scores(second_inputs, codes, fold_of)

    say("fitting the final model")
    everyone = np.ones(len(coded), dtype=bool)
    space, features = _fit_features(lines, lexicon, clients, everyone, settings.min_clients)
    weights, intercepts = _fit_markers(features, codes, settings.seed)
    session_of = np.repeat([item.session.session_id for item in coded], [len(item.codes) for item in coded])
    client_of = np.repeat(clients, [len(item.codes) for item in coded])
    calibrations, thresholds, figures = [], [], {}
    for index, marker in enumerate(codebook.markers):
        rated = codes[:, index] != NOT_CODED
        of_marker = scores[rated, index], codes[rated, index], fold_of[rated]
        calibration, threshold = _decision_rule(*of_marker[:2])
        calibrations.append(calibration)
        thresholds.append(threshold)
        probabilities, tags = _cross_fitted(*of_marker)
        n_clients = len(np.unique(client_of[rated]))
        figures[marker.name] = marker_figures(
            probabilities, tags, of_marker[1], session_of[rated], n_clients, settings.seed
        )
    known = OutOfFold(scores, codes, fold_of, session_of, client_of)
    sets = train_sets(codebook, known, dict(zip(codebook.marker_names, calibrations, strict=True)), settings.seed)
    calibrations = [
        sets.calibrations.get(name, calibration)
        for name, calibration in zip(codebook.marker_names, calibrations, strict=True)
    ]
    figures |= sets.figures
    training = {
        "notice": settings.notice,
        "corpus": {
            **provenance,
            "sessions": len(coded),
            "clients": len(set(clients)),
            "utterances": len(codes),
            "positives": {
                marker.name: dict(zip(("utterances", "clients"), positives(coded, index), strict=True))
                for index, marker in enumerate(codebook.markers)
            },
        },
        "settings": {
            "min_clients": settings.min_clients,
            "seed": settings.seed,
            "folds": int(fold_of.max()) + 1,
            "penalty_c": PENALTY_C,
            "threshold_rule": "highest with κ within .01 of the best, on out-of-fold probabilities",
        },
        "figures": {name: figure.to_dict() for name, figure in figures.items()},
        **({"sets": sets.training} if sets.training else {}),
    }
    classifier = MarkerClassifier(
        weights.round(_WEIGHT_DECIMALS).astype(np.float32),
        intercepts.round(_WEIGHT_DECIMALS),
        SecondLook(
            second_look.weights.round(_WEIGHT_DECIMALS).astype(np.float32),
            second_look.intercepts.round(_WEIGHT_DECIMALS),
            second_look.usual.round(_WEIGHT_DECIMALS),
        ),
        tuple(calibrations),
    )
    limits = without_thresholds(codebook, thresholds)
    card = model_card(settings.name, codebook, training, figures, limits)
    bundle = Bundle(
        settings.name, codebook, settings.pipeline, space, classifier, tuple(limits), training, card,
        set_rules=sets.rules,
    )  # fmt: skip
    return bundle, figures


def _require_learnable(coded: Sequence[CodedSession], codebook: Codebook) -> None:
    for index, marker in enumerate(codebook.markers):
        n_positive, n_clients = positives(coded, index)
        zeros = sum(int((item.codes[:, index] == 0).sum()) for item in coded)
        if n_clients < 2 or not zeros:
            raise CorpusError(
                f"{marker.name} is too rare to learn: {n_positive} utterances coded 1 in the sessions of {n_clients} "
                f"clients, {zeros} coded 0; code it in sessions of at least 2 clients (30 utterances and 10 clients "
                f"are a sound beginning), or {_instead(codebook, marker.name)}"
            )


def _instead(codebook: Codebook, name: str) -> str:
    code_set = codebook.set_of(name)
    return f"join it with another code of the set {code_set.name}" if code_set else "leave it out of the codebook"


def _out_of_fold_scores(
    lines: Sequence[Sequence[Line]],
    lexicon: Lexicon,
    clients: npt.NDArray[np.str_],
    codes: Codes,
    codebook: Codebook,
    settings: TrainingSettings,
    say: Callable[[str], None],
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Scores of shape (n_utterances, n_markers) by models that never saw the client, and each utterance's fold."""
    n_folds = min(_FOLDS, len(set(clients)))
    lengths = [len(of_session) for of_session in lines]
    client_of = np.repeat(clients, lengths)
    rarest = int(np.argmin((codes == 1).sum(axis=0)))
    scores = np.empty(codes.shape)
    fold_of = np.empty(len(codes), dtype=np.int64)
    # Spread the rarest marker evenly; the others follow well enough.
    masks = client_folds((codes[:, rarest] == 1).astype(np.int8), client_of, n_folds, settings.seed)
    for fold, test in enumerate(masks):
        say(f"fold {fold + 1} of {n_folds}")
        for index, marker in enumerate(codebook.markers):
            if not {0, 1} <= set(codes[~test, index].tolist()):
                raise CorpusError(
                    f"{marker.name} is too rare to learn: without the clients of one fold, nothing is left that is "
                    "coded 1, or nothing that is coded 0; code it in sessions of more clients"
                )
        training_sessions = ~np.isin(clients, np.unique(client_of[test]))
        _, features = _fit_features(lines, lexicon, clients, training_sessions, settings.min_clients)
        weights, intercepts = _fit_markers(features[~test], codes[~test], settings.seed)
        scores[test] = features[test] @ weights + intercepts
        fold_of[test] = fold
    return scores, fold_of


def _fit_features(
    lines: Sequence[Sequence[Line]],
    lexicon: Lexicon,
    clients: npt.NDArray[np.str_],
    training: npt.NDArray[np.bool_],
    min_clients: int,
) -> tuple[FeatureSpace, Matrix]:
    """A feature space learned from the training sessions, and the weighted features of all sessions."""
    chosen = [
        [line.words for line in of_session]
        for of_session, is_training in zip(lines, training, strict=True)
        if is_training
    ]
    space = FeatureSpace(several_clients_only(chosen, clients[training], min_clients), lexicon)
    lengths = [len(of_session) for of_session in lines]
    all_lines, begins = list(chain.from_iterable(lines)), session_begins(lengths)
    counts = space.counts(all_lines, begins)
    space.fit_idf(counts[np.repeat(training, lengths)])
    return space, space.weigh(counts, all_lines, begins).matrix()


def _fit_markers(features: Matrix, codes: Codes, seed: int) -> tuple[Floats, Floats]:
    fits = []
    for index in range(codes.shape[1]):
        rated = codes[:, index] != NOT_CODED
        fits.append(fit_scores(features[rated], codes[rated, index], seed))
    weights, intercepts = zip(*fits, strict=True)
    return np.column_stack(weights), np.array(intercepts)


def _out_of_fold_second_scores(inputs: Floats, codes: Codes, fold_of: npt.NDArray[np.int64]) -> Floats:
    """Second scores of each fold by the second look that the other folds give."""
    scores = np.empty(codes.shape)
    for fold in np.unique(fold_of):
        inside = fold_of == fold
        scores[inside] = fit_second_look(inputs[~inside], codes[~inside], NOT_CODED).scores(inputs[inside])
    return scores


def _decision_rule(scores: Floats, codes: Codes) -> tuple[Calibration, float]:
    slope, offset = fit_calibration(scores, codes)
    calibration = Calibration(round(slope, 6), round(offset, 6))
    return calibration, best_kappa_threshold(_calibrated(scores, calibration), codes)


def _calibrated(scores: Floats, calibration: Calibration) -> Floats:
    return sigmoid(scores * calibration.slope + calibration.offset).round(DECIMALS)


def _cross_fitted(scores: Floats, codes: Codes, fold_of: npt.NDArray[np.int64]) -> tuple[Floats, Codes]:
    """Probabilities and tags of each fold by the decision rule that the other folds give."""
    probabilities, tags = np.empty(len(codes)), np.empty(len(codes), dtype=np.int8)
    for fold in np.unique(fold_of):
        inside, outside = fold_of == fold, fold_of != fold
        calibration, threshold = _decision_rule(scores[outside], codes[outside])
        probabilities[inside] = _calibrated(scores[inside], calibration)
        tags[inside] = probabilities[inside] >= threshold
    return probabilities, tags
