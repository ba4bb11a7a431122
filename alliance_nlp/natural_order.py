"""The order in which people list sessions: ``session 2`` before ``session 10``."""

from __future__ import annotations

import re


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key to sort names by, numbers in them as numbers; capitals count only between names that are else the same."""
    parts = [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name)]
    return parts, name
