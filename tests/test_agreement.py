"""Agreement on a marker: the corpus's own figures, intervals, and cases without an answer."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import ratings_of

from alliance_nlp.agreement import measure
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.rating_table import Scale

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
MARKERS = ("empathy", "validation", "self_disclosure", "rupture", "repair")


@pytest.fixture(scope="module")
def table():
    return read_ratings([CORPUS / "ratings.csv"])


def printed(value):
    return f"{value:.2f}".lstrip("0")


@pytest.mark.parametrize("marker", MARKERS)
def test_the_corpus_has_the_figures_of_its_datasheet(table, marker):
    found = measure(table.ratings(marker, ["A", "B"]), n_resamples=0)
    value = {name: figure.value for name, figure in found.figures.items()}
    cells = [
        marker,
        *(printed(value[name]) for name in ("cohen_kappa", "krippendorff_alpha", "gwet_ac1")),
        f"{value['prevalence']:.1%}",
        *(str(found.given[coder]["1"]) for coder in "AB"),
        str(found.together["1"]),
    ]
    assert f"| {' | '.join(cells)} |" in (CORPUS / "DATASHEET.md").read_text("utf-8")


def test_intervals_come_from_sessions_and_depend_on_the_seed_alone(table):
    ratings = table.ratings("rupture", ["A", "B"])
    first, again, other = (measure(ratings, seed).figures["cohen_kappa"] for seed in (1, 1, 2))
    assert first == again
    assert first.value == other.value
    assert (first.low, first.high) != (other.low, other.high)
    assert first.low < first.value < first.high


def test_the_order_of_rows_does_not_matter(table):
    ratings = table.ratings("repair", ["A", "B"])
    reordered = np.random.default_rng(0).permutation(len(ratings.utterances))
    utterances = tuple(ratings.utterances[row] for row in reordered)
    other = type(ratings)(
        *(ratings.marker, ratings.levels, ratings.scale, ratings.coders), utterances, ratings.codes[reordered]
    )
    one, two = measure(ratings).figures, measure(other).figures
    for name in one:
        assert (one[name].value, one[name].low) == pytest.approx((two[name].value, two[name].low))


def test_the_bootstrap_draws_whole_sessions():
    """Sessions that are each of one kind give a wider interval than the same ratings spread over all sessions."""
    rows = [(1, 1)] * 20 + [(1, 0)] * 20 + [(0, 0)] * 60
    whole = measure(ratings_of(rows, sessions=[row // 10 for row in range(100)])).figures["cohen_kappa"]
    spread = measure(ratings_of(rows, sessions=[row % 10 for row in range(100)])).figures["cohen_kappa"]
    assert whole.value == spread.value
    assert whole.high - whole.low > 2 * (spread.high - spread.low)


def notes(ratings):
    found = measure(ratings, n_resamples=200)
    for figure in found.figures.values():
        assert figure.value is not None or figure.note.startswith("undefined: ")
    return {name: figure.note for name, figure in found.figures.items()}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([(1,), (0,)], "only one coder"), ([(1, None), (None, 0)], "no utterance was coded by two of the coders")],
)
def test_without_a_comparison_every_figure_says_why(rows, reason):
    assert set(notes(ratings_of(rows)).values()) == {f"undefined: {reason}"}


def test_a_level_set_of_one_has_nothing_to_agree_on():
    assert "one level only" in notes(ratings_of([("a", "a")], ["a"]))["cohen_kappa"]


def test_where_every_rating_is_the_same_chance_alone_makes_all_agree():
    found = measure(ratings_of([(0, 0)] * 5))
    for name in ("cohen_kappa", "fleiss_kappa", "krippendorff_alpha"):
        assert found.figures[name].value is None
        assert found.figures[name].note == "undefined: every rating is 0, so chance alone would make all agree"
    assert found.figures["positive_agreement"].note.startswith("undefined: every rating is 0")
    assert found.figures["icc_single"].note.endswith("no variance")
    assert found.figures["raw_agreement"].value == found.figures["gwet_ac1"].value == 1


def test_one_session_gives_figures_without_intervals():
    found = measure(ratings_of([(0, 0), (1, 1), (1, 0)], sessions=[1, 1, 1]))
    kappa = found.figures["cohen_kappa"]
    assert (kappa.value, kappa.low, kappa.note) == (pytest.approx(0.4), None, "one session only: no interval")


def test_a_session_in_which_nobody_can_be_compared_gives_no_interval_either():
    found = measure(ratings_of([(0, 0), (1, 1), (1, None)], sessions=[1, 1, 2]))
    assert found.figures["raw_agreement"].note == "one session only: no interval"


def test_few_sessions_make_a_rough_interval():
    kappa = measure(ratings_of([(0, 0), (1, 1), (1, 0)] * 3, sessions=[1, 1, 1, 2, 2, 2, 3, 3, 3])).figures[
        "cohen_kappa"
    ]
    assert kappa.low is not None
    assert kappa.note.startswith("3 sessions are few")


def test_resamples_without_an_answer_are_told():
    found = measure(ratings_of([(0, 0)] * 19 + [(1, 1)]))
    assert re.fullmatch(
        r"undefined in \d+ of 1000 resamples, which the interval leaves out", found.figures["cohen_kappa"].note
    )


def test_kappa_of_several_coders_is_the_mean_over_those_pairs_that_have_one():
    rows = [(1, 1, None), (0, 0, None), (0, 1, None), (0, 0, 0), (0, 0, 0)]
    found = measure(ratings_of(rows), n_resamples=0)
    pair = measure(ratings_of([row[:2] for row in rows]), n_resamples=0)
    # The third coder saw zeros alone, as did the others there.
    assert found.figures["cohen_kappa"].value == pair.figures["cohen_kappa"].value


def test_session_counts_compare_utterances_that_all_coded():
    rows = [(1, 1), (0, 1), (1, None), (0, 0), (1, 1), (0, 0)]
    sessions = [1, 1, 1, 2, 2, 3]
    found = measure(ratings_of(rows, sessions=sessions)).figures["icc_single"]
    without = [(row, session) for row, session in zip(rows, sessions, strict=True) if None not in row]
    alone = measure(ratings_of([row for row, _ in without], sessions=[session for _, session in without]))
    assert found == alone.figures["icc_single"]


def test_an_interval_scale_compares_session_means():
    found = measure(ratings_of([(1, 2), (3, 3), (5, 5), (2, 2)], range(1, 6), Scale.INTERVAL, sessions=[1, 1, 2, 3]))
    # Means 2 and 2.5, 5 and 5, 2 and 2: mean squares 133/24 between sessions, 1/24 between coders, 1/24 of error.
    assert found.figures["icc_single"].value == pytest.approx((133 - 1) / (133 + 1))


def test_sets_of_codes_have_figures_for_each_level():
    found = measure(ratings_of([("a", "a"), ("b", "c"), ("b", "b")], "abc"))
    assert found.figures["agreement_on_b"].value == pytest.approx(2 / 3)
    assert found.figures["prevalence_c"].value == pytest.approx(1 / 6)
    assert {"icc_single_a", "icc_average_c"} <= set(found.figures)
    assert "positive_agreement" not in found.figures


@given(
    st.lists(st.tuples(*[st.sampled_from([None, 0, 1])] * 3), min_size=1, max_size=12),
    st.sampled_from([Scale.NOMINAL, Scale.ORDINAL, Scale.INTERVAL]),
    st.integers(1, 4),
)
def test_every_figure_has_a_value_or_a_reason(rows, scale, n_sessions):
    found = measure(
        ratings_of(rows, range(3), scale, [row % n_sessions for row in range(len(rows))]), n_resamples=20
    ).to_dict()
    for figure in found["figures"].values():
        assert figure["note"] if figure["value"] is None else np.isfinite(figure["value"])
        assert (figure["low"] is None) == (figure["high"] is None) or figure["value"] is not None
        for bound in (figure["low"], figure["high"]):
            assert bound is None or np.isfinite(bound)
