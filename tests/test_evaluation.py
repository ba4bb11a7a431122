"""Folds respect clients, resampling sessions; the threshold is the best there is."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from alliance_nlp.evaluation import KAPPA_TOLERANCE, best_kappa_threshold, client_folds, marker_figures

BITS = st.integers(0, 1)
PROBABILITIES = st.integers(0, 19).map(lambda twentieths: twentieths / 20)


def columns(pairs, *types):
    return [np.array(column, dtype=kind) for column, kind in zip(zip(*pairs, strict=True), types, strict=True)]


def both_codes(pairs):
    return {code for _, code in pairs} == {0, 1}


def kappas_by_hand(probabilities, coded, thresholds):
    """Of codes that may be shares of a code: scikit-learn's, with each utterance there as coded 1 and as coded 0."""
    return [
        cohen_kappa_score(
            np.repeat([1, 0], len(coded)),
            np.tile(probabilities >= threshold, 2),
            sample_weight=np.concatenate([coded, 1 - coded]),
        )
        for threshold in thresholds
    ]


@given(st.lists(st.tuples(PROBABILITIES, BITS), min_size=2).filter(both_codes))
def test_best_threshold_is_the_one_that_trying_all_finds(pairs):
    probabilities, codes = columns(pairs, float, np.int8)
    thresholds = np.unique(probabilities)
    trusted = np.array(kappas_by_hand(probabilities, (codes + probabilities) / 2, thresholds))
    # At the edge of the tolerance arithmetic may decide either way.
    in_reach = thresholds[trusted >= trusted.max() - KAPPA_TOLERANCE - 1e-9]
    highest = thresholds[trusted >= trusted.max() - KAPPA_TOLERANCE + 1e-9].max()
    observed = dict(zip(thresholds, kappas_by_hand(probabilities, codes.astype(float), thresholds), strict=True))
    chosen = best_kappa_threshold(probabilities, codes)
    if chosen == 1:
        assert any(observed[threshold] <= 1e-9 for threshold in in_reach if threshold >= highest)
    else:
        assert chosen in in_reach
        assert chosen >= highest
        assert observed[chosen] > 0


def test_few_codes_do_not_make_the_threshold_by_chance():
    # Of the second five, the model expects two or three to be coded 1; one was.
    probabilities = np.repeat([0.6, 0.5, 0.05], [5, 5, 90])
    codes = np.zeros(100, dtype=np.int8)
    codes[[0, 1, 2, 5]] = 1
    assert cohen_kappa_score(codes, probabilities >= 0.6) > cohen_kappa_score(codes, probabilities >= 0.5) + 0.1
    assert best_kappa_threshold(probabilities, codes) == 0.5


def test_a_marker_told_no_better_than_by_chance_is_never_tagged():
    probabilities, codes = np.array([0.4, 0.3, 0.2]), np.array([0, 0, 1], dtype=np.int8)
    assert best_kappa_threshold(probabilities, codes) == 1


@pytest.mark.filterwarnings("ignore:The least populated class")
@given(
    st.lists(st.tuples(st.integers(0, 6), BITS), min_size=1, max_size=60),
    st.integers(2, 7),
    st.integers(0, 3),
)
def test_folds_cover_every_utterance_once_and_split_no_client(pairs, n_folds, seed):
    everybody = [(client, 0) for client in range(7)]
    clients, codes = columns([*everybody, *pairs], str, np.int8)
    masks = list(client_folds(codes, clients, n_folds, seed))
    assert len(masks) == n_folds
    assert (np.sum(masks, axis=0) == 1).all()
    for mask in masks:
        assert not set(clients[mask]) & set(clients[~mask])


def test_folds_are_those_of_the_seed():
    clients = np.repeat([f"client {number}" for number in range(10)], 5)
    codes = np.tile([1, 0, 0, 0, 0], 10).astype(np.int8)

    def folds(seed):
        return np.array(list(client_folds(codes, clients, 5, seed)))

    assert (folds(1) == folds(1)).all()
    assert (folds(1) != folds(2)).any()


@pytest.fixture
def judged():
    """Ten sessions of 20 utterances: probabilities, tags, codes, sessions."""
    random = np.random.default_rng(8)
    codes = (random.random(200) < 0.3).astype(np.int8)
    probabilities = np.clip(0.4 * codes + 0.6 * random.random(200), 0, 1).round(4)
    return probabilities, (probabilities >= 0.5).astype(np.int8), codes, np.repeat([f"S{n}" for n in range(10)], 20)


NAMES = ("auc", "kappa", "f1", "precision", "recall")


def test_intervals_hold_their_figures(judged):
    figures = marker_figures(*judged, n_clients=10, seed=0)
    for name in NAMES:
        estimate = getattr(figures, name)
        assert estimate.low < estimate.value < estimate.high, name


def test_figures_come_with_their_base(judged):
    figures = marker_figures(*judged, n_clients=9, seed=0)
    n_coded = int(judged[2].sum())
    assert (figures.utterances, figures.positives, figures.clients) == (200, n_coded, 9)
    assert figures.prevalence == pytest.approx(n_coded / 200)


def test_intervals_are_those_of_the_seed(judged):
    assert marker_figures(*judged, n_clients=10, seed=1) == marker_figures(*judged, n_clients=10, seed=1)
    assert marker_figures(*judged, n_clients=10, seed=1) != marker_figures(*judged, n_clients=10, seed=2)


def test_sessions_and_not_utterances_are_resampled(judged):
    # Ten sessions with the same utterances: whichever are drawn, the figures stay what they are.
    alike = [np.tile(column[:20], 10) for column in judged[:3]]
    figures = marker_figures(*alike, judged[3], n_clients=10, seed=0)
    for name in NAMES:
        estimate = getattr(figures, name)
        assert estimate.low == estimate.value == estimate.high, name


def test_undefined_figures_are_valid_json(judged):
    probabilities, _, codes, sessions = judged
    figures = marker_figures(probabilities, np.zeros(200, dtype=np.int8), codes, sessions, n_clients=10, seed=0)
    json.dumps(figures.to_dict(), allow_nan=False)
