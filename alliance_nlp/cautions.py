"""What a reader of an evaluation must know before believing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from alliance_nlp.bundle import Bundle
from alliance_nlp.codebook import Codebook, Marker
from alliance_nlp.known_sessions import known_sessions
from alliance_nlp.left_open import lines_left_open
from alliance_nlp.model_evaluation import Scores
from alliance_nlp.transcript import Session

FEW_POSITIVES, FEW_SESSIONS = 30, 10

_SESSIONS_NAMED = 5


def cautions(
    bundle: Bundle,
    codebook: Codebook,
    provenance: Mapping[str, Any],
    scores: Sequence[Scores],
    left_out: Sequence[str],
    sessions: Sequence[Session] = (),
) -> list[str]:
    """Warnings in plain words, the gravest first.

    Parameters
    ----------
    bundle : Bundle
        The model.
    codebook : Codebook
        By which the corpus was coded.
    provenance : mapping
        Of the corpus: ``files``, each with name and SHA-256, and ``consensus``, where it was settled from ratings.
    scores : sequence of Scores
        Of each marker that was evaluated.
    left_out : sequence of str
        Markers of the model of which the corpus holds no codes.
    sessions : sequence of Session
        The transcripts of the corpus.
    """
    return [
        *_seen_in_training("The model", bundle.training.get("corpus", {}), provenance, sessions),
        *chain.from_iterable(
            _seen_in_training(f"Its base model {base['name']}", base["corpus"], provenance, sessions)
            for base in bundle.training.get("bases", ())
        ),
        *_left_open(bundle.codebook, provenance),
        *_differing_codebooks(bundle.codebook, codebook),
        *_left_out(left_out),
        *_too_few(scores),
    ]


def _seen_in_training(
    model: str, corpus: Mapping[str, Any], provenance: Mapping[str, Any], sessions: Sequence[Session]
) -> list[str]:
    trained_on = {source["sha256"] for source in corpus.get("files", ())}
    seen = [source["file"] for source in provenance["files"] if source["sha256"] in trained_on]
    known = known_sessions(sessions, corpus.get("session_digests", {}))
    if not seen and not known:
        return []
    if len(seen) == len(provenance["files"]) or (known and len(known) == len(sessions)):
        which = "the whole corpus"
    elif len(known) > 0:
        names = ", ".join(session.session_id for session in known[:_SESSIONS_NAMED])
        which = (
            f"{len(known)} of these {len(sessions)} sessions ({names}{', …' if len(known) > _SESSIONS_NAMED else ''})"
        )
    else:
        which = ", ".join(seen)
    return [
        f"{model} was trained on {which}: these figures say how well it remembers, not how well it does on sessions "
        "it has not seen. Evaluate it on others; those of its model card come from clients it had not seen."
    ]


def _left_open(of_model: Codebook, provenance: Mapping[str, Any]) -> list[str]:
    lines = lines_left_open(provenance.get("consensus", {}), of_model.variable_names)
    if not lines:
        return []
    return [
        f"Left open, since coders differ: {lines}; all figures but those beside coders are of the other lines, which "
        "are easier."
    ]


def _differing_codebooks(of_model: Codebook, of_corpus: Codebook) -> list[str]:
    if of_model.source == of_corpus.source:
        return []
    found = []
    if (of_model.name, of_model.version) != (of_corpus.name, of_corpus.version):
        found.append(
            f"The corpus was coded by the codebook {of_corpus.name} {of_corpus.version}, the model follows "
            f"{of_model.name} {of_model.version}."
        )
    theirs = {marker.name: marker for marker in of_corpus.markers}
    changed = [
        marker.name
        for marker in of_model.markers
        if marker.name in theirs and _rules(marker) != _rules(theirs[marker.name])
    ]
    if changed:
        found.append(
            f"The two codebooks define {', '.join(changed)} differently: some of the errors are differences of rule."
        )
    return found


def _rules(marker: Marker) -> tuple[object, ...]:
    return marker.role, marker.definition, marker.codes, marker.does_not_code, marker.rulings


def _left_out(markers: Sequence[str]) -> list[str]:
    return [f"The corpus holds no codes of {', '.join(markers)}; of them nothing is said."] if markers else []


def _too_few(scores: Sequence[Scores]) -> list[str]:
    few = [
        f"{item.marker} ({item.positives} in {item.sessions_with} of {item.sessions} sessions)"
        for item in scores
        if item.positives < FEW_POSITIVES or item.sessions_with < FEW_SESSIONS
    ]
    if not few:
        return []
    return [
        f"Too few utterances coded 1 for firm figures: {', '.join(few)}. Code at least {FEW_POSITIVES}, in "
        f"{FEW_SESSIONS} sessions or more."
    ]
