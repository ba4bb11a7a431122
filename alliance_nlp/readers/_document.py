"""What a document of an office program holds: paragraphs and tables, with what is bold, and what was put beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SYMBOLS = {0xF04A: "☺", 0xF04C: "☹", 0xF0E0: "→", 0xF0DF: "←"}
"""Of the font Wingdings: what Word makes of :) :( --> and <-- as it is typed."""
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF), "")
_READABLE = SYMBOLS | _UNSEEN | {0x2011: "-"} | dict.fromkeys(map(ord, "\t\r\n"), " ")
MAX_COLUMNS = 64
"""Of a table that is looked at for a transcript."""


class Piece(NamedTuple):
    r"""A stretch of text that is bold or is not; ``\n`` is a line break in the paragraph, ``\t`` a tab."""

    text: str
    bold: bool = False


class Line(NamedTuple):
    """A line of a paragraph."""

    text: str
    bold: str
    """The part at its begin that is bold."""


class Paragraph(NamedTuple):
    """A paragraph with words in it."""

    number: int
    """Among those with words, from 1, tables included."""
    pieces: tuple[Piece, ...]
    parts: int = 1
    """Paragraphs of the file that it is made of: several where the deletion of a paragraph mark is tracked."""

    @property
    def text(self) -> str:
        """All words, in one line."""
        return " ".join("".join(piece.text for piece in self.pieces).split())

    @property
    def lines(self) -> list[Line]:
        """Lines with words."""
        return [line for line in map(_line, _split(self.pieces)) if line.text.strip()]

    def followed_by(self, other: Paragraph) -> Paragraph:
        """This one and the next as one."""
        return Paragraph(self.number, self.pieces + other.pieces, self.parts + other.parts)


class Cell(NamedTuple):
    """A cell of a table."""

    paragraphs: tuple[Paragraph, ...]
    columns: int = 1
    """How many it covers."""

    @property
    def text(self) -> str:
        """All words, in one line."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


class Table(NamedTuple):
    """A table."""

    rows: tuple[tuple[Cell, ...], ...]
    headings: int = 0
    """How many of the first rows are marked as headings."""

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Of all cells."""
        return (paragraph for row in self.rows for cell in row for paragraph in cell.paragraphs)


@dataclass
class Document:
    """A document, as its file holds it.

    Attributes
    ----------
    blocks : list of Paragraph or Table
        The text, in its order.
    held : int
        Paragraphs with words that the file holds, counted in another way than by reading them.
    unread : list of int
        Numbers of paragraphs with words none of which shows.
    beside : Counter of str
        What stands beside the text, such as comments and footnotes: how many of each, by their names in the singular.
    notes : list of str
        What else the user should know.
    """

    blocks: list[Paragraph | Table]
    held: int
    unread: list[int] = field(default_factory=list)
    beside: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def paragraphs_of(blocks: Iterable[Paragraph | Table]) -> Iterator[Paragraph]:
    """Paragraphs, those of tables included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from block.paragraphs


def readable(text: str | None) -> str:
    """A text of the file without soft hyphens and marks of no width, in one line."""
    return (text or "").translate(_READABLE)


def has_words(pieces: Iterable[Piece]) -> bool:
    """Whether there is more than space."""
    return any(not piece.text.isspace() for piece in pieces if piece.text)


def _split(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        line.append(Piece(first, piece.bold))
        for other in others:
            yield line
            line = [Piece(other, piece.bold)]
    yield line


def _line(pieces: list[Piece]) -> Line:
    bold = []
    for piece in pieces:
        # Programs leave the space between two bold words as it was.
        if not piece.bold and piece.text.strip():
            break
        bold.append(piece.text)
    return Line("".join(piece.text for piece in pieces), "".join(bold).rstrip())
