"""Agreement and consensus in the terminal."""

import io

import pytest
from published import COHEN_1960, ratings_of, rows_of_table
from rich.console import Console

from alliance_nlp.agreement import measure
from alliance_nlp.consensus import Method, settle
from alliance_nlp.rating_table import Scale
from alliance_nlp.reports.agreement_tables import agreement_table, consensus_table


def printed(show, *arguments, width=150, **options):
    out = Console(file=io.StringIO(), width=width, highlight=False)
    show(*arguments, out, **options)
    return out.file.getvalue()


@pytest.fixture(scope="module")
def marker():
    rows = [(1, 1)] * 40 + [(1, 0)] * 10 + [(0, 1)] * 6 + [(0, 0)] * 44
    return measure(ratings_of(rows, sessions=[row % 20 for row in range(100)]))


def test_a_row_has_each_figure_over_its_interval(marker):
    text = printed(agreement_table, [marker], "Coders A, B")
    kappa = marker.figures["cohen_kappa"]
    assert f"{kappa.value:.2f}"[1:] in text
    assert f"{kappa.low:.2f}"[1:] + "–" + f"{kappa.high:.2f}"[1:] in text
    assert "only" not in text


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_a_narrow_terminal_gets_fewer_figures_and_is_told_which_are_missing(marker, width):
    text = printed(agreement_table, [marker], "Coders A, B", width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "Cohen" in text
    assert "Kripp." in text
    assert "In --csv and --json only:" in text


def test_what_is_undefined_is_said_below(marker):
    none = measure(ratings_of([(0, 0)] * 3))
    text = printed(agreement_table, [none], "Coders A, B")
    assert "undef." in text
    assert "undefined: every rating is 0" in text


def test_levels_and_their_scale_are_told():
    text = printed(agreement_table, [measure(ratings_of(rows_of_table(COHEN_1960), range(3), Scale.ORDINAL))], "")
    assert "x: ordinal scale; values 0, 1, 2." in text
    assert "AC2" in text


def test_pairs_of_coders_are_named(marker):
    assert "A, B" in printed(agreement_table, [marker], "Two by two", of_pairs=True)


def test_a_coders_name_sends_no_commands_to_the_terminal():
    ratings = ratings_of([(0, 1)])
    named = type(ratings)(
        "x\x1b[2J", ratings.levels, ratings.scale, ("[red]a\x1b", "b"), ratings.utterances, ratings.codes
    )
    text = printed(agreement_table, [measure(named)], "", of_pairs=True)
    assert "\x1b" not in text
    assert "[red]a" in text


def test_consensus_counts_what_was_agreed_settled_and_left_open():
    text = printed(consensus_table, [settle(ratings_of([(1, 1, 1), (1, 1, 0), (1, 0, None)]), Method.MAJORITY)])
    assert text.splitlines()[-2].split() == ["x", "3", "1", "1", "1"]


def test_errors_that_dawid_and_skene_estimate_are_shown_for_each_coder():
    rows = [(1, 1, 1)] * 10 + [(0, 0, 0)] * 30 + [(1, 1, 0)] * 5
    text = printed(consensus_table, [settle(ratings_of(rows), Method.DAWID_SKENE)])
    [sensitivity] = [line.split() for line in text.splitlines() if "sensitivity" in line]
    assert sensitivity[-4:] == ["33.3%", "1.00", "1.00", ".67"]
