"""``alliance-nlp agreement``: how far coders agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    debug_option,
    json_option,
    names_in,
    overwrite_option,
    quiet_option,
    ratings_options,
    reading_options,
    seed_option,
    transcripts_option,
)
from alliance_nlp.errors import TranscriptError, UsageError

if TYPE_CHECKING:
    from alliance_nlp.coder_agreement import Coded, Measured
    from alliance_nlp.rating_table import Ratings
    from alliance_nlp.readers import ReadOptions
    from alliance_nlp.transcript import Session

_SOME_FAILED = 3


@click.command("agreement")
@click.argument("ratings", nargs=-1, required=True, metavar="RATINGS...")
@ratings_options
@click.option("--scale", type=click.Choice(["nominal", "ordinal", "interval"]),
              help="What the distance between two values means.  [default: nominal]")  # fmt: skip
@click.option("--levels", metavar="A,B,C", help="All values that a marker can take, in order.")
@seed_option
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="FILE",
              help="Write every figure into a CSV table, a row each.")  # fmt: skip
@click.option("--disagreements", "sheet", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the utterances on which coders differ into a CSV sheet for the meeting.")  # fmt: skip
@transcripts_option("to show in that sheet what was said")
@click.option("--context", type=click.IntRange(0), default=3, show_default=True,
              help="How many utterances before, in that sheet.")  # fmt: skip
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    ratings: tuple[str, ...],
    markers: tuple[str, ...],
    coders: str | None,
    codebook_file: Path | None,
    scale: str | None,
    levels: str | None,
    seed: int,
    csv_file: Path | None,
    sheet: Path | None,
    transcripts: tuple[Path, ...],
    context: int,
    reading: ReadOptions,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Tell how far coders agree, marker by marker, all together and two by two.

    RATINGS are tables (.csv, .tsv, .jsonl, .xlsx) with the columns session_id, utterance_id, coder, marker and
    value; or coded tables with a column per marker, one or more a coder: anna=anna.csv ben=ben.xlsx; or a sheet of
    disagreements with its decisions filled in.
    """
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.coder_agreement import (
        agreement_record,
        coverage,
        markers_in_order,
        measured,
        ratings_of_markers,
        require_shared,
        write_figures,
    )
    from alliance_nlp.commands._ratings import (
        say_notes,
        say_notes_of_ratings,
        say_what_failed,
        say_who_is_left_out,
    )
    from alliance_nlp.rating_files import read_ratings
    from alliance_nlp.rating_table import Scale
    from alliance_nlp.transcript_files import read_transcripts
    from alliance_nlp.whole_file import require_writable

    if transcripts and not sheet:
        raise UsageError("--transcripts are for the sheet of disagreements; add --disagreements FILE")
    for target in (csv_file, sheet):
        if target:
            require_writable(target, overwrite)
    codebook = read_codebook(codebook_file) if codebook_file else None
    table = read_ratings(ratings, codebook, markers, reading.roles, reading.columns)
    chosen = table.choose_coders(names_in(coders))
    if not quiet:
        say_who_is_left_out(table, chosen, bool(coders))
        say_notes_of_ratings(table)
    of_markers, failures = ratings_of_markers(
        table, markers_in_order(table, markers, codebook), chosen, Scale(scale) if scale else None, names_in(levels)
    )
    say_what_failed(failures)
    require_shared(of_markers)
    unread: list[TranscriptError] = []
    if sheet:
        sessions, unread = read_transcripts(transcripts, reading) if transcripts else ([], [])
        say_what_failed(unread)
        if not quiet:
            say_notes(sessions)
        n_rows, without = _write_sheet(sheet, of_markers, chosen, sessions, context, overwrite)
    results = list(measured(of_markers, table, seed))
    if csv_file:
        write_figures(csv_file, results, overwrite)
    if as_json:
        about = agreement_record(chosen, seed, of_markers, results)
        click.echo(json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False))
    elif not quiet:
        _print(results, coverage(of_markers))
    if not quiet:
        if csv_file:
            click.echo(f"Figures: {csv_file}", err=as_json)
        if sheet:
            click.echo(f"Disagreements: {sheet} ({n_rows:,} rows)", err=as_json)
            if transcripts and without:
                click.echo(f"No transcript of {len(without)} sessions, such as {without[0]}.", err=True)
    return _SOME_FAILED if failures or unread else 0


def _print(results: Sequence[Measured], coded: Mapping[str, Coded]) -> None:
    from alliance_nlp.agreement import N_RESAMPLES
    from alliance_nlp.reports.agreement_tables import agreement_table, coverage_lines
    from alliance_nlp.reports.terminal import console, printable

    out = console()
    coders = results[0][0].coders
    agreement_table([together for together, _ in results], printable(f"Coders {', '.join(coders)}"), out)
    pairs = [pair for _, of_marker in results for pair in of_marker]
    if pairs:
        agreement_table(pairs, "Two by two", out, of_pairs=True)
    click.echo(
        f"Below each figure its 95 % interval: bootstrap over sessions ({N_RESAMPLES:,} resamples); "
        "for the ICC of session counts, F distribution."
    )
    for line in coverage_lines(coded):
        click.echo(printable(line))
    if len(coders) > 2:
        click.echo("Cohen's κ of all coders is the mean over pairs (Light).")


def _write_sheet(
    path: Path,
    of_markers: Sequence[Ratings],
    coders: Sequence[str],
    sessions: Sequence[Session],
    context: int,
    overwrite: bool,
) -> tuple[int, list[str]]:
    from alliance_nlp.disagreements import find_disagreements, write_sheet
    from alliance_nlp.whole_file import whole_file

    found = find_disagreements(of_markers)
    with whole_file(path, overwrite) as partial:
        return len(found), write_sheet(partial, found, coders, sessions, context)
