"""The command ``alliance-nlp``, and the one place where an error becomes a message."""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
import threading
import traceback
from types import FrameType
from typing import Any

import click

from alliance_nlp import __version__
from alliance_nlp.commands._options import Invocation
from alliance_nlp.errors import AllianceError

_COMMANDS = (
    "tag", "report", "train", "evaluate", "agreement", "consensus", "suggest", "convert", "corpus", "codebook", "model",
)  # fmt: skip
_INTERRUPTED = 130


class _CommandFiles(click.Group):
    """Imports a command's file only when it is called, or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"alliance_nlp.commands.{cmd_name}").command
        return command


@click.group(cls=_CommandFiles, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="alliance-nlp")
def program() -> None:
    """Tag therapy transcripts for empathy, validation, self-disclosure, rupture and repair.

    Works offline: nothing is sent anywhere. Start with:

        alliance-nlp tag TRANSCRIPTS --out RESULTS
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    signal.signal(signal.SIGTERM, _stop)
    # A terminal that cannot show a letter shows a question mark.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    invocation = Invocation()
    try:
        given = sys.argv[1:] if arguments is None else arguments
        with program.make_context("alliance-nlp", given, obj=invocation) as context:
            code: Any = program.invoke(context)
        if sys.stdout:
            sys.stdout.flush()
    except click.exceptions.Exit as asked:
        code = asked.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        # The reader of our output, such as `head`, has gone; that is no error.
        _drop_output()
        code = 0
    except (KeyboardInterrupt, click.Abort):
        # What threads of a worker pool that is torn down have to say is of no use to anybody.
        threading.excepthook = lambda _: None
        click.echo("Stopped. Nothing was written.", err=True)
        code = _INTERRUPTED
    except AllianceError as error:
        if invocation.debug:
            traceback.print_exc()
        click.echo(f"Error: {error}", err=True)
        code = error.exit_code
    except OSError as error:
        if invocation.debug:
            traceback.print_exc()
        click.echo(f"Error: {error.filename or 'the output'}: {error.strerror or error}", err=True)
        _drop_output()
        code = 1
    except Exception as error:
        if invocation.debug:
            traceback.print_exc()
        else:
            click.echo(
                f"Error: unexpected {type(error).__name__}. This is a fault of the program; "
                "please report it with what --debug prints, after taking out anything private.",
                err=True,
            )
        code = 1
    sys.exit(code or 0)


def _drop_output() -> None:
    """Let what still waits for standard output go nowhere, so that leaving the program cannot fail on it."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
