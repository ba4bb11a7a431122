"""What is known of sessions besides their words: dates, therapists, clients; and the order they stand in."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import UsageError, shown
from alliance_nlp.formulas import restore
from alliance_nlp.natural_order import natural

Info = Mapping[str, str]
_ORDER_COLUMNS = ("date", "session_date", "session_number")
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


class SessionOrder(NamedTuple):
    """Sessions from first to last."""

    session_ids: tuple[str, ...]
    dates: Mapping[str, date]
    """Where they are known."""
    by: str
    """What the order goes by, for the reader."""
    known: bool = True
    """Whether dates or numbers gave it; names alone tell nothing of time, even where they hold numbers."""


def read_session_info(path: Path, needed: bool = True) -> dict[str, dict[str, str]]:
    """Further columns of sessions from a table with a column ``session_id``.

    A session may have several rows, as in a table of utterances: then a
    column is kept where all of them say the same.

    Parameters
    ----------
    path : Path
        CSV, comma, semicolon or tab.
    needed : bool
        Whether it is an error that the file is not there.

    Returns
    -------
    dict of str to dict of str to str
        By session id, the non-empty cells by column.

    Raises
    ------
    UsageError
        Where the table cannot be read.
    """
    info: dict[str, dict[str, str]] = {}
    disagreeing: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            heading = stream.readline()
            stream.seek(0)
            table = csv.reader(stream, delimiter=max("\t;,", key=heading.count), strict=True)
            header = [cell.strip() for cell in next(table, [])]
            if "session_id" not in header:
                raise UsageError(f"{shown(path)}, line 1: no column 'session_id'; name the sessions in one")
            for cells in table:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise UsageError(
                        f"{shown(path)}, line {table.line_num}: {len(cells)} cells where the header has {len(header)}"
                    )
                row = {name: restore(cell).strip() for name, cell in zip(header, cells, strict=True)}
                known = info.setdefault(row.pop("session_id"), {})
                for name, value in row.items():
                    if value and known.setdefault(name, value) != value:
                        disagreeing.add(name)
    except FileNotFoundError:
        if needed:
            raise UsageError(f"{shown(path)}: no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{shown(path)}: cannot be read as a table ({type(error).__name__}); save it as CSV in UTF-8"
        ) from error
    return {
        session_id: {name: value for name, value in of_session.items() if name not in disagreeing}
        for session_id, of_session in info.items()
    }


def session_order(session_ids: Sequence[str], info: Mapping[str, Info], column: str | None = None) -> SessionOrder:
    """Order sessions by a column of dates or numbers, by the date in their names, or by their names.

    Parameters
    ----------
    session_ids : sequence of str
        Sessions to order.
    info : mapping of str to mapping of str to str
        See `read_session_info`.
    column : str, optional
        By default the first of ``date``, ``session_date`` and
        ``session_number`` that every session has, then a date in the name
        (``2026-03-07``, ``20260307``), then the name, numbers in it as numbers.

    Raises
    ------
    UsageError
        Where the column is not there for a session, or holds neither dates
        (``2026-03-07``) nor numbers.
    """
    candidates = [column] if column else list(_ORDER_COLUMNS)
    for name in candidates:
        cells = {session_id: info.get(session_id, {}).get(name, "") for session_id in session_ids}
        lacking = [session_id for session_id, cell in cells.items() if not cell]
        if lacking and column:
            raise UsageError(f"--order-by {name}: the session {lacking[0]} has no {name}; fill the column in")
        if not lacking:
            dates = {session_id: _iso_date(cell) for session_id, cell in cells.items()}
            if all(dates.values()):
                known = {session_id: day for session_id, day in dates.items() if day}
                return SessionOrder(_by(session_ids, known), known, f"by the column {name}")
            numbers = {session_id: _number(cell) for session_id, cell in cells.items()}
            wrong = [session_id for session_id, number in numbers.items() if number is None]
            if not wrong:
                return SessionOrder(
                    _by(session_ids, {key: value for key, value in numbers.items() if value is not None}),
                    {}, f"by the column {name}",
                )  # fmt: skip
            raise UsageError(
                f"the column {name}, session {wrong[0]}: neither a date nor a number as in the other rows; "
                "write dates as 2026-03-07"
            )
    dates = {session_id: _date_in(session_id) for session_id in session_ids}
    if all(dates.values()):
        known = {session_id: day for session_id, day in dates.items() if day}
        return SessionOrder(_by(session_ids, known), known, "by the date in the session's name")
    partly = [name for name in candidates if any(name in info.get(session_id, {}) for session_id in session_ids)]
    why = f", since not every session has a {partly[0]}" if partly else ""
    return SessionOrder(tuple(sorted(session_ids, key=natural)), {}, f"by the session's name{why}", known=False)


def _by(session_ids: Sequence[str], keys: Mapping[str, date] | Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(session_ids, key=lambda session_id: (keys[session_id], natural(session_id))))


def _iso_date(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell[:10]) if len(cell) >= 10 and cell[4:5] == "-" else None
    except ValueError:
        return None


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _date_in(name: str) -> date | None:
    for match in _DATE_IN_NAME.finditer(name):
        try:
            found = date(*map(int, match.groups()))
        except ValueError:
            continue
        if 1900 <= found.year < 2100:
            return found
    return None
