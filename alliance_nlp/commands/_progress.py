"""How far a long run has come, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_SECONDS_BETWEEN_LINES = 10.0


class Steps:
    """How many of a known number of like steps are done, and about how long the rest takes.

    Parameters
    ----------
    what : str
        What is being done, for the bar.
    steps : str
        What is counted.
    quiet : bool
        Show nothing.
    """

    def __init__(self, what: str, steps: str, quiet: bool) -> None:
        self._main = self._stage = (what, steps)
        self._quiet = quiet
        self._began = self._last_line = self._last_note = time.monotonic()
        self._bar: Bar | None = None

    def done(self, number: int, of: int) -> None:
        """Note how far it is."""
        self._note(self._main, number, of)

    def stage(self, what: str, steps: str) -> Callable[[int, int], None]:
        """What notes how far something else is, which is done before or in between."""
        return partial(self._note, (what, steps))

    def _note(self, stage: tuple[str, str], number: int, of: int) -> None:
        now = time.monotonic()
        what, steps = stage
        if stage != self._stage:
            # It began where the other ended.
            self._stage, self._began = stage, self._last_note
            if self._bar:
                self._bar.reset(self._task, description=what, steps=steps)
        self._last_note = now
        if self._bar:
            self._bar.update(self._task, completed=number, total=of)
        elif not self._quiet and number < of and now - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = now
            left = (now - self._began) / number * (of - number)
            click.echo(f"{what}: {number:,} of {of:,} {steps}, about {_duration(left)} left", err=True)

    def say(self, message: str) -> None:
        """Print a message without disturbing the bar."""
        if self._quiet:
            return
        if self._bar:
            self._bar.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(message, err=True)

    def __enter__(self) -> Steps:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[steps]}"),
                TimeRemainingColumn(), console=Console(stderr=True), transient=True,
            )  # fmt: skip
            what, steps = self._main
            self._task = self._bar.add_task(what, total=None, steps=steps)
            self._bar.start()
        self._began = self._last_line = self._last_note = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Progress:
    """A bar where standard error is a terminal, a line now and then where it is not.

    Parameters
    ----------
    total_bytes : int
        Of all inputs.
    quiet : bool
        Show nothing.
    """

    def __init__(self, total_bytes: int, quiet: bool) -> None:
        self._total = max(total_bytes, 1)
        self._sessions = self._utterances = 0
        self._quiet = quiet
        self._began = self._last_line = time.monotonic()
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("Tagging"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.fields[sessions]:,} sessions, {task.fields[utterances]:,} utterances"),
                TimeRemainingColumn(), console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=self._total, sessions=0, utterances=0)

    def advance(self, bytes_read: int, utterances: int) -> None:
        """Note one more session."""
        self._sessions += 1
        self._utterances += utterances
        if self._bar:
            self._bar.update(self._task, completed=bytes_read, sessions=self._sessions, utterances=self._utterances)
        elif not self._quiet and time.monotonic() - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            click.echo(
                f"{bytes_read / self._total:4.0%} of the input: {self._sessions:,} sessions, "
                f"{self._utterances:,} utterances in {self._last_line - self._began:.0f} s",
                err=True,
            )

    def say(self, message: str) -> None:
        """Print a message without disturbing the bar."""
        if self._bar:
            self._bar.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(message, err=True)

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
