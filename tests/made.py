"""Results made by hand, so that a test knows which line carries which mark without asking a model."""

from dataclasses import replace

import numpy as np

from alliance_nlp.codebook import read_codebook
from alliance_nlp.reference import Range, Reference
from alliance_nlp.results import open_results
from alliance_nlp.stored_results import StoredResults
from alliance_nlp.summary import summarise
from alliance_nlp.tagging import NOT_CODED, Reason, TaggedSession
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

MARKERS = read_codebook().markers
NAMES = [marker.name for marker in MARKERS]
DIGEST = "ab" * 32
ROLES = {"T": SpeakerRole.THERAPIST, "C": SpeakerRole.CLIENT, "M": SpeakerRole.OTHER}
UNMARKED = 0.02
RUN = {
    "tool": "alliance_nlp",
    "version": "9.9.9",
    "bundle": {"name": "made", "sha256": DIGEST},
    "codebook": {"name": "alliance", "version": "1.2"},
    "notice": "A model made for tests.",
    "trained_on": {"sessions": 40, "clients": 30, "utterances": 2000},
    "markers": [
        {
            "name": marker.name,
            "title": marker.title,
            "role": marker.role,
            "definition": marker.definition,
            "measured": {
                "prevalence": 0.1,
                "precision": {"value": 0.6, "low": 0.5, "high": 0.7},
                "recall": {"value": 0.4, "low": 0.3, "high": 0.5},
            },
        }
        for marker in MARKERS
    ],
}
REFERENCE = Reference("20 made sessions", 20, DIGEST, dict.fromkeys(NAMES, Range(2, 8, 20)), Range(0.3, 0.4, 0.6))

TALK = (
    ("T", "How was the week?", {}),
    ("C", "Fine.", {}),
    ("T", "You sound worn out by all of it.", {"empathy": (0.81, [Reason("sound", 1.2), Reason("by all", 0.4)])}),
    ("C", "You are not listening to me.", {"rupture": (0.62, [Reason("not listening", 0.9)])}),
    ("T", "I missed something there. I am sorry.", {"repair": (0.77, [Reason("sorry", 1.0)])}),
    ("C", "It is all right. We were at the sea on Sunday.", {}),
    *(("T", "Mm.", {}), ("C", "The water was cold.", {})) * 6,
    ("T", "Anyone would have been cross there.", {"validation": (0.55, [Reason("⟨length 3-6 words⟩", 0.3)])}),
    ("C", "Whatever. What is the point of this.", {"rupture": (0.4, [Reason("the point", 0.5)])}),
    ("T", "I felt stuck myself just then.", {"self_disclosure": (0.9, [Reason("I felt", 0.8)])}),
    ("C", "Okay.", {}),
)
"""Two rupture episodes, the first at line 4 taken up in the next, the second at line 20 not."""


def tagged(session_id="made", talk=TALK, seconds=None, explain=True):
    """A tagged session from lines: who speaks, what, and the probability and reasons of each mark."""
    utterances = tuple(
        Utterance(str(number), text, {"M": "Mother"}.get(who, who), ROLES[who], seconds and seconds * number,
                  seconds and seconds * (number + 1))
        for number, (who, text, _) in enumerate(talk)
    )  # fmt: skip
    probabilities = np.full((len(talk), len(MARKERS)), np.nan)
    tags = np.full(probabilities.shape, NOT_CODED, dtype=np.int8)
    reasons = []
    for line, (who, _, marks) in enumerate(talk):
        of_line = []
        for column, marker in enumerate(MARKERS):
            if marker.role == ROLES[who]:
                probabilities[line, column], why = marks.get(marker.name, (UNMARKED, []))
                tags[line, column] = marker.name in marks
            of_line.append(tuple(why) if marker.role == ROLES[who] else ())
        reasons.append(tuple(of_line))
    return TaggedSession(
        Session(session_id, utterances), MARKERS, probabilities, tags, tuple(reasons) if explain else None
    )


def with_markers(session, names):
    """The same session by a codebook that has only some of the markers; without reasons."""
    columns = [NAMES.index(name) for name in names]
    return replace(
        session,
        markers=tuple(MARKERS[column] for column in columns),
        probabilities=session.probabilities[:, columns],
        tags=session.tags[:, columns],
        reasons=None,
    )


def write_results(folder, sessions, file_format="csv", explain=True):
    """The folder that ``tag`` would have written."""
    with open_results(folder, MARKERS, file_format, explain) as results:
        for session in sessions:
            results.add(session, summarise(session))
        results.describe(RUN | {"counts": {"sessions": len(sessions), "failures": 0}})
    return StoredResults(folder)
