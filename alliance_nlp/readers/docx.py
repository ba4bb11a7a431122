"""Word documents.

Utterances are paragraphs, or lines of them, that begin with a label (see `_document_labels`), or rows of a table with a
column of speakers and one of words (see `_document_columns`). Of tracked changes the insertions are read and the
deletions are not, as if all had been accepted. Comments, notes, headers, footers and text boxes are left out and
counted. Nothing that a document refers to, such as a template or a picture elsewhere, is ever fetched, and no
macro is run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._archive import Archive, open_archive
from alliance_nlp.readers._document import Document
from alliance_nlp.readers._document_session import session_of
from alliance_nlp.readers._docx_body import Body, count_paragraphs
from alliance_nlp.readers._docx_styles import Styles
from alliance_nlp.readers._elements import attribute, local
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._office import require_archive
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._xml import parse_xml
from alliance_nlp.transcript import Session

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "docx"
TITLE = "a Word document"
SUFFIXES = (".docx", ".docm")
REFUSED = (".doc", ".rtf")
SOURCE = BinarySource

_USUAL_PLACE = re.compile(r"word/document\d*\.xml")
_RELATIONS = "_rels/.rels"
_BESIDE = {
    "header": re.compile(r"word/header\d*\.xml"),
    "footer": re.compile(r"word/footer\d*\.xml"),
    "footnote": re.compile(r"word/footnotes\d*\.xml"),
    "endnote": re.compile(r"word/endnotes\d*\.xml"),
    "comment": re.compile(r"word/comments\d*\.xml"),
}
_ONE_EACH = ("footnote", "endnote", "comment")
_MACROS = "vbaProject.bin"


def looks_like(head: Head) -> bool:
    """Whether the archive holds a text document of Word."""
    return any(_USUAL_PLACE.fullmatch(name) for name in head.members)


def read(source: BinarySource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a Word document.

    Raises
    ------
    TranscriptError
        Where the file is protected, old, damaged or made to do harm, nothing in it has a label, or see `make_session`.
    """
    require_archive(source, ".docx")
    with open_archive(source) as archive:
        document = _document(source.path, archive)
    yield session_of(source.path, session_id, document, options)


def _document(file: Path, archive: Archive) -> Document:
    place = _main_part(file, archive)
    styles_at = place.rpartition("/")[0] + "/styles.xml"
    styles = Styles(parse_xml(file, archive.read(styles_at), styles_at)) if styles_at in archive.names else Styles(None)
    root = parse_xml(file, archive.read(place), place)
    if local(root) != "document":
        raise TranscriptError(file, place, "no Word document; save it again as .docx in the program that made it")
    body = Body(styles)
    blocks = body.blocks(root)
    document = Document(blocks, count_paragraphs(root), body.unread, body.beside, body.notes())
    document.beside.update(_beside(file, archive))
    if any(name.endswith(_MACROS) for name in archive.names):
        document.notes.append("holds macros, which were neither run nor read")
    return document


def _main_part(file: Path, archive: Archive) -> str:
    """Where the text is: some programs give it another name than the usual."""
    if _RELATIONS in archive.names:
        for relation in parse_xml(file, archive.read(_RELATIONS), _RELATIONS):
            if attribute(relation, "Type").endswith("/officeDocument"):
                place = unquote(attribute(relation, "Target")).lstrip("/")
                if place in archive.names:
                    return place
    found = [name for name in archive.names if _USUAL_PLACE.fullmatch(name)]
    if not found:
        raise TranscriptError(file, "", "no Word document inside; save it again as .docx in the program that made it")
    return found[0]


def _beside(file: Path, archive: Archive) -> Counter[str]:
    counts: Counter[str] = Counter()
    for kind, pattern in _BESIDE.items():
        for name in filter(pattern.fullmatch, archive.names):
            root = parse_xml(file, archive.read(name), name)
            counts[kind] += _notes_in(root) if kind in _ONE_EACH else count_paragraphs(root) > 0
    return counts


def _notes_in(root: Element) -> int:
    # The lines that part notes from the text are kept as notes too, without words.
    return sum(count_paragraphs(note) > 0 for note in root)
