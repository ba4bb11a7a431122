"""Identifiers in a session: in what is said, in the speakers' labels, in the session's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.labels import find_in_file_name, find_in_label
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.span import masked
from alliance_nlp.transcript import Session


class Finding(NamedTuple):
    """Something that looks like an identifier; its words are masked."""

    session_id: str
    """Empty where it belongs to the file."""
    place: str
    """``"utterance"``, ``"speaker label"``, ``"session id"``, ``"file name"``, or a property of the document."""
    utterance_id: str
    """Of the utterance, or the first one with such a label; else empty."""
    category: Category
    words: str
    """Masked, see `masked`."""


def find_in_session(screen: Screen, session: Session, with_id: bool = True) -> Iterator[Finding]:
    """Every finding, in the transcript's order.

    Parameters
    ----------
    screen : Screen
        What to look for.
    session : Session
        The transcript.
    with_id : bool
        Whether to look at its id too, which a session that is named after its file has from there.
    """
    name = session.session_id
    for span in find_in_file_name(screen, name) if with_id else ():
        yield Finding(name, "session id", "", span.category, masked(name[span.start : span.end], span.category))
    labels: set[str] = set()
    before = ""
    for utterance in session.utterances:
        if utterance.speaker not in labels:
            labels.add(utterance.speaker)
            for span in find_in_label(screen, utterance.speaker):
                words = masked(utterance.speaker[span.start : span.end], span.category)
                yield Finding(name, "speaker label", utterance.utterance_id, span.category, words)
        for span in screen.find(utterance.text, before):
            words = masked(utterance.text[span.start : span.end], span.category)
            yield Finding(name, "utterance", utterance.utterance_id, span.category, words)
        before = utterance.text


def count_in_session(screen: Screen, session: Session, with_id: bool = True) -> Counter[Category]:
    """How many findings there are of each category; see `find_in_session`."""
    return Counter(finding.category for finding in find_in_session(screen, session, with_id))
