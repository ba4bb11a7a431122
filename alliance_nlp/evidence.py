"""How strong the evidence for a tag is, and which words of the utterance carried it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from alliance_nlp.tagging import Reason

_STRONG, _FAIR = 0.75, 0.5
_BEGIN, _END, _OPENS = "⟨begin⟩", "⟨end⟩", "⟨opens with⟩"
# spaCy parts these from the word before them: do|n't, can|not, gon|na, I|'m.
_HANGS_ON = re.compile(r"'|n't$|not$|na$|ta$", re.IGNORECASE)
_FAMILY = re.compile(r"⟨words of .+?⟩ (?P<words>.+)")
# A full stop tells a reader nothing, though it may tell the model that a line is a whole sentence.
_TELLING = re.compile(r"[^\W_]|\?")
_QUOTES_NOTHING = re.compile(r"“[^\w?]+”")
_APOSTROPHES = "'’ʼ‘"


class Evidence(IntEnum):
    """How strong the evidence for a tag is, by its calibrated probability."""

    SLIGHT = 1
    """Less likely than not, though above the marker's threshold."""
    FAIR = 2
    """More likely than not."""
    STRONG = 3
    """At least three to one."""


def evidence(probability: float) -> Evidence:
    """Strength of the evidence of a tag with this calibrated probability."""
    return Evidence.STRONG if probability >= _STRONG else Evidence.FAIR if probability >= _FAIR else Evidence.SLIGHT


def carrying_words(text: str, reasons: Sequence[Reason]) -> list[tuple[int, int]]:
    """Where the words stand that spoke for a tag.

    The features hold tokens in small letters; they are looked up in the text
    again, at the edges of words, without loading a tokenizer.

    Parameters
    ----------
    text : str
        The utterance.
    reasons : sequence of Reason
        Of one marker.

    Returns
    -------
    list of tuple of int
        Start and end of each stretch, in order, none touching the next.
    """
    found = [
        match.span(1)
        for reason in reasons
        if reason.contribution > 0
        for tokens in _looked_up(reason.feature)
        if any(map(_TELLING.search, _words(tokens)))
        for match in _pattern(tokens).finditer(text)
    ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def other_reasons(reasons: Sequence[Reason]) -> list[str]:
    """What else spoke for a tag, in plain words: length, a question, what stands around."""
    spoken = (
        in_words(reason.feature) for reason in reasons if reason.contribution > 0 and not _looked_up(reason.feature)
    )
    return [words for words in dict.fromkeys(spoken) if not _QUOTES_NOTHING.match(words)]


def in_words(feature: str) -> str:
    """A feature that is no word, as a person would say it: ``⟨before: a question⟩``, ``the line before asks``."""
    inner = feature.strip("⟨⟩").replace("_", "-").replace("length 1 words", "length 1 word")
    for pattern, words in _IN_WORDS:
        if match := pattern.fullmatch(inner):
            return match.expand(words)
    return inner


# The first that fits holds.
_IN_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"length (.+ words?)", r"its length (\1)"),
        (r"(before|after): length (.+ words?)", r"the length of the line \1 (\2)"),
        (r"(before|after): a question", r"the line \1 asks a question"),
        (r"before: same speaker", "the same speaker goes on"),
        (r"before: other speaker", "it answers the other speaker"),
        (r"before: nobody", "it opens the session"),
        (r"after: same speaker", "the same speaker goes on after it"),
        (r"after: other speaker", "the other speaker answers"),
        (r"after: nobody", "it ends the session"),
        (r".*question marks?", "it asks a question"),
        (r"(.+ % of its words) taken over from before", r"\1 taken over from the line before"),
        (r"self (before|after): (.+)", r"“\2” in the speaker's own lines \1"),
        (r"others (before|after): (.+)", r"“\2” in the other's lines \1"),
        (r"1 (before|after): (.+)", r"\2 in the line \1"),
        (r"(\d+) (before|after): (.+)", r"\3 \1 lines \2"),
        (r"(before|after): (.+)", r"\2 in the lines \1"),
        (r"words of (.+)", r"words for \1"),
        (r"meaning", "what it says as a whole"),
    )
)


def _looked_up(feature: str) -> list[list[str]]:
    """What to look for in the text, each a row of tokens; nothing for a feature that is no words."""
    if family := _FAMILY.match(feature):
        return [phrase.split() for phrase in family["words"].split(", ")]
    if feature.startswith(_OPENS):
        return [[_BEGIN, *feature.removeprefix(_OPENS).split()]]
    tokens = feature.split()
    return [tokens] if _words(tokens) and (tokens[0] == _BEGIN or not feature.startswith("⟨")) else []


def _words(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if token not in (_BEGIN, _END)]


def _pattern(tokens: Sequence[str]) -> re.Pattern[str]:
    """What finds a row of tokens in a text."""
    words = _words(tokens)
    body = r"\s*".join(
        re.escape(word).replace("'", f"[{_APOSTROPHES}]") if "'" in word else re.escape(word) for word in words
    )
    before = r"^\s*" if tokens[0] == _BEGIN else ""
    # A reader sees words, not what the tokenizer parted: do|n't is shown as don't.
    if _HANGS_ON.match(words[0]):
        body = rf"\w*{body}"
    elif words[0][0].isalnum():
        before = before or r"(?<!\w)"
    if words[-1][-1].isalnum():
        body = rf"{body}(?:n[{_APOSTROPHES}]t)?(?!\w)"
    after = r"\s*$" if tokens[-1] == _END else ""
    return re.compile(f"{before}({body}){after}", re.IGNORECASE)
