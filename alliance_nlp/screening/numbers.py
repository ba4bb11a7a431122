"""Numbers that belong to a person: telephones, records, accounts, cards, plates; in digits and spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text, Token

DIGITS = frozenset("zero oh nought naught one two three four five six seven eight nine".split())
_TWO_DIGITS = frozenset(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred".split()
)
_BETWEEN = frozenset("double triple treble dash hyphen stroke um uh er erm space".split())
MULTIPLES = frozenset({"double", "triple", "treble"})
_SPOKEN_SIGNS = re.compile(r"[\s,.\-–—/…']{1,6}")
_COUNT = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_FEWEST_SPOKEN, _FEWEST_LABELLED, _FEWEST_DIGITS = 6, 4, 6
_WINDOW_BEFORE, _WINDOW_AFTER = 70, 30
_WORDS_OF_AN_ANSWER = 3
_FEWEST_OF_A_PHONE, _LEAST_OF_ANY_PHONE, _MOST_OF_A_PHONE = 8, 10, 13
"""Digits, from a zero on and without one."""

_LABELS: dict[Category, str] = {
    Category.NATIONAL_ID: (
        r"social security|ssn|my social|his social|her social|social insurance|nhs n|nhs id|national insurance|\bni n"
        r"|medicare n|medicaid|tax n|tax id|steuer|sozialversicherung"
    ),
    Category.RECORD: (
        r"(?:hospital|patient|record|chart|case|file|client|reference|referral|crime|prison|unit|mrn|wristband|admission)"
        r"(?: (?:reference|ref))? ?(?:number|no\b|num\b|id\b|identifier|code|is\b|:|#)|\bmrn\b|\bref\b|chart'?s under"
        r"|\bthe reference\b"
    ),
    Category.ACCOUNT: (
        r"account|sort code|card n|card\b|\biban\b|policy|member(?:ship)?(?: id| n|'s)|insurance (?:n|id)|routing"
        r"|beneficiary|subscriber|\bpin\b|health plan"
    ),
    Category.LICENCE: (
        r"licen[cs]e(?! plate)|passport|registration (?:number )?with|registration n|certificate|permit|\bgmc\b|\bnmc\b"
        r"|\bdea\b|visa n"
    ),
    Category.VEHICLE: r"\bplates?\b|\bvin\b|\breg\b|registration\b|vehicle",
    Category.DEVICE: r"serial|\bimei\b|device|mac address|model n|pacemaker|implant",
    Category.FAX: r"\bfax",
    Category.PHONE: r"phone(?! ?'?s (?:imei|serial))|mobile|\bcell\b|landline|\bdial|extension|\bvoicemail|whatsapp",
    Category.POSTCODE: r"\bzip\b|post ?code|postal code|\bplz\b|postleitzahl",
}
_LABEL = re.compile("|".join(f"(?P<{category.name}>{pattern})" for category, pattern in _LABELS.items()))
_WEAK_PHONE = re.compile(
    r"\bnumber'?s?\b|\bcall(?:ed)?\b|\brings?\b|\brang\b|\btext\b|\breach\b|\b(?:me|mum|mom|dad|him|her|them|us) on\b"
)
_AFTER = re.compile(
    r"[\s,.]{0,3}(?:(?:is|was|that's|that is|it's|which is|being|are)[\s,]{1,2})?(?:the|my|his|her|our|their|a)[\s]"
    r"(?P<label>[a-z ]{2,25})"
)

_RUN = re.compile(r"(?<![\w.,£$€+-])[(+]{0,2}[0-9](?:[ .\-–/()]{0,2}[0-9])*+(?![0-9])")
_LABELLED_CODE = re.compile(
    r"(?<![\w-])(?:[a-z]{1,4}-?)?[0-9][0-9a-z]{0,20}(?:[-/.][0-9a-z]{1,20}){0,5}"
    r"(?: (?=[0-9a-z]{0,8}[0-9])[0-9a-z]{1,8}){0,6}"
)
_OWN_SHAPE: tuple[tuple[Category, re.Pattern[str]], ...] = (
    (Category.DEVICE, re.compile(r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])")),
    (Category.NATIONAL_ID, re.compile(r"(?<![\w-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])")),
    (Category.NATIONAL_ID, re.compile(r"(?<!\w)[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d](?!\w)")),
    (Category.ACCOUNT, re.compile(r"(?<!\w)[a-z]{2}[0-9]{2} ?(?:[a-z0-9]{4} ?){2,7}[a-z0-9]{1,4}(?!\w)")),
    (Category.VEHICLE, re.compile(r"(?<!\w)(?=[a-z]{0,16}[0-9])(?=[0-9]{0,16}[a-z])[a-hj-npr-z0-9]{17}(?!\w)")),
    (Category.VEHICLE, re.compile(r"(?<!\w)[a-z]{2}[0-9]{2} ?[a-z]{3}(?!\w)")),
)
_FEW_DIGITS = _OWN_SHAPE[-1:]
"""Of a plate only two are digits."""
_AMOUNT_AFTER = re.compile(
    r"\s{0,2}(?:%|p\b|k\b|£|\$|€|percent|per cent|pounds?|dollars?|euros?|quid|grand|thousand|million|billion|miles?|km"
    r"|kilos?|kg|lbs?|mgs?|milligrams?|ml|steps|calories|words|people|times|hours?|minutes?|mins|seconds?|days?|weeks?"
    r"|months?|years?|metres?|meters?|feet|followers|likes|views|sessions?|pieces|square)"
)
_YEARS = re.compile(r"(?:19|20)[0-9]{2}\s?[-–/]\s?(?:(?:19|20)?[0-9]{2})")


def find(text: Text, spoken: bool) -> Iterator[Span]:
    """Numbers in digits and, where `spoken`, in words."""
    if text.n_digits:
        yield from _in_digits(text)
    if spoken:
        yield from _spelled_out(text)


def may_be_spelled_out(text: Text) -> bool:
    """Whether enough words are digits or letters for a number."""
    run = 0
    for word in text.words:
        run = run + 1 if word in DIGITS or len(word) == 1 or word in _BETWEEN else 0
        if run >= _FEWEST_LABELLED:
            return True
    return False


def label_of(text: Text, start: int, end: int) -> Category | None:
    """What a number is, by the words before it, else by those after it, else by what was said before."""
    # The nearest wins: "ring me on my mobile about account number …".
    window = text.lowered[max(start - _WINDOW_BEFORE, 0) : start]
    label = _last_label(window)
    if label:
        return label
    after = _AFTER.match(text.lowered[end : end + _WINDOW_AFTER])
    if after and (label := _last_label(after["label"] + " n")):
        return label
    if _WEAK_PHONE.search(window):
        return Category.PHONE
    if len(window.split()) <= _WORDS_OF_AN_ANSWER and text.before:
        asked = text.before.lower()[-_WINDOW_BEFORE:]
        return _last_label(asked) or (Category.PHONE if _WEAK_PHONE.search(asked) else None)
    return None


def _last_label(window: str) -> Category | None:
    last = None
    for match in _LABEL.finditer(window):
        last = match
    return Category[last.lastgroup] if last and last.lastgroup else None


def _in_digits(text: Text) -> Iterator[Span]:
    lowered = text.lowered
    for category, pattern in _OWN_SHAPE if text.n_digits >= _FEWEST_LABELLED else _FEW_DIGITS:
        for match in pattern.finditer(lowered):
            label = label_of(text, match.start(), match.end())
            keep = label in (None, Category.PHONE, Category.NUMBER)
            yield Span(category if keep or label is None else label, match.start(), match.end())
    if text.n_digits < _FEWEST_LABELLED:
        return
    for match in _LABELLED_CODE.finditer(lowered):
        digits = sum(letter.isdigit() for letter in match[0])
        if digits < _FEWEST_LABELLED or digits < len(match[0]) / 3 or _is_amount(text, match.start(), match.end()):
            continue
        label = label_of(text, match.start(), match.end())
        if label and not (label is Category.PHONE and digits < _FEWEST_DIGITS) and not _is_years(match[0]):
            yield Span(label, match.start(), match.end())
    for match in _RUN.finditer(lowered):
        digits = sum(letter.isdigit() for letter in match[0])
        if digits >= _FEWEST_DIGITS and not _is_amount(text, match.start(), match.end()) and not _YEARS.match(match[0]):
            label = label_of(text, match.start(), match.end())
            yield Span(label or _by_shape(match[0], digits), match.start(), match.end())


def _is_years(code: str) -> bool:
    return bool(_YEARS.match(code)) or bool(re.fullmatch(r"(?:19|20)[0-9]{2}s?", code))


def _is_amount(text: Text, start: int, end: int) -> bool:
    before = text.lowered[max(start - 2, 0) : start].rstrip()[-1:]
    return before in ("£", "$", "€") or bool(_AMOUNT_AFTER.match(text.lowered, end))


def _by_shape(number: str, digits: int) -> Category:
    if re.fullmatch(r"[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}", number) and _is_nhs_number(number):
        return Category.NATIONAL_ID
    if number[0] in "+(" or (number[0] == "0" and 9 <= digits <= 13):
        return Category.PHONE
    if re.fullmatch(r"(?:1[ .-])?[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}|[0-9]{3}[-.][0-9]{4}", number):
        return Category.PHONE
    if 13 <= digits <= 19 and _is_card_number(number):
        return Category.ACCOUNT
    return Category.NUMBER


def _is_nhs_number(number: str) -> bool:
    """Modulus 11, as the NHS Data Dictionary gives it."""
    digits = [int(letter) for letter in number if letter.isdigit()]
    return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0


def _is_card_number(number: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1."""
    digits = [int(letter) for letter in number if letter.isdigit()][::-1]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _spelled_out(text: Text) -> Iterator[Span]:
    for run in _runs(text):
        while run and run[-1].word in _BETWEEN:
            run.pop()
        if not run:
            continue
        digits = sum(
            (2 if before in ("double", "treble", "triple") else 1)
            for before, token in zip(["", *(token.word for token in run)], run, strict=False)
            if token.word in DIGITS
        )
        letters = sum(len(token.word) == 1 for token in run)
        if digits + letters < _FEWEST_LABELLED:
            continue
        start, end = run[0].start, run[-1].end
        label = label_of(text, start, end)
        enough = _FEWEST_LABELLED if label and label is not Category.PHONE else _FEWEST_SPOKEN
        signs = digits + (letters if label or (letters and digits >= 2) else 0)
        if (signs >= enough or (letters >= 3 and digits >= 2)) and (
            (label and label is not Category.PHONE) or not _is_counting(run)
        ):
            from_zero = run[0].word in ("oh", "zero") and digits >= _FEWEST_OF_A_PHONE
            like_a_phone = from_zero or _LEAST_OF_ANY_PHONE <= digits <= _MOST_OF_A_PHONE
            yield Span(label or (Category.PHONE if like_a_phone else Category.NUMBER), start, end)


