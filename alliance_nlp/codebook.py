"""Codebooks: what each marker and each set of codes is, on whom it is coded, and by which rules."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from importlib import resources
from pathlib import Path

from alliance_nlp.codebook_entries import TEXT_LISTS, mistakes_in, only_known, read_marker, read_set, text_of
from alliance_nlp.codes import CodeSet, Kind, Marker
from alliance_nlp.errors import CodebookError
from alliance_nlp.transcript import SpeakerRole

__all__ = [
    "CodeSet", "Codebook", "Kind", "Marker", "codebook_gaps", "codebook_mistakes", "codebook_source", "parse_codebook",
    "read_codebook",
]  # fmt: skip

_HEAD = re.compile(r"\s*\[\[\s*(marker|set|set\s*\.\s*code)\s*\]\]")
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
"""How files of Excel and Word, new and old, and PDFs begin."""
_LINE = re.compile(r"\(at line (\d+)")
_TEXT = re.compile(r'"[^"]*"')
_CURLY = re.compile("[“”„‘’‚]")


@dataclass(frozen=True, slots=True)
class Codebook:
    """Markers that are coded independently of each other, and sets of codes of which exactly one applies.

    Attributes
    ----------
    name, version, title : str
        What it is called; the version stands in every result.
    unit : str
        What is coded, and the rules that hold for every marker.
    markers : tuple of Marker
        Every code, in the order in which results show them: the independent markers, then the codes of each set.
    source : str
        The file's text, so that a model bundle can carry it unchanged.
    sets : tuple of CodeSet
        The sets; their codes stand among the markers.
    """

    name: str
    version: str
    title: str
    unit: str
    markers: tuple[Marker, ...]
    source: str
    sets: tuple[CodeSet, ...] = ()

    @property
    def marker_names(self) -> tuple[str, ...]:
        """Names of the markers, in order."""
        return tuple(marker.name for marker in self.markers)

    @property
    def independent(self) -> tuple[Marker, ...]:
        """The markers that are in no set."""
        in_sets = {name for code_set in self.sets for name in code_set.code_names}
        return tuple(marker for marker in self.markers if marker.name not in in_sets)

    @property
    def variable_names(self) -> tuple[str, ...]:
        """What a coder decides on for each utterance: the independent markers, and each set as a whole."""
        return (*(marker.name for marker in self.independent), *(entry.name for entry in self.sets))

    def set_of(self, name: str) -> CodeSet | None:
        """The set of that name, or the one that a code of that name is in."""
        return next((entry for entry in self.sets if name == entry.name or name in entry.code_names), None)

    def columns_of(self, code_set: CodeSet) -> slice:
        """Where the codes of a set stand among the markers: side by side."""
        first = self.marker_names.index(code_set.code_names[0])
        return slice(first, first + len(code_set.codes))

    def only(self, names: Iterable[str]) -> Codebook:
        """The codebook with some of its markers; a set stays where all of its codes do, else none of them does."""
        wanted = set(names)
        sets = tuple(entry for entry in self.sets if wanted.issuperset(entry.code_names))
        kept = {marker.name for marker in self.independent if marker.name in wanted}
        kept |= {name for entry in sets for name in entry.code_names}
        return replace(self, markers=tuple(marker for marker in self.markers if marker.name in kept), sets=sets)

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
        if error.object.startswith(_NO_TEXT):
            raise CodebookError(
                f"{path}: no codebook, which is a text file with the ending .toml, but a workbook or another document; "
                "begin a codebook with: alliance-nlp codebook init mine.toml"
            ) from error
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
    """Every mistake in a codebook's text, each with line and remedy; where it is no TOML, the first."""
    return _parse(source, where)[1]


def codebook_gaps(codebook: Codebook) -> list[str]:
    """What a coder would miss in a codebook that follows the schema, in plain words."""
    gaps = [] if codebook.unit else ['it does not say what the unit is; add unit = "…"']
    in_sets = {code.name for code_set in codebook.sets for code in code_set.codes}
    for marker in codebook.markers:
        # Exactly one code of a set applies: what is not one code is another, and the set's rulings say which.
        wanted = ("examples",) if marker.name in in_sets else TEXT_LISTS
        gaps += [
            f'{marker.name}: no {key.replace("_", " ")}; add {key} = ["…"]'
            for key in wanted
            if not getattr(marker, key)
        ]
        both = sorted({*marker.examples} & {*marker.near_misses})
        gaps += [f"{marker.name}: the same line is an example and a near miss; keep one" for _ in both]
    for code_set in codebook.sets:
        gaps += [
            f'{code_set.name}: no {key}; add {key} = ["…"]'
            for key in ("rulings", "sources")
            if not getattr(code_set, key)
        ]
    return gaps


