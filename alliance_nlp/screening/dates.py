"""Dates with a day or a month in them, and ages over 89; in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
_AGED = frozenset({"ninety", "hundred", "aged"})
_ORDINALS = frozenset(
    "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth".split()
)
_MONTH_NAMES = frozenset({*MONTHS, *_SHORT_MONTHS})
_BIRTH = frozenset({"birthday", "born", "dob", "birth"})
CUES = _MONTH_NAMES | _BIRTH | _AGED | (_ORDINALS - {"second"})
"""Words of which a date or an age in words has one."""
_NUMBER_WORDS = _ORDINALS | frozenset(
    "first nineteen twenty thousand ten eleven twelve thirty forty fifty sixty seventy eighty ninety".split()
)
_FEWEST_DIGITS_OF_A_DATE, _WORD_BEFORE = 2, 12

_MONTH = rf"(?:{'|'.join((*MONTHS, *_SHORT_MONTHS))})"
_UNIT = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
_SPOKEN_DAY = (
    rf"(?:(?:twenty|thirty)[ -]{_UNIT}|{_UNIT}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    r"|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY = rf"(?:(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?|{_SPOKEN_DAY})"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_BELOW_100 = rf"(?:{_TENS}(?:[ -]{_ONES})?|{_TEENS}|oh[ -]{_ONES}|{_ONES})"
_YEAR = (
    rf"(?:(?:19|20)[0-9]{{2}}|['’][0-9]{{2}}|(?:nineteen|twenty)[ -](?:hundred|{_BELOW_100})"
    rf"|two thousand(?: and)?(?: {_BELOW_100})?|{_TENS}[ -]{_ONES})"
)
_DATE = re.compile(
    rf"\b(?:(?:the )?{_DAY}(?: day)?(?: of)? {_MONTH}\b\.?(?:,? {_YEAR}\b)?"
    rf"|{_MONTH}\.?,? (?:the )?{_DAY}\b(?:,? {_YEAR}\b)?"
    rf"|{_MONTH}\.?,? (?:of )?{_YEAR}\b)"
)
_ORDINALS_ONLY = re.compile(
    rf"\bthe {_DAY} (?:of )?the {_SPOKEN_DAY}\b(?:,? {_YEAR}\b)?"
    rf"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,? the (?:[0-9]{{1,2}}(?:st|nd|rd|th)|{_SPOKEN_DAY})\b"
)
_MODAL = re.compile(
    rf"(?:\b(?:i|you|we|they|he|she|it|that|this|there|who|which|what) may (?:{_UNIT})"
    rf"|\bmay (?:first|second|third)\b(?! (?:nineteen|two thousand|twenty)|,? [12][0-9]{{3}}))"
)
_NUMERIC = re.compile(
    r"(?<![\w./-])(?:(?:0?[1-9]|[12][0-9]|3[01])(?P<sign>[./-])(?:0?[1-9]|[12][0-9]|3[01])(?P=sign)(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}(?P<sign2>[./-])(?:0?[1-9]|1[0-2])(?P=sign2)(?:0?[1-9]|[12][0-9]|3[01]))(?![\w/-]|\.[0-9])"
)
_NUMERIC_IN_CONTEXT = re.compile(
    r"\b(?:on|since|until|till|dated|by|birth|dob|born)(?: is| was|:)? "
    r"(?P<date>(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|[12][0-9]|3[01])|(?:0[1-9]|1[0-2])/(?:19|20)[0-9]{2})\b(?!/)"
)
_BIRTHDAY = re.compile(
    rf"\b(?:birthday(?: is|'s| was)?|born)(?: on)? (?P<date>the (?:[0-9]{{1,2}}(?:st|nd|rd|th)|{_SPOKEN_DAY}))\b"
)
_SPOKEN_BIRTH = re.compile(
    r"\b(?:date of birth|dob|d o b|born)(?: is|'s| was|,|:| on)? "
    r"(?P<date>(?:(?:oh|zero|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|thirteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ ,]{1,2}){2,8}"
    r"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b)"
)

_OLD = rf"(?:9[0-9]|1[01][0-9]|ninety(?:[ -]{_ONES})?|(?:a |one )?hundred(?: and (?:{_TEENS}|{_ONES}))?)"
_PERSON = (
    r"(?:he|she|mum|mom|mother|dad|father|gran|grandma|granny|grandmother|nan|nana|grandad|granddad|grandpa|grandfather|aunt"
    r"|auntie|uncle|husband|wife|who|lady|man|woman|neighbour|neighbor|\x1f+)"
)
_AGE = re.compile(
    rf"\b(?:aged?(?: of)?|turn(?:ed|ing|s)?|lived to(?: be)?|live to(?: be)?|reached|nearly|almost|gone|past)"
    rf" (?P<a>{_OLD})\b"
    rf"|\b(?P<b>{_OLD})[ -](?:years?|yrs?)[ -](?:olds?|of age|young)\b"
    rf"|\b(?:{_PERSON}(?:'s|’s| is| was| s)|i'?m|i am|when i'?m|when (?:he|she) (?:was|died at)"
    r"|(?:died|passed away|passed) at)"
    rf"(?: now| about| only| almost| nearly)? (?P<c>{_OLD})\b"
)
_NOT_AN_AGE = re.compile(
    r"[ -]{0,2}(?:%|percent|per cent|pounds?|dollars?|quid|degrees|miles|minutes|mins|hours|days|weeks|months|kilos?|kg"
    r"|times|per|steps|sessions|out of|thousand|million|grand|k\b|milligrams?|mg|seconds|of (?:them|us|the)|people"
    r"|in the shade|metres|meters|kilometres|calories|on\b|lbs|pages|items|years in\b)"
)


def find(text: Text) -> Iterator[Span]:
    """Dates and ages, where there are digits or one of `CUES`."""
    lowered, loud, digits = text.lowered, text.loud, text.n_digits
    if digits > _FEWEST_DIGITS_OF_A_DATE:
        yield from (Span(Category.DATE, *match.span()) for match in _NUMERIC.finditer(lowered))
    if digits > 1:
        yield from (Span(Category.DATE, *match.span("date")) for match in _NUMERIC_IN_CONTEXT.finditer(lowered))
    if not _MONTH_NAMES.isdisjoint(loud) and (digits or text.has_any(_NUMBER_WORDS)):
        for match in _DATE.finditer(lowered):
            if not _MODAL.search(lowered, max(match.start() - _WORD_BEFORE, 0), match.end() + _WORD_BEFORE):
                yield Span(Category.DATE, *match.span())
    if not _BIRTH.isdisjoint(loud):
        for pattern in (_BIRTHDAY, _SPOKEN_BIRTH):
            yield from (Span(Category.DATE, *match.span("date")) for match in pattern.finditer(lowered))
    if digits or not _ORDINALS.isdisjoint(loud):
        yield from (Span(Category.DATE, *match.span()) for match in _ORDINALS_ONLY.finditer(lowered))
    if digits > 1 or not _AGED.isdisjoint(loud):
        for match in _AGE.finditer(lowered):
            group = match.lastgroup
            if group and not (group != "b" and _NOT_AN_AGE.match(lowered, match.end())):
                yield Span(Category.AGE, *match.span(group))
