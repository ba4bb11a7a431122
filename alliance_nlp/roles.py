"""Who is therapist and who is client, told from a speaker's label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from alliance_nlp.errors import UsageError
from alliance_nlp.transcript import SpeakerRole

_USUAL_NAMES = {
    SpeakerRole.THERAPIST: (
        "t", "th", "ther", "therapist", "cotherapist", "co-therapist", "psychotherapist", "counsellor",
        "counselor", "clinician", "psychologist", "psychiatrist", "analyst", "doctor", "dr", "provider",
        "practitioner", "social worker", "nurse", "helper", "supporter", "interviewer", "int", "i",
    ),
    SpeakerRole.CLIENT: (
        "c", "cl", "client", "patient", "pt", "p", "seeker", "help seeker", "caller", "participant",
        "interviewee", "consumer", "service user",
    ),
    SpeakerRole.OTHER: (
        "other", "interpreter", "observer", "family", "mother", "father", "mum", "mom", "dad", "parent",
        "wife", "husband", "partner", "son", "daughter", "sister", "brother", "carer", "unknown",
    ),
}  # fmt: skip
_ROLE_OF_NAME = {name: role for role, names in _USUAL_NAMES.items() for name in names}
_LONGEST_USUAL_NAME = 40
_NUMBERING = re.compile(r"(?:[\s_#-]*\d+|\s+[a-z])?[.]?$")


def _normalised(label: str) -> str:
    return " ".join(label.casefold().split())


class RoleNames:
    """Finds the role that belongs to a speaker's label.

    The usual names are known, in any case and with a number behind them
    (``T``, ``Therapist``, ``CLIENT 2``, ``P1``); others can be given.

    Parameters
    ----------
    given : mapping of str to SpeakerRole or its name, optional
        Labels beyond the usual ones; they take precedence.

    Attributes
    ----------
    given : dict of str to SpeakerRole
        The labels given, as they were written.
    """

    def __init__(self, given: Mapping[str, SpeakerRole | str] | None = None) -> None:
        self.given = {label: SpeakerRole(role) for label, role in (given or {}).items()}
        self._given = {_normalised(label): role for label, role in self.given.items()}
        self._met: set[str] = set()
        self._was_asked = False

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> RoleNames:
        """Read ``LABEL=ROLE`` pairs, as ``--role`` takes them.

        Raises
        ------
        UsageError
            Where a pair has no ``=`` or names no role.
        """
        given: dict[str, SpeakerRole | str] = {}
        for pair in pairs:
            label, equals, role = pair.rpartition("=")
            if not equals or not label.strip() or role.strip().lower() not in set(SpeakerRole):
                raise UsageError(
                    f"--role {pair!r} is not LABEL=ROLE, where ROLE is therapist, client or other; "
                    'write for example --role "SPEAKER_00=therapist"'
                )
            given[label] = SpeakerRole(role.strip().lower())
        return cls(given)

    def given_role(self, label: str) -> SpeakerRole | None:
        """Role that was given for a label, or None."""
        return self._look_up(_normalised(label))

    def never_met(self) -> list[str]:
        """Labels given that no transcript read so far has; none where none was read."""
        return [label for label in self.given if self._was_asked and _normalised(label) not in self._met]

    def _look_up(self, name: str) -> SpeakerRole | None:
        self._was_asked = True
        role = self._given.get(name)
        if role:
            self._met.add(name)
        return role

    def role_of(self, label: str) -> SpeakerRole | None:
        """Role of a label, or None where it cannot be told."""
        name = _normalised(label)
        role = self._look_up(name)
        if role:
            return role
        if len(name) > _LONGEST_USUAL_NAME:
            return None
        return _ROLE_OF_NAME.get(name) or _ROLE_OF_NAME.get(_NUMBERING.sub("", name))
