"""Scores, calibration and contributions agree with scikit-learn and with each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.special import expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.linear_model import LogisticRegression

from alliance_nlp.classifier import PENALTY_C, SHIFT, Calibration, MarkerClassifier, fit_calibration, fit_scores
from alliance_nlp.logistic import sigmoid
from alliance_nlp.second_look import VIEWS, SecondLook
from alliance_nlp.surroundings import session_begins

N_VIEWS = len(VIEWS)
NO_SECOND_LOOK = SecondLook(np.eye(N_VIEWS, 1, dtype=np.float32), np.zeros(1), np.zeros(N_VIEWS))
EVERY = np.ones((300, 3), dtype=bool)
BEGINS = session_begins([100, 200])


@pytest.fixture(scope="module")
def rows():
    """Sparse rows of length 1, and codes that some of their columns tell."""
    random = np.random.default_rng(3)
    features = sparse.random(300, 40, density=0.2, random_state=random, format="csr")
    codes = (features[:, :3].sum(axis=1).A1 + random.normal(0, 0.4, 300) > 0.5).astype(np.int8)
    return features, codes


@pytest.fixture(scope="module")
def classifier():
    """Three markers over 40 features."""
    random = np.random.default_rng(4)
    calibrations = tuple(Calibration(*pair) for pair in random.normal(1, 0.5, (3, 2)))
    usual = np.concatenate([np.zeros(3), random.random(3 * (N_VIEWS - 1))])
    look = SecondLook(random.normal(size=(3 * N_VIEWS, 3)).astype(np.float32), random.normal(size=3), usual)
    return MarkerClassifier(random.normal(size=(40, 3)).astype(np.float32), random.normal(size=3), look, calibrations)


@pytest.mark.parametrize("coded", [[True, True, True], [True, False, True]])
def test_contributions_and_base_sum_to_the_log_odds(rows, classifier, coded):
    features, _ = rows
    coded = np.array(coded)
    inputs, log_odds = classifier.scores(classifier.first_scores(features), EVERY & coded, BEGINS)
    for marker in range(3):
        contributions = classifier.contributions(features, inputs, marker, coded)
        assert contributions.shape == (300, 40 + 3 * (N_VIEWS - 1))
        assert contributions.sum(axis=1).A1 + classifier.base(marker, coded) == pytest.approx(log_odds[:, marker])


def test_contributions_leave_the_features_as_they_were(rows, classifier):
    features, _ = rows
    before = features.toarray()
    classifier.contributions(features, np.zeros((300, 3 * N_VIEWS)), 0, EVERY[0])
    assert (features.toarray() == before).all()


def test_probabilities_are_those_of_scikit_learn_followed_by_the_platt_step(rows):
    features, codes = rows
    regression = LogisticRegression(C=PENALTY_C, class_weight="balanced", solver="liblinear", tol=1e-8, max_iter=10_000)
    regression.fit(sparse.hstack([features, SHIFT * sparse.identity(300)]), codes)
    scores = regression.decision_function(sparse.hstack([features, sparse.csr_matrix((300, 300))]))
    theirs = _SigmoidCalibration().fit(scores, codes).predict(scores)

    weights, intercept = fit_scores(features, codes, seed=0)
    calibration = fit_calibration(features @ weights + intercept, codes)
    ours = MarkerClassifier(
        weights.reshape(-1, 1).astype(np.float32), np.array([intercept]), NO_SECOND_LOOK, (calibration,)
    )
    found = ours.scores(ours.first_scores(features), EVERY[:, :1], BEGINS)
    assert found.probabilities[:, 0] == pytest.approx(theirs, abs=2e-4)


def test_an_utterance_coded_against_its_words_bends_their_weights_less_than_without_shifts():
    features = sparse.csr_matrix(np.repeat([[1.0, 0.0], [0.0, 1.0]], 20, axis=0))
    codes = np.repeat([1, 0], 20).astype(np.int8)
    codes[0] = 0
    without = LogisticRegression(C=1e6, class_weight="balanced", solver="liblinear", tol=1e-8, max_iter=10_000)
    told_apart = np.diff(without.fit(features, codes).coef_[0])[0]

    weights, _ = fit_scores(features, codes, seed=0, penalty_c=1e6)
    assert weights.shape == (2,)
    assert np.diff(weights)[0] < told_apart


def test_probabilities_are_rounded_so_that_a_table_shows_every_decision(rows, classifier):
    probabilities = classifier.scores(classifier.first_scores(rows[0]), EVERY, BEGINS).probabilities
    assert (probabilities == [[float(f"{value:.4f}") for value in row] for row in probabilities]).all()


@given(st.lists(st.floats(-700, 700), min_size=1))
def test_sigmoid_is_that_of_scipy(log_odds):
    assert sigmoid(np.array(log_odds)) == pytest.approx(expit(log_odds), abs=1e-15)


def test_sigmoid_of_extremes_is_0_and_1_without_overflow():
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-np.inf, -1e308, 0, 1e308, np.inf])).tolist() == [0, 0, 0.5, 1, 1]


def test_calibration_keeps_the_order_of_scores():
    random = np.random.default_rng(5)
    scores = random.normal(size=200)
    codes = (scores + random.normal(size=200) > 0.8).astype(np.int8)
    slope, offset = fit_calibration(scores, codes)
    assert (np.diff(sigmoid(np.sort(scores) * slope + offset)) > 0).all()


def test_calibrated_probabilities_come_to_about_as_many_as_were_coded():
    random = np.random.default_rng(6)
    scores = random.normal(size=400)
    codes = (2 * scores + random.logistic(size=400) > 1).astype(np.int8)
    slope, offset = fit_calibration(scores, codes)
    assert sigmoid(scores * slope + offset).sum() == pytest.approx(codes.sum(), abs=2)


def test_scores_that_tell_less_than_nothing_are_calibrated_to_the_prevalence():
    # The model must not be read upside down where its scores come out against the codes.
    scores = np.array([-1.0, -0.5, 0.0, 0.5, 1.0, 1.5])
    codes = np.array([1, 0, 1, 0, 0, 0], dtype=np.int8)
    slope, offset = fit_calibration(scores, codes)
    assert sigmoid(scores * slope + offset) == pytest.approx(2 / 6)
