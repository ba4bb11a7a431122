"""Zip archives whose bytes depend on their content alone."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


def write_zip(path: Path, content: Mapping[str, bytes]) -> None:
    """Write an archive of these files, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            # The system that wrote it would show in the bytes.
            entry.create_system = 3
            archive.writestr(entry, data)
