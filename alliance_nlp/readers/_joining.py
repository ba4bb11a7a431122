"""Fragments of machine transcription and captions, joined into utterances.

A program that transcribes cuts speech every few seconds, wherever its line is full. The coded unit is what one speaker
says before another speaks, or a part of it. So a fragment goes on with the utterance before it where all of this holds:

- the same speaker, by label, has both;
- not more than `PAUSE` seconds lie between the end of the one and the start of the other (where the file has no times,
  the speaker alone counts);
- the utterance is not long yet: from `LONG` words on, it ends at the first fragment that ends a sentence, and it never
  grows beyond `LONGEST` words, since captions may have no punctuation at all;
- kept columns of a table, such as codes, are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alliance_nlp.readers._raw import RawUtterance

PAUSE = 2.0
LONG = 60
LONGEST = 120

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_CLOSING = "\"'”’»)]"

Columns = Mapping[str, Sequence[str]]


def rule() -> dict[str, Any]:
    """The rule's settings, for the record of a run."""
    return {"pause_seconds": PAUSE, "sentence_end_from_words": LONG, "words_at_most": LONGEST}


def joined(raw: Sequence[RawUtterance], columns: Columns) -> list[range]:
    """Places of the fragments that make each utterance.

    Parameters
    ----------
    raw : sequence of RawUtterance
        In the transcript's order.
    columns : mapping of str to sequence of str
        Kept columns, a value per fragment.

    Returns
    -------
    list of range
        One after the other, all places of `raw` together.
    """
    found: list[range] = []
    start = words = 0
    for place, item in enumerate(raw):
        added = item.text.count(" ") + 1 if item.text else 0
        if place:
            before = raw[place - 1]
            goes_on = (
                item.speaker == before.speaker
                and item.role_name == before.role_name
                and (item.start is None or before.end is None or item.start - before.end <= PAUSE)
                and words + added <= LONGEST
                and not (words >= LONG and before.text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS))
                and all(values[place] == values[place - 1] for values in columns.values())
            )
            if not goes_on:
                found.append(range(start, place))
                start, words = place, 0
        words += added
    found.append(range(start, len(raw)))
    return found


def whole(parts: Sequence[RawUtterance]) -> RawUtterance:
    """One utterance of its fragments: the id of the first, the time from the first start to the last end."""
    first = parts[0]
    if len(parts) == 1:
        return first
    ends = [part.end for part in parts if part.end is not None]
    text = " ".join(part.text for part in parts if part.text)
    return RawUtterance(
        first.line, first.speaker, text, first.role_name, first.utterance_id, first.start, max(ends) if ends else None
    )
