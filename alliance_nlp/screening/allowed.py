"""Words that the user knows to be no identifiers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alliance_nlp.errors import UsageError


def read_allowed(files: Iterable[Path]) -> frozenset[str]:
    """Words from text files: one a line, in any case; a line that begins with ``#`` is a remark.

    Raises
    ------
    UsageError
        Where a file cannot be read as UTF-8 text.
    """
    words: set[str] = set()
    for file in files:
        try:
            lines = file.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise UsageError(f"--allow {file}: is not UTF-8 text; save it as that, one word a line") from error
        except OSError as error:
            raise UsageError(f"--allow {file}: cannot be read ({error.strerror or error})") from error
        words.update(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    return frozenset(words)
