"""Settled codes as tables: a ratings table, or a coded corpus."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from alliance_nlp.codebook import Codebook
from alliance_nlp.consensus import Consensus
from alliance_nlp.exports import Cell, CellType, Column, Filled, open_table
from alliance_nlp.rating_table import CONSENSUS
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.transcript import CLIENT_COLUMN
from alliance_nlp.whole_file import whole_file

_DECIMALS = 6


def write_consensus(path: Path, settled: Sequence[Consensus], overwrite: bool) -> None:
    """Write the settled codes as a ratings table of one coder, `CONSENSUS`.

    Parameters
    ----------
    path : Path
        Its ending, .csv or .jsonl, tells the format.
    settled : sequence of Consensus
        One for each marker. Those of Dawid and Skene have the probability of the code, and of each level as JSON.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    _write(path, ratings_table(settled), overwrite)


def ratings_table(settled: Sequence[Consensus]) -> Filled:
    """The settled codes, a row for each marker of an utterance; see `write_consensus`."""
    columns = [Column(name, CellType.TEXT) for name in ("session_id", "utterance_id", "coder", "marker", "value")]
    with_estimate = any(item.estimate for item in settled)
    if with_estimate:
        columns += [Column("probability", CellType.NUMBER), Column("class_probabilities", CellType.TEXT)]

    def rows() -> Iterator[list[Cell]]:
        for item in settled:
            levels = item.ratings.levels
            for row, ((session_id, utterance_id), code) in enumerate(
                zip(item.ratings.utterances, item.codes.tolist(), strict=True)
            ):
                value = "" if code == NOT_CODED else levels[code]
                line: list[Cell] = [session_id, utterance_id, CONSENSUS, item.ratings.marker, value]
                if item.estimate:
                    of_level = dict(
                        zip(levels, item.estimate.probabilities[row].round(_DECIMALS).tolist(), strict=True)
                    )
                    line += [of_level.get(value), json.dumps(of_level, ensure_ascii=False)]
                yield line

    return Filled(columns, rows())


def write_coded_corpus(
    path: Path, coded: Sequence[CodedSession], settled: Sequence[Consensus], codebook: Codebook, overwrite: bool
) -> None:
    """Write transcripts with their settled codes, as `read_coded_sessions` reads them.

    Parameters
    ----------
    path, overwrite
        As for `write_consensus`.
    coded : sequence of CodedSession
        The sessions.
    settled : sequence of Consensus
        One for each marker and set of the codebook, in the order of `Codebook.variable_names`. Those of Dawid and Skene
        add a column ``p_<marker>``: the probability that the marker is truly there.
    codebook : Codebook
        Names the columns.

    Raises
    ------
    OutputError
        Where the file may not be replaced, or the disk refuses.
    """
    _write(path, corpus_table(coded, settled, codebook), overwrite)


def corpus_table(coded: Sequence[CodedSession], settled: Sequence[Consensus], codebook: Codebook) -> Filled:
    """Transcripts with their settled codes; see `write_coded_corpus`."""
    names = [CLIENT_COLUMN, "session_id", "utterance_id"]
    columns = [Column(name, CellType.TEXT) for name in names]
    columns += [Column(name, CellType.NUMBER) for name in ("start", "end")]
    columns += [Column(name, CellType.TEXT) for name in ("speaker", "speaker_role", "text")]
    columns += [Column(marker.name, CellType.INTEGER) for marker in codebook.independent]
    columns += [Column(code_set.name, CellType.TEXT) for code_set in codebook.sets]
    probability_of = [
        dict(zip(item.ratings.utterances, of_level.round(_DECIMALS).tolist(), strict=True))
        for item in settled
        if item.estimate
        # Of a marker, the level 1; of a set, each of its codes.
        for of_level in item.estimate.probabilities.T[1 if item.ratings.is_marker else 0 :]
    ]
    if probability_of:
        columns += [Column(f"p_{name}", CellType.NUMBER) for name in codebook.marker_names]

    def rows() -> Iterator[list[Cell]]:
        for item in coded:
            session_id = item.session.session_id
            for utterance, codes in zip(item.session.utterances, item.codes.tolist(), strict=True):
                said: list[Cell] = [item.client, session_id, utterance.utterance_id, utterance.start, utterance.end]
                said += [utterance.speaker, str(utterance.speaker_role), utterance.text]
                said += variable_cells(codebook, codes)
                for marker, of_marker in zip(codebook.markers, probability_of, strict=False):
                    is_coded_on = utterance.speaker_role == marker.role
                    said.append(of_marker.get((session_id, utterance.utterance_id)) if is_coded_on else None)
                yield said

    return Filled(columns, rows())


def variable_cells(codebook: Codebook, codes: Sequence[int]) -> list[Cell]:
    """An utterance's codes as its coder wrote them: of a marker 1 or 0, of a set the code's name; None if not coded.

    Parameters
    ----------
    codebook : Codebook
        Names the cells, in the order of its `variable_names`.
    codes : sequence of int
        One for each of its markers.
    """
    code_of = dict(zip(codebook.marker_names, codes, strict=True))
    cells: list[Cell] = [
        None if code_of[marker.name] == NOT_CODED else code_of[marker.name] for marker in codebook.independent
    ]
    for code_set in codebook.sets:
        cells.append(next((name for name in code_set.code_names if code_of[name] == 1), None))
    return cells


def _write(path: Path, filled: Filled, overwrite: bool) -> None:
    with (
        whole_file(path, overwrite) as partial,
        open_table(partial.parent, partial.stem, path.suffix.removeprefix("."), filled.columns) as table,
    ):
        table.write(filled.rows)
