"""What XML cannot hold, and XML written so that the same content gives the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from alliance_nlp.errors import UnfitError
from alliance_nlp.transcript import Session

# Section 2.2 of XML 1.0: these characters may not occur, not even as references.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_STAND_IN = "�"


def plain(text: str) -> str:
    """A text as XML can hold it: line ends as line feeds, characters that XML forbids as U+FFFD."""
    return _ILLEGAL.sub(_STAND_IN, _LINE_END.sub("\n", text))


def require_plain_names(session: Session) -> None:
    """Raise an `UnfitError` where an id or a speaker's label has characters that would not come back."""
    place = f"session {session.session_id!r}"
    for what, name in [
        ("session id", session.session_id),
        *(("utterance id", utterance.utterance_id) for utterance in session.utterances),
        *(("speaker's label", utterance.speaker) for utterance in session.utterances),
    ]:
        if _CONTROL.search(name) or name != name.strip():
            raise UnfitError(place, f"a {what} holds a control character, or begins or ends with a space; rename it")


def replaced(session: Session) -> list[str]:
    """A note where `plain` has to take the place of characters."""
    n_replaced = sum(len(_ILLEGAL.findall(utterance.text)) for utterance in session.utterances)
    if not n_replaced:
        return []
    return [f"session {session.session_id}: {n_replaced} control characters that XML forbids are written as U+FFFD"]


def as_bytes(root: ElementTree.Element) -> bytes:
    """The document, indented, in UTF-8."""
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def write(root: ElementTree.Element, path: Path) -> None:
    """Write the document; see `as_bytes`."""
    path.write_bytes(as_bytes(root))
