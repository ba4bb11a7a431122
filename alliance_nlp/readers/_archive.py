"""Zip archives opened with mistrust: what a .docx, .xlsx, .odt or .qdpx is on the disk.

Nothing is ever unpacked to the disk, and no size is believed that was not measured while unpacking.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._source import BinarySource

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 256 << 20
MAX_TOTAL_BYTES = 1 << 30
MAX_RATIO = 250
"""Unpacked to packed. Text of an office program packs 5 to 30 fold, bombs 1,000 fold."""

_RATIO_COUNTS_FROM = 8 << 20
_BLOCK = 1 << 16
_END = b"PK\x05\x06"
_END_LENGTH = 22
_MAX_COMMENT = 1 << 16
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_LENGTH = 20
_DIRECTORY_ENTRY = 46
_MAX_NAME = 512
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_AGAIN = "save it again in the program that made it"


class Archive:
    """An opened zip archive.

    Attributes
    ----------
    names : tuple of str
        Of the files in it, in their order.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._unpacked = 0
        members = [member for member in archive.infolist() if not member.is_dir()]
        self.names = tuple(member.filename for member in members)
        self._members = {member.filename: member for member in members}
        if len(self._members) < len(members):
            raise TranscriptError(path, "", f"two files of one name in the archive; {_AGAIN}")
        for name in self.names:
            if _leads_out(name):
                raise TranscriptError(
                    path, "", "a file in the archive has a name that leads out of it; do not trust it"
                )

    def read(self, name: str) -> bytes:
        """Unpack one file of the archive.

        Raises
        ------
        TranscriptError
            Where it is not there, encrypted, damaged, or unpacks to more than is believable.
        """
        return b"".join(self.blocks(name))

    def measure(self) -> None:
        """Unpack everything once and keep nothing, before the archive is given to a library.

        Raises
        ------
        TranscriptError
            See `read`.
        """
        for name in self.names:
            for _ in self.blocks(name):
                pass
        self._unpacked = 0

    def blocks(self, name: str) -> Iterator[bytes]:
        """Unpack one file of the archive piece by piece; see `read`."""
        member = self._members.get(name)
        if member is None:
            raise TranscriptError(self._path, "", f"{name} is missing in the archive; {_AGAIN}")
        if member.flag_bits & _ENCRYPTED:
            raise TranscriptError(self._path, "", "the file is protected by a password; save it without one")
        size = 0
        try:
            with self._archive.open(member) as stream:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    self._unpacked += len(block)
                    if size > MAX_MEMBER_BYTES or self._unpacked > MAX_TOTAL_BYTES:
                        raise self._too_large(f"more than {max(size, self._unpacked) >> 20:,} MB")
                    if size > _RATIO_COUNTS_FROM and size > MAX_RATIO * max(member.compress_size, 1):
                        raise self._too_large(f"more than {MAX_RATIO} times its size")
                    yield block
        except _DAMAGED as error:
            raise TranscriptError(
                self._path, "", f"the archive is damaged ({type(error).__name__} in {_shown(name)}); {_AGAIN}"
            ) from error

    def _too_large(self, how: str) -> TranscriptError:
        return TranscriptError(
            self._path, "", f"unpacks to {how}, as a file made to do harm does; if it is sound, export it as text"
        )


@contextmanager
def open_archive(source: BinarySource) -> Iterator[Archive]:
    """Open a zip archive.

    Raises
    ------
    TranscriptError
        Where it is none, is damaged, or holds too many files or names that lead out of it.
    """
    problem = _problem(source.path)
    if problem:
        raise TranscriptError(source.path, "", f"{problem}; {_AGAIN}")
    with source.open() as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _DAMAGED as error:
            raise TranscriptError(
                source.path, "", f"the archive is damaged or cut off ({type(error).__name__}); {_AGAIN}"
            ) from error
        with archive:
            yield Archive(source.path, archive)


def member_names(path: Path) -> frozenset[str]:
    """Names in a zip archive; none where it cannot be opened, which opening it then says."""
    try:
        if _problem(path):
            return frozenset()
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except _DAMAGED:
        return frozenset()


def _problem(path: Path) -> str:
    """What speaks against having `zipfile` read the list of files: it believes whatever length is written there."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - _END_LENGTH - _MAX_COMMENT - _ZIP64_LOCATOR_LENGTH)
        file.seek(start)
        tail = file.read()
    # The record that zipfile takes: at the very end, or else the last one before a comment.
    at_end = tail[-_END_LENGTH:]
    place = len(tail) - _END_LENGTH if at_end[:4] == _END and at_end[-2:] == b"\0\0" else tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_LENGTH:
        return "the archive is damaged or cut off (no end of a list of files)"
    if tail[max(0, place - _ZIP64_LOCATOR_LENGTH) :].startswith(_ZIP64_LOCATOR):
        return "an archive for more than 65,535 files or 4 GB (zip64), which no transcript needs"
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    if entries > MAX_MEMBERS or length > MAX_MEMBERS * (_DIRECTORY_ENTRY + _MAX_NAME):
        return f"the archive holds more than {MAX_MEMBERS:,} files"
    return ""


def _leads_out(name: str) -> bool:
    place = PurePosixPath(name.replace("\\", "/"))
    return place.is_absolute() or ".." in place.parts or ":" in place.parts[0] if place.parts else True


def _shown(name: str) -> str:
    """A name in an archive is the program's, unless somebody made it up."""
    return name if len(name) <= 60 and name.isprintable() else "one of its files"
