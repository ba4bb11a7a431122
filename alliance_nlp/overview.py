"""All that a report of one session shows, put together once for every kind of report."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.episodes import Episode
from alliance_nlp.moments import Moment, moments
from alliance_nlp.reference import Reference
from alliance_nlp.stored_results import Run
from alliance_nlp.summary import SessionSummary, summarise
from alliance_nlp.tagging import TaggedSession
from alliance_nlp.timeline import Timeline, clock, timeline


@dataclass(frozen=True, slots=True)
class SessionOverview:
    """One session as a report sees it.

    Attributes
    ----------
    episodes : tuple of Episode
        Empty where the codebook lacks rupture or repair, so that nobody reads
        "not taken up" where taking up was never coded.
    reference : Reference or None
        Other sessions to see the figures beside, tagged by the same model.
    """

    tagged: TaggedSession
    run: Run
    summary: SessionSummary
    episodes: tuple[Episode, ...]
    timeline: Timeline
    moments: tuple[Moment, ...]
    reference: Reference | None

    @property
    def episodes_coded(self) -> bool:
        """Whether the codebook has both rupture and repair."""
        return self.summary.episodes_coded

    def place(self, line: int) -> str:
        """Where an utterance is, for a person to find: ``12:34`` or ``line 57``."""
        start = self.tagged.session.utterances[line].start
        return clock(start) if self.timeline.timed and start is not None else f"line {line + 1}"


def session_overview(tagged: TaggedSession, run: Run, reference: Reference | None = None) -> SessionOverview:
    """The overview of a tagged session."""
    summary = summarise(tagged)
    episodes = summary.episodes if summary.episodes_coded else ()
    found = tuple(moments(tagged, episodes))
    return SessionOverview(tagged, run, summary, episodes, timeline(tagged), found, reference)
