"""Times in a recording, as seconds."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,9}(?:[.,]\d+)?)", re.ASCII)


def parse_seconds(text: str) -> float:
    """Seconds from ``12.5``, ``0:12.5``, ``00:00:12,5``.

    Raises
    ------
    ValueError
        Where the text is none of these.
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError("not a time")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", "."))
