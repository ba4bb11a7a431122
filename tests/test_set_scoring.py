"""Scores of sets, by examples that their authors print and by scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

from alliance_nlp.set_scoring import (
    accuracy,
    confusion,
    confusion_by_session,
    kappa,
    macro_f1,
    mean_absolute_error,
    quadratic_kappa,
    set_scores,
    weighted_kappa,
)

CODES = st.integers(1, 60).flatmap(lambda n: st.tuples(*[arrays(np.int64, n, elements=st.integers(0, 3))] * 2))


def test_kappa_of_cohen_1960():
    # Cohen (1960), table 1: two judges, three categories of 200 patients; kappa = .492.
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]], dtype=float)
    assert kappa(table) == pytest.approx(0.492, abs=0.0005)


def test_kappa_of_agresti_2013():
    # Agresti, Categorical Data Analysis (3rd ed.), section 11.5: two pathologists and 118 slides; kappa = .493.
    table = np.array([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], dtype=float)
    assert kappa(table) == pytest.approx(0.493, abs=0.0005)


@given(CODES)
def test_scores_are_those_of_scikit_learn(codes):
    coded, told = codes
    table = confusion(coded, told, 4)
    assert accuracy(table) == pytest.approx(accuracy_score(coded, told))
    assert macro_f1(table) == pytest.approx(f1_score(coded, told, average="macro", zero_division=0))
    assert mean_absolute_error(table) == pytest.approx(np.abs(coded - told).mean())
    if len({*coded, *told}) > 1:
        for score, weights in ((kappa, None), (weighted_kappa, "linear"), (quadratic_kappa, "quadratic")):
            expected = cohen_kappa_score(coded, told, weights=weights, labels=range(4))
            assert score(table) == pytest.approx(expected, abs=1e-9)


def test_kappa_is_undefined_where_all_is_one_code():
    table = confusion(np.zeros(5, dtype=np.int64), np.zeros(5, dtype=np.int64), 3)
    assert np.isnan(kappa(table))
    assert accuracy(table) == macro_f1(table) == 1


def test_tables_add_up_over_sessions():
    coded, told = np.array([0, 1, 2, 1]), np.array([0, 2, 2, 1])
    tables = confusion_by_session(coded, told, np.array(["b", "a", "b", "a"]), 3)
    assert tables.shape == (2, 3, 3)
    assert tables[0].tolist() == confusion(coded[[1, 3]], told[[1, 3]], 3).tolist()
    assert tables.sum(axis=0).tolist() == confusion(coded, told, 3).tolist()
    assert all(score(tables).shape == (2,) for score in set_scores(ordered=True).values())


def test_an_unordered_set_has_no_scores_of_levels():
    assert list(set_scores(ordered=False)) == ["accuracy", "macro_f1", "kappa"]
    assert list(set_scores(ordered=True))[3:] == ["kappa_linear", "kappa_quadratic", "mean_absolute_error"]