def _parse(source: str, where: str) -> tuple[Codebook | None, list[str]]:
    try:
        # As decimals, since a message shows a number as it was written: 1.10, not 1.1.
        table = tomllib.loads(source, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return None, [f"{where}: not valid TOML: {error}{_remedy(source, str(error))}"]
    marker_entries, set_entries = table.get("marker", []), table.get("set", [])
    if isinstance(set_entries, dict):
        return None, [f"{where}: [set] or [[set.code]] without a [[set]] above it; begin the set with [[set]]"]
    if not isinstance(marker_entries, list) or not isinstance(set_entries, list) or not (marker_entries or set_entries):
        return None, [f"{where}: no [[marker]] found; a codebook needs at least one, or a [[set]]"]
    mistakes = mistakes_in(
        partial(only_known, table, {"name", "version", "title", "unit", "marker", "set"}, where),
        partial(text_of, table, "name", where),
        partial(text_of, table, "version", where),
    )
    places = _Places(source, where, len(marker_entries), set_entries)
    markers: list[Marker] = []
    for number, entry in enumerate(marker_entries, 1):
        marker, of_marker = read_marker(entry, places.next("marker", f"marker {number}"))
        mistakes += of_marker
        markers += [marker] if marker else []
    sets: list[CodeSet] = []
    for number, entry in enumerate(set_entries, 1):
        of_set = places.next("set", f"set {number}")
        of_codes = [places.next("set.code", f"code {place}") for place in range(1, _n_codes(entry) + 1)]
        found, of_entry = read_set(entry, of_set, of_codes)
        mistakes += of_entry
        sets += [found] if found else []
    mistakes += _names_twice(markers, sets, where)
    if mistakes:
        return None, mistakes
    name, version = text_of(table, "name", where), text_of(table, "version", where)
    unit = str(table.get("unit", "")).strip()
    in_order = (*markers, *(code for entry in sets for code in entry.codes))
    return Codebook(name, version, str(table.get("title", name)), unit, in_order, source, tuple(sets)), []


def _remedy(source: str, error: str) -> str:
    """What to do where a word processor made a text's quotes curly; empty where they are not what is wrong."""
    place = _LINE.search(error)
    if not place:
        return ""
    # Within plain quotes curly ones are part of the text, and welcome.
    line = _TEXT.sub("", source.split("\n")[int(place[1]) - 1])
    return '; write plain quotes (") instead of curly ones' if _CURLY.search(line) else ""


def _n_codes(entry: object) -> int:
    codes = entry.get("code") if isinstance(entry, dict) else None
    return len(codes) if isinstance(codes, list) else 0


class _Places:
    """Where the entries of a file stand; without lines where they cannot be told for sure."""

    def __init__(self, source: str, where: str, n_markers: int, sets: list[object]) -> None:
        self._where = where
        self._lines: dict[str, list[int]] = {"marker": [], "set": [], "set.code": []}
        for number, line in enumerate(source.splitlines(), 1):
            if head := _HEAD.match(line):
                self._lines["".join(head[1].split())].append(number)
        expected = {"marker": n_markers, "set": len(sets), "set.code": sum(map(_n_codes, sets))}
        for head_name, lines in self._lines.items():
            if len(lines) != expected[head_name]:
                lines.clear()

    def next(self, head: str, what: str) -> str:
        """The place of the next entry under such a head."""
        line = f", line {self._lines[head].pop(0)}" if self._lines[head] else ""
        return f"{self._where}{line}, {what}"


def _names_twice(markers: Iterable[Marker], sets: Iterable[CodeSet], where: str) -> list[str]:
    holders: dict[str, list[str]] = {}
    for marker in markers:
        holders.setdefault(marker.name, []).append("as a marker")
    for entry in sets:
        holders.setdefault(entry.name, []).append("as a set")
        for code in entry.codes:
            holders.setdefault(code.name, []).append(f"in the set {entry.name}")
    found = []
    for name, of_name in holders.items():
        if len(of_name) > 1:
            if set(of_name) == {"as a marker"}:
                found.append(f"{where}: the marker {name!r} is there twice; rename one")
            else:
                times = [f"{how}{' twice' if n > 1 else ''}" for how, n in Counter(of_name).items()]
                found.append(
                    f"{where}: the name {name!r} is there {' and '.join(times)}, and each is a column; rename one, "
                    f"such as {name}_2 or a name with the set's in it"
                )
    return found
