"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from alliance_nlp.errors import OutputError


@contextmanager
def whole_folder(target: str | Path, ours: Collection[str], overwrite: bool) -> Iterator[Path]:
    """Write files into a folder beside `target` that takes its place when all are written.

    Parameters
    ----------
    target : str or Path
        The folder to make; its parents are made too.
    ours : collection of str
        Names of the files that the program writes there, as patterns of the
        shell (``pages/session-*.html``). An existing folder is replaced only
        where it holds nothing else.
    overwrite : bool
        Whether a folder with earlier results may be replaced.

    Yields
    ------
    Path
        Where to write. On any exception it is removed, and `target` stays as it was.

    Raises
    ------
    OutputError
        Where `target` may not be replaced, or the disk refuses.
    """
    if Path(target).is_symlink() and not Path(target).exists():
        raise OutputError(f"{target}: is a link that leads nowhere; name a folder")
    target = Path(target).resolve()
    require_replaceable(target, ours, overwrite)
    new_parents = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    except OSError as error:
        _remove_empty(new_parents)
        raise OutputError(_refusal(target, error)) from error
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        _put_in_place(partial, target)
    except OSError as error:
        raise OutputError(_refusal(target, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if not target.exists():
            _remove_empty(new_parents)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders, innermost first, as far as they are empty."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _refusal(target: Path, error: OSError) -> str:
    return (
        f"{target}: cannot be written ({error.strerror or error}); choose a folder where you may write, with space left"
    )


def require_replaceable(target: Path, ours: Collection[str], overwrite: bool) -> None:
    """Raise an `OutputError` where a folder may not be made or replaced; see `whole_folder`."""
    if target in (Path.cwd(), *Path.cwd().parents):
        raise OutputError(f"{target}: is the current folder or holds it; name a folder of its own")
    try:
        if not target.is_dir():
            if target.exists():
                raise OutputError(f"{target}: is a file; name a folder")
            return
        held = any(target.iterdir())
        foreign = list(islice(_foreign(target, ours), 3)) if held else []
    except OSError as error:
        raise OutputError(_refusal(target, error)) from error
    if held and not overwrite:
        raise OutputError(f"{target}: already exists; choose another folder, or add --overwrite to replace it")
    if foreign:
        raise OutputError(
            f"{target}: holds files of other origin ({', '.join(foreign)}), which --overwrite would delete; "
            "move them or choose another folder"
        )


def _foreign(folder: Path, ours: Collection[str], within: str = "") -> Iterator[str]:
    """Names below a folder that are not ours."""
    for entry in sorted(folder.iterdir()):
        name = within + entry.name
        if any(pattern.startswith(f"{name}/") for pattern in ours) and entry.is_dir() and not entry.is_symlink():
            yield from _foreign(entry, ours, f"{name}/")
        elif not any(fnmatchcase(name, pattern) for pattern in ours):
            yield name


def _put_in_place(partial: Path, target: Path) -> None:
    if target.is_dir():
        # No way to swap two folders at once; between the two renames, the earlier results stand beside.
        earlier = Path(tempfile.mkdtemp(prefix=f".{target.name}.replaced-", dir=target.parent))
        try:
            target.rename(earlier / target.name)
            partial.rename(target)
        except BaseException:
            if (earlier / target.name).exists() and not target.exists():
                (earlier / target.name).rename(target)
            earlier.rmdir()
            raise
        shutil.rmtree(earlier, ignore_errors=True)
    else:
        partial.rename(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
