"""XML parsed with mistrust: no document type, no entities, nothing from outside, no endless nesting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alliance_nlp.errors import TranscriptError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 200


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
        Where it is not well-formed, declares a document type or entities, or
        nests more than `MAX_DEPTH` deep.
    """
    from xml.etree.ElementTree import ParseError, TreeBuilder

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    class Bounded(TreeBuilder):
        depth = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> Element:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _TooDeep
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    parser = DefusedXMLParser(target=Bounded(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
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
    except (ValueError, LookupError) as error:
        raise TranscriptError(file, part, "the encoding that the XML names is not known; save it as UTF-8") from error
    return root


class _TooDeep(Exception):
    pass
