"""Codebooks: what each marker is, on whom it is coded, and by which rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from alliance_nlp.errors import CodebookError
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS, SpeakerRole

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXT_LISTS = ("codes", "does_not_code", "rulings", "examples", "near_misses", "sources")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that a marker comes in, such as withdrawal for rupture."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Marker:
    """One code of a codebook."""

    name: str
    title: str
    role: SpeakerRole
    definition: str
    kinds: tuple[Kind, ...] = ()
    codes: tuple[str, ...] = ()
    does_not_code: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A set of markers that are coded independently of each other.

    Attributes
    ----------
    name, version, title : str
        What it is called; the version stands in every result.
    unit : str
        What is coded, and the rules that hold for every marker.
    markers : tuple of Marker
        In the order in which results show them.
    source : str
        The file's text, so that a model bundle can carry it unchanged.
    """

    name: str
    version: str
    title: str
    unit: str
    markers: tuple[Marker, ...]
    source: str

    @property
    def marker_names(self) -> tuple[str, ...]:
        """Names of the markers, in order."""
        return tuple(marker.name for marker in self.markers)


def read_codebook(path: str | Path | None = None) -> Codebook:
    """Read a codebook file, by default the five alliance markers.

    Parameters
    ----------
    path : str or Path, optional
        A TOML file of the schema in ``docs/codebook.md``.

    Raises
    ------
    CodebookError
        Where the file cannot be read or does not follow the schema.
    """
    if path is None:
        return parse_codebook((resources.files("alliance_nlp.codebooks") / "alliance.toml").read_text("utf-8"))
    try:
        return parse_codebook(Path(path).read_text("utf-8"), str(path))
    except OSError as error:
        raise CodebookError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise CodebookError(f"{path}: not UTF-8 text; save the codebook as UTF-8") from error


def parse_codebook(source: str, where: str = "codebook") -> Codebook:
    """Codebook from the text of its file; `where` is the name for messages.

    Raises
    ------
    CodebookError
        Where the text does not follow the schema.
    """
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{where}: not valid TOML: {error}") from error
    unknown = sorted(set(table) - {"name", "version", "title", "unit", "marker"})
    if unknown:
        raise CodebookError(f"{where}: unknown key {unknown[0]!r}; known are name, version, title, unit and [[marker]]")
    entries = table.get("marker")
    if not isinstance(entries, list) or not entries:
        raise CodebookError(f"{where}: no [[marker]] found; a codebook needs at least one")
    markers = tuple(_marker(entry, f"{where}, marker {number}") for number, entry in enumerate(entries, 1))
    names = [marker.name for marker in markers]
    for name in names:
        if names.count(name) > 1:
            raise CodebookError(f"{where}: the marker {name!r} is there twice; rename one")
    name, version = (_text(table, key, where) for key in ("name", "version"))
    return Codebook(name, version, str(table.get("title", name)), str(table.get("unit", "")).strip(), markers, source)


def _marker(entry: Any, where: str) -> Marker:
    if not isinstance(entry, dict):
        raise CodebookError(f"{where}: not a table; write it as [[marker]]")
    name = _text(entry, "name", where)
    where = f"{where} ({name})"
    if not _NAME.fullmatch(name):
        raise CodebookError(f"{where}: a name holds small letters, digits and _ and begins with a letter")
    if name in (*TABLE_COLUMNS, CLIENT_COLUMN) or name.startswith(("p_", "why_")):
        raise CodebookError(f"{where}: {name!r} is or may be a column of the tables already; choose another name")
    role = _text(entry, "role", where)
    if role not in set(SpeakerRole):
        raise CodebookError(f"{where}: the role is {role!r}; it must be therapist, client or other")
    lists = {}
    for key in _TEXT_LISTS:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CodebookError(f'{where}: {key} must be a list of texts, ["…", "…"]')
        lists[key] = tuple(value)
    kind_entries = entry.get("kind", [])
    if not isinstance(kind_entries, list) or not all(isinstance(kind, dict) for kind in kind_entries):
        raise CodebookError(f"{where}: a kind is a [[marker.kind]] with a name and a definition")
    kinds = tuple(
        Kind(_text(kind, "name", f"{where}, kind"), _text(kind, "definition", f"{where}, kind"))
        for kind in kind_entries
    )
    known = {"name", "title", "role", "definition", "kind", *_TEXT_LISTS}
    unknown = sorted(set(entry) - known)
    if unknown:
        raise CodebookError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    title = str(entry.get("title", name))
    return Marker(name, title, SpeakerRole(role), _text(entry, "definition", where), kinds, **lists)


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f'{where}: {key} is missing; add {key} = "…"')
    return value.strip()
