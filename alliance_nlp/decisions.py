"""First scores to decisions: second look, calibration and thresholds, fitted to what models said of unseen clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.classifier import DECIMALS, Calibration, fit_calibration
from alliance_nlp.corpus_features import Mask
from alliance_nlp.evaluation import Codes, Floats
from alliance_nlp.fold_scores import Folds, FoldScores
from alliance_nlp.logistic import sigmoid
from alliance_nlp.penalties import choose_penalties, scores_at
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.second_look import SecondLook, fit_second_look, second_look_inputs
from alliance_nlp.set_fitting import FittedSet, fit_sets, tell_sets
from alliance_nlp.thresholds import Threshold, ThresholdRule


class Laid(NamedTuple):
    """The sessions of a coded corpus, laid end to end; the first axis of each array is the utterance.

    Attributes
    ----------
    codes : ndarray of shape (n_utterances, n_markers)
        0, 1, or not coded.
    coded_on_role : ndarray of bool, shape (n_utterances, n_markers)
        Whether the marker is coded on the role of the speaker.
    begins : ndarray of bool, shape (n_utterances,)
        Where a session begins.
    fold_of : ndarray of shape (n_utterances,)
        Clients stay together.
    """

    codes: Codes
    coded_on_role: Mask
    begins: Mask
    fold_of: Folds

    def only(self, rows: Mask) -> Laid:
        """Some of them; whole sessions."""
        return Laid(self.codes[rows], self.coded_on_role[rows], self.begins[rows], self.fold_of[rows])


class Decisions(NamedTuple):
    """What makes decisions of first scores."""

    second_look: SecondLook
    calibrations: list[Calibration]
    thresholds: list[Threshold]
    sets: tuple[FittedSet, ...] = ()


class Told(NamedTuple):
    """What is said of each utterance, of shape (n_utterances, n_markers); meaningless where nothing is coded."""

    probabilities: Floats
    tags: Codes


def learn_decisions(
    first_scores: Floats, laid: Laid, rules: Sequence[ThresholdRule], sets: Sequence[slice] = ()
) -> Decisions:
    """Fit the second look to first scores, and calibration and threshold to second scores of other folds' fits.

    Parameters
    ----------
    first_scores : ndarray of shape (n_utterances, n_markers)
        By models that had not seen the client.
    laid : Laid
        The same utterances.
    rules : sequence of ThresholdRule
        One per marker.
    sets : sequence of slice
        Where the codes of each set stand among the markers; their calibrations are those of the set.
    """
    inputs = second_look_inputs(first_scores, laid.coded_on_role, laid.begins)
    second_look = fit_second_look(inputs, laid.codes, NOT_CODED)
    scores = _out_of_fold_second_scores(inputs, laid)
    calibrations, thresholds = [], []
    for marker, rule in enumerate(rules):
        rated = laid.codes[:, marker] != NOT_CODED
        calibration, threshold = _decision_rule(scores[rated, marker], laid.codes[rated, marker], rule)
        calibrations.append(calibration)
        thresholds.append(threshold)
    fitted = fit_sets(scores, laid.codes, calibrations, sets)
    for of_set in fitted:
        calibrations[of_set.rule.columns] = of_set.calibrations
    return Decisions(second_look, calibrations, thresholds, fitted)


def cross_fitted(first_scores: Floats, laid: Laid, rules: Sequence[ThresholdRule], sets: Sequence[slice] = ()) -> Told:
    """What is said of each fold by the second look, calibration and threshold that the other folds give."""
    inputs = second_look_inputs(first_scores, laid.coded_on_role, laid.begins)
    scores = _out_of_fold_second_scores(inputs, laid)
    probabilities, tags = np.zeros(laid.codes.shape), np.zeros_like(laid.codes)
    for marker, rule in enumerate(rules):
        rated = laid.codes[:, marker] != NOT_CODED
        for fold in np.unique(laid.fold_of[rated]):
            inside, outside = rated & (laid.fold_of == fold), rated & (laid.fold_of != fold)
            calibration, threshold = _decision_rule(scores[outside, marker], laid.codes[outside, marker], rule)
            probabilities[inside, marker] = _calibrated(scores[inside, marker], calibration)
            tags[inside, marker] = probabilities[inside, marker] >= threshold.value
    for fold in np.unique(laid.fold_of) if sets else ():
        inside, outside = laid.fold_of == fold, laid.fold_of != fold
        by_itself = [
            _calibration(scores[outside & rated, marker], laid.codes[outside & rated, marker])
            for marker, rated in enumerate((laid.codes != NOT_CODED).T)
        ]
        fitted = fit_sets(scores[outside], laid.codes[outside], by_itself, sets)
        tell_sets(fitted, scores[inside], inside, probabilities, tags)
    return Told(probabilities, tags)


def nested(scores: FoldScores, laid: Laid, rules: Sequence[ThresholdRule], sets: Sequence[slice] = ()) -> Told:
    """What is said of each fold when everything, the penalty too, is chosen without it.

    Nested cross-validation (Varma & Simon 2006): the inner scores of a fold are by models that it had no part in.

    Parameters
    ----------
    scores : FoldScores
        With inner scores.
    laid, rules, sets
        As for `learn_decisions`.
    """
    if scores.inner is None:
        raise ValueError("inner scores are needed")
    probabilities, tags = np.zeros(laid.codes.shape), np.zeros_like(laid.codes)
    for fold in np.unique(laid.fold_of):
        inside, outside = laid.fold_of == fold, laid.fold_of != fold
        others = laid.only(outside)
        inner = scores.inner[fold][:, outside]
        chosen = choose_penalties(inner, others.codes)
        decisions = learn_decisions(scores_at(inner, chosen), others, rules, sets)
        here = laid.only(inside)
        first_scores = scores_at(scores.outer[:, inside], chosen)
        second_scores = decisions.second_look.scores(second_look_inputs(first_scores, here.coded_on_role, here.begins))
        for marker, (calibration, threshold) in enumerate(
            zip(decisions.calibrations, decisions.thresholds, strict=True)
        ):
            probabilities[inside, marker] = _calibrated(second_scores[:, marker], calibration)
            tags[inside, marker] = probabilities[inside, marker] >= threshold.value
        tell_sets(decisions.sets, second_scores, inside, probabilities, tags)
    return Told(probabilities, tags)


def _out_of_fold_second_scores(inputs: Floats, laid: Laid) -> Floats:
    """Second scores of each fold by the second look that the other folds give."""
    scores = np.empty(laid.codes.shape)
    for fold in np.unique(laid.fold_of):
        inside = laid.fold_of == fold
        scores[inside] = fit_second_look(inputs[~inside], laid.codes[~inside], NOT_CODED).scores(inputs[inside])
    return scores


def _decision_rule(scores: Floats, codes: Codes, rule: ThresholdRule) -> tuple[Calibration, Threshold]:
    calibration = _calibration(scores, codes)
    return calibration, rule.threshold(_calibrated(scores, calibration), codes)


def _calibration(scores: Floats, codes: Codes) -> Calibration:
    slope, offset = fit_calibration(scores, codes)
    return Calibration(round(slope, 6), round(offset, 6))


def _calibrated(scores: npt.NDArray[np.float64], calibration: Calibration) -> Floats:
    return sigmoid(scores * calibration.slope + calibration.offset).round(DECIMALS)
