"""Which utterances of a script a selection of text means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import NamedTuple

from alliance_nlp.readers._script import Passage


class Reckoning(NamedTuple):
    """A way to count positions in a text."""

    name: str
    """Empty for that of the standard."""
    counted: list[int]
    """For each code point of the text, and for its end, the position that this way gives it."""

    def place(self, position: int) -> int:
        """The code point at a position."""
        return min(bisect_left(self.counted, position), len(self.counted) - 1)


def reckonings(text: str, had_mark: bool) -> list[Reckoning]:
    """Ways to count in which programs are known to differ, the standard's first.

    Parameters
    ----------
    text : str
        Without a byte order mark, line ends as they stand in the file.
    had_mark : bool
        Whether the file begins with a byte order mark.
    """
    found = [Reckoning("", list(range(len(text) + 1)))]
    pairs = "\r\n" in text
    wide = any(letter > "\uffff" for letter in text)
    if pairs:
        found.append(Reckoning("line ends as one character", _counted(text, pairs_as_one=True)))
    if wide:
        found.append(Reckoning("UTF-16 units", _counted(text, units=True)))
    if pairs and wide:
        found.append(Reckoning("UTF-16 units, line ends as one", _counted(text, pairs_as_one=True, units=True)))
    if had_mark:
        found += [
            Reckoning(f"{way.name or 'code points'} after the byte order mark", [place + 1 for place in way.counted])
            for way in list(found)
        ]
    return found


def _counted(text: str, pairs_as_one: bool = False, units: bool = False) -> list[int]:
    counted, position = [], 0
    for place, letter in enumerate(text):
        counted.append(position)
        if pairs_as_one and letter == "\r" and text[place + 1 : place + 2] == "\n":
            continue
        position += 2 if units and letter > "\uffff" else 1
    return [*counted, position]


def best_reckoning(
    ways: Sequence[Reckoning], selections: Collection[tuple[int, int]], passages: Sequence[Passage]
) -> Reckoning:
    """The way by which most selections begin and end where utterances do; among equals the first."""
    begins, ends = {passage.begin for passage in passages}, {passage.end for passage in passages}

    def fitting(way: Reckoning) -> int:
        return sum(way.place(begin) in begins and way.place(end) in ends for begin, end in selections)

    return max(ways, key=fitting)


class Meant(NamedTuple):
    """What a selection means."""

    whole: list[Passage]
    """Utterances of which it covers every word."""
    part: list[Passage]
    """Utterances that count although some of their words are not covered."""
    touched: list[Passage]
    """Utterances that do not count: it lies over others, and covers less than half of these."""


def meant(begin: int, end: int, passages: Sequence[Passage], text: str) -> Meant:
    """What a selection means.

    A selection within one utterance means that utterance. One over several means those of which it covers at least
    half.
    """
    over = [passage for passage in passages if passage.begin < end and begin < passage.end]
    result = Meant([], [], [])
    for passage in over:
        first, last = max(begin, passage.begin), min(end, passage.end)
        left = text[passage.begin : first] + text[last : passage.end]
        if not left.strip():
            result.whole.append(passage)
        elif len(over) == 1 or 2 * (last - first) >= passage.end - passage.begin:
            result.part.append(passage)
        else:
            result.touched.append(passage)
    return result
