"""Families of words that share a meaning, read from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import TypeAlias

Lexicon: TypeAlias = Mapping[str, tuple[str, ...]]
"""Name of each family, and its words, sorted."""


def read_lexicon(language: str = "english") -> Lexicon:
    """The families of words that come with the program.

    Parameters
    ----------
    language : str
        Name of the file in ``alliance_nlp/lexicons``, without its ending.
    """
    source = (resources.files("alliance_nlp.lexicons") / f"{language}.toml").read_text("utf-8")
    families: Mapping[str, str] = tomllib.loads(source)["families"]
    return {name: tuple(sorted(set(words.split()))) for name, words in families.items()}
