"""A coded corpus makes a model bundle, with an honest account of how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.base_model import about_bases
from alliance_nlp.bundle import Bundle
from alliance_nlp.classifier import MarkerClassifier
from alliance_nlp.codebook import Codebook
from alliance_nlp.decisions import Decisions, Laid, Told, cross_fitted, learn_decisions, nested
from alliance_nlp.evaluation import Floats, MarkerFigures, marker_figures
from alliance_nlp.fold_scores import fit_markers
from alliance_nlp.known_sessions import session_digests
from alliance_nlp.left_open import lines_left_open
from alliance_nlp.out_of_fold import Done, Say, TrainingSettings, out_of_fold
from alliance_nlp.ratings import NOT_CODED, CodedSession, positives
from alliance_nlp.reports.model_card import model_card
from alliance_nlp.second_look import SecondLook
from alliance_nlp.set_training import set_records
from alliance_nlp.thresholds import unreached

if TYPE_CHECKING:
    from joblib import Memory

__all__ = ["TrainingSettings", "train"]

_WEIGHT_DECIMALS = 4
"""Weights are rounded: finer differences come from the machine's arithmetic, not from the corpus."""


def train(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    settings: TrainingSettings,
    provenance: Mapping[str, Any],
    say: Say = lambda message: None,
    done: Done = lambda models, of: None,
    jobs: int = 1,
    memory: Memory | None = None,
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
    memory : joblib.Memory, optional
        Where what was counted and fitted is kept for the next run; see `open_cache`.

    Returns
    -------
    Bundle, dict of str to MarkerFigures
        The model, and how well it told each marker on unseen clients.

    Raises
    ------
    CorpusError
        Where a marker is too rare to learn, or the base model learned from sessions of the corpus.
    EmbeddingsError
        Where the model of `settings.embeddings` cannot be used.
    """
    warnings: list[str] = []

    def warn(line: str) -> None:
        warnings.append(line)
        say(line)

    of_clients = out_of_fold(coded, codebook, settings, warn, done, jobs, memory)
    laid, first_scores = of_clients.laid, of_clients.first_scores
    rules = [settings.thresholds.rule(name) for name in codebook.marker_names]
    sets = [codebook.columns_of(code_set) for code_set in codebook.sets]
    decisions = learn_decisions(first_scores, laid, rules, sets)
    if of_clients.scores.inner is None:
        told = cross_fitted(first_scores, laid, rules, sets)
    else:
        told = nested(of_clients.scores, laid, rules, sets)
    space, features, prior = of_clients.corpus.fit(np.ones(len(laid.codes), dtype=bool))
    weights, intercepts = fit_markers(features.matrix(), laid.codes, of_clients.penalties, settings.seed, prior)
    done(of_clients.n_models, of_clients.n_models)
    thresholds = tuple(
        None if codebook.set_of(name) else threshold
        for name, threshold in zip(codebook.marker_names, decisions.thresholds, strict=True)
    )
    for warning in unreached(codebook.marker_names, rules, thresholds):
        warn(warning)
    if lines := lines_left_open(provenance.get("consensus", {})):
        warn(f"Left open, since coders differ: {lines}; the figures are of the others, which are easier")
    embeddings = settings.embeddings.model if settings.embeddings else None
    lengths = [len(item.codes) for item in coded]
    client_of = np.repeat([item.client for item in coded], lengths)
    session_of = np.repeat([item.session.session_id for item in coded], lengths)
    figures = _figures(codebook, laid, told, session_of, client_of, settings.seed)
    of_sets = set_records(codebook, decisions.sets, laid.codes, told.tags, session_of, client_of, settings.seed)
    training: dict[str, Any] = {
        "notice": _notice(settings),
        "corpus": {
            **provenance,
            "sessions": len(coded),
            "clients": len(set(client_of)),
            "utterances": len(laid.codes),
            "session_digests": session_digests(item.session for item in coded),
            "positives": {
                marker.name: dict(zip(("utterances", "clients"), positives(coded, index), strict=True))
                for index, marker in enumerate(codebook.markers)
            },
        },
        "settings": {
            "min_clients": settings.min_clients,
            "seed": settings.seed,
            "folds": int(laid.fold_of.max()) + 1,
            "penalty_c": of_clients.penalty_c(codebook.marker_names),
            "threshold_rule": str(settings.thresholds),
            **({"embeddings": embeddings._asdict()} if embeddings else {}),
        },
        "figures": {name: figure.to_dict() for name, figure in figures.items()},
        "warnings": warnings,
        **({"sets": of_sets} if of_sets else {}),
        **({"bases": about_bases(settings.base)} if settings.base else {}),
    }
    limits = tuple(None if threshold is None else threshold.value for threshold in thresholds)
    card = model_card(settings.name, codebook, training, figures, limits)
    classifier = _classifier(weights, intercepts, decisions)
    set_rules = tuple(of_set.rule for of_set in decisions.sets)
    bundle = Bundle(
        settings.name, codebook, settings.pipeline, space, classifier, limits, training, card, set_rules=set_rules,
        embeddings=embeddings,
    )  # fmt: skip
    return bundle, figures


def _notice(settings: TrainingSettings) -> str:
    """What its own corpus asks to be said, and that of its base model."""
    of_base = settings.base.training.get("notice") if settings.base else ""
    return " ".join(filter(None, [settings.notice, of_base and f"Base model: {of_base}"]))


def _figures(
    codebook: Codebook,
    laid: Laid,
    told: Told,
    session_of: npt.NDArray[np.str_],
    client_of: npt.NDArray[np.str_],
    seed: int,
) -> dict[str, MarkerFigures]:
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
