"""The words of a CHAT main line, without its codes.

The rule, after the CHAT manual (MacWhinney, https://talkbank.org/manuals/CHAT.html):

- what was said stays, also what was taken back or said again: ``<the week> [//] this week`` is ``the week this week``;
- ``[: words]`` takes the place of what it explains, as in CLAN: ``gonna [: going to]`` is ``going to``; a code of
  another kind in brackets goes; brackets that hold none of CHAT's codes, such as ``[NAME]``, stay;
- ``(be)cause`` is ``because``, ``&-uh`` is ``uh``, ``no:::`` is ``no``, ``ice+cream`` and ``Mr_Smith`` are two words,
  ``woof@o`` is ``woof``;
- ``xxx`` and ``yyy`` are ``[inaudible]``, ``www`` is ``[not transcribed]``;
- pauses, events (``&=laughs``), fragments (``&+w``), words left out by the speaker (``0is``), marks of overlap, pitch
  and loudness, and links to the line before go; what somebody else puts in (``&*CLI:mhm``) goes too, and is counted;
- ``+...`` is ``...``, ``+/.`` and ``+//.`` are a dash, ``+/?`` is a question mark, and signs stand at their word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<code>\[[^\[\]]*\])"
    r"|(?P<end>\+(?:\.\.\.|\.\.\?|//[.?]|/[.?]|!\?|\"/?\.|\.))"
    r"|(?P<link>\+(?:[<+^,≋≈]|\"(?!/?\.))(?=\s|$))"
    r"|(?P<aside>\(\([^()]*\)\)|\((?:\.{1,3}|\d{0,4}(?::\d{1,2})?\.?\d{0,3})\))"
    r"|(?P<opened><)|(?P<closed>>)"
    r"|(?P<word>(?:[^\s\[\]<>(+]|\((?!\()|\+(?=[^\W\d_]))+)"
    r"|(?P<other>\S)"
)
_CODE = re.compile(r"\[(?:[/=*:?!<>+\-%^#&\"'.,]|[exus](?:[\s\]]|$))")
_REPLACED = re.compile(r"\[:\s([^\[\]]*)\]")
_ENDS = {"+...": "...", "+..?": "...?", "+/.": "—", "+//.": "—", "+/?": "?", "+//?": "?", "+!?": "?!"}
_SIGNS = frozenset({".", "?", "!", ",", ";", ":", "...", "...?", "—", "?!"})
_FILLER = re.compile(r"(?:[uaeoäö]+h*[hmr]+|h*m+h*m*|e+r+m*)", re.IGNORECASE)
_OMITTED = re.compile(r"0(?:[^\d].*)?", re.DOTALL)
_PAUSE = re.compile(r"#+[\d_:.]{0,20}")
_FORM = re.compile(r"(?<=\w)@[a-z]{1,3}(?:[:$][\w:&+-]{0,40})*|(?<=\w)\$[a-z:]{1,20}")
_LENGTH = re.compile(r"(?<=[^\W\d_]):+")
_OVERLAP = re.compile(r"[⌈⌉⌊⌋]\d?")
# Marks of conversation analysis, of stress and of blocking; see the tables of the manual's chapters 10 and 11.
_MARKS = dict.fromkeys(map(ord, "↑↓⇗↗→↘⇘∞≈≋≡∙∆∇⁎⁇°◉▁▔☺♋Ϋ∮↫↻⤆⤇∬∾↔⁑≠ˈˌ^~()⌈⌉⌊⌋§∲"))
_TO_COMMA = {ord("‡"): ",", ord("„"): ","}
_TO_SPACE = dict.fromkeys(map(ord, "+_"), " ")
_INAUDIBLE = {"xxx": "[inaudible]", "xx": "[inaudible]", "yyy": "[inaudible]", "www": "[not transcribed]"}
_BEFORE_SIGN = re.compile(r" (?=[.,;:?!—])")
# Taken off first, for speed: most lines with codes have no others.
_FREQUENT = re.compile(r"(?<!\S)(?:(?:\(\.{1,3}\)|\[(?:/{1,3}|[?!])\]|&=\w+)(?!\S)|&-(?=[^\W\d_]))")
_CODED = re.compile(r"[^\w\s.,?!;'’\-]|[\d_]|(?:xx|yyy|www)(?![\w\s])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


class Words(NamedTuple):
    """What a main line says."""

    text: str
    """Empty where nothing was said."""
    fragments: int
    """How many parts of words were left out."""
    interposed: int
    """How many words of other speakers inside the line were left out."""


def words_of(line: str) -> Words:
    """The words of a main line, without speaker and times."""
    line = _FREQUENT.sub("", line)
    if not _CODED.search(line):
        return Words(_joined([_INAUDIBLE.get(word, word) for word in line.split()]), 0, 0)
    out: list[str] = []
    opened: list[int] = []
    # Where the word or group begins that a code behind it is about.
    last = fragments = interposed = 0
    for match in _TOKEN.finditer(_CONTROL.sub("", line)):
        kind, token = match.lastgroup, match[0]
        if kind == "opened":
            opened.append(len(out))
        elif kind == "closed":
            last = opened.pop() if opened else last
        elif kind == "code":
            replaced = _REPLACED.fullmatch(token)
            if replaced:
                words = [word for part in replaced[1].split() if (word := _plain(part))]
                if words:
                    out[last:] = words
            elif not _CODE.match(token):
                last = len(out)
                out.append(token)
        elif kind == "end":
            out.append(_ENDS.get(token, "."))
        elif kind in ("word", "other"):
            if token.startswith("&*"):
                interposed += 1
                continue
            word = _plain(token)
            fragments += not word and token.startswith("&") and token[1:2] not in ("=", "{", "}")
            if word:
                last = len(out)
                out.append(word)
    return Words(_joined(out), fragments, interposed)


def _joined(words: Sequence[str]) -> str:
    """Words with the signs at them; empty where there are signs alone."""
    return "" if all(word in _SIGNS for word in words) else _BEFORE_SIGN.sub("", " ".join(words))


def _plain(token: str) -> str:
    """A word without its marks; empty where the token is none."""
    if token.isalpha() and token not in _INAUDIBLE:
        return token
    if token.startswith("&"):
        token = token[2:] if token.startswith("&-") else token[1:] if _FILLER.fullmatch(token[1:]) else ""
    if _OMITTED.fullmatch(token) or _PAUSE.fullmatch(token):
        return ""
    if token not in _SIGNS:
        token = _OVERLAP.sub("", token)
        token = _LENGTH.sub("", _FORM.sub("", token)).translate(_MARKS).translate(_TO_COMMA)
    word = " ".join(token.translate(_TO_SPACE).split())
    return _INAUDIBLE.get(word.strip(".,?!"), word)
