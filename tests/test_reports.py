"""What the terminal shows, in narrow and in wide windows."""

import io
import re
from dataclasses import replace
from itertools import takewhile

import pytest
from rich.console import Console

from alliance_nlp.codebook import read_codebook
from alliance_nlp.evaluation import Estimate, MarkerFigures
from alliance_nlp.reports.terminal import codebook_text, estimate, figures_table, session_table
from alliance_nlp.summary import summarise
from alliance_nlp.tagging import Tagger

MARKERS = read_codebook().markers
INTERVAL = re.compile(r"\[\d+–\d+\]")


def printed(report, *arguments, width):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    report(*arguments, console)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def summaries(small_bundle, coded_sessions):
    return [summarise(tagged) for tagged in Tagger(small_bundle).tag_all([item.session for item in coded_sessions])]


def first_column(table):
    lines = table.splitlines()
    rule = next(number for number, line in enumerate(lines) if "──" in line)
    return [line.split()[0] for line in takewhile(str.strip, lines[rule + 1 :])]


@pytest.mark.parametrize("width", [80, 150])
def test_a_table_holds_every_session(summaries, width):
    column = first_column(printed(session_table, summaries, MARKERS, width=width))
    assert {summary.session_id for summary in summaries} <= set(column)


@pytest.mark.parametrize("width", [80, 118, 150])
def test_a_table_cuts_no_heading(summaries, width):
    assert "…" not in printed(session_table, summaries, MARKERS, width=width)


@pytest.mark.parametrize("width", [80, 150])
def test_a_table_shows_every_count_beside_its_rate(summaries, width):
    lines = printed(session_table, summaries, MARKERS, width=width).splitlines()
    for summary in summaries:
        row = next(line for line in lines if line.split()[:1] == [summary.session_id])
        for marker in summary.markers:
            assert f"{marker.count} · {marker.rate:.0f}" in row
        assert row.rstrip().endswith(f"{len(summary.episodes)} ({summary.addressed})" if summary.episodes else "0")


@pytest.mark.parametrize("width", [80, 150])
@pytest.mark.parametrize("names", [("empathy", "validation"), ("empathy", "rupture")])
def test_a_table_says_nothing_of_episodes_that_the_codebook_does_not_have(summaries, names, width):
    markers = [marker for marker in MARKERS if marker.name in names]
    some = [
        replace(summary, markers=tuple(marker for marker in summary.markers if marker.name in names))
        for summary in summaries
    ]
    text = printed(session_table, some, markers, width=width)
    assert "pisodes" not in text and "sodes" not in text
    for summary in some:
        row = next(line for line in text.splitlines() if line.split()[:1] == [summary.session_id])
        assert re.search(r"· \d+( \[\d+–\d+\])?$", row.rstrip())


@pytest.mark.parametrize("width", [80, 118, 150])
def test_a_table_is_no_wider_than_the_window(summaries, width):
    assert max(map(len, printed(session_table, summaries, MARKERS, width=width).splitlines())) <= width


def test_a_wide_table_shows_intervals(summaries):
    text = printed(session_table, summaries, MARKERS, width=150)
    assert len(INTERVAL.findall(text)) == 5 * len(summaries)
    assert "[95 % interval]" in text


def test_a_narrow_table_says_where_the_intervals_are(summaries):
    text = printed(session_table, summaries, MARKERS, width=80)
    assert not INTERVAL.search(text)
    assert "intervals are in sessions.csv" in text


@pytest.mark.parametrize("session_id", ["[bold]loud[/bold]", "a-very-long-name-" * 5])
def test_any_session_id_is_shown_whole(summaries, session_id):
    table = printed(session_table, [replace(summaries[0], session_id=session_id)], MARKERS, width=80)
    assert "".join(first_column(table)) == session_id


def test_a_session_without_therapist_shows_dashes(summaries):
    silent = tuple(replace(marker, count=0, utterances=0) for marker in summaries[0].markers)
    text = printed(session_table, [replace(summaries[0], markers=silent)], MARKERS, width=150)
    row = next(line for line in text.splitlines() if summaries[0].session_id in line)
    assert row.split().count("–") == 5


def test_the_codebook_is_shown_with_its_rules():
    text = " ".join(printed(codebook_text, read_codebook(), MARKERS, width=100).split())
    for marker in MARKERS:
        assert f"{marker.name} (coded on the {marker.role})" in text
        for item in (*marker.codes, *marker.does_not_code, *marker.rulings, *marker.examples, *marker.near_misses):
            assert " ".join(item.split()) in text
    assert "withdrawal: moves away from the therapist or the work" in text


def test_one_marker_is_shown_alone():
    text = printed(codebook_text, read_codebook(), MARKERS[:1], width=100)
    assert "empathy (coded on the therapist)" in text
    assert "rupture (coded" not in text


def test_a_codebook_is_shown_as_it_is_written():
    marked = replace(MARKERS[0], definition="[red]Warm[/red]", codes=("[laughs]",))
    text = printed(codebook_text, read_codebook(), [marked], width=100)
    assert "[red]Warm[/red]" in text
    assert "[laughs]" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Estimate(0.8123, 0.75, 0.8599), ".81 [.75–.86]"),
        (Estimate(1.0, 1.0, 1.0), "1.0 [1.0–1.0]"),
        (Estimate(-0.05, -0.2, 0.0), "-.05 [-.20–.00]"),
    ],
)
def test_an_estimate_is_shown_with_its_interval(value, shown):
    assert estimate(value) == shown


def test_an_undefined_estimate_is_shown_as_such():
    undefined = float("nan")
    assert estimate(Estimate(undefined, undefined, undefined)) == "undefined"


def test_figures_are_shown_with_prevalence_and_threshold():
    value = Estimate(0.8, 0.7, 0.9)
    figures = MarkerFigures(200, 30, 12, 0.15, value, value, value, value, value)
    row = next(line for line in printed(figures_table, [("rupture", figures, 0.25)], width=150).splitlines()
               if "rupture" in line).split()  # fmt: skip
    assert row[:5] == ["rupture", "30", "200", "15.0%", "12"]
    assert row[-1] == "0.25"
    assert row.count(".80") == 5


@pytest.mark.parametrize("width", [60, 80, 100, 120, 150])
def test_a_narrow_terminal_gets_figures_above_intervals_or_fewer_and_is_told_which(width):
    value = Estimate(0.8, 0.7, 0.9)
    figures = MarkerFigures(2000, 300, 120, 0.15, value, value, value, value, value)
    text = printed(figures_table, [("another_marker", figures, 0.25)], width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert "another_marker" in text
    assert (".80 [.70–.90]" in text) == (width == 150)
    assert ("In the model card only: of, " in text) == (width <= 80)
