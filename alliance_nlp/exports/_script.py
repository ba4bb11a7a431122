"""A session as a script to read, from which `alliance_nlp.readers` can tell the session and every utterance again."""

from __future__ import annotations

from alliance_nlp.exports._xml import plain
from alliance_nlp.readers._script import HEADING, INDENT, NUMBER, with_role
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session, Utterance

_AFTER_LABEL = ":\t"
_ROLES = RoleNames()


def script(session: Session) -> tuple[str, list[tuple[int, int]]]:
    """The script, and where the words of each utterance stand in it.

    Returns
    -------
    str
        Lines that end with a line feed.
    list of (int, int)
        For each utterance where its words begin and where they have ended, in Unicode code points.
    """
    parts = [f"{HEADING}{session.session_id}\n{NUMBER}{len(session.utterances)}\n\n"]
    spans: list[tuple[int, int]] = []
    length = len(parts[0])
    for utterance in session.utterances:
        head = f"[{_quoted(utterance.utterance_id)}] {_label(utterance)}{_AFTER_LABEL}"
        words = plain(utterance.text).replace("\n", f"\n{INDENT}")
        spans.append((length + len(head), length + len(head) + len(words)))
        parts.append(f"{head}{words}\n")
        length += len(parts[-1])
    return "".join(parts), spans


def _quoted(utterance_id: str) -> str:
    return utterance_id.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")


def _label(utterance: Utterance) -> str:
    """The speaker's label, with the role where the label alone does not tell it."""
    label = utterance.speaker
    if _ROLES.role_of(label) == utterance.speaker_role and not with_role(label):
        return label
    return f"{label} ({utterance.speaker_role})"
