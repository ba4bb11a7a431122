"""Text sources of a REFI-QDA project (``.qdpx``), as NVivo, ATLAS.ti, MAXQDA, QualCoder and others exchange them.

After the REFI-QDA standard 1.5 (https://www.qdasoftware.org): a zip archive with ``project.qde``, which names the
sources, and their texts under ``Sources``. Each text source is a session, and so is each transcript of a recording,
whose sync points give the times. A text may have any line ends and a byte order mark. Who speaks is told by the rules
of `labelled_text`, or of the program whose conventions the text clearly has. The codes on the texts are not read here.

Only what stands inside the archive is read; a path that leads elsewhere is named and never followed. Sources without
plain text (pictures, PDFs, recordings, Word text alone) are left out and named.

Texts that `alliance_nlp.exports.refi_qda` wrote give the sessions back as they were.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._archive import Archive, open_archive
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._labelled_lines import labelled_line
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._script import Heading, heading, passages
from alliance_nlp.readers._session import RawUtterance, make_session
from alliance_nlp.readers._source import BinarySource
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.readers._text_inside import decoded, format_of_text, read_text
from alliance_nlp.readers._xml import parse_xml
from alliance_nlp.transcript import Session

NAME = "qdpx"
TITLE = "a REFI-QDA project"
SUFFIXES = (".qdpx",)
SOURCE = BinarySource

_PROJECT = ".qde"
_INTERNAL = "internal://"
_TEXT_ELEMENTS = ("TextSource", "Transcript")
_KINDS = {"PictureSource": "picture", "PDFSource": "PDF", "AudioSource": "recording", "VideoSource": "recording"}
_ENDINGS = re.compile(r"\.(?:txt|docx?|rtf|odt|pdf|transcribed)$", re.IGNORECASE)
_NO_PATH = re.compile(r"[\\/:]")
_NAME_WIDTH, _NAME_WORDS = 60, 8
_NAMES_SHOWN = 3
_ID_WIDTH = 200
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_LONGEST = 999 * 3600
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


class _Text(NamedTuple):
    """A text of the project that can be read."""

    name: str
    shown: str
    """The name as far as it may stand in a message."""
    inline: str
    member: str
    """Name in the archive, where the text does not stand in the project itself."""
    syncs: tuple[tuple[int, float], ...]
    """Places in the text, and when they are said, in seconds."""


def looks_like(head: Head) -> bool:
    """Whether the file is an archive with a project of this standard."""
    return any(name.lower().endswith(_PROJECT) for name in head.members)


def read(source: BinarySource, session_id: str, options: ReadOptions) -> Iterator[Session | TranscriptError]:
    """Read the text sources of a project, a session each.

    Raises
    ------
    TranscriptError
        Where the archive or the project in it is damaged, or it has no text.
    """
    file = source.path
    with open_archive(source) as archive:
        root = _project(file, archive)
        tally = Tally(file, "text")
        texts = _texts(root, archive, tally)
        _name_other_media(root, tally)
        held = sum(_local(element) in _TEXT_ELEMENTS for element in root.iter())
        notes = tuple(tally.notes(held=held, taken=len(texts)))
        if not texts:
            why = "; ".join(note.removeprefix(f"{file}: ") for note in notes)
            raise TranscriptError(file, "", f"no text in the project that could be read{f' ({why})' if why else ''}")
        taken: set[str] = set()
        for text, name in zip(texts, _session_names(texts, session_id), strict=True):
            for item in _sessions(file, archive, text, name, options):
                if isinstance(item, Session) and item.session_id in taken:
                    item = TranscriptError(
                        file, text.shown, "a second text with this session id; rename one of them in the project"
                    )
                elif isinstance(item, Session):
                    taken.add(item.session_id)
                    item, notes = replace(item, notes=(*notes, *item.notes)), ()
                yield item


def _project(file: Path, archive: Archive) -> Element:
    names = [name for name in archive.names if name.lower().endswith(_PROJECT)]
    if not names:
        raise TranscriptError(file, "", "no project.qde in the archive; export the project again as REFI-QDA (.qdpx)")
    root = parse_xml(file, archive.read(names[0]), "project.qde")
    if _local(root) != "Project":
        raise TranscriptError(file, "project.qde", "is no REFI-QDA project; export it again as .qdpx")
    return root


def _local(element: Element) -> str:
    """Name of an element, whatever the namespace: programs of several versions of the standard differ."""
    return element.tag.rpartition("}")[2]


def _children(element: Element, *path: str) -> list[Element]:
    found = [element]
    for name in path:
        found = [child for each in found for child in each if _local(child) == name]
    return found


def _texts(root: Element, archive: Archive, tally: Tally) -> list[_Text]:
    member_of = {name.casefold(): name for name in archive.names}
    texts = []
    number = 0
    for source in (each for sources in _children(root, "Sources") for each in sources):
        for element in [source] if _local(source) == "TextSource" else _children(source, "Transcript"):
            number += 1
            name = " ".join((element.get("name") or source.get("name") or "").split())
            shown = _shown(name, number)
            inline = "".join(part.text or "" for part in _children(element, "PlainTextContent"))
            path = element.get("plainTextPath", "")
            inside = path.removeprefix(_INTERNAL).lstrip("/").casefold() if path.startswith(_INTERNAL) else ""
            member = member_of.get(f"sources/{inside}") or member_of.get(inside, "")
            if inline.strip() or member:
                texts.append(_Text(name, shown, inline, member, _syncs(element)))
            else:
                tally.leave_out(shown, _why_not(element, path))
    return texts


def _shown(name: str, number: int) -> str:
    """A name for messages and for the path in them: a name in a project can be anything."""
    name = _NO_PATH.sub("_", name)
    fits = 0 < len(name) <= _NAME_WIDTH and len(name.split()) <= _NAME_WORDS and name.isprintable()
    return name if fits and name.strip(".") else f"text {number}"


def _why_not(element: Element, path: str) -> str:
    if path.startswith(_INTERNAL):
        return "whose plain text is missing in the archive"
    if path:
        return "whose plain text stands outside the archive (export the project with its sources inside)"
    if element.get("richTextPath"):
        return "with Word text only (export them from the program as .docx)"
    return "without anything in them"


def _syncs(element: Element) -> tuple[tuple[int, float], ...]:
    found = []
    for point in _children(element, "SyncPoint"):
        place, time = point.get("position", ""), point.get("timeStamp", "")
        if _NUMBER.fullmatch(place) and _NUMBER.fullmatch(time):
            found.append((int(place), int(time) / 1000))
    return tuple(sorted(found))


def _name_other_media(root: Element, tally: Tally) -> None:
    of_kind: dict[str, list[str]] = {}
    for number, source in enumerate((each for sources in _children(root, "Sources") for each in sources), 1):
        if _local(source) != "TextSource":
            kind = _KINDS.get(_local(source), "source of another kind")
            of_kind.setdefault(kind, []).append(_shown(" ".join(source.get("name", "").split()), number))
    for kind, names in of_kind.items():
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        tally.add_note(f"{counted(len(names), kind)} left out ({', '.join(names[:_NAMES_SHOWN])}{more})")


def _session_names(texts: Sequence[_Text], session_id: str) -> list[str]:
    """A session id for each text: its name without a file's ending, numbered where others have the same."""
    names: list[str] = []
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    for text in texts:
        stem = _ENDINGS.sub("", text.name)
        name = stem = stem if 0 < len(stem) <= _ID_WIDTH else session_id
        counts[stem] += 1
        while name in taken:
            name = f"{stem} ({counts[stem]})"
            counts[stem] += name in taken
        taken.add(name)
        names.append(name)
    return names


