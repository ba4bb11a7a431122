"""An utterance taken apart once, for all that look for identifiers in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

_LETTERS = re.compile(r"[^\W\d_]+")
_BRACKETED = re.compile(
    # What de-identification leaves: [NAME], <name of sister>, {PHONE}, ((City 2)); and [inaudible] beside it.
    r"\[[^][\n]{0,60}\]|<[^<>\n]{0,60}>|\{[^{}\n]{0,60}\}"
)
_KINDS = "NAME|PERSON|CLIENT|PATIENT|THERAPIST|SPEAKER|PARTICIPANT|CITY|TOWN|PLACE|LOCATION|DATE|HOSPITAL|SCHOOL|FRIEND"
_PLACEHOLDER = re.compile(
    r"\b[A-Z]{2,20}(?:_[A-Z0-9]{1,20}){1,4}\b|\b[Xx]{2,20}\b|[*#_•]{2,40}"
    rf"|\b(?:{_KINDS}|{_KINDS.lower()}|{_KINDS.title()})[_#-]?[0-9]{{1,4}}\b"
)
_PLACEHOLDER_WORDS = frozenset(
    "name names surname initials city town village place location county state country address street road "
    "postcode zip hospital clinic school university college employer company organisation organization workplace "
    "date day month year birthday dob age phone telephone number fax email mail website url id nhs ssn account "
    "person client patient therapist counsellor speaker doctor friend sister brother mother father partner "
    "husband wife son daughter child boss redacted removed anonymised anonymized deidentified identifier omitted "
    "withheld inaudible unclear crosstalk".split()
)
_MAY_HOLD_PLACEHOLDER = re.compile(r"[*#_•0-9]|[Xx]{2}")
_OPENS = re.compile(r"[.!?:;…—–\"“”„‘(/*~|>•\n]|.['’]$")
_TITLE_CASE = 0.6
_FEWEST_OF_A_TITLE = 4


_SIGNS = str.maketrans(dict.fromkeys("!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~’‘“”„…–—", " "))


class Token(NamedTuple):
    """A run of letters."""

    word: str
    """In lower case."""
    start: int
    end: int
    capital: bool
    """One capital, then small letters."""
    opens: bool
    """Stands where a sentence begins, or may begin."""


class Text:
    """An utterance.

    Parameters
    ----------
    raw : str
        Its text.
    before : str
        What was said before it: a question there can tell what a bare answer is.
    loud : frozenset of str
        Words of it, in lower case, that are a reason to look closer.

    Attributes
    ----------
    n_digits : int
        How many it holds.
    """

    def __init__(self, raw: str, before: str, loud: frozenset[str]) -> None:
        self.given = raw
        self.before = before
        self.loud = loud
        self.n_digits = sum(map(str.isdigit, raw)) if any(not word.isalpha() for word in loud) else 0

    @cached_property
    def words(self) -> list[str]:
        """What stands between spaces and signs, in lower case."""
        return words_of(self.given.lower())

    @cached_property
    def raw(self) -> str:
        """The text, its placeholders replaced by as many signs that mean nothing, so that places stay true."""
        return _without_placeholders(self.given)

    @cached_property
    def lowered(self) -> str:
        """The same in lower case, letter for letter."""
        return _lower(self.raw)

    def has_any(self, words: frozenset[str]) -> bool:
        """Whether one of some words is said."""
        return not words.isdisjoint(self.words)

    @cached_property
    def tokens(self) -> list[Token]:
        """Runs of letters with their places."""
        raw, lowered = self.raw, self.lowered
        has_capitals = raw != lowered
        found: list[Token] = []
        end_of_last = 0
        for match in _LETTERS.finditer(raw):
            start, end = match.span()
            capital = has_capitals and raw[start].isupper() and raw[start + 1 : end].islower()
            gap = raw[end_of_last:start]
            opens = not found or (gap != " " and bool(_OPENS.search(gap)))
            found.append(Token(lowered[start:end], start, end, capital, opens))
            end_of_last = end
        return found

    @cached_property
    def is_title(self) -> bool:
        """Whether Most Words Have a Capital, so that a capital says nothing."""
        inner = [token for token in self.tokens if not token.opens and len(token.word) > 1]
        return len(inner) >= _FEWEST_OF_A_TITLE and sum(token.capital for token in inner) > _TITLE_CASE * len(inner)

    def gap(self, place: int) -> str:
        """What stands before the token at a place, back to the one before it."""
        return self.raw[self.tokens[place - 1].end if place else 0 : self.tokens[place].start]


def words_of(lowered: str) -> list[str]:
    """What stands between spaces and signs."""
    return lowered.translate(_SIGNS).split()


def _lower(text: str) -> str:
    """In lower case, letter for letter: some capitals become two characters otherwise."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _without_placeholders(raw: str) -> str:
    text = raw
    if "[" in text or "<" in text or "{" in text:
        text = _BRACKETED.sub(_blank_if_placeholder, text)
    if _MAY_HOLD_PLACEHOLDER.search(text):
        text = _PLACEHOLDER.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return "\x1f" * len(match[0])


def _blank_if_placeholder(match: re.Match[str]) -> str:
    inside = match[0][1:-1]
    words = _LETTERS.findall(inside.lower())
    upper = inside == inside.upper() and len(words) <= 4
    generic = len(words) <= 6 and any(word in _PLACEHOLDER_WORDS for word in words)
    return _blank(match) if (upper or generic) and "@" not in inside else match[0]
