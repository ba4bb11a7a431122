"""What is odd about a batch of transcripts as a whole, for the user to look into."""

from __future__ import annotations

from collections.abc import Sequence

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
