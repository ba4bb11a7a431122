"""A file that appears whole or not at all, and never takes another's place unasked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alliance_nlp.errors import OutputError, shown


def require_writable(target: Path, overwrite: bool) -> None:
    """Raise an `OutputError` where a file may not be made or replaced; see `whole_file`."""
    if target.is_dir():
        raise OutputError(f"{shown(target)}: is a folder; name a file")
    if (target.exists() or target.is_symlink()) and not overwrite:
        raise OutputError(f"{shown(target)}: already exists; choose another name, or add --overwrite to replace it")


@contextmanager
def whole_file(target: Path, overwrite: bool) -> Iterator[Path]:
    """Write a file beside `target` that takes its place when it is whole.

    Parameters
    ----------
    target : Path
        The file to make; its parents are made too.
    overwrite : bool
        Whether an existing file may be replaced.

    Yields
    ------
    Path
        Where to write; it has the name of `target`. On any exception it is removed, and `target` stays as it was.

    Raises
    ------
    OutputError
        Where `target` may not be replaced, or the disk refuses.
    """
    require_writable(target, overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    except OSError as error:
        raise OutputError(_refusal(target, error)) from error
    try:
        yield folder / target.name
        # Through a link, so that it goes on leading to the file.
        (folder / target.name).replace(target.resolve())
    except OSError as error:
        raise OutputError(_refusal(target, error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refusal(target: Path, error: OSError) -> str:
    return f"{shown(target)}: cannot be written ({error.strerror or error}); choose a place where you may write"
