"""One pass over an utterance, for every kind of identifier."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from alliance_nlp.screening import dates, internet, names, numbers, places, postcodes
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span, without_overlaps
from alliance_nlp.screening.text import Text, words_of
from alliance_nlp.screening.vocabulary import vocabulary

if TYPE_CHECKING:
    from alliance_nlp.screening.presidio import PresidioFinder

_MOST_REMEMBERED = 50_000
_SPELLED = numbers.DIGITS | numbers.MULTIPLES
_FEWEST_SPELLED = 3


class Screen:
    """Finds identifiers in text.

    Parameters
    ----------
    categories : collection of Category
        Those to look for.
    allowed : collection of str
        Words that are no findings, in any case.
    presidio : PresidioFinder, optional
        Looks at every text too; where both find something at a place, its own finding stands.
    """

    def __init__(
        self,
        categories: Collection[Category] = tuple(Category),
        allowed: Collection[str] = (),
        presidio: PresidioFinder | None = None,
    ) -> None:
        self._categories = frozenset(categories)
        self._presidio = presidio
        self._allowed = frozenset(word.casefold() for word in allowed)
        self._known = vocabulary()
        known = self._known
        self._cues = (
            internet.TRIGGERS | dates.CUES | places.CUES | _SPELLED | names.CUES | known.ambiguous_given
        )  # fmt: skip
        self._cues_with_capital = (
            places.STREET_TYPES | places.FACILITIES | known.place_cues | known.word_places
        )  # fmt: skip
        self._quiet: set[str] = set()

    def find(self, raw: str, before: str = "") -> list[Span]:
        """Identifiers in one utterance, in its order; none overlaps another.

        Parameters
        ----------
        raw : str
            The utterance.
        before : str
            The one before it: after "what's your number?" a row of digits is a telephone's.
        """
        loud = self._loud(raw)
        if not loud and self._presidio is None:
            return []
        text = Text(raw, before, loud)
        found = self._all(text) if loud else iter(())
        if self._presidio is not None:
            found = chain(found, self._presidio.find(text.raw))
        return self.wanted(raw, without_overlaps(found))

    def _loud(self, raw: str) -> frozenset[str]:
        """Words that are a reason to look closer, in lower case; most utterances have none."""
        pieces = raw.split()
        if self._quiet.issuperset(pieces):
            return frozenset()
        loud: set[str] = set()
        spelled = 0
        for piece in pieces:
            if piece not in self._quiet:
                words = self._loud_in(piece)
                loud.update(words)
                spelled += sum(word in _SPELLED for word in words)
                if not words and len(self._quiet) < _MOST_REMEMBERED:
                    self._quiet.add(piece)
            if len(piece) == 1:
                spelled += piece not in "iI"
        return frozenset(loud if spelled >= _FEWEST_SPELLED else loud - _SPELLED)

    def _loud_in(self, piece: str) -> list[str]:
        lowered = piece.lower()
        words = words_of(lowered)
        if lowered != piece and not self._cues_with_capital.isdisjoint(words):
            return words
        if "@" in piece:
            return [*words, "@"]
        return [word for word in words if word not in self._known.plain or word in self._cues]

    def wanted(self, raw: str, spans: Iterable[Span]) -> list[Span]:
        """Of the spans found in a text, those of the categories asked for that are not allowed."""
        return [span for span in spans if span.category in self._categories and not self._is_allowed(raw, span)]

    def _all(self, text: Text) -> Iterator[Span]:
        """By kind, the most telling first; each only where it can find something."""
        known, loud = self._known, text.loud
        strange = frozenset(filter(str.isalpha, loud - known.plain))
        spelled = numbers.may_be_spelled_out(text)
        spoken = not internet.TRIGGERS.isdisjoint(loud)
        if spoken or text.n_digits > 3 or "@" in text.given or (strange and "." in text.given):
            yield from internet.find(text, spoken)
        if text.n_digits or not dates.CUES.isdisjoint(loud):
            yield from dates.find(text)
        if places.may_be_street(text):
            yield from places.find_streets(text, known)
        if text.n_digits > 1 or spelled:
            yield from numbers.find(text, spelled)
            yield from postcodes.find(text, spelled)
        if places.may_be_named(text, strange, known):
            yield from places.find_places(text, known)
        if names.may_be_named(text, strange, known):
            yield from names.find(text, known)
        if strange and text.given != text.lowered:
            yield from names.find_capitalised(text, known)

    def _is_allowed(self, raw: str, span: Span) -> bool:
        words = raw[span.start : span.end].casefold()
        return words in self._allowed or all(word in self._allowed for word in re.findall(r"[^\W_]+", words))
