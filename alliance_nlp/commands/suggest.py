"""``alliance-nlp suggest``: which sessions and utterances to code next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    debug_option,
    embeddings_option,
    json_option,
    model_option,
    names_in,
    overwrite_option,
    quiet_option,
    reading_options,
)
from alliance_nlp.errors import UsageError

_SOME_FAILED = 3

if TYPE_CHECKING:
    from alliance_nlp.readers import ReadOptions


@click.command("suggest")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="The sheet, a CSV file.")  # fmt: skip
@model_option
@embeddings_option("the one that the model was trained with")
@click.option("--markers", metavar="A,B", help="Rank by these markers only.  [default: all of the model]")
@click.option("--sessions", "n_sessions", type=click.IntRange(1), default=5, show_default=True,
              help="How many sessions to suggest.")  # fmt: skip
@click.option("--utterances", "n_utterances", type=click.IntRange(0), default=50, show_default=True,
              help="How many utterances to point out, in all these sessions together.")  # fmt: skip
@click.option("--coded", multiple=True, metavar="TABLE", type=click.Path(path_type=Path),
              help="A coded table; sessions coded there are not suggested again. Repeat for several.")  # fmt: skip
@click.option("--context", type=click.IntRange(0), default=3, show_default=True,
              help="How many utterances before to show beside each one pointed out.")  # fmt: skip
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    paths: tuple[Path, ...],
    out: Path,
    model: Path | None,
    embeddings: Path | None,
    markers: str | None,
    n_sessions: int,
    n_utterances: int,
    coded: tuple[Path, ...],
    context: int,
    reading: ReadOptions,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Suggest which sessions to code next, and which utterances in them.

    PATH is transcripts or folders of them. Ranked is what the model is unsure of, rare markers first and no two alike.
    The sheet holds the sessions whole, with an empty column per marker; filled in, it is a coded table for train.
    """
    from alliance_nlp.commands._ratings import say_notes, say_what_failed
    from alliance_nlp.ratings import NOT_CODED, read_coded_sessions
    from alliance_nlp.readers import ReadOptions
    from alliance_nlp.suggestion_sheet import write_suggestions
    from alliance_nlp.suggestions import plain, suggest
    from alliance_nlp.tagging import load_tagger
    from alliance_nlp.transcript_files import read_transcripts
    from alliance_nlp.whole_file import require_writable

    if out.suffix.lower() != ".csv":
        raise UsageError(f"--out {out}: the sheet is a CSV file; choose a name that ends in .csv")
    require_writable(out, overwrite)
    tagger = load_tagger(model, embeddings=embeddings)
    codebook = tagger.bundle.codebook
    done = {
        item.session.session_id
        for item in read_coded_sessions(coded, codebook, ReadOptions(reading.roles))
        if (item.codes != NOT_CODED).any()
    }
    given_already = (*codebook.marker_names, *(code_set.name for code_set in codebook.sets))
    sessions, failures = read_transcripts(paths, reading, given_already)
    say_what_failed(failures)
    if not quiet:
        say_notes(sessions)
    uncoded = [session for session in sessions if session.session_id not in done]
    if not quiet:
        click.echo(f"{len(uncoded)} sessions to choose from", err=True)
    suggested = suggest(uncoded, tagger, names_in(markers), n_sessions, n_utterances)
    if not suggested:
        raise UsageError(
            f"nothing to suggest: none of {len(sessions)} sessions has a line left to code on these markers; "
            "name other transcripts"
        )
    write_suggestions(out, suggested, codebook, context, overwrite)
    if as_json:
        about = {"out": str(out), "sessions_to_choose_from": len(uncoded), "sessions": plain(suggested)}
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    elif not quiet:
        from alliance_nlp.reports.suggestion_table import suggestion_table
        from alliance_nlp.reports.terminal import console

        suggestion_table(suggested, console())
        click.echo(
            "In each marker's column write 1 or, where you looked and found nothing, 0; an empty cell is not coded."
        )
        for code_set in codebook.sets:
            role = code_set.role
            click.echo(f"In {code_set.name} write one of {', '.join(code_set.code_names)} on every line of the {role}.")
        click.echo(f"Sheet: {out}")
    return _SOME_FAILED if failures else 0
