"""Post codes and post boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text

_PO_BOX = re.compile(r"\bp\.? ?o\.? box [0-9]{1,8}\b")
_UK_POSTCODE = re.compile(
    r"(?<![\w-])(?:[a-z]{1,2}[0-9][a-z0-9]? [0-9][a-z]{2}|[a-z]{1,2}[0-9]{1,2}[0-9][a-z]{2})(?![\w-])"
)
_CANADIAN_POSTCODE = re.compile(r"(?<![\w-])[a-z][0-9][a-z][ -]?[0-9][a-z][0-9](?![\w-])")
_ZIP_PLUS_4 = re.compile(r"(?<![\w-])[0-9]{5}-[0-9]{4}(?![\w-])")
_ZIP = re.compile(r"\b(?:zip|post ?code|postal code|plz|postleitzahl)\b[^\d\n]{0,40}?\b(?P<zip>[0-9]{5})\b")
_STATE_ZIP = re.compile(
    r"\b(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]"
    r"|W[AVIY]) (?P<zip>[0-9]{5})\b"
)
_CITY_ZIP = re.compile(r"\b(?P<zip>(?![0-9]{2}000)[0-9]{5}) (?=[A-ZÄÖÜ][a-zäöüß]{2,30}\b)")
_PLAIN_5 = re.compile(r"\b(?:zip|plz)\b")
_ZIP_ALONE = re.compile(r"(?<![\w-])[0-9]{5}(?![\w-])")
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_SPELLED = re.compile(
    rf"\b[a-z](?: [a-z])?(?: (?:{_DIGIT}|double)){{1,2}}(?: [a-z])? {_DIGIT} [a-z] [a-z]\b"
    rf"|\b[a-z] {_DIGIT} [a-z] {_DIGIT} [a-z] {_DIGIT}\b"
)


def find(text: Text, spelled: bool) -> Iterator[Span]:
    """Post boxes; post codes of the United Kingdom, Canada, the United States and, told by their context, Germany."""
    lowered = text.lowered
    if text.n_digits:
        for pattern in (_UK_POSTCODE, _CANADIAN_POSTCODE, _ZIP_PLUS_4):
            yield from (Span(Category.POSTCODE, *match.span()) for match in pattern.finditer(lowered))
        for pattern, where in ((_ZIP, lowered), (_STATE_ZIP, text.raw), (_CITY_ZIP, text.raw)):
            yield from (Span(Category.POSTCODE, *match.span("zip")) for match in pattern.finditer(where))
        yield from (Span(Category.STREET, *match.span()) for match in _PO_BOX.finditer(lowered))
        if _PLAIN_5.search(lowered):
            yield from (Span(Category.POSTCODE, *match.span()) for match in _ZIP_ALONE.finditer(lowered))
    if spelled:
        yield from (Span(Category.POSTCODE, *match.span()) for match in _SPELLED.finditer(lowered))
