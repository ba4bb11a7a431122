"""``alliance-nlp consensus``: one code an utterance from several coders'."""

from __future__ import annotations

import json
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
    reading_options,
    transcripts_option,
)
from alliance_nlp.errors import TranscriptError, UsageError

if TYPE_CHECKING:
    from alliance_nlp.readers import ReadOptions

_SOME_FAILED = 3


@click.command("consensus")
@click.argument("ratings", nargs=-1, required=True, metavar="RATINGS...")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="A table (.csv or .jsonl) for the settled codes.")  # fmt: skip
@click.option("--method", type=click.Choice(["majority", "adjudicator", "dawid-skene"]), default="majority",
              show_default=True, help="How differences are settled.")  # fmt: skip
@adjudicator_option
@ratings_options
@transcripts_option("to write a coded corpus that can be trained on")
@reading_options
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
    reading: ReadOptions,
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
    from alliance_nlp.coder_agreement import markers_in_order
    from alliance_nlp.commands._ratings import (
        say_notes,
        say_notes_of_ratings,
        say_what_failed,
        say_who_is_left_out,
    )
    from alliance_nlp.consensus import Method, coded_sessions, settle_markers, voters
    from alliance_nlp.consensus_tables import write_coded_corpus, write_consensus
    from alliance_nlp.rating_files import read_ratings
    from alliance_nlp.transcript_files import read_transcripts
    from alliance_nlp.whole_file import require_writable

    if out.suffix not in (".csv", ".jsonl"):
        raise UsageError(f"--out {out}: name a file that ends in .csv or .jsonl")
    if transcripts and markers:
        raise UsageError("--marker does not go with --transcripts: a coded corpus holds every marker of the codebook")
    require_writable(out, overwrite)
    codebook = read_codebook(codebook_file) if codebook_file or transcripts else None
    table = read_ratings(ratings, codebook, markers, reading.roles, reading.columns)
    chosen = voters(table, names_in(coders), adjudicator or "")
    if not quiet:
        say_who_is_left_out(table, (*chosen, adjudicator or ""), bool(coders), settling=True)
        say_notes_of_ratings(table)
    wanted = codebook.variable_names if codebook and transcripts else markers_in_order(table, markers, codebook)
    settled = settle_markers(
        table, wanted, Method(method), chosen, adjudicator or "", must_be_markers=bool(transcripts)
    )
    failures: list[TranscriptError] = []
    if codebook and transcripts:
        sessions, failures = read_transcripts(transcripts, reading)
        say_what_failed(failures)
        if not quiet:
            say_notes(sessions)
        coded = coded_sessions(sessions, settled, codebook)
        write_coded_corpus(out, coded, settled, codebook, overwrite)
        if not quiet:
            _say_what_has_no_other_half(len(sessions), len(coded), len(table.sessions))
    else:
        write_consensus(out, settled, overwrite)
    if as_json:
        about = {"method": method, "coders": chosen, "markers": [item.to_dict() for item in settled]}
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    elif not quiet:
        from alliance_nlp.reports.agreement_tables import consensus_table
        from alliance_nlp.reports.terminal import console

        consensus_table(settled, console())
        if any(item.utterances_open for item in settled):
            click.echo("Left open counts as not coded; agreement --disagreements FILE makes a sheet to settle it.")
        click.echo(f"{'Coded corpus' if transcripts else 'Ratings'}: {out}")
    return _SOME_FAILED if failures else 0


def _say_what_has_no_other_half(transcripts: int, coded: int, rated: int) -> None:
    if transcripts > coded:
        click.echo(f"Left out: {transcripts - coded} transcripts that are not rated.", err=True)
    if rated > coded:
        click.echo(f"Left out: the ratings of {rated - coded} sessions that have no transcript.", err=True)