def _runs(text: Text) -> Iterator[list[Token]]:
    """Digits, single letters and what comes between them, as they follow each other."""
    run: list[Token] = []
    for token in text.tokens:
        joined = not run or _SPOKEN_SIGNS.fullmatch(text.raw, run[-1].end, token.start)
        fits = (
            token.word in DIGITS
            or len(token.word) == 1
            or token.word in _BETWEEN
            or (run and token.word in _TWO_DIGITS)
        )
        if run and not (fits and joined):
            yield from _trimmed(run)
            run = []
        if (fits and (token.word in DIGITS or len(token.word) == 1 or token.word in MULTIPLES)) or (run and fits):
            run.append(token)
    yield from _trimmed(run)


def _trimmed(run: list[Token]) -> Iterator[list[Token]]:
    """Without an "I" or "a" at an end, which is a word there."""
    while run and run[0].word in ("i", "a") and not any(len(token.word) == 1 for token in run[1:]):
        run = run[1:]
    while run and run[0].word in ("i", "s", "m", "d", "t"):
        run = run[1:]
    while run and run[-1].word in ("i", "a") and not any(len(token.word) == 1 for token in run[:-1]):
        run = run[:-1]
    if run:
        yield run


def _is_counting(run: list[Token]) -> bool:
    """One two three four, four three two one, and no no no."""
    numbers = [_COUNT[token.word] for token in run if token.word in _COUNT]
    steps = [after - before for before, after in pairwise(numbers)]
    return not steps or set(steps) in ({1}, {-1}, {0})
