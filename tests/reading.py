"""Sample files of transcript formats, and what a test asks of a session."""

from pathlib import Path

from alliance_nlp.readers import read_session, read_sessions
from alliance_nlp.roles import RoleNames

SAMPLES = Path(__file__).parent / "data" / "readers"
ROLES = {
    "Ada": "therapist", "ada": "therapist", "Ada Marsh": "therapist", "Marsh, Ada (Clinic)": "therapist",
    "Ben": "client", "ben": "client", "ben (he/him)": "client", "Guest & co": "client", "Speaker 2": "client",
    "SPEAKER_00": "therapist", "SPEAKER_01": "client", "SPEAKER_0": "therapist", "SPEAKER_1": "client",
    "SPEAKER_A": "therapist", "SPEAKER_B": "client",
}  # fmt: skip


def sample(name):
    """Path of a sample file, by format and name."""
    return SAMPLES / name


def said(session):
    """Who says what in a session."""
    return [(utterance.speaker, utterance.text) for utterance in session.utterances]


def times(session):
    return [(utterance.start, utterance.end) for utterance in session.utterances]


def ids(session):
    return [utterance.utterance_id for utterance in session.utterances]


def notes(session):
    """Notes without the file's name."""
    return [note.partition(": ")[2] for note in session.notes]


def read_sample(name, **options):
    return read_session(sample(name), RoleNames(ROLES), **options)


def read_samples(name, **options):
    return list(read_sessions(sample(name), RoleNames(ROLES), **options))
