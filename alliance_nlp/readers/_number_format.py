"""Numbers, dates and times as a sheet shows them, by the format codes of Excel (ECMA-376, part 1, 18.8.31)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

Moment = datetime | date | time | timedelta

_BY_LOCALE = {"mm-dd-yy": "yyyy-mm-dd", "m/d/yy h:mm": "yyyy-mm-dd h:mm"}
"""Shown by Excel in the order of the computer's language; here always so that nobody can misread it."""
_SYSTEM_DATE, _SYSTEM_TIME = "[$-f800]", "[$-f400]"
_PARTS = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|;|AM/PM|A/P|y+|m+|d+|h+|s+|\.0+|E[+-]0+|[#0?,.%]+|.', re.IGNORECASE | re.DOTALL
)
_CORE = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<decimals>[#0?]*))?(?P<percent>%?)")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_COLOURS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.IGNORECASE)
_LONGEST = 255
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def plain(value: int | float) -> str:
    """A number without a format: fifteen digits, which is as far as Excel counts."""
    if isinstance(value, int):
        return str(value)
    return format(Decimal(format(value, ".15g")), "f")


def number_as_shown(value: int | float, code: str) -> str | None:
    """A number in its format; None where the format is one that is not followed here.

    Examples
    --------
    >>> number_as_shown(7, "000"), number_as_shown(1234.5, "#,##0.00"), number_as_shown(0.25, "0%")
    ('007', '1,234.50', '25%')
    """
    if code in {"General", "@"}:
        return plain(value)
    sections = _sections(code)
    if sections is None or not Decimal(value).is_finite():
        return None
    rounded = value
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    parts = sections[place]
    cores = [part for part in parts if _is_core(part)]
    others = [part for part in parts if not _is_core(part)]
    if len(cores) > 1 or any(_literal(part) is None for part in others):
        return None
    if not cores:
        return "".join(_literal(part) or "" for part in others) or None
    match = _CORE.fullmatch(cores[0])
    if not match or match["whole"].endswith(","):
        return None
    number = _filled(abs(rounded), match)
    sign = "-" if value < 0 and place == 0 and re.search("[1-9]", number) else ""
    return sign + "".join(number if _is_core(part) else _literal(part) or "" for part in parts)


def moment_as_shown(value: Moment, code: str) -> str:
    """A date or a time in its format; English names of months and days.

    Examples
    --------
    >>> moment_as_shown(time(0, 1, 12), "h:mm:ss"), moment_as_shown(datetime(2026, 5, 3), "d mmm yyyy")
    ('0:01:12', '3 May 2026')
    """
    lower = code.lower()
    if lower.startswith(_SYSTEM_DATE):
        code = "yyyy-mm-dd"
    elif lower.startswith(_SYSTEM_TIME):
        code = "h:mm:ss"
    sections = _sections(_BY_LOCALE.get(code, code))
    if sections is None or code == "General":
        return str(value)
    parts = sections[0]
    if not any(_ELAPSED.fullmatch(part.lower()) or re.fullmatch("[ymdhs]+", part.lower()) for part in parts):
        return str(value)
    moment, seconds = _both(value)
    half = any(part.upper() in {"AM/PM", "A/P"} for part in parts)
    return "".join(_shown(part, place, parts, moment, seconds, half) for place, part in enumerate(parts))


def _sections(code: str) -> list[list[str]] | None:
    """What a format has for positive and negative numbers, zero and text; None where it has conditions."""
    if len(code) > _LONGEST:
        return None
    sections: list[list[str]] = [[]]
    for part in _PARTS.findall(code):
        if part == ";":
            sections.append([])
        elif part[0] == "[" and part[1:2] in {"<", ">", "="}:
            return None
        elif not _COLOURS.fullmatch(part):
            sections[-1].append(part)
    return sections


def _is_core(part: str) -> bool:
    return part[0] in "#0?,.%" and part != ","


def _literal(part: str) -> str | None:
    """What a part that is no number shows; None where it is one that is not followed."""
    if part[0] == '"':
        return part[1:-1]
    if part[0] == "\\":
        return part[1:]
    if part[0] == "_":
        return " "
    if part[0] == "*":
        return ""
    if part.startswith("[$"):
        return part[2:-1].partition("-")[0]
    return part if part in {" ", "-", "+", "(", ")", "$", "€", "£", ":", ",", "'"} else None


def _filled(value: int | float, core: re.Match[str]) -> str:
    number = Decimal(repr(value))
    if core["percent"]:
        number *= 100
    decimals = core["decimals"] or ""
    text = format(number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP), "f")
    whole, _, fraction = text.partition(".")
    least = len(decimals.rstrip("#"))
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    digits = sum(sign in "0?" for sign in core["whole"])
    whole = whole.lstrip("0").rjust(digits, "0")
    if "," in core["whole"]:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole)
    return whole + (f".{fraction}" if fraction else "") + core["percent"]


def _both(value: Moment) -> tuple[datetime, float]:
    """A date with a time, and seconds from midnight or all that elapsed."""
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return datetime(1900, 1, 1) + timedelta(seconds=seconds % 86400), seconds
    if isinstance(value, time):
        moment = datetime.combine(date(1900, 1, 1), value)
    elif isinstance(value, datetime):
        moment = value
    else:
        moment = datetime.combine(value, time())
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment, (moment - midnight).total_seconds()


def _shown(part: str, place: int, parts: list[str], moment: datetime, seconds: float, half: bool) -> str:
    kind, length = part[0].lower(), len(part)
    elapsed = _ELAPSED.fullmatch(part.lower())
    if elapsed:
        unit = {"h": 3600, "m": 60, "s": 1}[elapsed[1][0]]
        return str(int(seconds // unit)).rjust(len(elapsed[1]), "0")
    if part.upper() in {"AM/PM", "A/P"}:
        return ("AM" if moment.hour < 12 else "PM")[: 2 if length > 3 else 1]
    if kind == "y":
        return str(moment.year) if length > 2 else f"{moment.year % 100:02}"
    if kind == "d":
        name = _DAYS[moment.weekday()]
        return str(moment.day).rjust(length, "0") if length < 3 else name[:3] if length == 3 else name
    if kind == "h":
        hour = (moment.hour % 12 or 12) if half else moment.hour
        return str(hour).rjust(min(length, 2), "0")
    if kind == "s":
        return str(moment.second).rjust(min(length, 2), "0")
    if kind == "m":
        if _are_minutes(place, parts):
            return str(moment.minute).rjust(min(length, 2), "0")
        name = _MONTHS[moment.month - 1]
        return str(moment.month).rjust(length, "0") if length < 3 else name[:3] if length == 3 else name
    if part.startswith(".0"):
        return f".{moment.microsecond:06}"[: min(length, 4)]
    return _literal(part) or ("" if part[0] in "[*_@" else part if length == 1 and part[0] != '"' else "")


def _are_minutes(place: int, parts: list[str]) -> bool:
    """An m means minutes behind hours and before seconds, and a month elsewhere."""

    def first(some: list[str]) -> str:
        lower = (part.lower() for part in some)
        return next((part.strip("[")[0] for part in lower if part[0] in "ymdhs" or _ELAPSED.fullmatch(part)), "")

    return first(parts[place - 1 :: -1] if place else []) == "h" or first(parts[place + 1 :]) == "s"
