"""Reads the folder that ``tag`` wrote, so that reports can be made without tagging again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from alliance_nlp.codebook import Marker
from alliance_nlp.errors import ResultsError, TranscriptError, UsageError
from alliance_nlp.evaluation import Estimate
from alliance_nlp.exports import FORMATS
from alliance_nlp.formulas import restore
from alliance_nlp.readers._session import MAX_UTTERANCE_CHARACTERS
from alliance_nlp.results import MANIFEST, reasons_from_text
from alliance_nlp.sheets import sheet_rows
from alliance_nlp.tagging import NOT_CODED, Reason, TaggedSession
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

_TAG_AGAIN = "tag the transcripts again"
_TEXT_COLUMNS = ("session_id", "utterance_id", "speaker", "speaker_role", "text")


class Measured(NamedTuple):
    """How well the model told a marker on clients it had not seen."""

    prevalence: float
    precision: Estimate | None
    """Of the utterances tagged, the share that coders marked too; None where undefined."""
    recall: Estimate | None
    """Of the utterances that coders marked, the share that was tagged; None where undefined."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the results were made with.

    Attributes
    ----------
    measured : mapping of str to Measured
        By marker; a marker without measured figures is not in it.
    trained_on : mapping of str to int
        Numbers of sessions, clients and utterances of the training corpus.
    """

    version: str
    model: str
    model_digest: str
    codebook: str
    notice: str
    markers: tuple[Marker, ...]
    measured: Mapping[str, Measured]
    trained_on: Mapping[str, int]
    sessions: int
    failures: int


class _Row(NamedTuple):
    place: str
    cells: Mapping[str, Any]


class StoredResults:
    """A folder of results, read session by session.

    Parameters
    ----------
    folder : str or Path
        What ``tag --out`` made.

    Attributes
    ----------
    run : Run
        What the results were made with.
    utterances : Path
        The file that holds them.
    explained : bool
        Whether the results hold the reasons of each tag.

    Raises
    ------
    ResultsError
        Where the folder does not hold results, or those of another version.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.run = _run(self.folder)
        found = [path for path in (self.folder / f"utterances.{suffix}" for suffix in FORMATS) if path.is_file()]
        if not found:
            raise ResultsError(f"{self.folder}: holds no utterances.csv, .jsonl, .parquet or .xlsx; {_TAG_AGAIN}")
        self.utterances = found[0]
        first = next(self._rows(), None)
        if first is None:
            raise ResultsError(f"{self.utterances}: holds no utterances; {_TAG_AGAIN}")
        names = [marker.name for marker in self.run.markers]
        for column in (*_TEXT_COLUMNS, *names, *(f"p_{name}" for name in names)):
            if column not in first.cells:
                raise ResultsError(f"{self.utterances}: the column {column!r} is missing; {_TAG_AGAIN}")
        self.explained = all(f"why_{name}" in first.cells for name in names)

    def sessions(self) -> Iterator[TaggedSession]:
        """The tagged sessions, in their order.

        Raises
        ------
        ResultsError
            Where a row is not as ``tag`` writes it; the message names the line.
        """
        seen: set[str] = set()
        for session_id, group in groupby(self._rows(), key=lambda row: str(row.cells["session_id"])):
            rows = list(group)
            if session_id in seen:
                raise ResultsError(
                    f"{self.utterances}, {rows[0].place}: a session goes on here that had ended above; "
                    "sort the rows as tag wrote them"
                )
            seen.add(session_id)
            yield self._session(session_id, rows)

    def _session(self, session_id: str, rows: list[_Row]) -> TaggedSession:
        markers = self.run.markers
        utterances = []
        probabilities = np.full((len(rows), len(markers)), np.nan)
        tags = np.full((len(rows), len(markers)), NOT_CODED, dtype=np.int8)
        reasons: list[tuple[tuple[Reason, ...], ...]] = []
        for line, row in enumerate(rows):
            try:
                utterances.append(_utterance(row.cells))
                for column, marker in enumerate(markers):
                    tag = _number(row.cells[marker.name])
                    if tag is not None:
                        tags[line, column] = {0.0: 0, 1.0: 1}[tag]
                        probabilities[line, column] = _probability(row.cells[f"p_{marker.name}"])
            except (KeyError, ValueError, TypeError):
                raise ResultsError(f"{self.utterances}, {row.place}: not as tag writes it; {_TAG_AGAIN}") from None
            if self.explained:
                reasons.append(
                    tuple(reasons_from_text(str(row.cells[f"why_{marker.name}"] or "")) for marker in markers)
                )
        session = Session(session_id, tuple(utterances))
        return TaggedSession(session, markers, probabilities, tags, tuple(reasons) if self.explained else None)

    def _rows(self) -> Iterator[_Row]:
        read = {".csv": _csv_rows, ".jsonl": _jsonl_rows, ".parquet": _parquet_rows, ".xlsx": _xlsx_rows}[
            self.utterances.suffix
        ]
        try:
            yield from read(self.utterances)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ResultsError(f"{self.utterances}: cannot be read ({type(error).__name__}); {_TAG_AGAIN}") from error


