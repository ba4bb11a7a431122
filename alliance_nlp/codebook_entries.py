"""Markers and sets read from the tables of a codebook's file, each mistake with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Any

from alliance_nlp.codes import CodeSet, Kind, Marker, as_written
from alliance_nlp.errors import CodebookError
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS, SpeakerRole

TEXT_LISTS = ("codes", "does_not_code", "rulings", "examples", "near_misses", "sources")
"""Keys of a marker that hold lists of texts."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = (*TABLE_COLUMNS, CLIENT_COLUMN, "coder", "marker", "value", "decision", "context", "note")
"""Columns that transcripts, ratings and sheets have already."""
_PREFIXES = ("p_", "why_")
_SET_LISTS = ("rulings", "sources")
_MARKER_KEYS = {"name", "title", "role", "definition", "kind", *TEXT_LISTS}
_CODE_KEYS = {*_MARKER_KEYS, "also"} - {"role"}
_SET_KEYS = {"name", "title", "role", "definition", "ordered", "lowest", "code", *_SET_LISTS}


def only_known(keys: Iterable[str], known: Set[str], where: str) -> None:
    """Raise a `CodebookError` where a table has keys that do not belong there."""
    unknown = sorted(set(keys) - known)
    if unknown:
        what = f"unknown {'key' if len(unknown) == 1 else 'keys'} {', '.join(map(repr, unknown))}"
        raise CodebookError(f"{where}: {what}; known are {', '.join(sorted(known))}")


def text_of(entry: Mapping[str, Any], key: str, where: str) -> str:
    """The text of a key that must be there."""
    value = entry.get(key, "")
    if not isinstance(value, str):
        shown = "…" if isinstance(value, bool | list | dict) else value
        raise CodebookError(f'{where}: {key} must be a text and stand in quotes: {key} = "{shown}"')
    if not value.strip():
        raise CodebookError(f'{where}: {key} is missing; add {key} = "…"')
    return value.strip()


def mistakes_in(*checks: Callable[[], object]) -> list[str]:
    """What each check that fails has to say."""
    found = []
    for check in checks:
        try:
            check()
        except CodebookError as error:
            found.append(str(error))
    return found


def read_marker(entry: Any, where: str) -> tuple[Marker | None, list[str]]:
    """An independent marker from its ``[[marker]]`` table, or every mistake in it."""
    if not isinstance(entry, dict):
        return None, [f"{where}: not a table; write it as [[marker]]"]
    where = _placed(entry, where)
    mistakes = mistakes_in(
        partial(_name, entry, where, "[[marker]]"),
        partial(_role, entry, where),
        partial(only_known, entry, _MARKER_KEYS, where),
        *_of_code(entry, TEXT_LISTS, where),
    )
    return (None if mistakes else _code(entry, _role(entry, where), where)), mistakes


def read_set(entry: Any, where: str, codes_where: list[str]) -> tuple[CodeSet | None, list[str]]:
    """A set from its ``[[set]]`` table, or every mistake in it and its codes.

    Parameters
    ----------
    entry : Any
        The table.
    where, codes_where : str, list of str
        Places of the set and of each of its codes, for messages.
    """
    if not isinstance(entry, dict):
        return None, [f"{where}: not a table; write it as [[set]]"]
    where = _placed(entry, where)
    mistakes = mistakes_in(
        partial(_name, entry, where, "[[set]]"),
        partial(only_known, entry, _SET_KEYS, where),
        partial(_role, entry, where),
        partial(text_of, entry, "definition", where),
        partial(_levels, entry, where),
        *(partial(_texts, entry, key, where) for key in _SET_LISTS),
    )
    # Of no account where there is a mistake: then there is no set.
    role = SpeakerRole.OTHER if mistakes else _role(entry, where)
    entries = entry.get("code", [])
    if not isinstance(entries, list) or len(entries) < 2:
        n = "one" if isinstance(entries, list) and entries else "no"
        remedy = "add another [[set.code]] below it, or make it a [[marker]]"
        mistakes.append(f"{where}: has {n} code, and one must be chosen from at least two; {remedy}")
        entries = entries if isinstance(entries, list) else []
    codes: list[Marker] = []
    for place, of_code in zip(codes_where, entries, strict=True):
        code, of_entry = _read_code(of_code, place, role)
        codes += [code] if code else []
        mistakes += of_entry
    mistakes += _written_alike(codes, where)
    if mistakes:
        return None, mistakes
    name, definition = text_of(entry, "name", where), text_of(entry, "definition", where)
    rulings, sources = (_texts(entry, key, where) for key in _SET_LISTS)
    title = str(entry.get("title", name))
    return CodeSet(name, title, role, definition, tuple(codes), *_levels(entry, where), rulings, sources), []


