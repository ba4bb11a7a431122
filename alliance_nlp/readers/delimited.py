"""The core transcript table as CSV (comma or semicolon) and TSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

from alliance_nlp.errors import TranscriptError
from alliance_nlp.formulas import restore
from alliance_nlp.readers._session import MAX_UTTERANCE_CHARACTERS
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, read_rows, require_columns
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session

SUFFIXES = (".csv", ".tsv", ".tab")

_FIELD_LIMIT = 10 * MAX_UTTERANCE_CHARACTERS


def read(
    source: TextSource, session_id: str, roles: RoleNames, keep: tuple[str, ...]
) -> Iterator[Session | TranscriptError]:
    """Read the sessions of a delimited table.

    The first row names the columns, in any case; the delimiter is the one of
    tab, semicolon and comma that stands most often in it. See `read_rows`.

    Raises
    ------
    TranscriptError
        Where the table as a whole cannot be read: a column is missing, a
        quote is never closed, a row has too many or too few cells.
    """

    def check(header: Sequence[str], line: int) -> None:
        require_columns(source.path, header, keep, line)

    yield from read_rows(source.path, lambda: rows(source, check), session_id, roles, keep)


def rows(source: TextSource, check: Callable[[Sequence[str], int], None]) -> Iterator[Row]:
    """Rows of any delimited table; `check` is given the header and its line, and raises where it does not fit."""
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    with source.open() as stream:
        heading = stream.readline()
        delimiter = max("\t;,", key=heading.count)
        stream.seek(0)
        table = csv.reader(stream, delimiter=delimiter, strict=True)
        line = 1
        try:
            header = [cell.strip().casefold() for cell in next(table, [])]
            check(header, 1)
            line = table.line_num + 1
            for cells in table:
                if any(cells):
                    if len(cells) != len(header):
                        raise TranscriptError(
                            source.path,
                            f"line {line}",
                            f"{len(cells)} cells where the header has {len(header)}; "
                            'put a text that holds the delimiter in quotes ("…")',
                        )
                    restored = [restore(cell) if cell[:1] == "'" else cell for cell in cells]
                    yield Row(line, header, restored)
                line = table.line_num + 1
        except csv.Error as error:
            raise TranscriptError(source.path, f"line {line}", _explained(error)) from error


def _explained(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f'a cell of more than {_FIELD_LIMIT:,} characters; is a quote (") opened here and never closed?'
    return (
        f"the quotes do not match from here on ({error}); a text in quotes doubles each quote in it, "
        "and a file that was cut off must be exported again"
    )
