"""What to talk about: the moments of a session that are worth the supervision hour.

Descriptive, never a grade: strains that nobody came back to, strains that were
taken up and how, and the surest instances of the other markers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alliance_nlp.episodes import Episode
from alliance_nlp.evidence import Evidence, evidence
from alliance_nlp.summary import count_words
from alliance_nlp.tagging import TaggedSession

_MOST_UNADDRESSED, _MOST_ADDRESSED, _MOST_OF_A_MARKER = 4, 3, 2
_FEWEST_WORDS = 4


class MomentKind(StrEnum):
    """Why a moment is worth talking about."""

    UNADDRESSED = "unaddressed"
    """A rupture episode that no repair took up."""
    ADDRESSED = "addressed"
    """A rupture episode with its repair."""
    CLEAR = "clear"
    """An utterance that carries a marker clearly."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a session; places count utterances from 0.

    Attributes
    ----------
    kind : MomentKind
        Why it is worth talking about.
    marker : str
        The marker it is about.
    focus : tuple of int
        The utterances it is about, in order.
    lines : tuple of int
        These and the utterances around them, in order.
    probability : float
        The calibrated probability of the surest utterance of the marker in it.
    episode : int or None
        Number of the rupture episode, from 0.
    """

    kind: MomentKind
    marker: str
    focus: tuple[int, ...]
    lines: tuple[int, ...]
    probability: float
    episode: int | None = None


def moments(tagged: TaggedSession, episodes: Sequence[Episode]) -> list[Moment]:
    """Moments worth talking about, most pressing kind first, surest first within a kind.

    At most four unaddressed episodes, three addressed ones, and two clear
    utterances of each marker other than rupture and repair, with at least
    fair evidence (see `alliance_nlp.evidence`) and four words: a "mm-hm" gives
    nothing to talk about, however it is marked. Of a set, what most lines carry
    is passed over.
    """
    n_lines = len(tagged.session.utterances)
    names = [marker.name for marker in tagged.markers]
    unaddressed: list[Moment] = []
    addressed: list[Moment] = []
    for number, episode in enumerate(episodes):
        of_ruptures = tagged.probabilities[list(episode.ruptures), names.index("rupture")]
        surest = episode.ruptures[int(of_ruptures.argmax())]
        focus: tuple[int, ...] = (surest,)
        if episode.answered is not None and episode.repair is not None:
            focus = (episode.answered, episode.repair)
        kind = MomentKind.UNADDRESSED if episode.repair is None else MomentKind.ADDRESSED
        moment = Moment(kind, "rupture", focus, _around(focus, n_lines), float(of_ruptures.max()), number)
        (unaddressed if episode.repair is None else addressed).append(moment)
    found = _surest(unaddressed, _MOST_UNADDRESSED) + _surest(addressed, _MOST_ADDRESSED)
    usual = _usual_codes(tagged)
    for column, name in enumerate(names):
        if name in ("rupture", "repair") or name in usual:
            continue
        clear = [
            Moment(MomentKind.CLEAR, name, (place,), _around((place,), n_lines), probability)
            for place in (tagged.tags[:, column] == 1).nonzero()[0].tolist()
            if evidence(probability := float(tagged.probabilities[place, column])) >= Evidence.FAIR
            and count_words(tagged.session.utterances[place].text) >= _FEWEST_WORDS
        ]
        found += _surest(clear, _MOST_OF_A_MARKER)
    return found


def _usual_codes(tagged: TaggedSession) -> set[str]:
    """The commonest code of each set, and the lowest of levels: every line has one, so they single out none."""
    usual = set()
    for code_set, codes in zip(tagged.sets, tagged.code_of_set.values(), strict=True):
        given = Counter(code for code in codes if code is not None)
        usual |= {max(code_set.code_names, key=lambda name: given[name])}
        usual |= {code_set.code_names[0]} if code_set.ordered else set()
    return usual


def brief(found: Sequence[Moment], most: int) -> list[Moment]:
    """Some of the moments, kinds in turn so that none crowds out the others, in their order."""
    rank_of_marker: dict[tuple[str, str], int] = {}
    turns = []
    for place, moment in enumerate(found):
        rank = rank_of_marker[moment.kind, moment.marker] = rank_of_marker.get((moment.kind, moment.marker), -1) + 1
        turns.append((rank, place, moment))
    place_in_kind: dict[str, int] = {}
    queue = []
    for _, place, moment in sorted(turns, key=lambda turn: turn[:2]):
        turn = place_in_kind[moment.kind] = place_in_kind.get(moment.kind, -1) + 1
        queue.append((turn, place, moment))
    chosen = sorted(queue, key=lambda turn: turn[:2])[:most]
    return [moment for _, _, moment in sorted(chosen, key=lambda turn: turn[1])]


def _surest(candidates: Sequence[Moment], most: int) -> list[Moment]:
    return sorted(candidates, key=lambda moment: (-moment.probability, moment.focus))[:most]


def _around(focus: Sequence[int], n_lines: int) -> tuple[int, ...]:
    """The places with the line before the first and the line after the last."""
    return tuple(sorted({max(focus[0] - 1, 0), *focus, min(focus[-1] + 1, n_lines - 1)}))