def _sessions(
    file: Path, archive: Archive, text: _Text, name: str, options: ReadOptions
) -> Iterator[Session | TranscriptError]:
    """The session of a text; what goes wrong in it comes as an error that names it, so that the others are read."""
    try:
        content = text.inline if text.inline.strip() else decoded(archive.read(text.member))
        if "\0" in content:
            raise TranscriptError(file, "", "holds NUL bytes and so is no text; export the project again")
        head = heading(content)
        if head:
            yield _session_of_script(file, text, content, head, options)
            return
        within = format_of_text(content)
        if within is None:
            content = _with_times(content, text.syncs, options)
        content = content.replace("\r\n", "\n").replace("\r", "\n")
        for item in read_text(file / text.shown, content, name, options):
            if isinstance(item, Session) and within and text.syncs:
                note = (
                    f"{file / text.shown}: {counted(len(text.syncs), 'sync point')} left out, for the times in the text"
                )
                item = replace(item, notes=(*item.notes, note))
            yield item
    except UnicodeDecodeError:
        yield TranscriptError(file, text.shown, "the text is neither UTF-8 nor UTF-16; export the project again")
    except TranscriptError as error:
        yield TranscriptError(file, ", ".join(part for part in (text.shown, error.place) if part), error.reason)


def _session_of_script(file: Path, text: _Text, content: str, head: Heading, options: ReadOptions) -> Session:
    """A session that this package wrote."""
    tally = Tally(file / text.shown, "utterance")
    raw = [
        RawUtterance(number, passage.speaker, passage.text, passage.role, passage.utterance_id)
        for number, passage in enumerate(passages(content), 1)
    ]
    notes = tally.notes(held=len(raw) if head.n_utterances is None else head.n_utterances, taken=len(raw))
    return make_session(file, head.session_id, raw, options, notes=notes, unit="utterance")


def _with_times(content: str, syncs: Sequence[tuple[int, float]], options: ReadOptions) -> str:
    """A text with labels, with the times of its sync points before them, as `labelled_text` reads them."""
    if not syncs:
        return content
    places = [place for place, _ in syncs]
    lines = []
    for match in _LINE.finditer(content):
        line = match[0]
        first = bisect_left(places, match.start())
        if first < len(places) and places[first] < match.end():
            labelled = labelled_line(line, options.roles)
            seconds = syncs[first][1]
            if labelled and labelled.start is None and seconds < _LONGEST:
                minutes, rest = divmod(seconds, 60)
                line = f"{int(minutes) // 60}:{int(minutes) % 60:02}:{rest:06.3f} {line}"
        lines.append(line)
    return "".join(lines)
