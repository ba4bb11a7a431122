"""What the screen found, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_nlp.errors import shown
from alliance_nlp.reports.terminal import printable

if TYPE_CHECKING:
    from alliance_nlp.screening.sessions import Finding


def screen_table(found: Sequence[tuple[Path, Finding]], out: Console) -> None:
    """Print a row per finding, its words masked."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("file", "place", "category", "words, masked"):
        table.add_column(heading, overflow="fold")
    for file, finding in found:
        cells = (shown(file), place(file, finding), finding.category, finding.words)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    out.print(table)


def place(file: Path, finding: Finding) -> str:
    """Where in the file: ``session S2, utterance 14``."""
    parts = [f"session {finding.session_id}"] if finding.session_id and finding.session_id != file.stem else []
    if finding.place == "utterance":
        parts.append(f"utterance {finding.utterance_id}")
    elif finding.utterance_id:
        parts.append(f"{finding.place}, from utterance {finding.utterance_id}")
    else:
        parts.append(finding.place)
    return ", ".join(parts)
