"""Addresses on the internet: e-mail, web, handles, IP; written and spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text

TRIGGERS = frozenset({"dot", "www", "http", "https", "com", "org", "net", "slash", "underscore"})

_ENDINGS = r"(?:com|org|net|edu|gov|info|co|uk|io|me|us|ca|de|ie|au|nz|eu|nhs|ac|biz|tv|app|blog)"
_EMAIL = re.compile(r"(?<![\w.+-])[\w+-][\w.+-]{0,63}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_HANDLE = re.compile(r"(?<![\w@.])@[a-z_][\w.]{2,30}")
_WEB = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"'’)\]]{{1,2000}}"
    rf"|(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{1,62}}\.){{1,4}}{_ENDINGS}(?![\w@-])(?:/[^\s<>\"'’)\]]{{0,2000}})?"
)
_MAY_BE_WEB = re.compile(r"\.[a-z]|//")
_FEWEST_DIGITS_OF_IP4 = 3
_IP4 = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![\w]|\.[0-9])"
)
_IP6 = re.compile(r"(?<![\w:])(?=[0-9a-f:]{0,39}:[0-9a-f:]{0,39}:)[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])")
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|[0-9]{1,3})"
_SPOKEN_IP = re.compile(rf"\b{_DIGIT}(?: {_DIGIT}){{0,3}}(?: dot {_DIGIT}(?: {_DIGIT}){{0,3}}){{3}}\b")
_PART = r"[a-z0-9]{1,30}"
_SPOKEN_EMAIL = re.compile(
    rf"\b{_PART}(?: (?:dot|underscore|dash|hyphen|point) {_PART}){{0,4}} at {_PART}(?: (?:dash|hyphen) {_PART}){{0,2}}"
    rf"(?: dot {_PART}){{1,3}}\b"
)
_SPOKEN_WEB = re.compile(
    rf"\b(?:(?:w w w|www|double u double u double u) dot {_PART}(?: dot {_PART}){{1,3}}"
    rf"|{_PART}(?: dot {_PART}){{0,2}} dot {_ENDINGS}\b)(?: (?:forward )?slash {_PART}){{0,3}}"
)


def find(text: Text, spoken: bool) -> Iterator[Span]:
    """Addresses as they are written and, where `spoken`, as they are said."""
    lowered = text.lowered
    if "@" in lowered:
        yield from _all(Category.EMAIL, _EMAIL, lowered)
        yield from _all(Category.WEB, _HANDLE, lowered)
    if ":" in lowered:
        yield from (
            span for span in _all(Category.IP, _IP6, lowered)
            if not _MAC.fullmatch(lowered, span.start, span.end) and not _is_time(lowered[span.start : span.end])
        )  # fmt: skip
    if text.n_digits > _FEWEST_DIGITS_OF_IP4 and "." in lowered:
        yield from _all(Category.IP, _IP4, lowered)
    if _MAY_BE_WEB.search(lowered):
        for match in _WEB.finditer(lowered):
            yield Span(Category.WEB, match.start(), match.start() + len(match[0].rstrip(".,;:!?")))
    if spoken:
        yield from _all(Category.EMAIL, _SPOKEN_EMAIL, lowered)
        yield from _all(Category.IP, _SPOKEN_IP, lowered)
        yield from _all(Category.WEB, _SPOKEN_WEB, lowered)


def _all(category: Category, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(category, *match.span()) for match in pattern.finditer(text))


def _is_time(address: str) -> bool:
    return "::" not in address and address.count(":") < 7
