"""What to code next, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_nlp.reports.terminal import printable

if TYPE_CHECKING:
    from alliance_nlp.suggestions import SuggestedSession


def suggestion_table(suggested: Sequence[SuggestedSession], out: Console) -> None:
    """Print a row per suggested session, best first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("rank", justify="right")
    table.add_column("session", overflow="fold")
    table.add_column("utterances", justify="right")
    table.add_column("pointed\nout", justify="right")
    table.add_column("why")
    for rank, item in enumerate(suggested, 1):
        name = Text(printable(item.session.session_id))
        table.add_row(str(rank), name, str(len(item.session.utterances)), str(len(item.lines)), item.why)
    out.print(table)
    out.print("Ranked by what a line of it would teach, and by how unlike it is to the sessions above it.", style="dim")
