"""The body of a Word document: its paragraphs and tables, changes accepted (ECMA-376, part 1, 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alliance_nlp.readers._document import SYMBOLS, Cell, Paragraph, Piece, Table, has_words, paragraphs_of, readable
from alliance_nlp.readers._docx_styles import Styles, switched
from alliance_nlp.readers._elements import attribute, child, local
from alliance_nlp.readers._tally import counted

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DROPPED = {"del", "moveFrom"}
_DELETED = {"tr": ("trPr", "del"), "tc": ("tcPr", "cellDel")}
"""Where rows and cells say that their deletion is tracked."""
_PROPERTIES = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "tblPrEx", "rt"}
_DRAWN = {"drawing", "pict", "object"}
_PICTURES = {"blip", "imagedata"}
_CONTENT = {"t", "symEx", *_DRAWN}
_FIXED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PRIVATE = range(0xE000, 0xF900)
_MOST_COLUMNS = 1000


def count_paragraphs(root: Element) -> int:
    """Paragraphs with words, counted over the flat document: a check on `Body`."""
    outside = [False]
    paragraphs = []
    stack = [(root, outside)]
    while stack:
        element, has_words = stack.pop()
        name = local(element)
        if name in _DROPPED or name in _DRAWN or (name in _DELETED and _is_deleted(element)):
            continue
        if name == "p":
            has_words = [False]
            paragraphs.append(has_words)
        elif name == "t" and readable(element.text).strip():
            has_words[0] = True
        elif name == "AlternateContent":
            element = _chosen(element)
        stack.extend((below, has_words) for below in element)
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
        self._fields: list[bool] = []
        """For each field that is open, whether its result has begun."""

    def notes(self) -> list[str]:
        """What else the user should know."""
        kept, dropped = self._changes["ins"], self._changes["del"]
        if not kept and not dropped:
            return []
        return [
            f"{counted(kept, 'tracked insertion')} read and {counted(dropped, 'tracked deletion')} left out, "
            "as if all changes were accepted"
        ]

    def blocks(self, element: Element) -> list[Paragraph | Table]:
        """Paragraphs and tables below an element."""
        found: list[Paragraph | Table] = []
        mark_deleted = False
        for block, deleted in self._walk(element):
            before = found[-1] if found else None
            if mark_deleted and isinstance(before, Paragraph) and isinstance(block, Paragraph):
                found[-1] = before.followed_by(block)
            else:
                found.append(block)
            mark_deleted = deleted
        return found

    def _walk(self, element: Element) -> Iterator[tuple[Paragraph | Table, bool]]:
        for item in element:
            name = local(item)
            if name == "p":
                paragraph = self._paragraph(item)
                if paragraph:
                    yield paragraph, _mark_is_deleted(item)
            elif name == "tbl":
                yield self._table(item), False
            elif name == "altChunk":
                self.beside["embedded document"] += 1
            elif name == "AlternateContent":
                yield from self._walk(_chosen(item))
            elif name not in _PROPERTIES and name not in _DROPPED:
                yield from self._walk(item)

    def _paragraph(self, element: Element) -> Paragraph | None:
        properties = child(element, "pPr")
        style = child(properties, "pStyle") if properties is not None else None
        pieces = tuple(self._pieces(element, attribute(style, "val") if style is not None else ""))
        # A field whose result never begins would swallow all that follows.
        if False in self._fields:
            del self._fields[self._fields.index(False) :]
        if has_words(pieces):
            self._number += 1
            return Paragraph(self._number, pieces)
        if count_paragraphs(element):
            self._number += 1
            self.unread.append(self._number)
        return None

    def _pieces(self, element: Element, style: str) -> Iterator[Piece]:
        for item in element:
            name = local(item)
            if name in _DROPPED:
                self._changes["del"] += 1
            elif name == "r":
                yield from self._run(item, style)
            elif name == "AlternateContent":
                yield from self._pieces(_chosen(item), style)
            elif name == "t":
                # Of a formula, whose runs are others.
                yield Piece(readable(item.text))
            elif name not in _PROPERTIES:
                self._changes["ins"] += name in {"ins", "moveTo"}
                yield from self._pieces(item, style)

    def _run(self, run: Element, paragraph_style: str) -> Iterator[Piece]:
        properties = child(run, "rPr")
        of_run = child(properties, "rStyle") if properties is not None else None
        style = attribute(of_run, "val") if of_run is not None else ""
        bold, hidden = switched(properties, "b"), switched(properties, "vanish")
        if bold is None:
            bold = self._styles.is_bold(paragraph_style, style)
        if hidden is None:
            hidden = self._styles.is_hidden(paragraph_style, style)
        text = "".join(self._content(run))
        if text and hidden:
            self.beside["hidden passage"] += 1
        elif text:
            yield Piece(text, bold)

    def _content(self, run: Element) -> Iterator[str]:
        for item in run:
            name = local(item)
            if name == "fldChar":
                self._field(attribute(item, "fldCharType"))
            elif name in _DRAWN:
                self._drawn(item)
            elif name == "AlternateContent":
                yield from self._content(_chosen(item))
            elif name in _PROPERTIES or name in {"delText", "instrText", "delInstrText"}:
                continue
            elif False in self._fields:
                # The code of a field, such as the address of a link, is not text.
                continue
            elif name == "t":
                yield readable(item.text)
            elif name in _FIXED:
                yield _FIXED[name]
            elif name in {"sym", "symEx"}:
                yield self._symbol(attribute(item, "char"))
            else:
                yield from self._content(item)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _symbol(self, code: str) -> str:
        try:
            number = int(code, 16)
            character = SYMBOLS.get(number) or ("" if number in _PRIVATE else chr(number))
            character.encode()
        except (ValueError, OverflowError):
            character = ""
        if not character:
            self.beside["unknown symbol"] += 1
        return character

    def _drawn(self, element: Element) -> None:
        boxes = sum(count_paragraphs(item) > 0 for item in element.iter() if local(item) == "txbxContent")
        if boxes:
            self.beside["text box"] += boxes
        elif any(local(item) in _PICTURES for item in element.iter()):
            self.beside["picture"] += 1

    def _table(self, element: Element) -> Table:
        rows: list[tuple[Cell, ...]] = []
        headings = 0
        for row in _below(element, "tr"):
            properties = child(row, "trPr")
            if _is_deleted(row):
                self._changes["del"] += 1
                continue
            if properties is not None and child(properties, "tblHeader") is not None and headings == len(rows):
                headings += 1
            rows.append(tuple(self._cells(row, properties)))
        return Table(tuple(rows), headings)

    def _cells(self, row: Element, properties: Element | None) -> Iterator[Cell]:
        before = _number(child(properties, "gridBefore") if properties is not None else None, 0)
        if before:
            yield Cell((), before)
        for cell in _below(row, "tc"):
            told = child(cell, "tcPr")
            if _is_deleted(cell):
                self._changes["del"] += 1
                continue
            span = _number(child(told, "gridSpan") if told is not None else None, 1)
            paragraphs = tuple(paragraphs_of(self.blocks(cell)))
            yield Cell(paragraphs, span)


def _chosen(alternatives: Element) -> Element:
    """Of contents for several versions of Word, the first that holds any."""
    for option in alternatives:
        if any(local(item) in _CONTENT for item in option.iter()):
            return option
    return alternatives


def _below(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells, also those that stand in content controls or tracked insertions."""
    for item in element:
        if local(item) == name:
            yield item
        elif local(item) not in _PROPERTIES and local(item) not in _DROPPED:
            yield from _below(item, name)


def _is_deleted(row_or_cell: Element) -> bool:
    where, what = _DELETED[local(row_or_cell)]
    properties = child(row_or_cell, where)
    return properties is not None and child(properties, what) is not None


def _mark_is_deleted(paragraph: Element) -> bool:
    properties = child(paragraph, "pPr")
    of_mark = child(properties, "rPr") if properties is not None else None
    return of_mark is not None and child(of_mark, "del") is not None


def _number(element: Element | None, otherwise: int) -> int:
    value = attribute(element, "val") if element is not None else ""
    return min(int(value), _MOST_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise
