"""Identifiers in what an office document carries beside its text: author, company, comments, changes, headers."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from alliance_nlp.errors import TranscriptError

SUFFIXES = frozenset({".docx", ".docm", ".xlsx", ".xlsm", ".odt", ".ods"})

_MOST_MEMBERS = 10_000
_LARGEST_PART = 64 << 20
_LARGEST_OF_ALL = 256 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    ParseError,
)

_PEOPLE = frozenset(
    {"creator", "lastModifiedBy", "manager", "initial-creator", "printed-by", "Manager", "sender-initials"}
)
_TEXTS = frozenset(
    {"title", "subject", "description", "keywords", "keyword", "category", "Company", "HyperlinkBase", "user-defined",
     "lpwstr", "lpstr", "Template"}
)  # fmt: skip
_AUTHOR_ATTRIBUTES = frozenset({"author", "displayName"})
_PLACES = {"creator": "author", "initial-creator": "author", "lastModifiedBy": "last modified by", "Company": "company",
           "Manager": "manager", "printed-by": "printed by"}  # fmt: skip


class Property(NamedTuple):
    """One thing that a document says about itself."""

    place: str
    value: str
    is_person: bool
    is_text: bool = False
    """Running text, as of a comment or a header."""


def read_properties(path: Path) -> list[Property]:
    """What a Word, Excel or OpenDocument file carries beside its text, each value once.

    Parameters
    ----------
    path : Path
        A file whose ending is in `SUFFIXES`.

    Raises
    ------
    TranscriptError
        Where it is no such file, is damaged, or unpacks to more than is believable.
    """
    from defusedxml.common import DefusedXmlException

    try:
        with zipfile.ZipFile(path) as archive:
            return list(dict.fromkeys(_properties(path, archive)))
    except DefusedXmlException as error:
        raise TranscriptError(
            path, "", "its properties hold XML that a document has no use for; do not trust it"
        ) from error
    except _DAMAGED as error:
        raise TranscriptError(
            path,
            "",
            f"its properties cannot be read ({type(error).__name__}); save it again in the program that made it",
        ) from error


def _properties(path: Path, archive: zipfile.ZipFile) -> Iterator[Property]:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise TranscriptError(path, "", f"more than {_MOST_MEMBERS:,} files in the document; do not trust it")
    left = _LARGEST_OF_ALL
    for member in members:
        name = member.filename
        if name.startswith("docProps/") or name == "meta.xml":
            find = _about
        elif name.startswith(("word/comments", "xl/comments", "xl/threadedComments", "xl/persons/", "word/people")):
            find = _comments
        elif name.startswith(("word/header", "word/footer", "word/footnotes", "word/endnotes")):
            find = _running_text
        elif name in ("word/document.xml", "content.xml", "styles.xml"):
            find = _changes
        else:
            continue
        if not name.endswith(".xml"):
            continue
        # Sizes are measured while unpacking: those that the archive states may be lies.
        with archive.open(member) as stream:
            data = stream.read(min(_LARGEST_PART, left) + 1)
        left -= len(data)
        if left < 0 or len(data) > _LARGEST_PART:
            raise TranscriptError(path, "", "unpacks to more than a document does; do not trust it")
        yield from find(_parsed(data))


def _parsed(data: bytes) -> Element:
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(data, forbid_dtd=True)
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _about(root: Element) -> Iterator[Property]:
    for element in root.iter():
        name, value = _local(element.tag), " ".join((element.text or "").split())
        if value and (name in _PEOPLE or name in _TEXTS):
            yield Property(f"document property {_PLACES.get(name, name)}", value, name in _PEOPLE)


def _comments(root: Element) -> Iterator[Property]:
    yield from _authors(root)
    for element in root.iter():
        if _local(element.tag) == "author" and element.text:
            yield Property("author of a comment", " ".join(element.text.split()), True)
    yield from _running_text(root, "comment")


def _authors(root: Element) -> Iterator[Property]:
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if _local(attribute) in _AUTHOR_ATTRIBUTES and value.strip():
                kind = _local(element.tag)
                yield Property("author of a change" if kind in _CHANGES else "author of a comment", value.strip(), True)


_CHANGES = frozenset("ins del moveFrom moveTo rPrChange pPrChange sectPrChange tblPrChange cellIns cellDel".split())


def _changes(root: Element) -> Iterator[Property]:
    """Authors of tracked changes and comments in a body; in OpenDocument, comments stand there too."""
    yield from _authors(root)
    for element in root.iter():
        name = _local(element.tag)
        if name in ("annotation", "change-info"):
            for child in element:
                if _local(child.tag) == "creator" and child.text:
                    place = "author of a comment" if name == "annotation" else "author of a change"
                    yield Property(place, child.text.strip(), True)
            if name == "annotation":
                words = " ".join("".join(part.itertext()) for part in element if _local(part.tag) == "p")
                if words.strip():
                    yield Property("comment", words, False, True)
        elif name in ("header", "footer"):
            words = " ".join("".join(element.itertext()).split())
            if words:
                yield Property(name, words, False, True)


def _running_text(root: Element, place: str = "header, footer or note") -> Iterator[Property]:
    for element in root.iter():
        if _local(element.tag) in ("p", "si", "text"):
            words = "".join(
                part.text or "" for part in element.iter() if _local(part.tag) in ("t", "text", "span", "p")
            )
            if words.strip():
                yield Property(place, words.strip(), False, True)