def _run(folder: Path) -> Run:
    path = folder / MANIFEST
    try:
        run = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        what = "holds no run.json" if folder.is_dir() else "no such folder"
        raise ResultsError(f"{folder}: {what}; name the folder that tag wrote its results into") from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: damaged or cut off ({type(error).__name__}); {_TAG_AGAIN}") from error
    try:
        entries = run["markers"]
        return Run(
            version=str(run["version"]),
            model=str(run["bundle"]["name"]),
            model_digest=str(run["bundle"]["sha256"]),
            codebook=f"{run['codebook']['name']} {run['codebook']['version']}",
            notice=str(run["notice"]),
            markers=tuple(
                Marker(entry["name"], entry["title"], SpeakerRole(entry["role"]), entry["definition"])
                for entry in entries
            ),
            measured={entry["name"]: _measured(entry["measured"]) for entry in entries if entry["measured"]},
            trained_on={name: int(value) for name, value in run["trained_on"].items() if value is not None},
            sessions=int(run["counts"]["sessions"]),
            failures=int(run["counts"]["failures"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResultsError(f"{path}: was written by another version of the program; {_TAG_AGAIN}") from error


def _measured(figures: Mapping[str, Any]) -> Measured:
    return Measured(float(figures["prevalence"]), _estimate(figures["precision"]), _estimate(figures["recall"]))


def _estimate(parts: Mapping[str, float | None]) -> Estimate | None:
    value, low, high = (parts[name] for name in ("value", "low", "high"))
    return None if value is None or low is None or high is None else Estimate(value, low, high)


def _utterance(cells: Mapping[str, Any]) -> Utterance:
    return Utterance(
        str(cells["utterance_id"]), str(cells["text"] or ""), str(cells["speaker"] or ""),
        SpeakerRole(cells["speaker_role"]), _number(cells.get("start")), _number(cells.get("end")),
    )  # fmt: skip


def _number(cell: Any) -> float | None:
    # A spreadsheet of some countries writes 0,5 for 0.5.
    return None if cell is None or cell == "" else float(str(cell).replace(",", "."))


def _probability(cell: Any) -> float:
    probability = _number(cell)
    if probability is None or not 0 <= probability <= 1:
        raise ValueError("no probability")
    return probability


def _csv_rows(path: Path) -> Iterator[_Row]:
    csv.field_size_limit(max(csv.field_size_limit(), 10 * MAX_UTTERANCE_CHARACTERS))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        heading = stream.readline()
        stream.seek(0)
        table = csv.reader(stream, delimiter=max("\t;,", key=heading.count), strict=True)
        header = next(table, [])
        line = table.line_num + 1
        while (cells := _next_cells(table, f"{path}, line {line}")) is not None:
            if cells:
                if len(cells) != len(header):
                    raise ResultsError(
                        f"{path}, line {line}: {len(cells)} cells for {len(header)} columns; {_TAG_AGAIN}"
                    )
                yield _Row(f"line {line}", dict(zip(header, map(restore, cells), strict=True)))
            line = table.line_num + 1


def _next_cells(table: Iterator[list[str]], where: str) -> list[str] | None:
    try:
        return next(table, None)
    except csv.Error as error:
        raise ResultsError(f"{where}: cut off or damaged, such as by a quotation mark; {_TAG_AGAIN}") from error


def _jsonl_rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                cells = json.loads(line)
            except ValueError:
                cells = None
            if not isinstance(cells, dict) or "session_id" not in cells:
                raise ResultsError(f"{path}, line {number}: not as tag writes it; {_TAG_AGAIN}")
            yield _Row(f"line {number}", cells)


def _parquet_rows(path: Path) -> Iterator[_Row]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'alliance-nlp[parquet]'") from error

    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches():
                for cells in batch.to_pylist():
                    number += 1
                    yield _Row(f"row {number}", cells)
    except pyarrow.ArrowInvalid as error:
        raise ResultsError(f"{path}: damaged or cut off; {_TAG_AGAIN}") from error


def _xlsx_rows(path: Path) -> Iterator[_Row]:
    header: list[str] = []
    try:
        for number, cells in sheet_rows(path):
            if header:
                yield _Row(f"row {number}", dict(zip_longest(header, cells[: len(header)])))
            else:
                header = [str(cell or "") for cell in cells]
    except TranscriptError as error:
        raise ResultsError(str(error)) from error
