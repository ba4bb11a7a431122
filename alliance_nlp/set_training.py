"""The sets of a codebook, learned from out-of-fold scores, with figures of clients that the rule had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.classifier import Calibration, fit_calibration
from alliance_nlp.codebook import Codebook, CodeSet
from alliance_nlp.evaluation import Codes, Floats, MarkerFigures, marker_figures
from alliance_nlp.set_evaluation import SetEvaluation, evaluate_set, places_of
from alliance_nlp.set_fitting import FittedSet, fit_set, scaled
from alliance_nlp.set_rule import SetRule, one_of, set_probabilities


class OutOfFold(NamedTuple):
    """What training knows of every utterance of a corpus; arrays of shape (n_utterances, ...)."""

    scores: Floats
    """By models that had not seen the client, a column per marker."""
    codes: Codes
    """Of the coders, likewise."""
    fold_of: npt.NDArray[np.int64]
    sessions: npt.NDArray[np.str_]
    clients: npt.NDArray[np.str_]

    def only(self, rows: npt.NDArray[np.bool_], columns: slice) -> OutOfFold:
        """Some of the utterances and markers."""
        return OutOfFold(
            self.scores[rows, columns],
            self.codes[rows, columns],
            self.fold_of[rows],
            self.sessions[rows],
            self.clients[rows],
        )


class TrainedSets(NamedTuple):
    """All sets of a codebook."""

    calibrations: dict[str, Calibration]
    """By code."""
    rules: tuple[SetRule, ...]
    figures: dict[str, MarkerFigures]
    """By code, told apart from the others of its set."""
    training: dict[str, Any]
    """For the bundle's record; empty where there is no set."""


def train_sets(codebook: Codebook, known: OutOfFold, calibrations: Mapping[str, Calibration], seed: int) -> TrainedSets:
    """Fit the rule of each set.

    Parameters
    ----------
    codebook : Codebook
        With any number of sets.
    known : OutOfFold
        The corpus.
    calibrations : mapping of str to Calibration
        Of each code by itself.
    seed : int
        For the bootstrap over sessions.
    """
    found = TrainedSets({}, (), {}, {})
    for code_set in codebook.sets:
        columns = codebook.columns_of(code_set)
        has_code, places = places_of(known.codes[:, columns])
        of_set = known.only(has_code, columns)
        fitted = fit_set(of_set.scores, [calibrations[name] for name in code_set.code_names], places, columns)
        probabilities, told = _cross_fitted(of_set, places, code_set, columns)
        n_clients = len(np.unique(of_set.clients))
        evaluation = evaluate_set(code_set, places, told, of_set.sessions, n_clients, seed)
        tags = one_of(told, len(code_set.codes)).astype(np.int8)
        codes = one_of(places, len(code_set.codes)).astype(np.int8)
        found = TrainedSets(
            found.calibrations | dict(zip(code_set.code_names, fitted.calibrations, strict=True)),
            (*found.rules, fitted.rule),
            found.figures
            | {
                name: marker_figures(
                    probabilities[:, place], tags[:, place], codes[:, place], of_set.sessions, n_clients, seed
                )
                for place, name in enumerate(code_set.code_names)
            },
            found.training | {code_set.name: _record(code_set, fitted, evaluation)},
        )
    return found


def _cross_fitted(
    of_set: OutOfFold, places: npt.NDArray[np.int64], code_set: CodeSet, columns: slice
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Probabilities and chosen codes of each fold by what the other folds give."""
    probabilities, told = np.empty(of_set.scores.shape), np.empty(len(places), dtype=np.int64)
    for fold in np.unique(of_set.fold_of):
        inside, outside = of_set.fold_of == fold, of_set.fold_of != fold
        by_itself = [
            fit_calibration(of_set.scores[outside, place], (places[outside] == place).astype(np.int8))
            for place in range(len(code_set.codes))
        ]
        fitted = fit_set(of_set.scores[outside], by_itself, places[outside], columns)
        probabilities[inside] = set_probabilities(scaled(of_set.scores[inside], fitted.calibrations))
        told[inside] = fitted.rule.decide(probabilities[inside])
    return probabilities, told


def _record(code_set: CodeSet, fitted: FittedSet, evaluation: SetEvaluation) -> dict[str, Any]:
    return {
        "rule": decision_rule(fitted.exponent),
        "priorities": dict(zip(code_set.code_names, fitted.rule.priorities, strict=True)),
        **evaluation.to_dict(),
    }


def decision_rule(exponent: float) -> str:
    """How a code is chosen, in words."""
    weighted = f"probability over prevalence to the power {exponent:g}" if exponent else "probability"
    return f"the code with the highest {weighted}, for the best macro-F1 on out-of-fold probabilities"


def without_thresholds(codebook: Codebook, thresholds: Sequence[float]) -> list[float | None]:
    """The thresholds of the independent markers; None for the codes of sets, which have none."""
    return [
        None if codebook.set_of(name) else threshold
        for name, threshold in zip(codebook.marker_names, thresholds, strict=True)
    ]
