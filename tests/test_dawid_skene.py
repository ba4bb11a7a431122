"""Dawid and Skene's model: the paper's example, its equations written out, what must hold for any codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import ANAESTHETISTS_CLASSES, anaesthetists_counts

from alliance_nlp.dawid_skene import dawid_skene


@pytest.fixture(scope="module")
def anaesthetists():
    return dawid_skene(anaesthetists_counts())


def test_prevalence_is_that_of_dawid_and_skene_1979(anaesthetists):
    """Classes 1 to 4 of the 45 patients: .40, .42, .11, .07."""
    assert anaesthetists.converged
    assert anaesthetists.prevalence.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]


def test_errors_of_the_first_observer_are_those_of_dawid_and_skene_1979(anaesthetists):
    printed = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]
    assert anaesthetists.confusion[0].round(2).tolist() == printed


def test_each_patient_gets_the_class_of_dawid_and_skene_1979(anaesthetists):
    classes = anaesthetists.probabilities.argmax(axis=1) + 1
    assert "".join(map(str, classes)) == ANAESTHETISTS_CLASSES


def by_the_book(counts, steps):
    """Equations 3.1, then 2.3, 2.4 and 2.5 in turn, one patient, observer and class at a time."""
    n_items, n_coders, n_levels = counts.shape
    true = [[counts[i, :, j].sum() / counts[i].sum() for j in range(n_levels)] for i in range(n_items)]
    for _ in range(steps):
        error = np.zeros((n_coders, n_levels, n_levels))
        for k in range(n_coders):
            for j in range(n_levels):
                said = [sum(true[i][j] * counts[i, k, m] for i in range(n_items)) for m in range(n_levels)]
                error[k, j] = np.array(said) / sum(said) if sum(said) else 0
        share = [sum(true[i][j] for i in range(n_items)) / n_items for j in range(n_levels)]
        for i in range(n_items):
            weight = [share[j] * np.prod(error[:, j, :] ** counts[i]) for j in range(n_levels)]
            true[i] = [each / sum(weight) for each in weight]
    return np.array(true)


def test_estimates_are_those_of_the_equations_written_out(anaesthetists):
    expected = by_the_book(anaesthetists_counts(), anaesthetists.steps)
    assert np.allclose(anaesthetists.probabilities, expected, atol=1e-8)


def simulated(truth, sensitivity, specificity, seed):
    random = np.random.default_rng(seed)
    given_one = random.random((len(truth), len(sensitivity))) < np.where(
        truth[:, None] == 1, sensitivity, 1 - np.array(specificity)
    )
    return np.stack([~given_one, given_one], axis=2).astype(int)


def test_coders_errors_are_found_again():
    truth = (np.random.default_rng(1).random(4000) < 0.2).astype(int)
    sensitivity, specificity = [0.9, 0.7, 0.6], [0.98, 0.95, 0.99]
    found = dawid_skene(simulated(truth, sensitivity, specificity, 2))
    assert found.prevalence[1] == pytest.approx(truth.mean(), abs=0.03)
    assert found.confusion[:, 1, 1] == pytest.approx(sensitivity, abs=0.05)
    assert found.confusion[:, 0, 0] == pytest.approx(specificity, abs=0.02)


def test_a_careful_coder_weighs_more_than_two_careless_ones():
    truth = (np.random.default_rng(3).random(3000) < 0.4).astype(int)
    counts = simulated(truth, [0.99, 0.65, 0.65], [0.99, 0.65, 0.65], 4)
    settled = dawid_skene(counts).probabilities.argmax(axis=1)
    majority = counts.sum(axis=1).argmax(axis=1)
    assert (settled == truth).mean() > (majority == truth).mean() + 0.1


code_rows = st.lists(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=3, max_size=3), min_size=1, max_size=15)


def counts_of(rows):
    return np.array([[[code == level for level in range(3)] for code in row] for row in rows], dtype=int)


@given(code_rows)
def test_probabilities_are_probabilities(rows):
    found = dawid_skene(counts_of(rows))
    for shares in (found.probabilities, found.prevalence):
        assert np.allclose(shares.sum(axis=-1), 1)
        assert (shares >= 0).all()
    in_all = found.confusion.sum(axis=-1)
    assert (np.isclose(in_all, 1) | (in_all == 0)).all()


@given(code_rows, st.randoms())
def test_the_order_of_items_does_not_matter(rows, random):
    order = random.sample(range(len(rows)), len(rows))
    counts = counts_of(rows)
    assert np.allclose(dawid_skene(counts).probabilities[order], dawid_skene(counts[order]).probabilities, atol=1e-6)


def test_where_all_agree_nothing_is_in_doubt():
    found = dawid_skene(counts_of([[0, 0, 0], [1, 1, 1], [2, 2, None]]))
    assert found.probabilities.argmax(axis=1).tolist() == [0, 1, 2]
    assert found.probabilities.max(axis=1) == pytest.approx(1)
