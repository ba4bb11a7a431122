"""What every reader ends in: raw utterances checked and made a `Session`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._joining import joined, whole
from alliance_nlp.readers._labels import may_be_shown
from alliance_nlp.readers._misread import twice_encoded
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._raw import RawUtterance
from alliance_nlp.transcript import SOURCE_IDS, Session, SpeakerRole, Utterance

__all__ = ["MAX_UTTERANCE_CHARACTERS", "NO_SPEAKER", "RawUtterance", "make_session"]

MAX_UTTERANCE_CHARACTERS = 100_000
"""More than two hours of unbroken speech: a longer "utterance" is a file that was read wrongly."""

NO_SPEAKER = "SPEAKER"
"""Label where the file does not say who speaks: no role is known for it, so that the user must give one."""

_LABELS_SHOWN = 6


def make_session(
    file: Path,
    session_id: str,
    raw: Sequence[RawUtterance],
    options: ReadOptions,
    columns: Mapping[str, tuple[str, ...]] | None = None,
    notes: Sequence[str] = (),
    unit: str = "line",
    fragments: bool = False,
) -> Session:
    """Check what a reader found and make a session of it.

    Parameters
    ----------
    file : Path
        For the messages.
    session_id : str
        Unique within a batch.
    raw : sequence of RawUtterance
        What was read, in the transcript's order.
    options : ReadOptions
        Its roles, and whether fragments are joined.
    columns : mapping of str to tuple of str, optional
        Further columns of the table that the user asked to keep.
    notes : sequence of str
        What the reader left out or assumed.
    unit : str
        What `RawUtterance.line` counts, for the messages: ``"line"``, ``"paragraph"``, ``"row"``.
    fragments : bool
        Whether the format holds fragments, to be joined into utterances unless the user says otherwise.

    Raises
    ------
    TranscriptError
        Where there is no utterance, a role cannot be told, an id is there
        twice, or a text is too long, not valid Unicode or in UTF-8 that was
        read in another encoding.
    """
    if not raw:
        raise TranscriptError(file, "", "no utterance found; does the file hold more than a heading?")
    _require_unicode(file, session_id, raw, unit)
    _require_encoded_once(file, raw, unit)
    role_of = {label: options.roles.role_of(label) for label in {item.role_name or item.speaker for item in raw}}
    if None in role_of.values():
        raise _unknown_labels(file, raw, role_of, unit)
    ids = _unique_ids(file, raw, unit)
    columns = columns or {}
    if fragments if options.join is None else options.join:
        groups = joined(raw, columns)
        if len(groups) < len(raw):
            columns = {name: tuple(values[group[0]] for group in groups) for name, values in columns.items()}
            columns |= {SOURCE_IDS: tuple("\n".join(ids[place] for place in group) for group in groups)}
            raw = [whole(raw[group.start : group.stop]) for group in groups]
            ids = [ids[group[0]] for group in groups]
    given_role = {label: options.roles.given_role(label) for label in {item.speaker for item in raw}}
    utterances = []
    for utterance_id, item in zip(ids, raw, strict=True):
        if len(item.text) > MAX_UTTERANCE_CHARACTERS:
            raise TranscriptError(
                file,
                f"{unit} {item.line}",
                f"one utterance of {len(item.text):,} characters (at most {MAX_UTTERANCE_CHARACTERS:,}); "
                "are line breaks or speaker labels missing after this place?",
            )
        role = given_role[item.speaker] or role_of[item.role_name or item.speaker]
        assert role is not None
        utterances.append(
            Utterance(utterance_id, item.text, item.speaker or item.role_name, role, item.start, item.end)
        )
    return Session(session_id, tuple(utterances), columns, tuple(notes))


def _unique_ids(file: Path, raw: Sequence[RawUtterance], unit: str) -> list[str]:
    place_of_id: dict[str, int] = {}
    for place, item in enumerate(raw):
        utterance_id = item.utterance_id or str(place + 1)
        first = place_of_id.setdefault(utterance_id, place)
        if first != place:
            shown = f"utterance_id {utterance_id!r}" if may_be_shown(utterance_id) else "this utterance_id"
            raise TranscriptError(
                file,
                f"{unit} {item.line}",
                f"{shown} is already on {unit} {raw[first].line}; "
                "make the ids unique within a session, or drop the column to number them from 1",
            )
    return list(place_of_id)


def _require_unicode(file: Path, session_id: str, raw: Sequence[RawUtterance], unit: str) -> None:
    for item in raw:
        try:
            f"{session_id}{item.utterance_id}{item.speaker}{item.role_name}{item.text}".encode()
        except UnicodeEncodeError:
            raise TranscriptError(
                file,
                f"{unit} {item.line}",
                "half of a UTF-16 surrogate pair, as a cut emoji leaves it; delete that character",
            ) from None


def _require_encoded_once(file: Path, raw: Sequence[RawUtterance], unit: str) -> None:
    for item in raw:
        if twice_encoded(item.text) or twice_encoded(item.speaker):
            raise TranscriptError(
                file,
                f"{unit} {item.line}",
                "UTF-8 that another program read as Windows-1252, so that an apostrophe became three signs; "
                "go back to the original, open it as UTF-8 and save as UTF-8",
            )


def _unknown_labels(
    file: Path, raw: Sequence[RawUtterance], role_of: Mapping[str, SpeakerRole | None], unit: str
) -> TranscriptError:
    counts = Counter(item.role_name or item.speaker for item in raw)
    unknown = [label for label, _ in counts.most_common() if role_of[label] is None]
    known = [label for label, _ in counts.most_common() if role_of[label] is not None]
    if list(counts) == [NO_SPEAKER]:
        return TranscriptError(
            file,
            "",
            "does not say who speaks; label the speakers (programs that transcribe call it diarisation), or read all "
            f'of it as one speaker\'s, for example --role "{NO_SPEAKER}={SpeakerRole.CLIENT}"',
        )
    first_line = next(item.line for item in raw if (item.role_name or item.speaker) == unknown[0])
    # No role stands in the example: whoever speaks first may be either, and pasted as it is it must not swap the two.
    example = " ".join(f'--role "{label}=ROLE"' for label in unknown[:_LABELS_SHOWN] if may_be_shown(label))
    return TranscriptError(
        file,
        f"{unit} {first_line}",
        f"no role known for speaker label {_listed(unknown, counts)}"
        + (f"; known: {_listed(known, counts)}" if known else "")
        + ". Look who is who, and say so: "
        + (example or '--role "LABEL=ROLE"')
        + ", where ROLE is therapist, client or other",
    )


def _listed(labels: Sequence[str], counts: Mapping[str, int]) -> str:
    shown = [
        f"{label!r} ({counts[label]})" if may_be_shown(label) else f"one of {len(label)} characters ({counts[label]})"
        for label in labels[:_LABELS_SHOWN]
    ]
    return ", ".join(shown) + (f" and {len(labels) - _LABELS_SHOWN} more" if len(labels) > _LABELS_SHOWN else "")
