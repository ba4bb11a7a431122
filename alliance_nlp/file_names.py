"""Names of files made of session ids."""

from __future__ import annotations

import re

_LONGEST = 50


def file_stem(session_id: str, taken: set[str], prefix: str = "") -> str:
    """A file name without its ending that every system takes, no two alike even where capitals do not count.

    Parameters
    ----------
    session_id : str
        What the name is made of.
    taken : set of str
        Names given before, in small letters; the new one is added.
    prefix : str
        What the name begins with.
    """
    plain = re.sub(r"[^\w.-]+", "-", session_id).strip(".-")[:_LONGEST] or "session"
    stem, number = f"{prefix}{plain}", 1
    while stem.casefold() in taken:
        number += 1
        stem = f"{prefix}{plain}-{number}"
    taken.add(stem.casefold())
    return stem
