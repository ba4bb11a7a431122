"""Rupture episodes: ruptures that belong together, and whether a repair took them up.

An episode opens at a rupture utterance and takes in further ruptures that
follow within `REACH` utterances of the last one. It is addressed when a repair
falls inside it or within `REACH` utterances after its last rupture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alliance_nlp.tagging import TaggedSession

REACH = 10
"""In utterances of any speaker."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A rupture episode; places count utterances from 0.

    Attributes
    ----------
    ruptures : tuple of int
        Places of its rupture utterances.
    repair : int or None
        Place of the first repair that takes it up; None where none does.
    """

    ruptures: tuple[int, ...]
    repair: int | None

    @property
    def addressed(self) -> bool:
        """Whether a repair took the episode up."""
        return self.repair is not None

    @property
    def answered(self) -> int | None:
        """Place of the rupture that the repair came after; None where unaddressed."""
        return None if self.repair is None else max(place for place in self.ruptures if place < self.repair)

    @property
    def distance(self) -> int | None:
        """Utterances from the opening rupture to the repair; None where unaddressed."""
        return None if self.repair is None else self.repair - self.ruptures[0]


def episodes_coded(marker_names: Iterable[str]) -> bool:
    """Whether rupture and repair are both coded, so that an episode can be addressed."""
    return {"rupture", "repair"} <= set(marker_names)


def find_episodes(ruptures: Sequence[int], repairs: Sequence[int]) -> list[Episode]:
    """Episodes from the places of ruptures and repairs, both in order."""
    groups: list[list[int]] = []
    for place in ruptures:
        if groups and place - groups[-1][-1] <= REACH:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [
        Episode(
            tuple(group),
            next((place for place in repairs if group[0] < place <= group[-1] + REACH), None),
        )
        for group in groups
    ]


def session_episodes(tagged: TaggedSession) -> list[Episode]:
    """Episodes of a tagged session; none where the codebook has no rupture."""
    return find_episodes(_places(tagged, "rupture"), _places(tagged, "repair"))


def _places(tagged: TaggedSession, marker_name: str) -> list[int]:
    for index, marker in enumerate(tagged.markers):
        if marker.name == marker_name:
            return [int(place) for place in (tagged.tags[:, index] == 1).nonzero()[0]]
    return []
