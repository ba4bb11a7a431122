"""Files of other programs, opened with care: nobody knows who made them."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from alliance_nlp.errors import TranscriptError

LARGEST = 200_000_000
"""Bytes of a file, unpacked; a session of an hour has about a hundred thousand."""


def file_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises
    ------
    TranscriptError
        Where it cannot be read, or is larger than `LARGEST`.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise TranscriptError(path, "", f"larger than {LARGEST:,} bytes; hand in fewer sessions at a time")
        return path.read_bytes()
    except OSError as error:
        raise TranscriptError(path, "", f"cannot be read ({error.strerror or error})") from error


def parse_xml(path: Path, content: bytes, place: str = "") -> Element:
    """The root of an XML document without a document type, entities or references to other files.

    Raises
    ------
    TranscriptError
        Where it is no such document.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise TranscriptError(
            path, place, "declares a document type or entities, which no such file needs; it is not opened"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        where = ", ".join(part for part in (place, f"line {line}" if line else "") if part)
        raise TranscriptError(path, where, "the XML is damaged or cut off; save it again in its program") from error
    return root
