"""``alliance-nlp consensus``: one code an utterance from several coders'."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    adjudicator_option,
    debug_option,
    json_option,
    names_in,
    overwrite_option,
    quiet_option,
    ratings_options,
    role_option,
    transcripts_option,
)
from alliance_nlp.errors import TranscriptError, UsageError

if TYPE_CHECKING:
    from alliance_nlp.codebook import Codebook
    from alliance_nlp.consensus import Consensus
    from alliance_nlp.exports import Cell, Column
    from alliance_nlp.ratings import CodedSession

_SOME_FAILED = 3
_DECIMALS = 6


@click.command("consensus")
@click.argument("ratings", nargs=-1, required=True, metavar="RATINGS...")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="A table (.csv or .jsonl) for the settled codes.")  # fmt: skip
@click.option("--method", type=click.Choice(["majority", "adjudicator", "dawid-skene"]), default="majority",
              show_default=True, help="How differences are settled.")  # fmt: skip
@adjudicator_option
@ratings_options
@transcripts_option("to write a coded corpus that can be trained on")
@role_option
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    ratings: tuple[str, ...],
    out: Path,
    method: str,
    adjudicator: str | None,
    markers: tuple[str, ...],
    coders: str | None,
    codebook_file: Path | None,
    transcripts: tuple[Path, ...],
    roles: tuple[str, ...],
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Settle what coders differ on.

    RATINGS are as for agreement. majority takes the value that most coders gave and leaves a tie not coded, or to the
    adjudicator where one is named; adjudicator takes this coder's value where there is one, and elsewhere what all
    others agree on; dawid-skene estimates how often each coder errs, and takes the most probable value.

    Writes the coder consensus into a ratings table or, with --transcripts, a coded corpus.
    """
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.commands._ratings import (
        markers_in_order,
        read_transcripts,
        say_what_failed,
        say_who_is_left_out,
    )
    from alliance_nlp.consensus import Method, coded_sessions, settle_markers, voters
    from alliance_nlp.rating_files import read_ratings
    from alliance_nlp.roles import RoleNames
    from alliance_nlp.whole_file import require_writable

    if out.suffix.lower() not in (".csv", ".jsonl"):
        raise UsageError(f"--out {out}: name a file that ends in .csv or .jsonl")
    if transcripts and markers:
        raise UsageError("--marker does not go with --transcripts: a coded corpus holds every marker of the codebook")
    require_writable(out, overwrite)
    codebook = read_codebook(codebook_file) if codebook_file or transcripts else None
    role_names = RoleNames.parse(roles)
    table = read_ratings(ratings, codebook, markers, role_names)
    chosen = voters(table, names_in(coders), adjudicator or "")
    if not quiet and adjudicator is None:
        say_who_is_left_out(table, chosen, bool(coders))
    wanted = codebook.marker_names if codebook and transcripts else markers_in_order(table, markers, codebook)
    settled = settle_markers(
        table, wanted, Method(method), chosen, adjudicator or "", must_be_markers=bool(transcripts)
    )
    failures: list[TranscriptError] = []
    if codebook and transcripts:
        sessions, failures = read_transcripts(transcripts, role_names)
        say_what_failed(failures)
        coded = coded_sessions(sessions, settled, codebook)
        _write_corpus(out, coded, settled, codebook, overwrite)
        if not quiet:
            _say_what_has_no_other_half(len(sessions), len(coded), len(table.sessions))
    else:
        _write_ratings(out, settled, overwrite)
    if as_json:
        about = {"method": method, "coders": chosen, "markers": [_plain(item) for item in settled]}
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    elif not quiet:
        from alliance_nlp.reports.agreement_tables import consensus_table
        from alliance_nlp.reports.terminal import console

        consensus_table(settled, console())
        click.echo(f"{'Coded corpus' if transcripts else 'Ratings'}: {out}")
    return _SOME_FAILED if failures else 0


def _say_what_has_no_other_half(transcripts: int, coded: int, rated: int) -> None:
    if transcripts > coded:
        click.echo(f"Left out: {transcripts - coded} transcripts that are not rated.", err=True)
    if rated > coded:
        click.echo(f"Left out: the ratings of {rated - coded} sessions that have no transcript.", err=True)


def _plain(item: Consensus) -> dict[str, object]:
    plain: dict[str, object] = {
        "marker": item.ratings.marker,
        "levels": item.ratings.levels,
        "utterances": len(item.codes),
        "agreed": item.utterances_agreed,
        "settled": item.utterances_settled,
        "open": item.utterances_open,
    }
    if item.estimate:
        plain["dawid_skene"] = {
            "converged": item.estimate.converged,
            "steps": item.estimate.steps,
            "prevalence": item.estimate.prevalence.round(_DECIMALS).tolist(),
            "confusion": {
                coder: matrix.round(_DECIMALS).tolist()
                for coder, matrix in zip(item.ratings.coders, item.estimate.confusion, strict=True)
            },
        }
    return plain


def _write_ratings(path: Path, settled: Sequence[Consensus], overwrite: bool) -> None:
    from alliance_nlp.exports import CellType, Column
    from alliance_nlp.rating_table import CONSENSUS
    from alliance_nlp.ratings import NOT_CODED

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

    _write(path, columns, rows(), overwrite)


def _write_corpus(
    path: Path, coded: Sequence[CodedSession], settled: Sequence[Consensus], codebook: Codebook, overwrite: bool
) -> None:
    from alliance_nlp.exports import CellType, Column
    from alliance_nlp.ratings import NOT_CODED
    from alliance_nlp.transcript import CLIENT_COLUMN

    names = [CLIENT_COLUMN, "session_id", "utterance_id"]
    columns = [Column(name, CellType.TEXT) for name in names]
    columns += [Column(name, CellType.NUMBER) for name in ("start", "end")]
    columns += [Column(name, CellType.TEXT) for name in ("speaker", "speaker_role", "text")]
    columns += [Column(name, CellType.INTEGER) for name in codebook.marker_names]
    probability_of = [
        dict(zip(item.ratings.utterances, item.estimate.probabilities[:, 1].round(_DECIMALS).tolist(), strict=True))
        for item in settled
        if item.estimate
    ]
    if probability_of:
        columns += [Column(f"p_{name}", CellType.NUMBER) for name in codebook.marker_names]

    def rows() -> Iterator[list[Cell]]:
        for item in coded:
            session_id = item.session.session_id
            for utterance, codes in zip(item.session.utterances, item.codes.tolist(), strict=True):
                said: list[Cell] = [item.client, session_id, utterance.utterance_id, utterance.start, utterance.end]
                said += [utterance.speaker, str(utterance.speaker_role), utterance.text]
                said += [None if code == NOT_CODED else code for code in codes]
                for marker, of_marker in zip(codebook.markers, probability_of, strict=False):
                    is_coded_on = utterance.speaker_role == marker.role
                    said.append(of_marker.get((session_id, utterance.utterance_id)) if is_coded_on else None)
                yield said

    _write(path, columns, rows(), overwrite)


def _write(path: Path, columns: Sequence[Column], rows: Iterator[list[Cell]], overwrite: bool) -> None:
    from alliance_nlp.exports import open_table
    from alliance_nlp.whole_file import whole_file

    with (
        whole_file(path, overwrite) as partial,
        open_table(partial.parent, partial.stem, path.suffix.lower().removeprefix("."), columns) as table,
    ):
        table.write(rows)
