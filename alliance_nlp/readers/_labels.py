"""Speaker labels: what stands before a colon and names who speaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from alliance_nlp.roles import RoleNames

CODE_OR_NAME = re.compile(r"(?:[A-Z0-9][\w.'’#-]*)(?: [A-Z0-9][\w.'’#-]*){0,2}")
"""One to three capitalised words or codes: ``SPEAKER_00``, ``Dr Smith``."""

_IN_CAPITALS = re.compile(r"[A-Z][A-Z0-9 .#_-]*")
_DASHES = ("-", "–", "—")
_LONGEST = 70
_OFTEN = 3
_SHARE = 0.1
_SHOWN_WIDTH = 40
_SHOWN_WORDS = 3


class Labels:
    """Which words before a colon are labels in a file where not every line has one.

    Speech has colons too ("I said: no"). A label is one whose role is known; one in capitals; one to three capitalised
    words or codes that come twice; or whatever stands before a tenth of all texts and three of them at least, since
    people call themselves in meetings what they like.

    Parameters
    ----------
    texts : iterable of str
        All that may begin with a label.
    roles : RoleNames
        Tells the role of a label.
    """

    def __init__(self, texts: Iterable[str], roles: RoleNames) -> None:
        counts: Counter[str] = Counter()
        with_space: set[str] = set()
        n_texts = 0
        for text in texts:
            n_texts += 1
            label, rest = _parted(text)
            if label:
                counts[label] += 1
                if not rest or rest[0].isspace():
                    with_space.add(label)
        often = max(_OFTEN, _SHARE * n_texts)
        self._labels = frozenset(
            label
            for label, count in counts.items()
            if roles.role_of(label) is not None
            or (
                label in with_space
                and not label.isdigit()
                and (count >= often or _IN_CAPITALS.fullmatch(label) or (count > 1 and CODE_OR_NAME.fullmatch(label)))
            )
        )

    def split(self, text: str) -> tuple[str, str]:
        """Label, empty where there is none, and what is said."""
        label, rest = _parted(text)
        return (label, rest.lstrip()) if label in self._labels else ("", text)


def _parted(text: str) -> tuple[str, str]:
    """What stands before the first colon where it can be a label, and what stands behind it."""
    label, colon, rest = text.partition(":")
    if not colon or len(label) > _LONGEST:
        return "", text
    label = label.strip()
    if label[:1] in _DASHES:
        label = label[1:].lstrip()
    return (label, rest) if label[:1].isalnum() and "\t" not in label else ("", text)


def may_be_shown(text: str) -> bool:
    """Whether a text may stand in a message: what stands in a label's place can be somebody's words."""
    return len(text) <= _SHOWN_WIDTH and len(text.split()) <= _SHOWN_WORDS and text.isprintable()


def shown_names(counts: Mapping[str, int], at_most: int = 8) -> str:
    """Names of a file's parts with their counts, for a message: ``mor (12), gra (12)``."""
    names = list(counts)[:at_most]
    listed = [
        f"{name if may_be_shown(name) else f'one of {len(name)} characters'} ({counts[name]:,})" for name in names
    ]
    return ", ".join(listed) + (f" and {len(counts) - at_most} more" if len(counts) > at_most else "")
