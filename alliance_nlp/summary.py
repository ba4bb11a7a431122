"""What a tagged session comes to: counts, rates with intervals, episodes."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.codebook import CodeSet
from alliance_nlp.episodes import Episode, episodes_coded, session_episodes
from alliance_nlp.tagging import TaggedSession
from alliance_nlp.transcript import SpeakerRole

_Z_95 = 1.959964
_WORD = re.compile(r"\w[\w\u0300-\u036f]*(?:['’-]\w[\w\u0300-\u036f]*)*")


@dataclass(frozen=True, slots=True)
class MarkerSummary:
    """One marker in one session.

    Attributes
    ----------
    count : int
        Utterances tagged.
    utterances : int
        Utterances of the role that the marker is coded on.
    expected : float
        Sum of the calibrated probabilities, the better figure to compare
        sessions by where single tags are uncertain.
    """

    name: str
    count: int
    utterances: int
    expected: float

    @property
    def rate(self) -> float | None:
        """Tags per 100 utterances of the role; None where the role does not speak."""
        return 100 * self.count / self.utterances if self.utterances else None

    @property
    def rate_interval(self) -> tuple[float, float] | None:
        """95 % interval of the rate; None where the role does not speak."""
        if not self.utterances:
            return None
        low, high = wilson_interval(self.count, self.utterances)
        return 100 * low, 100 * high


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """One ordered set in one session.

    Attributes
    ----------
    name : str
        Of the set.
    utterances : int
        Of the role that it is coded on.
    mean : float or None
        Mean level of the tags; None where the role does not speak.
    expected : float or None
        Mean of the levels' expectations by their probabilities; it carries the doubt of each tag.
    """

    name: str
    utterances: int
    mean: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session at a glance.

    `tokens` and `known_tokens` are those of the `TaggedSession`.
    """

    session_id: str
    utterances: dict[SpeakerRole, int]
    words: dict[SpeakerRole, int]
    markers: tuple[MarkerSummary, ...]
    episodes: tuple[Episode, ...]
    levels: tuple[LevelSummary, ...] = ()
    tokens: int = 0
    known_tokens: int = 0

    @property
    def talk_share(self) -> dict[SpeakerRole, float | None]:
        """Each role's share of the words; None in a session without words."""
        total = sum(self.words.values())
        return {role: words / total if total else None for role, words in self.words.items()}

    @property
    def episodes_coded(self) -> bool:
        """Whether rupture and repair are both coded, so that an episode can be addressed."""
        return episodes_coded(marker.name for marker in self.markers)

    @property
    def addressed(self) -> int:
        """Rupture episodes that a repair took up."""
        return sum(episode.addressed for episode in self.episodes)

    @property
    def median_repair_distance(self) -> float | None:
        """Median over addressed episodes of the utterances from the opening rupture to the repair."""
        distances = [episode.distance for episode in self.episodes if episode.distance is not None]
        return float(statistics.median(distances)) if distances else None


def summarise(tagged: TaggedSession) -> SessionSummary:
    """Summary of a tagged session."""
    utterances = dict.fromkeys(SpeakerRole, 0)
    words = dict.fromkeys(SpeakerRole, 0)
    for utterance in tagged.session.utterances:
        utterances[utterance.speaker_role] += 1
        words[utterance.speaker_role] += count_words(utterance.text)
    markers = []
    for index, marker in enumerate(tagged.markers):
        of_role = tagged.tags[:, index] >= 0
        markers.append(
            MarkerSummary(
                marker.name,
                int((tagged.tags[:, index] == 1).sum()),
                int(of_role.sum()),
                math.fsum(tagged.probabilities[of_role, index]),
            )
        )
    levels = tuple(_level_summary(tagged, code_set) for code_set in tagged.sets if code_set.ordered)
    episodes = tuple(session_episodes(tagged))
    return SessionSummary(
        tagged.session.session_id,
        utterances,
        words,
        tuple(markers),
        episodes,
        levels,
        tagged.tokens,
        tagged.known_tokens,
    )


def _level_summary(tagged: TaggedSession, code_set: CodeSet) -> LevelSummary:
    place_of = {marker.name: place for place, marker in enumerate(tagged.markers)}
    columns = [place_of[name] for name in code_set.code_names]
    coded = tagged.tags[:, columns[0]] >= 0
    n = int(coded.sum())
    if not n:
        return LevelSummary(code_set.name, 0, None, None)
    levels = range(code_set.lowest, code_set.lowest + len(columns))
    tags, probabilities = tagged.tags[coded][:, columns].sum(axis=0), tagged.probabilities[coded][:, columns]
    mean = sum(level * int(count) for level, count in zip(levels, tags, strict=True)) / n
    expected = math.fsum(level * math.fsum(of_level) for level, of_level in zip(levels, probabilities.T, strict=True))
    return LevelSummary(code_set.name, n, mean, expected / n)


def count_words(text: str) -> int:
    """Runs of letters and digits, held together by apostrophes and hyphens: ``"Well - don't."`` has two."""
    return len(_WORD.findall(text))


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927; formula as in Newcombe 1998, method 3).

    Parameters
    ----------
    successes, trials : int
        `trials` above 0.

    Returns
    -------
    tuple of float
        Lower and upper limit, within 0 and 1.
    """
    share = successes / trials
    centre = share + _Z_95**2 / (2 * trials)
    spread = _Z_95 * math.sqrt(share * (1 - share) / trials + _Z_95**2 / (4 * trials**2))
    scale = 1 + _Z_95**2 / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def session_columns(marker_names: Sequence[str], sets: Sequence[CodeSet] = ()) -> list[str]:
    """Columns of ``sessions.csv``, in order."""
    columns = ["session_id"]
    columns += [f"utterances_{role}" for role in SpeakerRole]
    columns += [f"words_{role}" for role in SpeakerRole]
    columns += [f"talk_share_{role}" for role in SpeakerRole]
    for name in marker_names:
        columns += [f"{name}_count", f"{name}_rate", f"{name}_rate_low", f"{name}_rate_high", f"{name}_expected"]
    for code_set in sets:
        columns += [f"{code_set.name}_mean_level", f"{code_set.name}_expected_level"] if code_set.ordered else []
    return [
        *columns, "rupture_episodes", "rupture_episodes_addressed",
        "rupture_episodes_unaddressed", "median_repair_distance",
    ]  # fmt: skip


def session_row(summary: SessionSummary) -> list[str | int | float | None]:
    """Cells of a session's row in ``sessions.csv``, in the order of `session_columns`."""
    row: list[str | int | float | None] = [summary.session_id]
    row += [summary.utterances[role] for role in SpeakerRole]
    row += [summary.words[role] for role in SpeakerRole]
    row += [_rounded(summary.talk_share[role], 4) for role in SpeakerRole]
    for marker in summary.markers:
        low, high = marker.rate_interval or (None, None)
        row += [marker.count, _rounded(marker.rate, 2), _rounded(low, 2), _rounded(high, 2), round(marker.expected, 3)]
    for of_set in summary.levels:
        row += [_rounded(of_set.mean, 3), _rounded(of_set.expected, 3)]
    if not summary.episodes_coded:
        return [*row, None, None, None, None]
    unaddressed = len(summary.episodes) - summary.addressed
    return [*row, len(summary.episodes), summary.addressed, unaddressed, summary.median_repair_distance]


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
