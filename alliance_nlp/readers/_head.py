"""The beginning of a file, from which a format is told."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from alliance_nlp.readers._archive import member_names
from alliance_nlp.readers._source import likely_encoding

_LENGTH = 1 << 16
_ZIP = b"PK\x03\x04"


class Head(NamedTuple):
    """The beginning of a file."""

    data: bytes
    """As it stands on the disk."""
    text: str
    """Decoded as well as can be told so far, without a byte order mark, lines ended by ``\\n``; empty where the
    bytes are no text."""
    members: frozenset[str] = frozenset()
    """Names in a zip archive."""

    @property
    def first_line(self) -> str:
        """First line that is not blank."""
        return self.text.lstrip().partition("\n")[0].rstrip()

    @classmethod
    def of(cls, path: Path) -> Head:
        """Read the beginning of a file; empty where it cannot be read, which the source then says."""
        try:
            if not path.is_file():
                return cls(b"", "")
            with path.open("rb") as file:
                data = file.read(_LENGTH)
        except OSError:
            return cls(b"", "")
        if data.startswith(_ZIP):
            return cls(data, "", member_names(path))
        text = data.decode(likely_encoding(data), "replace").removeprefix("\ufeff")
        if "\0" in text:
            text = ""
        return cls(data, text.replace("\r\n", "\n").replace("\r", "\n"))
