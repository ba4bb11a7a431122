"""A file on the disk: text, opened in the encoding that it is really in, or bytes."""

from __future__ import annotations

import codecs
import hashlib
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._misread import is_mac_roman_at, is_other_alphabet_at

WINDOWS = "cp1252"
"""Encoding of a file that is no Unicode, as Python names it."""

_BLOCK = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
# Control characters, but not the one around times in CHAT files.
_NO_TEXT = frozenset({*range(9), *range(14, 32)} - {0x15})


class TextSource:
    """A transcript file that holds text.

    It is read twice, in blocks: first to find the encoding and the digest,
    then, by the reader, as text. Memory stays bounded for files of any size.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    encoding : str
        A byte order mark decides; without one, UTF-8, UTF-16 and Windows-1252
        are tried in this order, and Windows-1252 is left where the letters
        speak against it.
    sha256 : str
        Hexadecimal digest of the bytes.
    size : int
        In bytes.

    Raises
    ------
    TranscriptError
        Where the file cannot be read, is empty, is not text, or is in a
        damaged or unknown encoding.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: TextIO | None = None
        try:
            self.encoding, self.sha256, self.size = _inspect(path)
        except OSError as error:
            raise TranscriptError(path, "", f"cannot be read ({error.strerror or error})") from error

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The file as text, line ends kept as they are."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            self._stream = stream
            try:
                yield stream
            finally:
                self._stream = None

    @property
    def bytes_read(self) -> int:
        """How far the reader has come: about this many bytes of `size`."""
        return self._stream.buffer.tell() if self._stream else self.size


class BinarySource:
    """A transcript file that holds no text, such as an archive.

    Parameters
    ----------
    path : Path
        The file.

    Attributes
    ----------
    sha256 : str
        Hexadecimal digest of the bytes.
    size : int
        In bytes.

    Raises
    ------
    TranscriptError
        Where the file cannot be read or is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: BinaryIO | None = None
        try:
            _require_file(path)
            with path.open("rb") as file:
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                self.size = file.tell()
        except OSError as error:
            raise TranscriptError(path, "", f"cannot be read ({error.strerror or error})") from error
        _require_content(path, self.size)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file as bytes, to be gone through in any order."""
        with self.path.open("rb") as stream:
            self._stream = stream
            try:
                yield stream
            finally:
                self._stream = None

    @property
    def bytes_read(self) -> int:
        """How far the reader has come: about this many bytes of `size`."""
        return min(self._stream.tell(), self.size) if self._stream else self.size


def _require_file(path: Path) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise TranscriptError(path, "", "cannot be read (a pipe, a device or a folder); name a file")


def _require_content(path: Path, size: int) -> None:
    if size == 0:
        raise TranscriptError(path, "", "the file is empty; was it exported completely?")


def _inspect(path: Path) -> tuple[str, str, int]:
    _require_file(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        encoding = likely_encoding(head)
        decoder = codecs.getincrementaldecoder(encoding)()
        size, block, damaged, holds_nul = 0, head, False, False
        while block:
            digest.update(block)
            size += len(block)
            if not damaged:
                try:
                    holds_nul = holds_nul or "\0" in decoder.decode(block)
                except UnicodeDecodeError:
                    damaged = True
            block = file.read(_BLOCK)
    if not damaged:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            damaged = True
    _require_content(path, size)
    if damaged:
        encoding, holds_nul = _encoding_of_damaged(path, encoding), False
    if holds_nul:
        raise TranscriptError(path, "", "this is not a text file (it holds NUL bytes); export the transcript as text")
    return encoding, digest.hexdigest(), size


def likely_encoding(head: bytes) -> str:
    """Encoding that the first bytes of a file speak for, as Python names it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0:4096:2], head[1:4096:2]
    # Text in Western languages written as UTF-16 without a mark has a NUL in nearly every other byte.
    if odd.count(0) > 0.4 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and not odd.count(0):
        return "utf-16-be"
    return "utf-8"


def _is_half_pair(data: bytes, place: int, encoding: str) -> bool:
    """Whether half of a UTF-16 surrogate pair stands at a place where decoding failed."""
    if encoding == "utf-8":
        return _HALF_PAIR.match(data, place) is not None
    if encoding.startswith("utf-16"):
        little = encoding == "utf-16-le" or data.startswith(codecs.BOM_UTF16_LE)
        unit = int.from_bytes(data[place : place + 2], "little" if little else "big")
        return len(data) >= place + 2 and 0xD800 <= unit <= 0xDFFF
    return False


def _encoding_of_damaged(path: Path, tried: str) -> str:
    """Windows-1252 where the bytes are that and no damaged Unicode; an error otherwise."""
    data = path.read_bytes()
    if tried == "utf-8-sig":
        data, tried = data.removeprefix(codecs.BOM_UTF8), "utf-8"
    try:
        data.decode(tried)
    except UnicodeDecodeError as error:
        start = error.start
        line = data[:start].decode(tried, errors="replace").count("\n") + 1
    if _is_half_pair(data, start, tried):
        raise TranscriptError(
            path,
            f"line {line}",
            "half of a UTF-16 surrogate pair, as a cut emoji leaves it; delete that character and save as UTF-8",
        )
    if tried != "utf-8":
        raise TranscriptError(
            path, f"line {line}", f"the {tried.upper()} text is damaged or cut off; export it again, as UTF-8"
        )
    if b"\0" in data or sum(byte in _NO_TEXT for byte in data[:_BLOCK]) > len(data[:_BLOCK]) / 100:
        raise TranscriptError(path, "", "this is not a text file; export the transcript as text")
    letters = [letter for letter in data.decode("utf-8", "surrogateescape") if letter > "\x7f"]
    n_bad = sum("\udc80" <= letter <= "\udcff" for letter in letters)
    # Other alphabets hold a few pairs of bytes that happen to be UTF-8. Otherwise one well-formed UTF-8 letter beside
    # the bad bytes means damaged UTF-8, not another encoding.
    by_chance = len(letters) < 1.5 * n_bad and is_other_alphabet_at(data.decode(WINDOWS, "replace")) is not None
    if len(letters) > n_bad and not by_chance:
        raise TranscriptError(path, f"line {line}", "the UTF-8 text is damaged; export it again, as UTF-8")
    try:
        text = data.decode(WINDOWS)
    except UnicodeDecodeError as error:
        line = _line_at(data.decode("latin-1"), error.start)
        raise TranscriptError(
            path, f"line {line}", "neither UTF-8, UTF-16 nor Windows-1252; save the file as UTF-8"
        ) from error
    # Nearly any bytes can be read as Windows-1252, and wrong letters change the tags.
    for place, what in (
        (is_mac_roman_at(text), "in Mac Roman, it seems"),
        (is_other_alphabet_at(text), "in the encoding of another alphabet, it seems"),
    ):
        if place is not None:
            raise TranscriptError(
                path, f"line {_line_at(text, place)}", f"not UTF-8, but {what}; open it as that and save as UTF-8"
            )
    return WINDOWS


def _line_at(text: str, place: int) -> int:
    """Number of a line, whatever the lines end in: old Mac files have carriage returns alone."""
    return len(_LINE_END.findall(text, 0, place)) + 1
