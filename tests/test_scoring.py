"""Scores agree with scikit-learn, worked examples and, resampled, with what repeated sessions give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from alliance_nlp.scoring import N_RESAMPLES, SCORES, bootstrap, draws, observed_shares, session_tables

BITS = st.integers(0, 1)
PROBABILITIES = st.integers(0, 19).map(lambda twentieths: twentieths / 20)
ROWS = st.tuples(PROBABILITIES, BITS, BITS, st.sampled_from("abcd"))
NAN = {"zero_division": np.nan}
IN_SKLEARN = {
    "prevalence": lambda p, tags, codes: codes.mean(),
    "precision": lambda p, tags, codes: metrics.precision_score(codes, tags, **NAN),
    "recall": lambda p, tags, codes: metrics.recall_score(codes, tags, **NAN),
    "f1": lambda p, tags, codes: metrics.f1_score(codes, tags, **NAN),
    "auc": lambda p, tags, codes: metrics.roc_auc_score(codes, p) if len({*codes}) == 2 else np.nan,
    "average_precision": lambda p, tags, codes: metrics.average_precision_score(codes, p) if codes.any() else np.nan,
    "kappa": lambda p, tags, codes: metrics.cohen_kappa_score(codes, tags) if len({*codes, *tags}) == 2 else np.nan,
    # Where one of the two never varies scikit-learn says 0; it is undefined.
    "mcc": lambda p, tags, codes: (
        metrics.matthews_corrcoef(codes, tags) if len({*codes}) == len({*tags}) == 2 else np.nan
    ),
}


def columns(rows):
    types = (float, np.int8, np.int8, str)
    return [np.array(column, dtype=kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]


def scored(rows, weights=None):
    tables = session_tables(*columns(rows))
    sums = tables.in_all() if weights is None else tables.weighted(np.array([weights], dtype=float))
    return {name: score(sums)[0] for name, score in SCORES.items()}


def decided(both, tag_only, code_only, neither):
    kinds = ((1, 1),) * both + ((1, 0),) * tag_only + ((0, 1),) * code_only + ((0, 0),) * neither
    return [(float(tag), tag, code, "a") for tag, code in kinds]


@given(st.lists(ROWS, min_size=1))
def test_scores_are_those_of_scikit_learn(rows):
    probabilities, tags, codes, _ = columns(rows)
    found = scored(rows)
    for name, function in IN_SKLEARN.items():
        assert found[name] == pytest.approx(function(probabilities, tags, codes), abs=1e-12, nan_ok=True), name


@given(st.lists(ROWS, min_size=1), st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_a_session_drawn_twice_counts_as_if_it_stood_there_twice(rows, times):
    sessions = sorted({row[3] for row in rows})
    times_of = dict(zip(sessions, times, strict=False))
    repeated = [row for row in rows for _ in range(times_of[row[3]])]
    if repeated:
        weighted, plain = scored(rows, [times_of[name] for name in sessions]), scored(repeated)
        for name in SCORES:
            assert weighted[name] == pytest.approx(plain[name], abs=1e-12, nan_ok=True), name


def test_kappa_of_a_published_example():
    # 50 grant proposals, two readers: 20 both yes, 5 and 10 one of them, 15 both no (Wikipedia, "Cohen's kappa").
    assert scored(decided(20, 5, 10, 15))["kappa"] == pytest.approx(0.4)


def test_mcc_of_a_published_example():
    # 12 animals, 8 of them cats: 6 cats and 3 dogs told (Wikipedia, "Phi coefficient"; there .478).
    assert scored(decided(6, 1, 2, 3))["mcc"] == pytest.approx(0.478, abs=5e-4)


def test_average_precision_of_a_hand_worked_example():
    # Positives at ranks 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3.
    rows = [(p, 0, code, "a") for p, code in ((0.9, 1), (0.8, 0), (0.7, 1), (0.6, 1), (0.1, 0))]
    assert scored(rows)["average_precision"] == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_calibration_error_of_a_hand_worked_example():
    # Four utterances at .1, of which one is coded: .15 off. One at .95, coded: .05 off. (4 * .15 + .05) / 5.
    rows = [(0.1, 0, 1, "a"), *[(0.1, 0, 0, "a")] * 3, (0.95, 1, 1, "a")]
    assert scored(rows)["expected_calibration_error"] == pytest.approx(0.13)


@pytest.mark.parametrize(("probability", "place"), [(0, 0), (0.0999, 0), (0.1, 1), (0.3, 3), (0.7, 7), (1, 9)])
def test_a_probability_on_an_edge_is_in_the_upper_bin(probability, place):
    shares = observed_shares(session_tables(*columns([(probability, 0, 1, "a")])).in_all())[0]
    assert np.flatnonzero(~np.isnan(shares)).tolist() == [place]


def test_nothing_tagged_leaves_precision_undefined():
    found = scored(decided(0, 0, 1, 1))
    assert np.isnan(found["precision"])
    assert (found["recall"], found["kappa"], found["f1"]) == (0, 0, 0)


def test_nothing_coded_and_nothing_tagged_leaves_all_but_prevalence_and_calibration_undefined():
    found = scored(decided(0, 0, 0, 4))
    assert {name for name, value in found.items() if not np.isnan(value)} == {
        "prevalence", "expected_calibration_error",
    }  # fmt: skip


@given(st.integers(1, 12), st.integers(0, 250), st.integers(0, 3))
def test_each_draw_takes_as_many_sessions_as_there_are(n_sessions, n_resamples, seed):
    drawn = list(draws(n_sessions, seed, n_resamples))
    assert sum(map(len, drawn)) == n_resamples
    assert all((part.sum(axis=1) == n_sessions).all() for part in drawn)
    assert all((one == other).all() for one, other in zip(drawn, draws(n_sessions, seed, n_resamples), strict=True))


def test_a_bootstrap_draws_every_session_equally_often():
    drawn = np.concatenate(list(draws(5, 0, 4000)))
    assert drawn.mean(axis=0) == pytest.approx(np.ones(5), abs=0.06)
    # Binomial with n = 5 and p = 1/5.
    assert drawn.var(axis=0) == pytest.approx(np.full(5, 0.8), abs=0.06)


def test_the_bootstrap_spread_of_a_share_is_that_of_theory():
    # 40 sessions of one utterance each, 12 coded: the standard error of the share is sqrt(.3 * .7 / 40).
    rows = [(0.5, 0, int(number < 12), f"{number:02}") for number in range(40)]
    spread = bootstrap(session_tables(*columns(rows)), {"prevalence": SCORES["prevalence"]}, 0)["prevalence"]
    assert spread.shape == (N_RESAMPLES,)
    assert spread.std() == pytest.approx(np.sqrt(0.3 * 0.7 / 40), rel=0.08)
