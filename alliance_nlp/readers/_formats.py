"""Which formats there are, and which one a file is in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from alliance_nlp.errors import TranscriptError, UsageError, shown
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import BinarySource, TextSource
from alliance_nlp.transcript import Session

Source = type[TextSource] | type[BinarySource]


class Format(NamedTuple):
    """A transcript format, as its module describes it."""

    name: str
    """For ``--format``."""
    title: str
    suffixes: tuple[str, ...]
    # The source is the one that the module asks for.
    read: Callable[[Any, str, ReadOptions], Iterator[Session | TranscriptError]]
    looks_like: Callable[[Head], bool] | None
    source: Source
    plain: bool = False
    """Whether a file with one of the endings is in this format where its content does not tell."""
    refused: tuple[str, ...] = ()
    """Endings whose files its reader takes to say what to do with them, so that a folder's are not passed over."""

    @classmethod
    def of(cls, module: ModuleType) -> Format:
        """What a reader module says of itself."""
        return cls(
            module.NAME,
            module.TITLE,
            module.SUFFIXES,
            module.read,
            getattr(module, "looks_like", None),
            getattr(module, "SOURCE", TextSource),
            getattr(module, "PLAIN", False),
            getattr(module, "REFUSED", ()),
        )


@cache
def formats() -> tuple[Format, ...]:
    """All formats, in the order of their names."""
    folder = __name__.rpartition(".")[0]
    modules = pkgutil.iter_modules(importlib.import_module(folder).__path__)
    found = [
        Format.of(importlib.import_module(f"{folder}.{module.name}"))
        for module in modules
        if not module.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda item: item.name))


def suffixes() -> list[str]:
    """File endings that can be read."""
    return sorted({suffix for item in formats() for suffix in item.suffixes})


def is_taken(path: Path) -> bool:
    """Whether a file in a folder is taken for a transcript, be it to be read or to be refused with what to do."""
    return any(path.suffix.lower() in item.suffixes + item.refused for item in formats())


def format_named(name: str) -> Format:
    """The format of a name.

    Raises
    ------
    UsageError
        Where there is none.
    """
    for item in formats():
        if item.name == name.casefold():
            return item
    raise UsageError(f"--format {name}: no such format; choose one of {', '.join(item.name for item in formats())}")


def format_of(path: Path, name: str | None = None) -> tuple[Format, list[str]]:
    """The format of a file.

    Content that is clear counts for more than the ending; where several formats share an ending and none is clear
    from the content, it is the plain one.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        The format's name where the user gave it.

    Returns
    -------
    Format
        Who reads the file.
    list of str
        Notes for the user: that the ending misleads.

    Raises
    ------
    TranscriptError
        Where no format fits.
    UsageError
        Where there is no format of that name.
    """
    if name:
        return format_named(name), []
    head = Head.of(path)
    suffix = path.suffix.lower()
    by_content = [item for item in formats() if item.looks_like and item.looks_like(head)]
    by_ending = [item for item in formats() if suffix in item.suffixes + item.refused]
    both = [item for item in by_content if item in by_ending]
    if both:
        return both[0], []
    if by_content:
        found = by_content[0]
        return found, [f"{shown(path)}: read as {found.title}, which it is by its content; --format NAME overrides"]
    plain = [item for item in by_ending if item.plain]
    if plain or len(by_ending) == 1:
        return (plain or by_ending)[0], []
    raise TranscriptError(path, "", f"{_nothing_fits(suffix, by_ending)}; --format NAME says what it is: {_names()}")


def _nothing_fits(suffix: str, by_ending: Sequence[Format]) -> str:
    if by_ending:
        return f"holds nothing that would be {' or '.join(item.title for item in by_ending)}"
    return f"no reader for {suffix or 'a file without an ending'}; can read {', '.join(suffixes())}"


def _names() -> str:
    return ", ".join(item.name for item in formats())
