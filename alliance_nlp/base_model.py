"""A base model: one that another begins from, where few sessions are coded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alliance_nlp.bundle import Bundle, load_bundle
from alliance_nlp.errors import BundleError, CorpusError, UsageError
from alliance_nlp.features import BLOCK_LENGTHS
from alliance_nlp.known_sessions import known_sessions
from alliance_nlp.lexicon import read_lexicon
from alliance_nlp.ratings import CodedSession
from alliance_nlp.shipped import default_model
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import Session

SHIPPED = "default"
"""What the shipped model is called where a base model is named, and no folder of that name is there."""

_SESSIONS_NAMED = 20


def open_base_model(name: str | Path, pipeline: str) -> Bundle:
    """The base model of that name.

    Parameters
    ----------
    name : str or path
        `SHIPPED`, or a bundle's folder.
    pipeline : str
        Tokenizer of the new model.

    Raises
    ------
    BundleError
        Where there is no such folder, or it holds no bundle that can be opened.
    UsageError
        Where the model sees utterances otherwise than the new one will.
    """
    there = Path(name).exists()
    shipped = str(name) == SHIPPED and not there
    if not there and not shipped:
        raise BundleError(
            f"--base {name}: no such model folder; name a bundle's folder, or {SHIPPED} for the shipped model"
        )
    base = load_bundle(default_model() if shipped else name)
    if base.embeddings:
        raise UsageError(f"--base {name}: was trained with sentence embeddings; name a model that has only words")
    if base.pipeline != pipeline:
        raise UsageError(
            f"--base {name}: has the tokenizer {base.pipeline}, not {pipeline}; give --pipeline {base.pipeline}, or "
            "another base"
        )
    features = base.features
    if (features.lengths, features.marks_around) != (BLOCK_LENGTHS, False) or features.lexicon != read_lexicon(
        Tokenizer(pipeline).tokens
    ):
        raise UsageError(
            f"--base {name}: was trained by another version of the program, with other features; train it anew"
        )
    return base


def shipped_base(bundle: Bundle) -> Bundle | None:
    """The shipped model, where that is what a model began from."""
    bases = bundle.training.get("bases", [])
    if not bases:
        return None
    shipped = load_bundle(default_model())
    return shipped if shipped.digest == bases[0]["sha256"] else None


def about_bases(base: Bundle) -> list[dict[str, Any]]:
    """What a model keeps of its base model, and of that one's own."""
    corpus = base.training.get("corpus", {})
    known = {key: corpus[key] for key in ("files", "session_digests") if key in corpus}
    return [{"name": base.name, "sha256": base.digest, "corpus": known}, *base.training.get("bases", [])]


def require_unseen(base: Bundle, coded: Sequence[CodedSession]) -> None:
    """Raise a `CorpusError` where a base model learned from sessions of the corpus.

    What it says of them is better than what it says of any others, so that figures would be too good and it would be
    believed too much.
    """
    sessions = [item.session for item in coded]
    for one in about_bases(base):
        known = known_sessions(sessions, one["corpus"].get("session_digests", {}))
        if known:
            raise CorpusError(
                f"the base model {one['name']} learned from {len(known)} of these {len(coded)} sessions "
                f"({_named(known)}), and every figure would be too good; leave them out, or train without --base"
            )


def _named(sessions: Sequence[Session]) -> str:
    names = ", ".join(session.session_id for session in sessions[:_SESSIONS_NAMED])
    return names + (f", … and {len(sessions) - _SESSIONS_NAMED} more" if len(sessions) > _SESSIONS_NAMED else "")
