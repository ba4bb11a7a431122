"""One pass over an utterance, for every kind of identifier."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from alliance_nlp.screening import dates, internet, names, numbers, places
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span, without_overlaps
from alliance_nlp.screening.text import Text
from alliance_nlp.screening.vocabulary import Vocabulary, vocabulary

_DIGIT = re.compile(r"[0-9]")
_SIGNS = re.compile(r"[@:/]|\.\w")
_CAPITAL_INSIDE = re.compile(r"[^\W\d_A-Z][’',;]?[ -]{1,2}[’'\"(]?[A-ZÀ-ÖØ-Þ][^\W\d_A-Z]")
_COMMON_FIRST_WORDS = frozenset("new north south east west high old the great little long upper lower".split())


class Screen:
    """Finds identifiers in text.

    Parameters
    ----------
    categories : collection of Category
        Those to look for.
    allowed : collection of str
        Words that are no findings, in any case.
    """

    def __init__(self, categories: Collection[Category] = tuple(Category), allowed: Collection[str] = ()) -> None:
        self._categories = frozenset(categories)
        self._allowed = frozenset(word.casefold() for word in allowed)
        self._known = vocabulary()
        self._gate = _gate(self._known)

    def find(self, raw: str, before: str = "") -> list[Span]:
        """Identifiers in one utterance, in its order; none overlaps another.

        Parameters
        ----------
        raw : str
            The utterance.
        before : str
            The one before it: after "what's your number?" a row of digits is a telephone's.
        """
        text = Text(raw, before)
        hits = self._gate.intersection(text.words)
        if not hits and not _DIGIT.search(raw) and not _CAPITAL_INSIDE.search(raw) and not _SIGNS.search(raw):
            if "your name" not in before:
                return []
        return self.wanted(raw, without_overlaps(self._all(text, hits)))

    def wanted(self, raw: str, spans: Iterable[Span]) -> list[Span]:
        """Of the spans found in a text, those of the categories asked for that are not allowed."""
        return [span for span in spans if span.category in self._categories and not self._is_allowed(raw, span)]

    def _all(self, text: Text, hits: frozenset[str]) -> Iterator[Span]:
        """By kind, the most telling first."""
        yield from internet.find(text, not internet.TRIGGERS.isdisjoint(hits))
        yield from dates.find(text, not dates.TRIGGERS.isdisjoint(hits))
        spelled = len(hits & places.SPELLED_TRIGGERS) > 0
        yield from places.find_streets(text, self._known) if not places.TRIGGERS.isdisjoint(hits) else ()
        yield from numbers.find(text, spelled)
        yield from places.find_postcodes(text, spelled)
        yield from places.find_places(text, self._known)
        yield from names.find(text, self._known)
        yield from names.find_capitalised(text, self._known)

    def _is_allowed(self, raw: str, span: Span) -> bool:
        words = raw[span.start : span.end].casefold()
        return words in self._allowed or all(word in self._allowed for word in re.findall(r"[^\W_]+", words))


def _gate(known: Vocabulary) -> frozenset[str]:
    """Words of which one at least must occur for anything to be found by words."""
    gate = set(known.sure_names | known.sure_places | known.relations)
    for first, rests in known.places.items():
        if first not in known.words:
            gate.add(first)
        elif first not in _COMMON_FIRST_WORDS:
            gate.update([first] if any(rests) else ())
        else:
            gate.update(rest[-1] for rest in rests if rest)
    gate |= names.CONTEXT_TRIGGERS | names.TITLE_TRIGGERS | names.VERB_TRIGGERS
    gate |= internet.TRIGGERS | dates.TRIGGERS | places.TRIGGERS | places.SPELLED_TRIGGERS | places.CONTEXT_TRIGGERS
    return frozenset(gate)
