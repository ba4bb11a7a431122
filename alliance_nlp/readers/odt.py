"""OpenDocument texts, as LibreOffice writes them and Google Docs exports them.

What is an utterance, what is left out and what becomes of tracked changes is as in Word documents, see `docx`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._archive import Archive, open_archive
from alliance_nlp.readers._document import Document
from alliance_nlp.readers._document_session import session_of
from alliance_nlp.readers._elements import child
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._odt_body import Body, count_paragraphs
from alliance_nlp.readers._odt_styles import Styles
from alliance_nlp.readers._office import require_archive
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._xml import parse_xml
from alliance_nlp.transcript import Session

NAME = "odt"
TITLE = "an OpenDocument text"
SUFFIXES = (".odt", ".ott")
SOURCE = BinarySource

_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.text"
_NEAR_BEGIN = 200
_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_ENCRYPTION = b"encryption-data"
_WHOLLY_ENCRYPTED = "encrypted-package"


def looks_like(head: Head) -> bool:
    """Whether the archive says first of all that it is an OpenDocument text."""
    return _TYPE in head.data[:_NEAR_BEGIN] and bool(head.members)


def read(source: BinarySource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of an OpenDocument text.

    Raises
    ------
    TranscriptError
        Where the file is protected, damaged or made to do harm, nothing in it has a label, or see `make_session`.
    """
    require_archive(source, ".odt")
    with open_archive(source) as archive:
        document = _document(source.path, archive)
    yield session_of(source.path, session_id, document, options)


def _document(file: Path, archive: Archive) -> Document:
    manifest = archive.read(_MANIFEST) if _MANIFEST in archive.names else b""
    if _ENCRYPTION in manifest or _WHOLLY_ENCRYPTED in archive.names:
        raise TranscriptError(file, "", "protected by a password; open it and save it without one, as .odt")
    content = parse_xml(file, archive.read(_CONTENT), _CONTENT)
    common = parse_xml(file, archive.read(_STYLES), _STYLES) if _STYLES in archive.names else None
    within = child(content, "body")
    text = child(within, "text") if within is not None else None
    if text is None:
        raise TranscriptError(file, "", "an OpenDocument file, but no text; export the transcript as .odt or .csv")
    styles = Styles(content, common)
    body = Body(styles)
    document = Document(body.blocks(text), count_paragraphs(text), body.unread, body.beside, body.notes())
    document.beside.update(styles.beside_pages)
    if any(name.startswith("Basic/") for name in archive.names):
        document.notes.append("holds macros, which were neither run nor read")
    return document
