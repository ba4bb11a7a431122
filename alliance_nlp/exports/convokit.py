"""A ConvoKit corpus: the five files of its data format, which ``Corpus(filename=FOLDER)`` loads.

After https://convokit.cornell.edu/documentation/data_format.html. A conversation is a session; an utterance replies to
the one before it. Speakers are those of one session: nobody says that the ``T`` of two sessions is one person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.transcript import Utterance

UTTERANCES, SPEAKERS, CONVERSATIONS, CORPUS, INDEX = (
    "utterances.jsonl", "speakers.json", "conversations.json", "corpus.json", "index.json"
)  # fmt: skip
FILES = (UTTERANCES, SPEAKERS, CONVERSATIONS, CORPUS, INDEX)

_TEXT, _NUMBER, _WHOLE = "<class 'str'>", "<class 'float'>", "<class 'int'>"
_VERSION = 1


class Export:
    """A corpus of all sessions. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._folder = folder
        self._about = about
        self._speakers: dict[str, Any] = {}
        self._conversations: dict[str, Any] = {}
        self._file = (folder / UTTERANCES).open("w", encoding="ascii", newline="\n")

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        session = transcript.session
        ids = [_joined(session.session_id, utterance.utterance_id) for utterance in session.utterances]
        roles_of = _roles_of(session.utterances)
        for place, utterance in enumerate(session.utterances):
            speaker = _joined(session.session_id, utterance.speaker)
            if len(roles_of[utterance.speaker]) > 1:
                speaker = _joined(session.session_id, utterance.speaker, str(utterance.speaker_role))
            meta = {"label": utterance.speaker, "role": str(utterance.speaker_role), "session_id": session.session_id}
            self._speakers[speaker] = {"meta": meta, "vectors": []}
            line: dict[str, Any] = {
                "id": ids[place], "conversation_id": ids[0], "text": utterance.text, "speaker": speaker,
                "meta": self._meta(transcript, place), "reply-to": ids[place - 1] if place else None,
                "timestamp": utterance.start, "vectors": [],
            }  # fmt: skip
            # In ASCII: ConvoKit opens its files in whatever encoding the system prefers.
            self._file.write(json.dumps(line) + "\n")
        self._conversations[ids[0]] = {"meta": {"session_id": session.session_id}, "vectors": []}

    def _meta(self, transcript: CodedTranscript, place: int) -> dict[str, Any]:
        utterance = transcript.session.utterances[place]
        meta: dict[str, Any] = {
            "session_id": transcript.session.session_id, "utterance_id": utterance.utterance_id,
            "speaker": utterance.speaker, "speaker_role": str(utterance.speaker_role),
            "start": utterance.start, "end": utterance.end,
        }  # fmt: skip
        for column, marker in enumerate(self._about.markers if self._about.coded else ()):
            code = transcript.codes[place][column] if transcript.codes else NOT_CODED
            meta[marker.name] = None if code == NOT_CODED else code
            if self._about.with_probabilities and transcript.probabilities:
                meta[f"p_{marker.name}"] = transcript.probabilities[place][column]
        return meta

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if error is None:
            self._dump(SPEAKERS, self._speakers)
            self._dump(CONVERSATIONS, self._conversations)
            self._dump(CORPUS, {"codebook": self._about.codebook, "coder": self._about.coder})
            self._dump(INDEX, self._index())

    def _index(self) -> dict[str, Any]:
        texts, times = ("session_id", "utterance_id", "speaker", "speaker_role"), ("start", "end")
        of_utterances = _typed(texts, _TEXT) | _typed(times, _NUMBER)
        for marker in self._about.markers if self._about.coded else ():
            of_utterances[marker.name] = [_WHOLE]
            if self._about.with_probabilities:
                of_utterances[f"p_{marker.name}"] = [_NUMBER]
        return {
            "utterances-index": of_utterances,
            "speakers-index": _typed(("label", "role", "session_id"), _TEXT),
            "conversations-index": {"session_id": [_TEXT]},
            "overall-index": _typed(("codebook", "coder"), _TEXT),
            "version": _VERSION,
            "vectors": [],
        }

    def _dump(self, name: str, content: Any) -> None:
        (self._folder / name).write_text(json.dumps(content) + "\n", encoding="ascii")


def _typed(names: Iterable[str], kind: str) -> dict[str, list[str]]:
    return {name: [kind] for name in names}


def _roles_of(utterances: tuple[Utterance, ...]) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    for utterance in utterances:
        roles.setdefault(utterance.speaker, set()).add(utterance.speaker_role)
    return roles


def _joined(*parts: str) -> str:
    """One id of several, such that no two others make the same."""
    return "#".join(part.replace("%", "%25").replace("#", "%23") for part in parts)
