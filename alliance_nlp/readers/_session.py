"""What every reader ends in: raw utterances checked and made a `Session`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

MAX_UTTERANCE_CHARACTERS = 100_000
"""More than two hours of unbroken speech: a longer "utterance" is a file that was read wrongly."""

_LABELS_SHOWN = 6
_LABEL_WIDTH = 40
_LABEL_WORDS = 3


class RawUtterance(NamedTuple):
    """An utterance as it stands in the file."""

    line: int
    speaker: str
    text: str
    role_name: str = ""
    """A word for the role where the file has one beside the speaker; empty to tell it from the speaker."""
    utterance_id: str = ""
    """Empty to number the utterances from 1."""
    start: float | None = None
    end: float | None = None


def make_session(
    file: Path,
    session_id: str,
    raw: Sequence[RawUtterance],
    roles: RoleNames,
    columns: Mapping[str, tuple[str, ...]] | None = None,
    notes: Sequence[str] = (),
) -> Session:
    """Check what a reader found and make a session of it.

    Raises
    ------
    TranscriptError
        Where there is no utterance, a role cannot be told, an id is there
        twice, or a text is too long or not valid Unicode.
    """
    if not raw:
        raise TranscriptError(file, "", "no utterance found; does the file hold more than a heading?")
    _require_unicode(file, session_id, raw)
    role_of = {label: roles.role_of(label) for label in {item.role_name or item.speaker for item in raw}}
    if None in role_of.values():
        raise _unknown_labels(file, raw, role_of)
    utterances = []
    line_of_id: dict[str, int] = {}
    for number, item in enumerate(raw, 1):
        if len(item.text) > MAX_UTTERANCE_CHARACTERS:
            raise TranscriptError(
                file,
                f"line {item.line}",
                f"one utterance of {len(item.text):,} characters (at most {MAX_UTTERANCE_CHARACTERS:,}); "
                "are line breaks or speaker labels missing after this place?",
            )
        utterance_id = item.utterance_id or str(number)
        first = line_of_id.setdefault(utterance_id, item.line)
        if first != item.line:
            shown = f"utterance_id {utterance_id!r}" if _is_label(utterance_id) else "this utterance_id"
            raise TranscriptError(
                file,
                f"line {item.line}",
                f"{shown} is already on line {first}; "
                "make the ids unique within a session, or drop the column to number them from 1",
            )
        role = roles.given_role(item.speaker) or role_of[item.role_name or item.speaker]
        assert role is not None
        utterances.append(
            Utterance(utterance_id, item.text, item.speaker or item.role_name, role, item.start, item.end)
        )
    return Session(session_id, tuple(utterances), columns or {}, tuple(notes))


def _require_unicode(file: Path, session_id: str, raw: Sequence[RawUtterance]) -> None:
    for item in raw:
        try:
            f"{session_id}{item.utterance_id}{item.speaker}{item.role_name}{item.text}".encode()
        except UnicodeEncodeError:
            raise TranscriptError(
                file,
                f"line {item.line}",
                "half of a UTF-16 surrogate pair, as a cut emoji leaves it; delete that character",
            ) from None


def _unknown_labels(
    file: Path, raw: Sequence[RawUtterance], role_of: Mapping[str, SpeakerRole | None]
) -> TranscriptError:
    counts = Counter(item.role_name or item.speaker for item in raw)
    unknown = [label for label, _ in counts.most_common() if role_of[label] is None]
    known = [label for label, _ in counts.most_common() if role_of[label] is not None]
    first_line = next(item.line for item in raw if (item.role_name or item.speaker) == unknown[0])
    roles_left = [role for role in (SpeakerRole.THERAPIST, SpeakerRole.CLIENT) if role not in role_of.values()]
    roles = [*roles_left, *[SpeakerRole.OTHER] * len(unknown)]
    example = " ".join(
        f'--role "{label}={role}"'
        for label, role in zip(unknown[:_LABELS_SHOWN], roles, strict=False)
        if _is_label(label)
    )
    return TranscriptError(
        file,
        f"line {first_line}",
        f"no role known for speaker label {_listed(unknown, counts)}"
        + (f"; known: {_listed(known, counts)}" if known else "")
        + ". Say who is who (therapist, client or other), for example "
        + (example or '--role "LABEL=therapist"'),
    )


def _listed(labels: Sequence[str], counts: Mapping[str, int]) -> str:
    shown = [
        f"{label!r} ({counts[label]})" if _is_label(label) else f"one of {len(label)} characters ({counts[label]})"
        for label in labels[:_LABELS_SHOWN]
    ]
    return ", ".join(shown) + (f" and {len(labels) - _LABELS_SHOWN} more" if len(labels) > _LABELS_SHOWN else "")


def _is_label(text: str) -> bool:
    """Whether a text may be shown: what stands in a label's place can be somebody's words."""
    return len(text) <= _LABEL_WIDTH and len(text.split()) <= _LABEL_WORDS and text.isprintable()
