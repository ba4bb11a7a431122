"""Whether a session was among those that a model was trained on, told from digests that give no words away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alliance_nlp.transcript import Session

FEWEST_WORDS = 50
"""What is shorter could be guessed, and is left out."""
_HEX_DIGITS = 16
_WORD = re.compile(r"\w+")


def session_digests(sessions: Iterable[Session]) -> dict[str, Any]:
    """Digests of sessions, as a bundle keeps them.

    A session is known again whatever its name, its file format, its punctuation and where its lines break. Whoever
    has its text can tell that the model learned from it; nobody can tell the text. The salt comes from all the
    sessions together: the same session has another digest in another corpus, and one corpus always the same.

    Parameters
    ----------
    sessions : iterable of Session
        A corpus.

    Returns
    -------
    dict
        ``salt`` and ``sha256``, the first digits of each, sorted.
    """
    texts = [text for session in sessions if (text := _text(session))]
    salt = hashlib.sha256("".join(sorted(_digest("", text) for text in texts)).encode()).hexdigest()[:_HEX_DIGITS]
    return {"salt": salt, "sha256": sorted({_digest(salt, text) for text in texts})}


def known_sessions(sessions: Sequence[Session], digests: Mapping[str, Any]) -> list[Session]:
    """Those of `sessions` that `session_digests` had seen."""
    known = set(digests.get("sha256", ()))
    salt = str(digests.get("salt", ""))
    return [session for session in sessions if (text := _text(session)) and _digest(salt, text) in known]


def _text(session: Session) -> str:
    """The words said, in order; empty where they are few."""
    words = [word for line in session.utterances for word in _WORD.findall(line.text.casefold())]
    return " ".join(words) if len(words) >= FEWEST_WORDS else ""


def _digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()[:_HEX_DIGITS]
