"""Floors under what benchmarks/screening_quality.py measures."""

import csv
from pathlib import Path

import planted
import pytest

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.screen import Screen

CORPUS = Path(__file__).parents[2] / "corpora" / "alliance"
ALL_BUT_CAPITALS = [category for category in Category if category != Category.CAPITALISED]


@pytest.fixture(scope="module")
def screen():
    return Screen()


@pytest.mark.parametrize(
    ("half", "register", "recall", "right"),
    [
        ("tuned", "ordinary", 0.99, 0.96),
        ("tuned", "lower case", 0.95, 0.91),
        ("held-out", "ordinary", 0.97, 0.93),
        ("held-out", "lower case", 0.93, 0.90),
    ],
)
def test_of_what_was_planted_no_less_is_found_than_was_measured(screen, half, register, recall, right):
    planted_, found, as_category, false = map(
        sum, zip(*planted.score(screen.find, half, register).values(), strict=True)
    )
    assert planted_ >= 500
    assert found / planted_ >= recall
    assert as_category / planted_ >= right
    assert found / (found + false) >= 0.99


@pytest.mark.parametrize("half", planted.HALVES)
@pytest.mark.parametrize("register", planted.REGISTERS)
def test_every_category_is_found(screen, half, register):
    scores = planted.score(screen.find, half, register, seeds=(7, 8))
    assert set(map(str, Category)) - {"none"} <= set(scores)
    for category in ALL_BUT_CAPITALS:
        assert scores[category].found >= 0.8 * scores[category].planted, category


@pytest.mark.parametrize(("in_lower_case", "most"), [(False, 14), (True, 11)])
def test_the_clean_corpus_has_few_findings(screen, in_lower_case, most):
    with (CORPUS / "test.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    if in_lower_case:
        texts = list(map(planted.in_lower_case, texts))
    findings = sum(len(screen.find(text)) for text in texts)
    assert 1000 * findings / len(texts) <= most
