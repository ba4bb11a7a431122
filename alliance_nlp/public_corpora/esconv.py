"""ESConv: chats of emotional support, each of the supporter's messages with its strategy (Liu et al. 2021)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alliance_nlp.errors import CorpusError, shown
from alliance_nlp.public_corpora.published import Code, Publication, PublishedSession, require_label
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

PUBLICATION = Publication(
    "ESConv",
    ("ESConv.json",),
    "https://github.com/thu-coai/Emotional-Support-Conversation",
    "Learned from ESConv (Liu et al. 2021), chats between volunteers, published for academic research only "
    "(CC BY-NC 4.0): no commercial use.",
    1300,
)
STRATEGY = "strategy"
CODES = {
    "question": Code(STRATEGY, ("Question",)),
    "restatement_or_paraphrasing": Code(STRATEGY, ("Restatement or Paraphrasing",)),
    "reflection_of_feelings": Code(STRATEGY, ("Reflection of feelings",)),
    "self_disclosure": Code(STRATEGY, ("Self-disclosure",)),
    "affirmation_and_reassurance": Code(STRATEGY, ("Affirmation and Reassurance",)),
    "providing_suggestions": Code(STRATEGY, ("Providing Suggestions",)),
    "information": Code(STRATEGY, ("Information",)),
    "others": Code(STRATEGY, ("Others",)),
}

_SPELLINGS = {value: value for code in CODES.values() for value in code.values}
# Both spellings are the authors': these two stand in their page and in versions of the file.
_SPELLINGS |= {"Questions": "Question", "Other": "Others"}
_ROLES = {"seeker": SpeakerRole.CLIENT, "supporter": SpeakerRole.THERAPIST}
_OF_CHAT = ("experience_type", "emotion_type", "problem_type")
_SCORES = {
    "seeker_initial_emotion_intensity": ("seeker", "initial_emotion_intensity"),
    "seeker_final_emotion_intensity": ("seeker", "final_emotion_intensity"),
    "seeker_empathy_score": ("seeker", "empathy"),
    "seeker_relevance_score": ("seeker", "relevance"),
    "supporter_relevance_score": ("supporter", "relevance"),
}


def read(path: Path) -> list[PublishedSession]:
    """Read ``ESConv.json``.

    Parameters
    ----------
    path : Path
        The file, or the folder that holds it.

    Returns
    -------
    list of PublishedSession
        In the file's order, named by their place in it, from 0. The label of a supporter's message is its
        ``strategy``. Who chatted is not published, so each chat counts as its own client's.

    Raises
    ------
    CorpusError
        Where the file is not as published.
    """
    (file,) = PUBLICATION.find(path)
    try:
        chats = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise CorpusError(f"{shown(file)}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise PUBLICATION.mistake(file, "", "not UTF-8 text") from error
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise PUBLICATION.mistake(file, place, "not JSON, or cut off") from error
    if not isinstance(chats, list) or not chats:
        raise PUBLICATION.mistake(file, "", "not a list of chats")
    return [_published(number, chat, file) for number, chat in enumerate(chats)]


def _published(number: int, chat: Any, file: Path) -> PublishedSession:
    place = f"chat {number}"
    if not isinstance(chat, dict):
        raise PUBLICATION.mistake(file, place, "not an object with a dialog")
    missing = [name for name in (*_OF_CHAT, "dialog") if name not in chat]
    if missing:
        raise PUBLICATION.mistake(file, place, f"no {', '.join(missing)}")
    turns = chat["dialog"]
    if not isinstance(turns, list) or not turns:
        raise PUBLICATION.mistake(file, place, "dialog is not a list of messages")
    utterances, labels, feedback = [], [], []
    for turn_number, turn in enumerate(turns, 1):
        where = f"{place}, message {turn_number}"
        speaker, content, annotation = _parts(turn, where, file)
        utterances.append(Utterance(str(turn_number), content, speaker, _ROLES[speaker]))
        labels.append(({STRATEGY: _strategy(annotation, where, file)},) if speaker == "supporter" else ())
        feedback.append(_cell(annotation.get("feedback")))
    columns = {name: (_cell(chat[name]),) * len(turns) for name in _OF_CHAT}
    columns |= {name: (_score(chat.get("survey_score"), *at),) * len(turns) for name, at in _SCORES.items()}
    columns["feedback"] = tuple(feedback)
    session = Session(f"esconv-{number}", tuple(utterances), columns)
    return PublishedSession(session, session.session_id, tuple(labels))


def _parts(turn: Any, where: str, file: Path) -> tuple[str, str, dict[str, Any]]:
    parts = turn if isinstance(turn, dict) else {}
    missing = [name for name in ("speaker", "annotation", "content") if name not in parts]
    if missing:
        raise PUBLICATION.mistake(file, where, f"no {', '.join(missing)}")
    speaker, content, annotation = parts["speaker"], parts["content"], parts["annotation"]
    if not isinstance(content, str) or not isinstance(annotation, dict) or not isinstance(speaker, str):
        raise PUBLICATION.mistake(file, where, "speaker and content must be texts, annotation an object")
    require_label(speaker, tuple(_ROLES), "speaker", file, where, PUBLICATION)
    if any("\ud800" <= letter <= "\udfff" for letter in content):
        raise PUBLICATION.mistake(file, where, "half of a UTF-16 surrogate pair, as a cut emoji leaves it")
    return speaker, content.strip(), annotation


def _strategy(annotation: dict[str, Any], where: str, file: Path) -> str:
    if STRATEGY not in annotation:
        raise PUBLICATION.mistake(file, where, "a supporter's message without its strategy")
    strategy = str(annotation[STRATEGY])
    require_label(strategy, tuple(_SPELLINGS), STRATEGY, file, where, PUBLICATION)
    return _SPELLINGS[strategy]


def _score(scores: Any, who: str, name: str) -> str:
    of_person = scores.get(who) if isinstance(scores, dict) else None
    return _cell(of_person.get(name)) if isinstance(of_person, dict) else ""


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""
