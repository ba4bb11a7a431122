"""The core transcript table as CSV (comma or semicolon) and TSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence

from alliance_nlp.errors import TranscriptError
from alliance_nlp.formulas import restore
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import MAX_UTTERANCE_CHARACTERS
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._table import Row, naming, read_rows, require_columns
from alliance_nlp.transcript import Session

NAME = "csv"
TITLE = "a table (CSV, TSV)"
SUFFIXES = (".csv", ".tsv", ".tab")
PLAIN = True

_DELIMITERS = "\t;,"
_FIELD_LIMIT = 10 * MAX_UTTERANCE_CHARACTERS


def looks_like(head: Head) -> bool:
    """Whether the first line names the columns of a transcript table."""
    heading = head.first_line
    delimiter = _delimiter(heading)
    names = {cell.strip(' "').casefold() for cell in heading.split(delimiter)}
    return "text" in names and not names.isdisjoint(("speaker", "speaker_role"))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
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
        require_columns(source.path, header, options, line)

    yield from read_rows(source.path, lambda: rows(source, check, options.columns), session_id, options)


def _delimiter(heading: str) -> str:
    return max(_DELIMITERS, key=heading.count)


def rows(
    source: TextSource, check: Callable[[Sequence[str], int], None], columns: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Rows of any delimited table.

    Parameters
    ----------
    source : TextSource
        The file.
    check : callable
        Given the header and its line; raises where it does not fit.
    columns : mapping of str to str, optional
        Columns that go by other names, as in `ReadOptions`.
    """
    name_of = naming(columns or {})
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    with source.open() as stream:
        delimiter = _delimiter(stream.readline())
        stream.seek(0)
        table = csv.reader(stream, delimiter=delimiter, strict=True)
        line = 1
        try:
            header = [name_of(cell.strip().casefold()) for cell in next(table, [])]
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
