"""The body of an OpenDocument text: its paragraphs and tables (OpenDocument 1.3, part 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alliance_nlp.readers._document import (
    MAX_COLUMNS,
    Cell,
    Paragraph,
    Piece,
    Table,
    has_words,
    paragraphs_of,
    readable,
)
from alliance_nlp.readers._elements import attribute, local
from alliance_nlp.readers._odt_styles import Look, Styles
from alliance_nlp.readers._tally import counted

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PARAGRAPHS = {"p", "h"}
_CHANGES = "tracked-changes"
_DRAWN = {"frame", "custom-shape", "rect", "line", "g", "ellipse", "polyline", "polygon", "path", "connector",
          "control", "caption", "circle", "measure", "regular-polygon"}  # fmt: skip
_NOT_TEXT = {"note", "annotation", "ruby-text", "forms", _CHANGES} | _DRAWN
_FIXED = {"tab": "\t", "line-break": "\n", "s": " "}
_HIDDEN = {"hidden-text", "hidden-paragraph"}


def count_paragraphs(root: Element) -> int:
    """Paragraphs with words, counted over the flat document: a check on `Body`."""
    outside = [False]
    paragraphs = []
    stack = [(root, outside)]
    while stack:
        element, has_words = stack.pop()
        if local(element) in _NOT_TEXT:
            continue
        if local(element) in _PARAGRAPHS:
            has_words = [False]
            paragraphs.append(has_words)
        has_words[0] = has_words[0] or bool(readable(element.text).strip())
        for below in element:
            has_words[0] = has_words[0] or bool(readable(below.tail).strip())
            stack.append((below, has_words))
    return sum(has_words[0] for has_words in paragraphs)


class Body:
    """Reads the body.

    Parameters
    ----------
    styles : Styles
        What is bold and hidden.

    Attributes
    ----------
    beside : Counter of str
        What was left out, by its name.
    unread : list of int
        Paragraphs with words none of which shows.
    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.beside: Counter[str] = Counter()
        self.unread: list[int] = []
        self._changes: Counter[str] = Counter()
        self._number = 0

    def notes(self) -> list[str]:
        """What else the user should know."""
        kept, dropped = self._changes["insertion"], self._changes["deletion"]
        if not kept and not dropped:
            return []
        return [
            f"{counted(kept, 'tracked insertion')} read and {counted(dropped, 'tracked deletion')} left out, "
            "as if all changes were accepted"
        ]

    def blocks(self, element: Element) -> list[Paragraph | Table]:
        """Paragraphs and tables below an element."""
        return list(self._walk(element))

    def _walk(self, element: Element) -> Iterator[Paragraph | Table]:
        for item in element:
            name = local(item)
            if name in _PARAGRAPHS:
                paragraph = self._paragraph(item)
                if paragraph:
                    yield paragraph
            elif name == "table":
                yield self._table(item)
            elif name == _CHANGES:
                # What was deleted is kept here, and nowhere in the text.
                self._changes.update(local(change) for region in item for change in region)
            elif name in _NOT_TEXT:
                self._leave_out(item)
            else:
                yield from self._walk(item)

    def _paragraph(self, element: Element) -> Paragraph | None:
        look = self._styles.look("paragraph", attribute(element, "style-name"))
        pieces = tuple(self._pieces(element, look))
        if has_words(pieces):
            self._number += 1
            return Paragraph(self._number, pieces)
        if count_paragraphs(element):
            self._number += 1
            self.unread.append(self._number)
        return None

    def _pieces(self, element: Element, look: Look) -> Iterator[Piece]:
        yield from self._shown(element.text, look)
        for item in element:
            name = local(item)
            if name in _FIXED:
                yield Piece(_FIXED[name], bool(look.bold))
            elif name == "span":
                yield from self._pieces(item, self._styles.look("text", attribute(item, "style-name")).over(look))
            elif name in _HIDDEN:
                self.beside["hidden passage"] += 1
            elif name in _NOT_TEXT:
                self._leave_out(item)
            elif name in _PARAGRAPHS or name == "table":
                # No paragraph holds another, except in a file that was damaged.
                yield Piece("\n")
                yield from self._pieces(item, look)
            else:
                yield from self._pieces(item, look)
            yield from self._shown(item.tail, look)

    def _shown(self, text: str | None, look: Look) -> Iterator[Piece]:
        words = readable(text)
        if words and look.hidden:
            self.beside["hidden passage"] += bool(words.strip())
        elif words:
            yield Piece(words, bool(look.bold))

    def _leave_out(self, element: Element) -> None:
        name = local(element)
        if name == "note":
            self.beside["endnote" if attribute(element, "note-class") == "endnote" else "footnote"] += 1
        elif name == "annotation":
            self.beside["comment"] += 1
        elif name in _DRAWN and any(
            local(item) in _PARAGRAPHS and "".join(item.itertext()).strip() for item in element.iter()
        ):
            self.beside["text box"] += 1
        elif name in _DRAWN and any(local(item) == "image" for item in element.iter()):
            self.beside["picture"] += 1

    def _table(self, element: Element) -> Table:
        rows: list[tuple[Cell, ...]] = []
        headings = 0
        for row, is_heading in _rows(element):
            headings += is_heading and headings == len(rows)
            rows.append(tuple(self._cells(row)))
        return Table(tuple(rows), headings)

    def _cells(self, row: Element) -> Iterator[Cell]:
        covered = 0
        for item in row:
            times = _number(item, "number-columns-repeated")
            if local(item) == "table-cell":
                paragraphs = tuple(paragraphs_of(self._walk(item)))
                span = _number(item, "number-columns-spanned")
                yield Cell(paragraphs, max(span, times))
                covered = span - 1
            elif local(item) == "covered-table-cell":
                left = times - min(times, covered)
                covered -= times - left
                # A cell that another covers can hold what was there before; it does not show.
                self.unread += [paragraph.number for paragraph in paragraphs_of(self._walk(item))]
                if left:
                    yield Cell((), left)


def _rows(table: Element, is_heading: bool = False) -> Iterator[tuple[Element, bool]]:
    for item in table:
        if local(item) == "table-row":
            yield item, is_heading
        else:
            yield from _rows(item, is_heading or local(item) == "table-header-rows")


def _number(element: Element, name: str) -> int:
    value = attribute(element, name)
    return min(max(int(value), 1), MAX_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 9 else 1
