"""One marker of a model against its codes: figures, curves, sessions and groups, on figures worked by hand."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.agreement.icc import two_way_icc
from alliance_nlp.judged import Judged, judged
from alliance_nlp.model_evaluation import (
    SESSION_FIGURES,
    correlation,
    evaluate_marker,
    scores_of,
)
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.scoring import SCORES

EIGHT = [0.9, 0.8, 0.4, 0.2, 0.7, 0.6, 0.1, 0.1]


def made(probabilities=EIGHT, codes=(1, 0, 1, 0, 1, 1, 0, 0), sessions="aaaabbbb", groups=None):
    probabilities = np.array(probabilities)
    names = np.array(list(sessions))
    return Judged(
        "empathy", probabilities, (probabilities >= 0.5).astype(np.int8), np.array(codes, dtype=np.int8), names,
        np.array(["client"] * len(names)), np.array(groups or [""] * len(names)),
    )  # fmt: skip


def test_a_marker_comes_with_its_base():
    scores = scores_of(made())
    assert (scores.utterances, scores.positives, scores.tagged, scores.expected) == (8, 4, 4, 3.8)
    assert (scores.sessions, scores.clients, scores.sessions_with) == (2, 1, 2)
    assert set(scores.figures) == {*SCORES, *SESSION_FIGURES}
    assert scores.figures["precision"].value == scores.figures["recall"].value == 0.75
    assert scores.figures["kappa"].value == 0.5


def test_counts_per_session_and_their_agreement():
    evaluation = evaluate_marker(made(), 0.5)
    assert evaluation.session_counts == (("a", 2, 2, 2.3), ("b", 2, 2, 1.5))
    figures = evaluation.scores.figures
    assert figures["count_correlation"].value is None
    assert figures["count_correlation"].note == "undefined: coders' figure is the same in every session"


def test_session_figures_are_the_icc_and_the_correlation_of_the_counts():
    random = np.random.default_rng(3)
    sessions = np.repeat(list("abcdefghijkl"), 10)
    codes = (random.random(120) < np.repeat(random.random(12), 10)).astype(int)
    probabilities = np.clip(0.3 * codes + 0.7 * random.random(120), 0, 1).round(4)
    evaluation = evaluate_marker(made(probabilities, codes, "".join(sessions)), 0.5)
    coded, tagged, expected = np.array([count[1:] for count in evaluation.session_counts], dtype=float).T
    figures = evaluation.scores.figures
    assert figures["count_icc"] == two_way_icc(np.column_stack([coded, tagged]))[0]
    assert figures["expected_icc"] == two_way_icc(np.column_stack([coded, expected]))[0]
    assert figures["count_correlation"].value == pytest.approx(np.corrcoef(coded, tagged)[0, 1])
    assert figures["expected_correlation"].value == pytest.approx(np.corrcoef(coded, expected)[0, 1])
    for name in (*SCORES, *SESSION_FIGURES):
        assert figures[name].low <= figures[name].value <= figures[name].high or name.startswith("expected_cal"), name


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 3)), min_size=2, max_size=12),
)
def test_a_weighted_correlation_is_that_of_repeated_sessions(rows):
    x, y, times = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    if not times.any():
        return
    found = correlation(x, y, times[None])[0]
    many_x, many_y = (np.repeat(column, times.astype(int)) for column in (x, y))
    if np.ptp(many_x) and np.ptp(many_y):
        assert found == pytest.approx(np.corrcoef(many_x, many_y)[0, 1])
    else:
        assert np.isnan(found)


def test_the_reliability_curve_of_a_hand_worked_example():
    curve = evaluate_marker(
        made([0.1, 0.12, 0.95, 0.95, 0.98, 0.12, 0.1, 0.1], (0, 1, 1, 1, 0, 0, 0, 0)), 0.5
    ).reliability
    assert [(item.low, item.high, item.utterances, item.expected) for item in curve] == [
        (0.1, 0.2, 5, 0.108), (0.9, 1.0, 3, 0.96),
    ]  # fmt: skip
    assert [item.observed.value for item in curve] == [0.2, pytest.approx(2 / 3)]


def test_precision_and_recall_at_every_threshold():
    curve = evaluate_marker(made(), 0.5).precision_recall
    assert [(point.threshold, point.precision, point.recall) for point in curve] == [
        (0.9, 1.0, 0.25), (0.7, 0.6667, 0.5), (0.6, 0.75, 0.75), (0.4, 0.8, 1.0),
    ]  # fmt: skip


def test_a_curve_of_many_utterances_is_thinned_and_still_ends_where_all_are_found():
    random = np.random.default_rng(0)
    codes = random.integers(0, 2, 5000)
    curve = evaluate_marker(made(random.random(5000), codes, "ab" * 2500), 0.5).precision_recall
    assert len(curve) <= 101
    assert curve[-1].recall == 1
    assert [point.recall for point in curve] == sorted(point.recall for point in curve)


def test_groups_have_the_figures_of_their_utterances():
    groups = list("xyxyxyxy")
    evaluation = evaluate_marker(made(groups=groups), 0.5)
    assert list(evaluation.groups) == ["x", "y"]
    of_x = made(EIGHT[::2], (1, 1, 1, 0), "aabb")
    assert evaluation.groups["x"] == scores_of(of_x)
    assert evaluate_marker(made(), 0.5).groups == {}


@pytest.mark.parametrize(
    ("probabilities", "codes", "name", "reason"),
    [
        ([0.1] * 8, [1, 0] * 4, "precision", "the model tags nothing"),
        ([0.1] * 8, [1, 0] * 4, "mcc", "the model tags nothing"),
        ([0.1] * 8, [0] * 8, "precision", "the model tags nothing"),
        ([0.1] * 8, [0] * 8, "kappa", "no utterance is coded 1"),
        ([0.9] * 8, [0] * 8, "recall", "no utterance is coded 1"),
        ([0.9] * 8, [1] * 8, "kappa", "every utterance is coded 1"),
        ([0.9] * 8, [1] * 8, "auc", "every utterance is coded 1"),
        ([0.9] * 8, [1, 0] * 4, "mcc", "the model tags every utterance"),
    ],
)
def test_what_is_undefined_says_why(probabilities, codes, name, reason):
    figure = scores_of(made(probabilities, codes)).figures[name]
    assert (figure.value, figure.note) == (None, f"undefined: {reason}")


def test_one_session_has_no_interval_and_few_a_note():
    alone = scores_of(made(sessions="aaaaaaaa")).figures["kappa"]
    assert (alone.value, alone.low, alone.note) == (0.5, None, "one session only: no interval")
    assert "2 sessions are few" in scores_of(made()).figures["kappa"].note


def test_results_are_valid_json_and_those_of_the_seed():
    undefined = evaluate_marker(made([0.1] * 8, [0] * 8), 0.5)
    json.dumps(undefined.to_dict(), allow_nan=False)
    assert evaluate_marker(made(), 0.5, 1) == evaluate_marker(made(), 0.5, 1)
    random = np.random.default_rng(0)
    many = made(random.random(90), random.integers(0, 2, 90), "abcdefghi" * 10)
    assert evaluate_marker(many, 0.5, 1) != evaluate_marker(many, 0.5, 2)


def test_only_coded_utterances_of_markers_that_have_any_are_judged(small_bundle, coded_sessions):
    from alliance_nlp.tagging import Tagger

    item = coded_sessions[0]
    codes = item.codes[:, :2].copy()
    codes[:, 1] = NOT_CODED
    first = int(np.flatnonzero(codes[:, 0] != NOT_CODED)[0])
    codes[first, 0] = NOT_CODED
    tagged = Tagger(small_bundle).tag_all([item.session])
    (found,) = judged([CodedSession(item.session, "ada", codes)], tagged, ["rupture", "empathy"][::-1])
    assert found.marker == "empathy"
    assert len(found.codes) == int((codes[:, 0] != NOT_CODED).sum())
    assert set(found.clients) == {"ada"}
    assert not np.isnan(found.probabilities).any()
    assert (found.tags == (found.probabilities >= small_bundle.thresholds[0])).all()
