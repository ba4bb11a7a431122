"""XML parsed with mistrust: no document type, no entities, nothing from outside, no endless nesting."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from alliance_nlp.errors import TranscriptError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 200
MAX_ELEMENTS = 1_000_000
"""Of a document held in memory as a tree: a Word document of a whole day of talk has 200,000."""


class Target(Protocol):
    """What `feed_xml` tells of a document as it goes through it; `data` may be there too."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Any:
        """An element begins."""

    def end(self, tag: str, /) -> Any:
        """An element ends."""

    def close(self) -> Any:
        """The document ends; what is returned here comes out of `feed_xml`."""


def parse_xml(file: Path, data: bytes, part: str = "") -> Element:
    """Parse an XML document.

    Parameters
    ----------
    file : Path
        For the messages.
    data : bytes
        The document.
    part : str
        Which file of an archive it is, for the messages.

    Raises
    ------
    TranscriptError
        Where it is not well-formed, declares a document type or entities,
        nests more than `MAX_DEPTH` deep, or has more than `MAX_ELEMENTS`.
    """
    from xml.etree.ElementTree import TreeBuilder

    class Bounded(TreeBuilder):
        depth = elements = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> Element:
            self.depth += 1
            self.elements += 1
            if self.depth > MAX_DEPTH:
                raise _TooDeep
            if self.elements > MAX_ELEMENTS:
                raise _TooMany
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    root: Element = feed_xml(file, (data,), Bounded(), part)
    return root


def feed_xml(file: Path, blocks: Iterable[bytes], target: Target, part: str = "") -> Any:
    """Go through an XML document of any length without holding it in memory.

    Parameters
    ----------
    file : Path
        For the messages.
    blocks : iterable of bytes
        The document, in pieces.
    target : Target
        Told of each element.
    part : str
        Which file of an archive it is, for the messages.

    Returns
    -------
    object
        What the target's `close` returns.

    Raises
    ------
    TranscriptError
        Where it is not well-formed, or declares a document type or entities.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        for block in blocks:
            parser.feed(block)
        return parser.close()
    except ParseError as error:
        line = f"line {error.position[0]}"
        raise TranscriptError(
            file,
            f"{part}, {line}" if part else line,
            "the XML is damaged or cut off here; save or export the file again",
        ) from error
    except DefusedXmlException as error:
        raise TranscriptError(
            file, part, "declares a document type or entities, as no transcript needs; export it again, or as text"
        ) from error
    except _TooDeep:
        raise TranscriptError(
            file, part, f"elements nested more than {MAX_DEPTH} deep, as no transcript needs; export it as text"
        ) from None
    except _TooMany:
        raise TranscriptError(
            file, part, f"more than {MAX_ELEMENTS:,} elements, as no transcript needs; export it as text"
        ) from None
    except (ValueError, LookupError) as error:
        raise TranscriptError(file, part, "the encoding that the XML names is not known; save it as UTF-8") from error


class NothingKept:
    """A target that keeps nothing: for looking through XML that a library is going to read."""

    def __init__(self) -> None:
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep

    def end(self, tag: str, /) -> None:
        """An element ends."""
        self._depth -= 1

    def close(self) -> Any:
        """The document ends."""


class _TooMany(Exception):
    pass


class _TooDeep(Exception):
    pass
