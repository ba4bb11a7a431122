"""Tables of the terminal in a notebook."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape

from rich.console import Console

_WIDTH = 150


def in_notebook(print_to: Callable[[Console], None], notes: Sequence[str] = ()) -> str:
    """What a command would print, as HTML in the notebook's own colours.

    Parameters
    ----------
    print_to : callable
        Prints tables.
    notes : sequence of str
        What is to be minded, a line each below them.
    """
    console = Console(record=True, file=io.StringIO(), width=_WIDTH, highlight=False, force_jupyter=False)
    print_to(console)
    style = "font-family: monospace; line-height: 1.3; white-space: pre; overflow-x: auto"
    table = console.export_html(inline_styles=True, code_format=f'<pre style="{style}">{{code}}</pre>')
    return table + "".join(f"<p>Note: {escape(note)}</p>" for note in notes)