def _read_code(entry: Any, where: str, role: SpeakerRole) -> tuple[Marker | None, list[str]]:
    if not isinstance(entry, dict):
        return None, [f"{where}: not a table; write it as [[set.code]]"]
    where = _placed(entry, where)
    mistakes = mistakes_in(
        partial(_name, entry, where, "[[set.code]]"),
        partial(_no_role, entry, where),
        partial(only_known, set(entry) - {"role"}, _CODE_KEYS, where),
        *_of_code(entry, (*TEXT_LISTS, "also"), where),
    )
    return (None if mistakes else _code(entry, role, where)), mistakes


def _placed(entry: Mapping[str, Any], where: str) -> str:
    """The entry's place with its name in it, where it has one."""
    name = entry.get("name")
    return f"{where} ({name.strip()})" if isinstance(name, str) and name.strip() else where


def _name(entry: Mapping[str, Any], where: str, head: str) -> None:
    name = text_of(entry, "name", where)
    if not _NAME.fullmatch(name):
        also = '; what your tables hold instead goes into also = ["…"]' if head == "[[set.code]]" else ""
        raise CodebookError(f"{where}: a name holds small letters, digits and _ and begins with a letter{also}")
    if name in _TAKEN or name.startswith(_PREFIXES):
        raise CodebookError(f"{where}: {name!r} is or may be a column of the tables already; choose another name")


def _no_role(entry: Mapping[str, Any], where: str) -> None:
    if "role" in entry:
        raise CodebookError(f"{where}: a code has the role of its set; delete role here")


def _role(entry: Mapping[str, Any], where: str) -> SpeakerRole:
    role = text_of(entry, "role", where)
    if role not in set(SpeakerRole):
        raise CodebookError(f"{where}: the role is {role!r}; it must be therapist, client or other")
    return SpeakerRole(role)


def _levels(entry: Mapping[str, Any], where: str) -> tuple[bool, int]:
    ordered, lowest = entry.get("ordered", False), entry.get("lowest", 1)
    if not isinstance(ordered, bool):
        raise CodebookError(f"{where}: ordered must be true or false, without quotation marks")
    if not isinstance(lowest, int) or isinstance(lowest, bool):
        raise CodebookError(f"{where}: lowest must be a whole number, what the lowest level counts in a mean")
    if "lowest" in entry and not ordered:
        raise CodebookError(f"{where}: lowest is for levels; add ordered = true, or delete lowest")
    return ordered, lowest


def _texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CodebookError(f'{where}: {key} must be a list of texts, ["…", "…"]')
    return tuple(value)


def _of_code(entry: Mapping[str, Any], lists: Iterable[str], where: str) -> list[Callable[[], object]]:
    """Checks of what markers and codes have alike."""
    return [
        *(partial(_texts, entry, key, where) for key in lists),
        partial(_kinds, entry, where),
        partial(text_of, entry, "definition", where),
    ]


def _code(entry: Mapping[str, Any], role: SpeakerRole, where: str) -> Marker:
    lists = {key: _texts(entry, key, where) for key in (*TEXT_LISTS, "also")}
    name, definition = text_of(entry, "name", where), text_of(entry, "definition", where)
    return Marker(name, str(entry.get("title", name)), role, definition, _kinds(entry, where), **lists)


def _kinds(entry: Mapping[str, Any], where: str) -> tuple[Kind, ...]:
    kind_entries = entry.get("kind", [])
    if not isinstance(kind_entries, list) or not all(isinstance(kind, dict) for kind in kind_entries):
        raise CodebookError(f"{where}: a kind is a [[marker.kind]] with a name and a definition")
    return tuple(
        Kind(text_of(kind, "name", f"{where}, kind"), text_of(kind, "definition", f"{where}, kind"))
        for kind in kind_entries
    )


def _written_alike(codes: Sequence[Marker], where: str) -> list[str]:
    """Mistakes where a cell could mean two codes, or none."""
    found, holders = [], {as_written(code.name): (code.name, code.name) for code in codes}
    for code in codes:
        for text in code.also:
            if not text.strip():
                found.append(f"{where}: an empty text in also of {code.name}; an empty cell is not coded, so delete it")
                continue
            name, first = holders.setdefault(as_written(text), (code.name, text))
            if name != code.name:
                found.append(f"{where}: {first!r} stands for {name}, and {text!r} for {code.name}; keep one of them")
    return found
