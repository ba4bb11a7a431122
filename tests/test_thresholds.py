"""Rules for thresholds: read, said in words, and held to what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import UsageError
from alliance_nlp.evaluation import best_kappa_threshold
from alliance_nlp.thresholds import FEWEST_TAGGED, ThresholdRule, parse_rules, unreached

MARKERS = ("empathy", "rupture")
TOLD = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60).filter(
    lambda told: len({code for _, code in told}) == 2
)


def arrays(told):
    return np.array([step / 20 for step, _ in told]), np.array([int(code) for _, code in told], dtype=np.int8)


def shares(probabilities, codes, threshold):
    """Precision, recall and F1 by a plain count."""
    tags = probabilities >= threshold
    both = int((tags & (codes == 1)).sum())
    return both / max(tags.sum(), 1), both / codes.sum(), 2 * both / (tags.sum() + codes.sum())


@given(TOLD)
def test_kappa_is_the_rule_that_it_was(told):
    probabilities, codes = arrays(told)
    assert ThresholdRule().threshold(probabilities, codes).value == best_kappa_threshold(probabilities, codes)


@given(TOLD)
def test_no_other_threshold_has_a_better_f1(told):
    probabilities, codes = arrays(told)
    chosen = shares(probabilities, codes, ThresholdRule("f1").threshold(probabilities, codes).value)[2]
    assert chosen == pytest.approx(max(shares(probabilities, codes, at)[2] for at in probabilities))


@given(TOLD, st.sampled_from([0.2, 0.5, 0.9, 1.0]))
def test_a_wanted_recall_is_reached_by_the_highest_threshold_that_does(told, wanted):
    probabilities, codes = arrays(told)
    value = ThresholdRule("recall", wanted).threshold(probabilities, codes).value
    assert shares(probabilities, codes, value)[1] >= wanted
    assert all(shares(probabilities, codes, at)[1] < wanted for at in probabilities if at > value)


@given(TOLD, st.sampled_from([0.2, 0.5, 0.9, 1.0]))
def test_a_wanted_precision_is_reached_with_the_most_tags_or_said_not_to_be(told, wanted):
    probabilities, codes = arrays(told)
    value, reached = ThresholdRule("precision", wanted).threshold(probabilities, codes)
    fewest = min(FEWEST_TAGGED, len(codes))
    can = [at for at in probabilities if (probabilities >= at).sum() >= fewest]
    best = max(shares(probabilities, codes, at)[0] for at in can)
    if reached is None:
        assert shares(probabilities, codes, value)[0] >= wanted
        assert all(shares(probabilities, codes, at)[0] < wanted for at in can if at < value)
    else:
        assert reached == pytest.approx(best)
        assert best < wanted


def test_a_precision_that_cannot_be_reached_is_told_with_the_highest_that_can():
    probabilities, codes = np.linspace(1, 0, 20), np.tile([1, 0], 10).astype(np.int8)
    rule = ThresholdRule("precision", 0.8)
    (line,) = unreached(["rupture"], [rule], [rule.threshold(probabilities, codes)])
    assert line == (
        "rupture: a precision of .8 cannot be reached; the highest over 10 tagged utterances or more is 0.55, "
        "and the threshold is set there"
    )


def test_rules_are_for_all_or_for_one_marker():
    rules = parse_rules(["precision=.8", "rupture:recall=0.9"], MARKERS)
    assert (rules.rule("empathy"), rules.rule("rupture")) == (
        ThresholdRule("precision", 0.8),
        ThresholdRule("recall", 0.9),
    )
    assert str(rules) == (
        "lowest with a precision of .8 or more; rupture: highest with a recall of .9 or more, "
        "on out-of-fold probabilities"
    )


def test_the_rule_without_a_word_is_kappa():
    assert str(parse_rules([], MARKERS)) == (
        "highest with κ, half observed and half expected, within .005 of the best, on out-of-fold probabilities"
    )


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["best"], "write kappa, f1"),
        (["precision"], "write kappa, f1"),
        (["f1=.5"], "write kappa, f1"),
        (["recall=1.2"], "at most 1"),
        (["precision=0"], "above 0"),
        (["repair:f1"], "has no repair; it has empathy, rupture"),
        (["f1", "kappa"], "second rule for every marker"),
        (["rupture:f1", "rupture:kappa"], "second rule for rupture"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_the_remedy(texts, says):
    with pytest.raises(UsageError, match=says):
        parse_rules(texts, MARKERS)
