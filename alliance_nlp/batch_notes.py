"""What is odd about a batch of transcripts as a whole, for the user to look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from alliance_nlp.summary import SessionSummary
from alliance_nlp.transcript import SpeakerRole


def one_role_only(summaries: Sequence[SessionSummary]) -> list[str]:
    """Notes on sessions in which no line is a therapist's, or none a client's.

    Parameters
    ----------
    summaries : sequence of SessionSummary
        Of all sessions.
    """
    notes = []
    for role in (SpeakerRole.THERAPIST, SpeakerRole.CLIENT):
        without = [summary.session_id for summary in summaries if not summary.utterances[role]]
        if without:
            notes.append(
                f"no line of a {role} in {len(without):,} of {len(summaries):,} sessions, such as {without[0]}: "
                "check --role"
            )
    return notes


def read_twice(digests: Mapping[str, str]) -> list[str]:
    """Notes on files that may be one session counted twice.

    Parameters
    ----------
    digests : mapping of str to str
        SHA-256 of each file that was tagged, by its path.
    """
    notes = []
    first_of_digest: dict[str, str] = {}
    first_of_name: dict[str, str] = {}
    for file, digest in digests.items():
        same = first_of_digest.setdefault(digest, file)
        alike = first_of_name.setdefault(str(PurePath(file).with_suffix("")), file)
        if same != file:
            notes.append(f"{file} holds the same as {same}; both are counted")
        elif alike != file:
            notes.append(f"{file} has the name of {alike}; both are counted: is it one session twice?")
    return notes
