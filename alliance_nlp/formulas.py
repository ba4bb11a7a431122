"""Cells that a spreadsheet would run as a formula, written out inert and read back whole.

A spreadsheet treats a cell that starts with ``=``, ``+``, ``-``, ``@``, a tab, a
carriage return or a line feed as a formula. In CSV such a cell gets one apostrophe in front,
and the reader takes it off again, so that nothing is lost on the way round.
The list of characters follows the OWASP page on CSV injection.
"""

from __future__ import annotations

import re

_FIRST = frozenset("'=+-@\t\r\n")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_INERT = re.compile(r"'+[=+\-@\t\r\n]")


def make_inert(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run."""
    return "'" + cell if cell[:1] in _FIRST and _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """Undo `make_inert`."""
    return cell[1:] if _INERT.match(cell) else cell
