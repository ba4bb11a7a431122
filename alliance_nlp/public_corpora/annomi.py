"""AnnoMI: motivational interviewing, transcribed and coded by experts (Wu et al. 2022, 2023)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from alliance_nlp.clock import parse_seconds
from alliance_nlp.public_corpora.published import (
    ANNOTATOR,
    Code,
    Publication,
    PublishedSession,
    read_table,
    require_label,
    settled_label,
)
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

PUBLICATION = Publication(
    "AnnoMI",
    ("AnnoMI-full.csv",),
    "https://github.com/uccollab/AnnoMI",
    "Learned from AnnoMI (Wu et al. 2022, 2023), demonstrations of motivational interviewing published without a "
    "licence file, for research: ask its authors before you pass this on.",
    133,
)
MAIN_BEHAVIOUR = "main_therapist_behaviour"
BEHAVIOURS = ("reflection", "question", "therapist_input", "other")
CODES = {
    "reflection": Code("reflection_exists", ("True",)),
    "simple_reflection": Code("reflection_subtype", ("simple",)),
    "complex_reflection": Code("reflection_subtype", ("complex",)),
    "question": Code("question_exists", ("True",)),
    "open_question": Code("question_subtype", ("open",)),
    "closed_question": Code("question_subtype", ("closed",)),
    "therapist_input": Code("therapist_input_exists", ("True",)),
    "main_reflection": Code(MAIN_BEHAVIOUR, ("reflection",)),
    "main_question": Code(MAIN_BEHAVIOUR, ("question",)),
    "main_input": Code(MAIN_BEHAVIOUR, ("therapist_input",)),
    "main_other": Code(MAIN_BEHAVIOUR, ("other",)),
    "change_talk": Code("client_talk_type", ("change",)),
    "neutral_talk": Code("client_talk_type", ("neutral",)),
    "sustain_talk": Code("client_talk_type", ("sustain",)),
}

_NONE = "n/a"
_OF_THERAPIST: dict[str, tuple[str, ...]] = {
    MAIN_BEHAVIOUR: BEHAVIOURS,
    "reflection_exists": ("True", "False"),
    "reflection_subtype": ("simple", "complex", _NONE),
    "question_exists": ("True", "False"),
    "question_subtype": ("open", "closed", _NONE),
    "therapist_input_exists": ("True", "False"),
    "therapist_input_subtype": ("information", "advice", "negotiation", "options", _NONE),
}
_OF_CLIENT: dict[str, tuple[str, ...]] = {"client_talk_type": ("change", "neutral", "sustain")}
_OF_ROLE = {SpeakerRole.THERAPIST: _OF_THERAPIST, SpeakerRole.CLIENT: _OF_CLIENT}
_OF_TRANSCRIPT = ("topic", "mi_quality", "video_title", "video_url")
_KEPT_LABELS = ("therapist_input_subtype",)
"""Labels of several values of which no marker or set is made; they stand in the table whole."""
_COLUMNS = (
    "transcript_id", *_OF_TRANSCRIPT, "utterance_id", "interlocutor", "timestamp", "utterance_text",
    *_OF_CLIENT, *_OF_THERAPIST, ANNOTATOR,
)  # fmt: skip

_Row = tuple[str, dict[str, str]]


def read(path: Path) -> list[PublishedSession]:
    """Read ``AnnoMI-full.csv``.

    Parameters
    ----------
    path : Path
        The file, or the folder that holds it.

    Returns
    -------
    list of PublishedSession
        In the file's order. The labels are the file's columns. Where several annotators coded an utterance, each
        has labels. Transcripts of one video count as one client's.

    Raises
    ------
    CorpusError
        Where the file is not as published.
    """
    (file,) = PUBLICATION.find(path)
    rows_of: dict[str, dict[int, list[_Row]]] = {}
    for place, row in read_table(file, _COLUMNS, PUBLICATION):
        _require_known(row, file, place)
        rows_of.setdefault(row["transcript_id"], {}).setdefault(int(row["utterance_id"]), []).append((place, row))
    for name, of in rows_of.items():
        gap = next((number for number in range(len(of)) if number not in of), None)
        if gap is not None:
            raise PUBLICATION.mistake(file, f"transcript {name}", f"no utterance {gap}, though there are later ones")
    return [_published(name, [rows for _, rows in sorted(of.items())], file) for name, of in rows_of.items()]


def _require_known(row: dict[str, str], file: Path, place: str) -> None:
    require_label(row["interlocutor"], tuple(_OF_ROLE), "interlocutor", file, place, PUBLICATION)
    for role, labels in _OF_ROLE.items():
        for name, known in labels.items():
            require_label(row[name], known if role == row["interlocutor"] else (_NONE,), name, file, place, PUBLICATION)
    for name in ("transcript_id", "utterance_id", ANNOTATOR):
        if not row[name].isdecimal():
            raise PUBLICATION.mistake(file, place, f"{name} is not a number")


def _published(transcript: str, rows_of: list[list[_Row]], file: Path) -> PublishedSession:
    utterances, labels = [], []
    for rows in rows_of:
        place, first = rows[0]
        role = SpeakerRole(first["interlocutor"])
        for other_place, row in rows[1:]:
            if any(row[name] != first[name] for name in ("interlocutor", "utterance_text", *_OF_TRANSCRIPT)):
                raise PUBLICATION.mistake(file, other_place, f"the utterance of {place} again, but with other words")
        if len({row[ANNOTATOR] for _, row in rows}) < len(rows):
            raise PUBLICATION.mistake(file, rows[-1][0], f"the utterance of {place} again, by the same annotator")
        try:
            start = parse_seconds(first["timestamp"])
        except ValueError:
            raise PUBLICATION.mistake(file, place, "timestamp is no time, such as 00:01:12") from None
        utterances.append(
            Utterance(first["utterance_id"], first["utterance_text"].strip(), first["interlocutor"], role, start)
        )
        labels.append(tuple({name: row[name] for name in (ANNOTATOR, *_OF_ROLE[role])} for _, row in rows))
    columns = {name: tuple(rows[0][1][name] for rows in rows_of) for name in _OF_TRANSCRIPT}
    columns |= {name: tuple(settled_label(of_line, name) for of_line in labels) for name in _KEPT_LABELS}
    session = Session(f"annomi-{transcript}", tuple(utterances), columns)
    return PublishedSession(session, _video(columns["video_url"][0]), tuple(labels))


def _video(url: str) -> str:
    """The video of an address, which can also hold a place in it."""
    parts = urlsplit(url)
    return parse_qs(parts.query).get("v", [f"{parts.netloc}{parts.path}"])[0]
