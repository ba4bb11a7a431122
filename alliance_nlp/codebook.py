"""Codebooks: what each marker is, on whom it is coded, and by which rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from alliance_nlp.errors import CodebookError
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS, SpeakerRole

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MARKER_HEAD = re.compile(r"\s*\[\[\s*marker\s*\]\]")
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

    def coded_on(self, roles: Iterable[SpeakerRole]) -> list[list[bool]]:
        """For each speaker's role, whether each marker is coded on it."""
        of_role = {role: [marker.role == role for marker in self.markers] for role in SpeakerRole}
        return [of_role[role] for role in roles]


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
    return parse_codebook(codebook_source(path), str(path or "codebook"))


def codebook_source(path: str | Path | None = None) -> str:
    """The text of a codebook file, by default that of the five alliance markers.

    Raises
    ------
    CodebookError
        Where the file cannot be read.
    """
    if path is None:
        return (resources.files("alliance_nlp.codebooks") / "alliance.toml").read_text("utf-8")
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise CodebookError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise CodebookError(f"{path}: not UTF-8 text; save the codebook as UTF-8") from error


def parse_codebook(source: str, where: str = "codebook") -> Codebook:
    """Codebook from the text of its file; `where` is the name for messages.

    Raises
    ------
    CodebookError
        Where the text does not follow the schema; the message names line, mistake and remedy.
    """
    codebook, mistakes = _parse(source, where)
    if codebook is None:
        raise CodebookError(mistakes[0])
    return codebook


def codebook_mistakes(source: str, where: str = "codebook") -> list[str]:
    """Every mistake in a codebook's text, at most one per marker, each with line and remedy."""
    return _parse(source, where)[1]


def codebook_gaps(codebook: Codebook) -> list[str]:
    """What a coder would miss in a codebook that follows the schema, in plain words."""
    gaps = [] if codebook.unit else ['it does not say what the unit is; add unit = "…"']
    for marker in codebook.markers:
        gaps += [
            f'{marker.name}: no {key.replace("_", " ")}; add {key} = ["…"]'
            for key in _TEXT_LISTS
            if not getattr(marker, key)
        ]
        both = sorted({*marker.examples} & {*marker.near_misses})
        gaps += [f"{marker.name}: the same line is an example and a near miss; keep one" for _ in both]
    return gaps


def _parse(source: str, where: str) -> tuple[Codebook | None, list[str]]:
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        return None, [f"{where}: not valid TOML: {error}"]
    entries = table.get("marker")
    if not isinstance(entries, list) or not entries:
        return None, [f"{where}: no [[marker]] found; a codebook needs at least one"]
    mistakes: list[str] = []
    markers: list[Marker] = []
    try:
        _only_known(table, {"name", "version", "title", "unit", "marker"}, where)
        name, version = _text(table, "name", where), _text(table, "version", where)
    except CodebookError as error:
        mistakes.append(str(error))
    places = [number for number, line in enumerate(source.splitlines(), 1) if _MARKER_HEAD.match(line)]
    for number, entry in enumerate(entries, 1):
        line = f", line {places[number - 1]}" if len(places) == len(entries) else ""
        try:
            markers.append(_marker(entry, f"{where}{line}, marker {number}"))
        except CodebookError as error:
            mistakes.append(str(error))
    names = [marker.name for marker in markers]
    mistakes += [
        f"{where}: the marker {name!r} is there twice; rename one"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if mistakes:
        return None, mistakes
    unit = str(table.get("unit", "")).strip()
    return Codebook(name, version, str(table.get("title", name)), unit, tuple(markers), source), []


def _only_known(table: Mapping[str, Any], known: Set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise CodebookError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


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
    _only_known(entry, {"name", "title", "role", "definition", "kind", *_TEXT_LISTS}, where)
    title = str(entry.get("title", name))
    return Marker(name, title, SpeakerRole(role), _text(entry, "definition", where), kinds, **lists)


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f'{where}: {key} is missing; add {key} = "…"')
    return value.strip()
