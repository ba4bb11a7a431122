"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

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
role_option = click.option(
    "--role", "roles", multiple=True, metavar="LABEL=ROLE",
    help='Who a speaker is: --role "SPEAKER_00=therapist" (or client, other). Repeat for each label; '
    "the usual ones, such as T, Client or Counsellor, are known.",
)  # fmt: skip
pipeline_help = "blank:LANG, an installed spaCy pipeline or the folder of one; its tokenizer is used."


def model_option(function: Function) -> Function:
    """Add ``--model``."""
    return click.option(
        "--model", type=click.Path(path_type=Path), help="Folder of a model bundle.  [default: the shipped model]"
    )(function)
