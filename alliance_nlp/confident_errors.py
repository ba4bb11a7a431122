"""Where model and coders differ and the model is surest: the errors to read first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.exports.csv_table import write_csv
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.tagging import TaggedSession
from alliance_nlp.transcript import Session, Utterance


class ConfidentError(NamedTuple):
    """An utterance that the model tags and coders do not, or the reverse."""

    marker: str
    code: int
    """1 where the model missed it, 0 where it tags what coders did not code."""
    probability: float
    session: Session
    row: int
    """Place of the utterance in the session."""

    @property
    def utterance(self) -> Utterance:
        """The utterance."""
        return self.session.utterances[self.row]

    @property
    def confidence(self) -> float:
        """Probability that the model gives to what it says, which is wrong."""
        return 1 - self.probability if self.code else self.probability


def find_errors(
    coded: Sequence[CodedSession], tagged: Sequence[TaggedSession], markers: Sequence[str]
) -> dict[str, list[ConfidentError]]:
    """The errors of each marker, the most confident first.

    Parameters
    ----------
    coded, tagged : sequence of CodedSession and of TaggedSession
        The same sessions in the same order.
    markers : sequence of str
        The columns of the codes in `coded`; all must be markers of the model.
    """
    names = [marker.name for marker in tagged[0].markers]
    found: dict[str, list[ConfidentError]] = {marker: [] for marker in markers}
    for of_coders, of_model in zip(coded, tagged, strict=True):
        for column, marker in enumerate(markers):
            codes, tags = of_coders.codes[:, column], of_model.tags[:, names.index(marker)]
            for row in ((codes != NOT_CODED) & (codes != tags)).nonzero()[0].tolist():
                probability = float(of_model.probabilities[row, names.index(marker)])
                found[marker].append(ConfidentError(marker, int(codes[row]), probability, of_coders.session, row))
    return {
        marker: sorted(errors, key=lambda error: (-error.confidence, error.session.session_id, error.row))
        for marker, errors in found.items()
    }


def write_errors(path: Path, errors: Sequence[ConfidentError], context: int, overwrite: bool) -> None:
    """Write errors as a CSV sheet with what was said, formulas made inert.

    Parameters
    ----------
    path : Path
        The file.
    errors : sequence of ConfidentError
        In this order.
    context : int
        How many utterances before to show.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    write_csv(path, error_table(errors, context), overwrite)


def error_table(errors: Sequence[ConfidentError], context: int) -> Filled:
    """Errors as a table with what was said; see `write_errors`."""
    types = {"session_id": CellType.TEXT, "utterance_id": CellType.TEXT, "marker": CellType.TEXT,
             "code": CellType.INTEGER, "tag": CellType.INTEGER, "probability": CellType.NUMBER,
             "context": CellType.TEXT, "speaker": CellType.TEXT, "text": CellType.TEXT}  # fmt: skip

    def rows() -> Iterator[list[Cell]]:
        for error in errors:
            before = error.session.utterances[max(error.row - context, 0) : error.row]
            said = "\n".join(f"{utterance.speaker}: {utterance.text}" for utterance in before)
            utterance = error.utterance
            yield [
                error.session.session_id, utterance.utterance_id, error.marker, error.code, 1 - error.code,
                error.probability, said, utterance.speaker, utterance.text,
            ]  # fmt: skip

    return Filled([Column(name, kind) for name, kind in types.items()], rows())
