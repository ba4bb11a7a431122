"""What is odd about a batch of transcripts as a whole, for the user to look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from alliance_nlp.summary import SessionSummary
from alliance_nlp.transcript import SpeakerRole

_SHARE_KNOWN = 0.6
"""English sessions reach .95 with the shipped model; German, French, Spanish and Dutch ones .3 to .36."""
_FEWEST_TOKENS = 50


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


def few_words_known(summaries: Sequence[SessionSummary]) -> list[str]:
    """A note on sessions of whose words the model knows few, as where they are in another language than its own.

    Parameters
    ----------
    summaries : sequence of SessionSummary
        Of all sessions.
    """
    strange = [
        summary
        for summary in summaries
        if summary.tokens >= _FEWEST_TOKENS and summary.known_tokens < _SHARE_KNOWN * summary.tokens
    ]
    if not strange:
        return []
    first = strange[0]
    share = first.known_tokens / first.tokens
    return [
        f"the model knows few of the words in {len(strange):,} of {len(summaries):,} sessions, such as "
        f"{first.session_id} ({share:.0%}): are they in its language? Their tags mean little"
    ]


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
