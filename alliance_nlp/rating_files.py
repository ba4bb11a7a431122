"""Ratings read from files: ratings tables, coded tables of one coder, and sheets filled in at a consensus meeting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.coder_tables import CodeColumns, CoderTables
from alliance_nlp.errors import RatingsError, UsageError, shown
from alliance_nlp.rating_sets import MISSING, Origin, Rating, SetRatings
from alliance_nlp.rating_table import ADJUDICATOR, MARKER_LEVELS, RatingTable, shown_value
from alliance_nlp.readers._plain_table import SUFFIXES, plain_table
from alliance_nlp.readers._records import UNIT, RecordTable
from alliance_nlp.readers._table import Row, naming
from alliance_nlp.roles import RoleNames

DECISION = "decision"
"""Column of the sheet for the consensus meeting that takes the decision."""

_TABLE = ("session_id", "utterance_id", "coder", "marker", "value")
_ENDS_IN_POINT_ZERO = re.compile(r"(-?\d+)\.0+")
_LONGEST_VALUE = 40


class RatingSource(NamedTuple):
    """A file or folder with ratings, and whose they are where the file does not say."""

    path: Path
    coder: str = ""

    @classmethod
    def parse(cls, argument: str) -> RatingSource:
        """Read ``PATH`` or ``NAME=PATH``."""
        name, equals, path = argument.partition("=")
        if not equals or Path(argument).exists():
            return cls(Path(argument))
        if not name.strip() or not path:
            raise UsageError(f"{argument!r}: write NAME=FILE, for example anna=anna.csv")
        return cls(Path(path), name.strip())


class RatingRecords(NamedTuple):
    """Ratings in memory, and whose they are where the table does not say."""

    table: RecordTable
    coder: str = ""


def read_ratings(
    sources: Iterable[str | Path | RatingSource | RatingRecords],
    codebook: Codebook | None = None,
    markers: Sequence[str] = (),
    roles: RoleNames | None = None,
    columns: Mapping[str, str] | None = None,
) -> RatingTable:
    """Read ratings.

    Parameters
    ----------
    sources : iterable of str, Path, RatingSource or RatingRecords
        Files, folders of them, or tables in memory, of three kinds, told by their columns. A ratings table:
        ``session_id``, ``utterance_id``, ``coder``, ``marker``, ``value``. A coded table of one coder, whose name
        stands in the `RatingSource` or as ``NAME=PATH``: the core table with a column per marker. A sheet of
        disagreements with its column ``decision`` filled in. An empty value, ``NA``, ``NaN`` or a point is not coded.
    codebook : Codebook, optional
        Where given, no other markers may occur. Of a set, the value is the name of a code; a coded table or a ratings
        table may also have each code with 1 and 0.
    markers : sequence of str
        Read these only; in coded tables, the columns that hold codes. By default all of a ratings table,
        and in coded tables the markers of the codebook, without one those of the alliance codebook.
    roles : RoleNames, optional
        Speaker labels beyond the usual ones: a code in a coded table on a line of another role than the marker's is
        passed over, and noted.
    columns : mapping of str to str, optional
        Columns that go by other names, as `ReadOptions` has them.

    Raises
    ------
    RatingsError
        Where a file is of none of these kinds, a cell that must be filled is empty,
        a marker is not in the codebook or has another value than it knows, a rating is there twice, or coded tables
        without ids of utterances have not as many rows of a session.
    TranscriptError
        Where a file cannot be read as a table.
    UsageError
        Where a path does not exist, or a marker asked for is not in the codebook.
    """
    for name in markers:
        if codebook and name not in codebook.variable_names:
            code_set = codebook.set_of(name)
            why = f"it is a code of the set {code_set.name}; name that" if code_set else "it has " + _listed(codebook)
            raise UsageError(f"no marker {name!r} in this codebook; {why}")
    named = CodeColumns.of(codebook or read_codebook(), codebook is not None, tuple(markers), roles or RoleNames())
    independent = {marker.name for marker in codebook.independent} if codebook else set()
    collected, of_sets, coder_tables = _Collected(codebook), SetRatings(codebook), CoderTables(named)
    for origin, rows, coder in _tables(sources, named.names, columns or {}):
        for given in _ratings_of(origin, rows, coder, coder_tables):
            if codebook and given.marker not in (*codebook.variable_names, *codebook.marker_names):
                raise RatingsError(
                    f"{origin.at(given.line)}: the marker {shown_value(given.marker)} is not in the "
                    f"codebook; it has {_listed(codebook)}"
                )
            if given.marker in independent and _whole(given.value) not in (*MISSING, *MARKER_LEVELS):
                raise RatingsError(
                    f"{origin.at(given.line)}: the value {shown_value(given.value)} of {given.marker} is neither 1 "
                    "nor 0, as a marker's must be"
                )
            rating = of_sets.take(given, origin)
            if rating and (not markers or rating.marker in markers):
                collected.add(rating, origin)
    for rating, origin in of_sets.whole():
        if not markers or rating.marker in markers:
            collected.add(rating, origin)
    coder_tables.require_same_lines()
    return collected.table(tuple(coder_tables.notes))


def _tables(
    sources: Iterable[str | Path | RatingSource | RatingRecords], of_codes: Sequence[str], columns: Mapping[str, str]
) -> Iterator[tuple[Origin, Iterator[Row], str]]:
    wanted = (*_TABLE, DECISION, *(name.casefold() for name in of_codes), *columns.values())
    for given in sources:
        if isinstance(given, RatingRecords):
            yield Origin(given.table.path, UNIT), _renamed(iter(given.table.rows), columns), given.coder
            continue
        for path, coder in rating_files([given]):
            table = plain_table(path, wanted)
            yield Origin(path, table.unit), _renamed(table.rows, columns), coder


def _renamed(rows: Iterator[Row], columns: Mapping[str, str]) -> Iterator[Row]:
    name_of = naming(columns)
    return (row._replace(names=[name_of(name) for name in row.names]) for row in rows) if columns else rows


def _listed(codebook: Codebook) -> str:
    return ", ".join(codebook.variable_names)


def rating_files(sources: Iterable[str | Path | RatingSource]) -> list[RatingSource]:
    """The files of `sources`, those of folders one by one. See `read_ratings`."""
    parsed = [given if isinstance(given, RatingSource) else RatingSource.parse(str(given)) for given in sources]
    return [RatingSource(path, source.coder) for source in parsed for path in _files(source.path)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        return [path]
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        # Excel keeps a file ~$NAME beside a workbook that is open.
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
    )
    if not found:
        raise UsageError(f"{path}: no table found in this folder; looked for files that end in {', '.join(SUFFIXES)}")
    return found


def _ratings_of(origin: Origin, rows: Iterator[Row], coder: str, coder_tables: CoderTables) -> Iterator[Rating]:
    path = origin.path
    first = next(rows, None)
    if first is None:
        raise RatingsError(f"{shown(path)}: the table has headers but no rows; was it exported completely?")
    rows = chain([first], rows)
    if DECISION in first.names and "marker" in first.names:
        _require(path, first.names, ("session_id", "utterance_id"))
        return _of_sheet(rows, coder or ADJUDICATOR)
    if "coder" in first.names or "marker" in first.names:
        _require(path, first.names, _TABLE)
        if coder:
            raise RatingsError(f"{shown(path)}: names its coders itself; give it without {coder}=")
        return _of_table(rows)
    if not coder:
        named = "{'NAME': table}" if origin.unit == UNIT else f"NAME={path.name}"
        raise RatingsError(
            f"{shown(path)}: is no ratings table, which has the columns {', '.join(_TABLE)}; "
            f"for a coded table with a column per marker, say whose codes they are: {named}"
        )
    return coder_tables.ratings(origin, first.names, rows, coder)


def _require(path: Path, names: Sequence[str], needed: Sequence[str]) -> None:
    for name in needed:
        if name not in names:
            raise RatingsError(f"{shown(path)}: no column {name!r}; it must have {', '.join(needed)}")


def _of_table(rows: Iterable[Row]) -> Iterator[Rating]:
    for row in rows:
        cell = dict(zip(row.names, row.cells, strict=True)).get
        yield Rating(row.line, *(cell(name, "").strip() for name in _TABLE))


def _of_sheet(rows: Iterable[Row], coder: str) -> Iterator[Rating]:
    for row in rows:
        cell = dict(zip(row.names, row.cells, strict=True)).get
        session_id, utterance_id, marker, decision = (
            cell(name, "").strip() for name in ("session_id", "utterance_id", "marker", DECISION)
        )
        yield Rating(row.line, session_id, utterance_id, coder, marker, decision)


def _whole(value: str) -> str:
    """A column with gaps comes out of pandas as 1.0 and 0.0."""
    whole = _ENDS_IN_POINT_ZERO.fullmatch(value)
    return whole[1] if whole else value


class _Collected:
    """Ratings from one file after the other, names told apart by number."""

    def __init__(self, codebook: Codebook | None) -> None:
        self._sets = codebook.sets if codebook else ()
        self._utterances: dict[tuple[str, str], int] = {}
        self._coders: dict[str, int] = {}
        self._markers: dict[str, int] = {}
        self._values: dict[str, int] = {}
        self._rows: list[tuple[int, int, int, int]] = []
        self._places: list[tuple[Origin, int]] = []

    def add(self, rating: Rating, origin: Origin) -> None:
        for name in ("session_id", "utterance_id", "coder", "marker"):
            if not getattr(rating, name):
                raise RatingsError(f"{origin.at(rating.line)}: the {name} is empty; fill it in")
        if rating.value in MISSING:
            return
        if len(rating.value) > _LONGEST_VALUE:
            raise RatingsError(
                f"{origin.at(rating.line)}: the value is {shown_value(rating.value)}; "
                f"a code has at most {_LONGEST_VALUE}"
            )
        self._rows.append(
            (
                self._utterances.setdefault((rating.session_id, rating.utterance_id), len(self._utterances)),
                self._coders.setdefault(rating.coder, len(self._coders)),
                self._markers.setdefault(rating.marker, len(self._markers)),
                self._values.setdefault(_whole(rating.value), len(self._values)),
            )
        )
        self._places.append((origin, rating.line))

    def table(self, notes: tuple[str, ...]) -> RatingTable:
        if not self._rows:
            raise RatingsError("no rating found: every value is empty")
        rows = np.array(self._rows, dtype=np.int64)
        key = (rows[:, 0] * len(self._coders) + rows[:, 1]) * len(self._markers) + rows[:, 2]
        _, first, times = np.unique(key, return_index=True, return_counts=True)
        if (times > 1).any():
            self._refuse_doubled(key, int(first[times > 1].min()))
        return RatingTable(
            tuple(self._utterances), tuple(self._coders), tuple(self._markers), tuple(self._values), rows, self._sets,
            notes,
        )  # fmt: skip

    def _refuse_doubled(self, key: npt.NDArray[np.int64], first: int) -> None:
        again = int(np.flatnonzero(key == key[first])[1])
        utterance, coder, marker, _ = self._rows[again]
        session_id, utterance_id = list(self._utterances)[utterance]
        (first_origin, first_line), (origin, line) = self._places[first], self._places[again]
        raise RatingsError(
            f"{origin.at(line)}: coder {shown_value(list(self._coders)[coder])} has rated "
            f"{shown_value(list(self._markers)[marker])} on session {shown_value(session_id)}, utterance "
            f"{shown_value(utterance_id)} before ({first_origin.at(first_line)}); keep one of the two"
        )
