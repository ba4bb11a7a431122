"""What is said of a fold comes from the others alone, the penalty too."""

import numpy as np
import pytest

from alliance_nlp.classifier import PENALTY_C, fit_calibration
from alliance_nlp.decisions import Laid, cross_fitted, nested
from alliance_nlp.fold_scores import FoldScores
from alliance_nlp.logistic import sigmoid
from alliance_nlp.penalties import PENALTIES, choose_penalties, scores_at
from alliance_nlp.thresholds import ThresholdRule

N = 200
RULES = [ThresholdRule(), ThresholdRule("f1")]
FOLD_OF = np.repeat(np.arange(4), N // 4)


@pytest.fixture(scope="module")
def laid():
    random = np.random.default_rng(0)
    codes = (random.random((N, 2)) < 0.3).astype(np.int8)
    begins = np.arange(N) % 10 == 0
    return Laid(codes, np.ones((N, 2), dtype=bool), begins, FOLD_OF)


@pytest.fixture(scope="module")
def scores(laid):
    """Of each penalty: the second tells something, the others nothing."""
    random = np.random.default_rng(1)
    noise = random.normal(size=(5, len(PENALTIES), N, 2))
    noise[:, 1] += 1.5 * laid.codes
    inner = noise[:4].copy()
    for fold in range(4):
        inner[fold][:, fold == FOLD_OF] = np.nan
    return FoldScores(noise[4], inner)


def test_the_penalty_that_tells_more_is_chosen_for_each_marker(scores, laid):
    assert choose_penalties(scores.outer, laid.codes) == [1, 1]
    swapped = scores.outer.copy()
    swapped[:2, :, 0] = swapped[1::-1, :, 0]
    assert choose_penalties(swapped, laid.codes) == [0, 1]
    assert (scores_at(swapped, [0, 1]) == scores.outer[1]).all()


def test_the_choice_is_that_of_the_least_log_loss(scores, laid):
    losses = []
    for of_penalty in scores.outer:
        slope, offset = fit_calibration(of_penalty[:, 0], laid.codes[:, 0])
        probability = sigmoid(of_penalty[:, 0] * slope + offset)
        losses.append(-np.log(np.where(laid.codes[:, 0] == 1, probability, 1 - probability)).mean())
    assert choose_penalties(scores.outer, laid.codes)[0] == np.argmin(losses)


def test_what_may_be_chance_does_not_lead_away_from_the_usual_penalty(scores, laid):
    usual = PENALTIES.index(PENALTY_C)
    telling = scores.outer[1]
    led_astray = 0
    for seed in range(20):
        shaken = telling + np.random.default_rng(seed).normal(scale=0.05, size=(len(PENALTIES), N, 2))
        kept = choose_penalties(shaken, laid.codes)[0] == usual
        led_astray += not kept
        # A real gain does, however small, where it is the same throughout.
        shaken[0] += 0.5 * (2 * laid.codes - 1)
        assert choose_penalties(shaken, laid.codes) == [0, 0]
    assert led_astray < 10


def test_the_codes_of_a_fold_have_no_part_in_what_is_said_of_it(scores, laid):
    inside = FOLD_OF == 2
    codes = laid.codes.copy()
    codes[inside] = 1 - codes[inside]
    before, after = (nested(scores, of, RULES) for of in (laid, laid._replace(codes=codes)))
    assert (before.probabilities[inside] == after.probabilities[inside]).all()
    assert (before.tags[inside] == after.tags[inside]).all()
    assert (before.probabilities[~inside] != after.probabilities[~inside]).any()


@pytest.mark.parametrize("way", ["nested", "cross-fitted"])
def test_what_tells_is_told(scores, laid, way):
    told = nested(scores, laid, RULES) if way == "nested" else cross_fitted(scores.outer[1], laid, RULES)
    assert told.probabilities[laid.codes == 1].mean() > told.probabilities[laid.codes == 0].mean() + 0.1
