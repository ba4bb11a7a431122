"""A text that stands inside another file, given to a reader as if it were a file of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import labelled_text
from alliance_nlp.readers._formats import Format, formats
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import TextSource, likely_encoding
from alliance_nlp.transcript import Session

_BEGIN = 1 << 16


class TextInside(TextSource):
    """A text in memory, in place of a file.

    Parameters
    ----------
    path : Path
        For messages and notes; nothing is ever opened there.
    text : str
        With line feeds.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.encoding, self.sha256, self.size = "utf-8", "", len(text)
        self._text = text

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The text."""
        yield io.StringIO(self._text, newline="")

    @property
    def bytes_read(self) -> int:
        """All of it, since it is in memory."""
        return self.size


def decoded(data: bytes) -> str:
    """Text of bytes in UTF-8 or UTF-16, without a byte order mark, line ends as they are.

    Raises
    ------
    UnicodeDecodeError
        Where it is neither.
    """
    return data.decode(likely_encoding(data)).removeprefix("\ufeff")


def format_of_text(text: str) -> Format | None:
    """Which of the formats of ``.txt`` files a text is clearly in, None for text with labels."""
    head = Head(b"", text[:_BEGIN])
    among = (item for item in formats() if ".txt" in item.suffixes and item.source is TextSource)
    return next((item for item in among if item.looks_like and item.looks_like(head)), None)


def read_text(path: Path, text: str, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """The session of a text, by the reader that its content asks for, or else by its speaker labels.

    Raises
    ------
    TranscriptError
        See the readers.
    """
    found = format_of_text(text)
    yield from (found.read if found else labelled_text.read)(TextInside(path, text), session_id, options)
