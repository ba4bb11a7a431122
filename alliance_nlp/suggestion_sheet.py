"""The sheet for a coder: sessions to code next, whole, with the lines that matter most marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from alliance_nlp.codebook import Codebook, CodeSet
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.suggestions import SuggestedSession
from alliance_nlp.transcript import CLIENT_COLUMN, SHEET_ROW, Session

# With a space in it, no name can be that of a marker.
_BEFORE = "context before"
_AFTERWARDS = ("coding note", "line rank", "why this line", "session rank", "why this session", SHEET_ROW)


def write_suggestions(
    path: Path, suggested: Sequence[SuggestedSession], codebook: Codebook, context: int = 3, overwrite: bool = False
) -> None:
    """Write suggested sessions as CSV: a coded table whose codes are to be filled in.

    Every line of each session is there, in the transcript's order, since what stands around a line bears on what a
    model learns from it. Formulas are made inert.

    Parameters
    ----------
    path : Path
        The file.
    suggested : sequence of SuggestedSession
        Best first.
    codebook : Codebook
        A column for each of its independent markers and each of its sets; codes that a session brought along stay.
    context : int
        How many utterances before to show beside each suggested one, for a coder who looks at those alone.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    from alliance_nlp.exports.csv_table import write_csv

    write_csv(path, sheet_table(suggested, codebook, context), overwrite)


def sheet_table(suggested: Sequence[SuggestedSession], codebook: Codebook, context: int = 3) -> Filled:
    """Suggested sessions as a table; see `write_suggestions`."""
    texts = (CLIENT_COLUMN, "session_id", "utterance_id")
    columns = [Column(name, CellType.TEXT) for name in texts]
    columns += [Column(name, CellType.NUMBER) for name in ("start", "end")]
    columns += [Column(name, CellType.TEXT) for name in ("speaker_role", "speaker", _BEFORE, "text")]
    columns += [Column(name, CellType.TEXT) for name in (*codebook.variable_names, *_AFTERWARDS)]
    return Filled(columns, _rows(suggested, codebook, context))


def _rows(suggested: Sequence[SuggestedSession], codebook: Codebook, context: int) -> Iterator[list[Cell]]:
    number = 0
    for session_rank, item in enumerate(suggested, 1):
        session = item.session
        line_at = {line.place: line for line in item.lines}
        kept = [_column(session, name) for name in (CLIENT_COLUMN, *(marker.name for marker in codebook.independent))]
        kept += [_set_column(session, code_set) for code_set in codebook.sets]
        for place, (utterance, (client, *codes)) in enumerate(
            zip(session.utterances, zip(*kept, strict=True), strict=True)
        ):
            number += 1
            line = line_at.get(place)
            said = session.utterances[max(place - context, 0) : place] if line else ()
            row: list[Cell] = [client, session.session_id, utterance.utterance_id, utterance.start, utterance.end]
            row += [str(utterance.speaker_role), utterance.speaker]
            row += ["\n".join(f"{before.speaker}: {before.text}" for before in said), utterance.text, *codes, ""]
            row += [line.rank if line else "", line.why if line else ""]
            row += [session_rank, item.why if place == 0 else "", number]
            yield row


def _set_column(session: Session, code_set: CodeSet) -> tuple[str, ...]:
    """Codes by name, also where they were given in a column each; what does not fit the codebook stays as it is."""
    by_name = _column(session, code_set.name)
    flags = [(name, _column(session, name)) for name in code_set.code_names]
    return tuple(
        cell or " ".join(name for name, cells in flags if cells[row].strip().removesuffix(".0") == "1")
        for row, cell in enumerate(by_name)
    )


def _column(session: Session, name: str) -> tuple[str, ...]:
    return session.columns.get(name) or ("",) * len(session.utterances)
