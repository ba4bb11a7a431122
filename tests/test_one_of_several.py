"""Rare codes are favoured as far as that helps, and probabilities stay probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from alliance_nlp.one_of_several import STRENGTHS, _macro_f1, decided, fit_one_of_several

FOLD_OF = np.arange(600) % 5


def made(shares, seed=0):
    """Inputs that tell the codes apart, more or less."""
    random = np.random.default_rng(seed)
    codes = random.choice(len(shares), size=600, p=shares)
    return random.normal(size=(600, len(shares))) + 1.2 * np.eye(len(shares))[codes], codes


@pytest.mark.parametrize("shares", [(0.7, 0.3), (0.6, 0.3, 0.1)])
def test_probabilities_are_those_of_scikit_learn(shares):
    inputs, codes = made(shares)
    model = LogisticRegression(C=0.05, tol=1e-8, max_iter=1000).fit(inputs / inputs.std(axis=0), codes)
    told = fit_one_of_several(inputs, codes, FOLD_OF).probabilities(inputs)
    np.testing.assert_allclose(told, model.predict_proba(inputs / inputs.std(axis=0)), atol=1e-6)


def test_rare_codes_are_favoured_where_they_would_be_forgotten():
    inputs, codes = made((0.85, 0.1, 0.05))
    fitted = fit_one_of_several(inputs, codes, FOLD_OF)
    fresh, truth = made((0.85, 0.1, 0.05), seed=1)
    told = fitted.probabilities(fresh)
    assert fitted.strength > 0
    assert f1_score(truth, fitted.decide(told), average="macro") > f1_score(
        truth, decided(told, fitted.shares, 0), average="macro"
    )


def test_a_code_of_one_fold_alone_is_no_obstacle():
    inputs, codes = made((0.7, 0.3))
    codes[np.flatnonzero(FOLD_OF == 0)[:5]] = 2
    assert fit_one_of_several(inputs, codes, FOLD_OF).probabilities(inputs).shape == (600, 3)


def test_a_strength_of_one_asks_how_far_a_code_is_above_its_share():
    shares = np.array([0.8, 0.2])
    assert decided(np.array([[0.7, 0.3]]), shares, 0).tolist() == [0]
    assert decided(np.array([[0.7, 0.3]]), shares, STRENGTHS[-1]).tolist() == [1]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_macro_f1_is_that_of_scikit_learn(pairs):
    codes, decisions = np.array(pairs).T
    expected = f1_score(codes, decisions, labels=[0, 1, 2], average="macro", zero_division=0)
    assert _macro_f1(codes, decisions, 3) == pytest.approx(expected)
