"""A folder that keeps what was counted and fitted, for a quicker second run; only where a user names one.

What it keeps is read back as Python objects, which can run code, and holds words that were said. So the folder must
be its owner's alone; see ``docs/decisions/0043-private-cache.md``.
"""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_nlp.errors import OutputError, UsageError

if TYPE_CHECKING:
    from joblib import Memory

TAG = "CACHEDIR.TAG"
"""Tells backup programs to pass the folder over (https://bford.info/cachedir/), and us that it is ours."""
_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n# Cache of alliance-nlp. Holds words of transcripts.\n"
_OF_OTHERS = 0o077
_LIBRARIES = ("joblib", "numpy", "scikit-learn", "scipy", "spacy")


def open_cache(folder: Path | None) -> Memory:
    """A cache in a folder, or one that keeps nothing.

    Parameters
    ----------
    folder : Path, optional
        Made where it does not exist, readable by its owner alone.

    Raises
    ------
    UsageError
        Where the folder holds other things, or others than its owner can read it or write to it.
    OutputError
        Where it cannot be made.
    """
    from joblib import Memory

    if folder is None:
        return Memory(None, verbose=0)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        entries = [entry.name for entry in folder.iterdir()]
        if entries and TAG not in entries:
            raise UsageError(f"--cache {folder}: holds other things; name a new folder, or one that was a cache before")
        if os.name == "posix":
            _require_private(folder)
        if not entries:
            (folder / TAG).write_text(_SIGNATURE, "utf-8")
    except OSError as error:
        raise OutputError(f"--cache {folder}: cannot be used ({error.strerror or error})") from error
    return Memory(folder, verbose=0)


def _require_private(folder: Path) -> None:
    state = folder.stat()
    if state.st_uid != os.getuid():
        raise UsageError(f"--cache {folder}: belongs to another user; name a folder of your own")
    if state.st_mode & _OF_OTHERS:
        raise UsageError(
            f"--cache {folder}: others can open it, and it would hold words of transcripts; make it yours alone with: "
            f"chmod 700 {folder}"
        )


def key_of(*parts: str | bytes) -> str:
    """SHA-256 over several parts, and over the program and the libraries that make something of them."""
    digest = hashlib.sha256(_program().encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@cache
def _program() -> str:
    """Changes with every change of the program, of a library, or of Python."""
    package = resources.files("alliance_nlp")
    sources = [*package.iterdir(), *(package / "lexicons").iterdir()]
    digest = hashlib.sha256()
    for source in sorted(sources, key=lambda entry: entry.name):
        if source.name.endswith((".py", ".toml")):
            digest.update(source.name.encode() + source.read_bytes())
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    return " ".join([digest.hexdigest(), platform.python_version(), platform.machine(), *versions])
