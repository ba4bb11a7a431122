"""Identifiers in what names a thing: a speaker's label, a file's name, a document's properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from alliance_nlp.roles import RoleNames
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.span import Span, without_overlaps
from alliance_nlp.screening.vocabulary import vocabulary

_PART = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_COMPACT_DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2})(?![0-9])"
)
_JOINT = re.compile(r"[_+]")
_WORDS_OF_A_LABEL = 4
_PROGRAMS = frozenset(
    "microsoft office user author admin administrator unknown owner windows word excel libreoffice openoffice "
    "openpyxl python docx python-docx apache poi google docs default guest test anonymous anonymised anonymized".split()
)
_usual_roles = RoleNames()


def find_in_label(screen: Screen, label: str) -> list[Span]:
    """Identifiers in a speaker's label: any name counts, and any word that no list explains."""
    if _usual_roles.role_of(label):
        return []
    if len(label.split()) > _WORDS_OF_A_LABEL:
        return screen.find(label)
    return screen.wanted(label, without_overlaps([*screen.find(label), *_named(label, unknown=True)]))


def find_in_file_name(screen: Screen, name: str) -> list[Span]:
    """Identifiers in a file's or a session's name: names, places and dates, as far as they stand apart."""
    spaced = _JOINT.sub(" ", name)
    dates = [Span(Category.DATE, *match.span()) for match in _COMPACT_DATE.finditer(name)]
    found = [span for span in screen.find(spaced) if span.category is not Category.CAPITALISED]
    return screen.wanted(name, without_overlaps([*dates, *found, *_named(name, unknown=False)]))


def find_in_property(screen: Screen, value: str, of_a_person: bool) -> list[Span]:
    """Identifiers in a property of a document; whoever stands as its author is a name, on no list or on one."""
    words = _PART.findall(value.lower())
    if of_a_person:
        if not words or _PROGRAMS.issuperset(words):
            return []
        return screen.wanted(value, [Span(Category.NAME, 0, len(value))])
    return find_in_file_name(screen, value)


def _named(label: str, unknown: bool) -> Iterator[Span]:
    known = vocabulary()
    for match in _PART.finditer(label):
        cuts = [match.start(), *(hump.start() for hump in _HUMP.finditer(label, *match.span())), match.end()]
        for start, end in pairwise(cuts):
            part = label[start:end]
            word = part.lower()
            capital = part[:1].isupper() and not part[1:].isupper()
            if word in known.sure_names or (capital and (word in known.plain_given or word in known.ambiguous_given)):
                yield Span(Category.NAME, start, end)
            elif word in known.plain_places and word not in known.usual:
                yield Span(Category.PLACE, start, end)
            elif unknown and capital and word in known.plain_names and word not in known.usual:
                yield Span(Category.NAME, start, end)
            elif unknown and capital and known.is_unknown(word):
                yield Span(Category.CAPITALISED, start, end)
