"""Markers and sets read from the tables of a codebook's file, each mistake with its remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
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
_SET_KEYS = {"name", "title", "role", "definition", "ordered", "lowest", "code", "rulings", "sources"}


def only_known(table: Mapping[str, Any], known: Set[str], where: str) -> None:
    """Raise a `CodebookError` where a table has a key that does not belong there."""
    unknown = sorted(set(table) - known)
    if unknown:
        raise CodebookError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def text_of(entry: Mapping[str, Any], key: str, where: str) -> str:
    """The text of a key that must be there."""
    value = entry.get(key, "")
    if not isinstance(value, str):
        shown = "…" if isinstance(value, bool | list | dict) else value
        raise CodebookError(f'{where}: {key} must be a text and stand in quotes: {key} = "{shown}"')
    if not value.strip():
        raise CodebookError(f'{where}: {key} is missing; add {key} = "…"')
    return value.strip()


def read_marker(entry: Any, where: str) -> Marker:
    """An independent marker from its ``[[marker]]`` table."""
    name, where = _named(entry, where, "[[marker]]")
    role = _role(entry, where)
    only_known(entry, {"name", "title", "role", "definition", "kind", *TEXT_LISTS}, where)
    return _code(entry, name, role, where)


def read_set(entry: Any, where: str, codes_where: list[str]) -> tuple[CodeSet | None, list[str]]:
    """A set from its ``[[set]]`` table, or every mistake in it, at most one a code.

    Parameters
    ----------
    entry : Any
        The table.
    where, codes_where : str, list of str
        Places of the set and of each of its codes, for messages.
    """
    mistakes: list[str] = []
    codes: list[Marker] = []
    try:
        name, where = _named(entry, where, "[[set]]")
    except CodebookError as error:
        return None, [str(error)]
    try:
        only_known(entry, _SET_KEYS, where)
        role, definition = _role(entry, where), text_of(entry, "definition", where)
        ordered, lowest = _levels(entry, where)
        rulings, sources = (_texts(entry, key, where) for key in ("rulings", "sources"))
    except CodebookError as error:
        mistakes.append(str(error))
        role, definition, ordered, lowest, rulings, sources = SpeakerRole.OTHER, "", False, 1, (), ()
    entries = entry.get("code", [])
    if not isinstance(entries, list) or len(entries) < 2:
        n = "one" if isinstance(entries, list) and entries else "no"
        remedy = "add another [[set.code]] below it, or make it a [[marker]]"
        mistakes.append(f"{where}: has {n} code, and one must be chosen from at least two; {remedy}")
        entries = entries if isinstance(entries, list) else []
    for place, of_code in zip(codes_where, entries, strict=True):
        try:
            code_name, code_where = _named(of_code, place, "[[set.code]]")
            if "role" in of_code:
                raise CodebookError(f"{code_where}: a code has the role of its set; delete role here")
            only_known(of_code, {"name", "title", "definition", "kind", "also", *TEXT_LISTS}, code_where)
            codes.append(_code(of_code, code_name, role, code_where))
        except CodebookError as error:
            mistakes.append(str(error))
    title = str(entry.get("title", name))
    found = CodeSet(name, title, role, definition, tuple(codes), ordered, lowest, rulings, sources)
    mistakes += _written_alike(found, where)
    return (None if mistakes else found), mistakes


def _named(entry: Any, where: str, head: str) -> tuple[str, str]:
    """The entry's name, and its place with the name in it."""
    if not isinstance(entry, dict):
        raise CodebookError(f"{where}: not a table; write it as {head}")
    name = text_of(entry, "name", where)
    where = f"{where} ({name})"
    if not _NAME.fullmatch(name):
        also = '; what your tables hold instead goes into also = ["…"]' if head == "[[set.code]]" else ""
        raise CodebookError(f"{where}: a name holds small letters, digits and _ and begins with a letter{also}")
    if name in _TAKEN or name.startswith(_PREFIXES):
        raise CodebookError(f"{where}: {name!r} is or may be a column of the tables already; choose another name")
    return name, where


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


def _code(entry: Mapping[str, Any], name: str, role: SpeakerRole, where: str) -> Marker:
    lists = {key: _texts(entry, key, where) for key in (*TEXT_LISTS, "also")}
    kind_entries = entry.get("kind", [])
    if not isinstance(kind_entries, list) or not all(isinstance(kind, dict) for kind in kind_entries):
        raise CodebookError(f"{where}: a kind is a [[marker.kind]] with a name and a definition")
    kinds = tuple(
        Kind(text_of(kind, "name", f"{where}, kind"), text_of(kind, "definition", f"{where}, kind"))
        for kind in kind_entries
    )
    return Marker(name, str(entry.get("title", name)), role, text_of(entry, "definition", where), kinds, **lists)


def _written_alike(code_set: CodeSet, where: str) -> list[str]:
    """Mistakes where a cell could mean two codes, or none."""
    found, holders = [], {as_written(code.name): (code.name, code.name) for code in code_set.codes}
    for code in code_set.codes:
        for text in code.also:
            if not text.strip():
                found.append(f"{where}: an empty text in also of {code.name}; an empty cell is not coded, so delete it")
                continue
            name, first = holders.setdefault(as_written(text), (code.name, text))
            if name != code.name:
                found.append(f"{where}: {first!r} stands for {name}, and {text!r} for {code.name}; keep one of them")
    return found
