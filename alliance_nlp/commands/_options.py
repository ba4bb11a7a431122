"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from alliance_nlp.errors import UsageError

Function = Callable[..., Any]


@dataclass
class Invocation:
    """What the outermost error handler must know of the call."""

    debug: bool = False


def _set_debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.find_object(Invocation).debug = True  # type: ignore[union-attr]


debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, callback=_set_debug, help="Show a traceback where something fails."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print neither progress nor tables, only errors.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what an earlier run wrote there.")
pipeline_help = "blank:LANG, an installed spaCy pipeline or the folder of one; its tokenizer is used."
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="For folds and resampling."
)
jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(-1), default=1, show_default=True, help="Processes; -1 for one per core."
)
adjudicator_option = click.option(
    "--adjudicator", metavar="NAME", help="The coder who settled what the others differ on; never counted among them."
)


def reading_options(function: Function) -> Function:
    """Add the options that say how transcripts are to be read; the command gets them as one value, `reading`."""

    @functools.wraps(function)
    def with_reading(
        roles: tuple[str, ...], columns: tuple[str, ...], join: bool | None, format_name: str | None, **others: Any
    ) -> Any:
        from alliance_nlp.readers import ReadOptions, format_named

        if format_name:
            format_named(format_name)
        reading = ReadOptions.parse(roles, columns, join, format_name)
        code = function(reading=reading, **others)
        if not others.get("quiet"):
            for label in reading.roles.never_met():
                click.echo(f"Note: no speaker is called {label.strip()!r} (given with --role)", err=True)
        return code

    for option in (
        click.option("--join/--no-join", default=None,
                     help="Join fragments of one speaker into utterances.  [default: in captions and machine "
                     "transcription only]"),
        click.option("--columns", multiple=True, metavar="NAME=COLUMN",
                     help="In a table, the column that is the text, the speaker and so on: --columns text=Utterance "
                     "--columns speaker=Who. Repeat, or part with commas."),
        click.option("--format", "format_name", metavar="NAME",
                     help="Format of the transcripts, such as webvtt, where content and ending mislead."),
        click.option("--role", "roles", multiple=True, metavar="LABEL=ROLE",
                     help='Who a speaker is: --role "SPEAKER_00=therapist" (or client, other). Repeat for each label; '
                     "the usual ones, such as T, Client or Counsellor, are known."),
    ):  # fmt: skip
        with_reading = option(with_reading)
    return with_reading


def require_jobs(jobs: int) -> None:
    """Raise a `UsageError` where no process is asked for."""
    if jobs == 0:
        raise UsageError("--jobs 0: at least one process is needed; -1 takes one per core")


def ratings_options(function: Function) -> Function:
    """Add the options that say which ratings are meant."""
    for option in (
        click.option("--marker", "markers", multiple=True, metavar="NAME",
                     help="This marker only; repeat for several. In coded tables, the columns that hold codes."),
        click.option("--coders", metavar="A,B",
                     help="These coders only.  [default: all but consensus and adjudicator]"),
        click.option("--codebook", "codebook_file", type=click.Path(path_type=Path),
                     help="A codebook file: markers that it does not have are an error."),
    ):  # fmt: skip
        function = option(function)
    return function


def settling_options(function: Function) -> Function:
    """Add the options by which a corpus is transcripts and several coders' ratings of them."""
    for option in (
        click.option("--coders", metavar="A,B",
                     help="Of --ratings, these coders only.  [default: all but consensus and adjudicator]"),
        adjudicator_option,
        click.option("--consensus", type=click.Choice(["majority", "adjudicator", "dawid-skene"]),
                     help="How differences in --ratings are settled.  [default: majority]"),
        click.option("--ratings", multiple=True, metavar="FILE",
                     help="Coders' ratings of the transcripts in CORPUS, as for agreement. Repeat for several."),
    ):  # fmt: skip
        function = option(function)
    return function


def transcripts_option(use: str) -> Callable[[Function], Function]:
    """Add ``--transcripts``; `use` says what for."""
    return click.option("--transcripts", multiple=True, metavar="PATH", type=click.Path(path_type=Path),
                        help=f"A transcript or a folder of them, {use}. Repeat for several.")  # fmt: skip


def names_in(text: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def embeddings_option(use: str) -> Callable[[Function], Function]:
    """Add ``--embeddings``; `use` says what for."""
    return click.option("--embeddings", metavar="FOLDER", type=click.Path(path_type=Path),
                        help=f"A sentence-embedding model on this disk, {use}.")  # fmt: skip


def model_option(function: Function) -> Function:
    """Add ``--model``."""
    return click.option(
        "--model", type=click.Path(path_type=Path), help="Folder of a model bundle.  [default: the shipped model]"
    )(function)
