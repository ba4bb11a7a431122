"""A stretch of text that looks like an identifier, and what may be shown of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alliance_nlp.screening.categories import Category

_FIRST_LETTER_SHOWN = {Category.NAME, Category.CAPITALISED, Category.PLACE, Category.STREET}


class Span(NamedTuple):
    """Characters `start` to `end` of a text."""

    category: Category
    start: int
    end: int


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap, the first given; in the text's order."""
    kept: list[Span] = []
    starts: list[int] = []
    for span in spans:
        place = bisect_left(starts, span.end)
        if span.start < span.end and (place == 0 or kept[place - 1].end <= span.start):
            kept.insert(place, span)
            starts.insert(place, span.start)
    return kept


def masked(words: str, category: Category) -> str:
    """The shape of an identifier: enough to find it by, too little to read it.

    Letters become ``*`` and digits ``#``. Of a name or a place the first letter
    of each word stays, so that a false finding (``M***`` for a month) is told
    from a real one at a glance.
    """
    return "".join(_shapes(words, category in _FIRST_LETTER_SHOWN))


def _shapes(words: str, first_letters: bool) -> Iterator[str]:
    before = " "
    for letter in words:
        if letter.isalpha():
            yield letter if first_letters and not before.isalpha() and before not in "'’" else "*"
        elif letter.isnumeric():
            yield "#"
        else:
            yield letter if letter.isprintable() else " "
        before = letter
