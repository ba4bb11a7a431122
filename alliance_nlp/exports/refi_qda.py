"""A REFI-QDA project (``.qdpx``) for NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

After the REFI-QDA standard 1.5 and its project schema 1.0 (https://www.qdasoftware.org). Positions count Unicode code
points from 0, and the end is the place after the last one. The texts have line feeds and no byte order mark, so that
programs which count line ends or marks in other ways come to the same figures.
`alliance_nlp.corrected.refi_qda` is the way back.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from xml.etree.ElementTree import Element, SubElement

from alliance_nlp import __version__
from alliance_nlp.codebook import Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About
from alliance_nlp.exports._colours import colours
from alliance_nlp.exports._ids import guid
from alliance_nlp.exports._script import script
from alliance_nlp.exports._xml import as_bytes, plain, replaced, require_plain_names
from alliance_nlp.exports._zip import write_zip
from alliance_nlp.rating_table import shown_value

NAME = "transcripts"
FILES = (f"{NAME}.qdpx",)
PROJECT = "project.qde"
SOURCES = "Sources"
INTERNAL = "internal://"
NAMESPACE = "urn:QDA-XML:project:1.0"

_SCHEMA = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_TIME = "2000-01-01T00:00:00Z"  # programs ask for one; the same input gives the same bytes
_NOBODY = "alliance-nlp"


class Export:
    """One project with a text source a session. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._path = folder / FILES[0]
        self._about = about
        self._texts: dict[str, bytes] = {}
        self._root = Element("Project", {
            "name": NAME, "origin": f"alliance-nlp {__version__}", "creatingUserGUID": self._user,
            "creationDateTime": _TIME, "xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
        })  # fmt: skip
        users = SubElement(self._root, "Users")
        SubElement(users, "User", guid=self._user, name=plain(about.coder or _NOBODY))
        codes = SubElement(SubElement(self._root, "CodeBook"), "Codes")
        for marker, colour in zip(about.markers, colours(about.markers), strict=True):
            _add_code(codes, marker, colour)
        self._sources = SubElement(self._root, "Sources")

    @property
    def _user(self) -> str:
        return guid("user", self._about.coder or _NOBODY)

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        session = transcript.session
        require_plain_names(session)
        self.notes += replaced(session)
        text, spans = script(session)
        source = guid("source", session.session_id)
        self._texts[f"{SOURCES}/{source}.txt"] = text.encode()
        made = {"creatingUser": self._user, "creationDateTime": _TIME}
        element = SubElement(
            self._sources, "TextSource",
            {"guid": source, "name": session.session_id, "plainTextPath": f"{INTERNAL}{source}.txt", **made},
        )  # fmt: skip
        for place, ((begin, end), utterance) in enumerate(zip(spans, session.utterances, strict=True)):
            marked = transcript.markers_of(place, self._about.markers)
            if marked and begin == end:
                self.notes.append(
                    f"session {session.session_id}, utterance {shown_value(utterance.utterance_id)}: codes on an empty "
                    "text, which cannot be selected, are left out"
                )
                continue
            for marker in marked:
                which = (session.session_id, utterance.utterance_id, marker.name)
                # One a code, as the programs write them themselves.
                selection = SubElement(
                    element, "PlainTextSelection",
                    {"guid": guid("selection", *which), "startPosition": str(begin), "endPosition": str(end), **made},
                )  # fmt: skip
                coding = SubElement(selection, "Coding", {"guid": guid("coding", *which), **made})
                SubElement(coding, "CodeRef", targetGUID=_code(marker))

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        if not len(self._sources):
            self._root.remove(self._sources)
        SubElement(self._root, "Description").text = f"Codebook: {plain(self._about.codebook)}"
        write_zip(self._path, {PROJECT: as_bytes(self._root), **self._texts})


def _code(marker: Marker) -> str:
    return guid("code", marker.name)


def _add_code(codes: Element, marker: Marker, colour: str) -> None:
    about = {"guid": _code(marker), "name": marker.name, "isCodable": "true", "color": colour}
    element = SubElement(codes, "Code", about)
    rules = [f"Codes: {text}" for text in marker.codes] + [f"Does not code: {text}" for text in marker.does_not_code]
    description = [marker.title, f"Coded on the {marker.role}.", marker.definition, *rules, *marker.rulings]
    SubElement(element, "Description").text = plain("\n".join(description))
    for kind in marker.kinds:
        about = {"guid": guid("code", marker.name, kind.name), "name": kind.name, "isCodable": "true", "color": colour}
        SubElement(SubElement(element, "Code", about), "Description").text = plain(kind.definition)
