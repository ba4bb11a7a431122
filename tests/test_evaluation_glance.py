"""How far model and coders agree, at a glance: which figures, and in which words."""

from types import SimpleNamespace

import pytest

from alliance_nlp.agreement import Figure
from alliance_nlp.reports.evaluation_glance import Glance, glances, headline, short, told

WITH_CODES, WITH_MODEL, BETWEEN = Figure(0.41, 0.3, 0.5), Figure(0.32, 0.2, 0.4), Figure(0.36, 0.3, 0.42)
UNDEFINED = Figure(None, None, None, "only one coder")
TITLES = {"x": "Blame", "y": "Mending", "s": "Behaviour"}


def marker(name):
    scores = SimpleNamespace(marker=name, positives=9, tagged=7, utterances=90, figures={"kappa": WITH_CODES})
    return SimpleNamespace(scores=scores)


def code_set(name, codes):
    return SimpleNamespace(name=name, codes=codes, utterances=80, figures={"kappa": Figure(0.6, 0.5, 0.7)})


def beside(name, between=BETWEEN):
    return SimpleNamespace(marker=name, utterances=120, between_coders=between, with_model=WITH_MODEL)


def seen(markers, sets=(), coders=()):
    return glances(SimpleNamespace(markers=tuple(map(marker, markers)), sets=sets, coders=coders))


def test_beside_coders_the_figure_is_of_the_lines_that_coders_are_compared_on():
    compared, alone = seen("xy", coders=[beside("x"), beside("y", UNDEFINED)])
    assert compared == Glance("x", 9, 7, 90, WITH_MODEL, BETWEEN, 120)
    assert alone == Glance("y", 9, 7, 90, WITH_CODES, None, 0)
    assert compared.words == "κ with single coders .32 (.20 to .40); coders among themselves .36 (.30 to .42)"
    assert alone.words == "κ .41 (.30 to .50)"


def test_a_set_stands_for_its_codes_where_it_has_figures():
    sets = [code_set("s", ("a", "b"))]
    rows = seen("xabcd", sets, [beside("a"), beside("s")])
    assert [(row.name, row.coded, row.kappa.value) for row in rows] == [
        ("x", 9, 0.41), ("c", 9, 0.41), ("d", 9, 0.41), ("s", None, 0.32)
    ]  # fmt: skip


def test_the_headline_tells_a_range_of_like_figures_and_of_whom():
    assert headline(seen("x"), TITLES) == "Model and coders agree on blame with κ = .41."
    with_set = seen("xa", [code_set("s", ("a",))])
    assert headline(with_set, TITLES) == "Model and coders agree with κ from .41 (blame) to .60 (behaviour)."
    with_coders = seen("xy", coders=[beside("x")])
    assert headline(with_coders, TITLES) == "Model and single coders agree on blame with κ = .32."
    nothing = [Glance("x", 0, 3, 90, Figure(0.0, None, None), None, 0), Glance("y", 1, 3, 90, UNDEFINED, None, 0)]
    assert headline(nothing, TITLES) == "Too little is coded to say how far model and coders agree."


@pytest.mark.parametrize(
    ("number", "text"), [(0.5, ".50"), (1, "1.00"), (-0.123, "−.12"), (-0.001, ".00"), (0, ".00"), (-1.2, "−1.20")]
)
def test_figures_are_printed_as_the_field_prints_them(number, text):
    assert short(number) == text


def test_a_figure_is_told_with_its_interval_or_without():
    assert told(WITH_CODES) == ".41 (.30 to .50)"
    assert told(Figure(0.41, None, None)) == ".41"
    assert told(UNDEFINED) == "undefined"
