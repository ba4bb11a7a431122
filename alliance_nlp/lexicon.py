"""Families of words and phrases that mean or do something alike, read from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from typing import TypeAlias

from alliance_nlp.ngrams import FamilyOf, Ngram

Lexicon: TypeAlias = Mapping[str, tuple[Ngram, ...]]
"""Name of each family, and its words and phrases as tokens, sorted."""


def read_lexicon(tokens: Callable[[Iterable[str]], Sequence[Sequence[str]]], language: str = "english") -> Lexicon:
    """The families that come with the program, as a tokenizer takes them apart.

    Parameters
    ----------
    tokens : callable
        Gives the tokens of each of several texts.
    language : str
        Name of the file in ``alliance_nlp/lexicons``, without its ending.
    """
    file = tomllib.loads((resources.files("alliance_nlp.lexicons") / f"{language}.toml").read_text("utf-8"))
    entries = {family: words.split() for family, words in file["words"].items()}
    entries |= {family: phrases.replace("\n", " ").split(",") for family, phrases in file["phrases"].items()}
    return {
        family: tuple(sorted({tuple(phrase) for phrase in tokens(phrases) if phrase}))
        for family, phrases in entries.items()
    }


def family_name(family: str) -> str:
    """A family as a person reads it, and as it stands in an n-gram."""
    return f"⟨words of {family}⟩"


def families_of_words(lexicon: Lexicon) -> FamilyOf:
    """What stands for each word of a family in an n-gram; for one of several families, the first."""
    family_of: dict[str, str] = {}
    for family, phrases in lexicon.items():
        for phrase in phrases:
            if len(phrase) == 1:
                family_of.setdefault(phrase[0], family_name(family))
    return family_of
