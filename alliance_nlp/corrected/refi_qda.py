"""REFI-QDA projects with the texts of `alliance_nlp.exports.refi_qda`, coded in NVivo, ATLAS.ti, MAXQDA, QualCoder …"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected._places import Found, markers_by_name
from alliance_nlp.corrected._selections import best_reckoning, meant, reckonings
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.refi_qda import INTERNAL, PROJECT, SOURCES
from alliance_nlp.rating_table import shown_value
from alliance_nlp.readers import BinarySource, ReadOptions
from alliance_nlp.readers._archive import Archive, open_archive
from alliance_nlp.readers._raw import RawUtterance
from alliance_nlp.readers._script import HEADING, Passage, heading, passages
from alliance_nlp.readers._xml import parse_xml

SUFFIX = ".qdpx"

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Code(NamedTuple):
    name: str
    marker: Marker | None


class _Selection(NamedTuple):
    begin: int
    end: int
    codes: list[str]
    """GUIDs."""


def is_ours(path: Path) -> bool:
    """Whether a text in the project has the heading of our export."""
    try:
        with open_archive(BinarySource(path)) as archive:
            texts = [name for name in archive.names if name.lower().endswith(".txt")]
            return any(_decoded(archive.read(name))[0].startswith(HEADING) for name in texts)
    except (TranscriptError, UnicodeDecodeError):
        return False


def read(path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
    """The sessions of a project, with what is coded in them; see `alliance_nlp.corrected`.

    Raises
    ------
    TranscriptError
        Where the project is damaged or hostile.
    """
    with open_archive(BinarySource(path)) as archive:
        project = next((name for name in archive.names if name.lower() == PROJECT), None)
        if project is None:
            raise TranscriptError(path, "", f"no {PROJECT} in the archive; export the project as REFI-QDA (.qdpx)")
        root = parse_xml(path, archive.read(project), project)
        codes = _codes(root, codebook)
        for source in _children(root, "Sources", "TextSource"):
            try:
                yield _session(path, archive, source, codes, codebook, options)
            except TranscriptError as error:
                yield error


def _session(
    path: Path, archive: Archive, source: Element, codes: dict[str, _Code], codebook: Codebook, options: ReadOptions
) -> CodedTranscript:
    place = f"source {shown_value(source.get('name', ''))}"
    text, had_mark = _text(path, archive, source, place)
    head = heading(text)
    if head is None:
        raise TranscriptError(path, place, "not a text that alliance-nlp wrote (no heading “Session: …”)")
    found = Found(path, head.session_id, codebook, {code.marker.name for code in codes.values() if code.marker})
    in_order = [
        passage
        for passage in passages(text)
        if found.add(
            RawUtterance(0, passage.speaker, passage.text, passage.role, passage.utterance_id),
            f"utterance {shown_value(passage.utterance_id)}",
        )
    ]
    if head.n_utterances is not None:
        found.expect_number(head.n_utterances)
    selections = [_selection(path, place, element) for element in _children(source, "PlainTextSelection")]
    way = best_reckoning(reckonings(text, had_mark), [(each.begin, each.end) for each in selections], in_order)
    if way.name:
        found.note("", f"positions were counted in {way.name}, by which the selections fit the utterances")
    for selection in selections:
        _code(selection._replace(begin=way.place(selection.begin), end=way.place(selection.end)), found, codes,
              in_order, text)  # fmt: skip
    n_whole = sum(1 for _ in _children(source, "Coding"))
    if n_whole:
        found.note("", f"{n_whole} codes on the text as a whole; left out, since they mean no utterance")
    return found.transcript(options)


def _code(selection: _Selection, found: Found, codes: dict[str, _Code], in_order: list[Passage], text: str) -> None:
    where = f"characters {selection.begin} to {selection.end}"
    for target in selection.codes:
        code = codes.get(target)
        if code is None or code.marker is None:
            name = shown_value(code.name) if code else "that is missing in the project"
            found.note(where, f"a code {name}, which is not in the codebook; left out")
            continue
        over = meant(selection.begin, selection.end, in_order, text)
        for passage in (*over.whole, *over.part):
            found.code(passage.utterance_id, code.marker)
        for passage in over.part:
            found.note(
                f"utterance {shown_value(passage.utterance_id)}",
                f"{code.marker.name} on a part of it; counts for the whole utterance",
            )
        for passage in over.touched:
            found.note(
                f"utterance {shown_value(passage.utterance_id)}",
                f"{code.marker.name} on less than half of it, in a selection over several; does not count for it",
            )
        if not any(over):
            found.note(where, f"{code.marker.name} on no words of an utterance; left out")


def _codes(root: Element, codebook: Codebook) -> dict[str, _Code]:
    """Codes by their GUIDs; one under a marker is that marker, unless it has the name of another."""
    names = markers_by_name(codebook)
    found: dict[str, _Code] = {}
    waiting: list[tuple[Element, Marker | None]] = [
        (code, None) for code in _children(root, "CodeBook", "Codes", "Code")
    ]
    while waiting:
        element, above = waiting.pop()
        name = element.get("name", "")
        marker = names.get(name.strip().casefold(), above)
        found[_plain_guid(element.get("guid", ""))] = _Code(name, marker)
        waiting += [(code, marker) for code in _children(element, "Code")]
    return found


def _selection(path: Path, place: str, element: Element) -> _Selection:
    try:
        begin, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
    except ValueError:
        raise TranscriptError(
            path, place, "a selection without positions; export the project again as REFI-QDA"
        ) from None
    codes = [_plain_guid(code.get("targetGUID", "")) for code in _children(element, "Coding", "CodeRef")]
    return _Selection(begin, end, codes)


def _text(path: Path, archive: Archive, source: Element, place: str) -> tuple[str, bool]:
    """The text of a source, and whether it began with a byte order mark."""
    inline = next(iter(_children(source, "PlainTextContent")), None)
    if inline is not None:
        return inline.text or "", False
    where = source.get("plainTextPath", "")
    if not where.startswith(INTERNAL):
        raise TranscriptError(
            path, place, "its text stands outside the archive; export the project with its sources inside"
        )
    wanted = f"{SOURCES}/{where.removeprefix(INTERNAL)}".casefold()
    member = next((name for name in archive.names if name.casefold() == wanted), None)
    if member is None:
        raise TranscriptError(path, place, "its text is missing in the archive; export the project again")
    try:
        return _decoded(archive.read(member))
    except UnicodeDecodeError:
        raise TranscriptError(path, place, "its text is not UTF-8; export the project again") from None


def _decoded(data: bytes) -> tuple[str, bool]:
    if data.startswith(_UTF16):
        return data.decode("utf-16"), True
    return data.decode("utf-8-sig"), data.startswith(codecs.BOM_UTF8)


def _plain_guid(text: str) -> str:
    return text.strip().strip("{}").lower()


def _children(element: Element, *path: str) -> list[Element]:
    """Elements below by their names, whatever the namespace: programs of several versions of the standard differ."""
    found = [element]
    for name in path:
        found = [child for each in found for child in each if str(child.tag).rpartition("}")[2] == name]
    return found
