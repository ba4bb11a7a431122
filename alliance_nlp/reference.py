"""Reference ranges: where the figures of other sessions lie that the same model tagged.

Figures of tags are set beside figures of tags, never beside coders' figures: a
model that tags too much does so on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from alliance_nlp.errors import ResultsError, UsageError
from alliance_nlp.shipped import default_reference
from alliance_nlp.stored_results import StoredResults
from alliance_nlp.summary import SessionSummary, summarise
from alliance_nlp.transcript import SpeakerRole

MIN_SESSIONS = 5
"""Fewer make no range."""
_QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Range:
    """Where the middle 80 % of the sessions lie, and the median."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Reference:
    """Ranges of several sessions.

    Attributes
    ----------
    source : str
        Whose sessions they are, for the reader of a report.
    model_digest : str
        SHA-256 of the bundle that tagged them.
    rates : mapping of str to Range
        Tags per 100 utterances of the marker's role, by marker.
    talk_share : Range or None
        The therapist's share of the words.
    """

    source: str
    sessions: int
    model_digest: str
    rates: Mapping[str, Range]
    talk_share: Range | None


def reference_of(summaries: Sequence[SessionSummary], source: str, model_digest: str) -> Reference:
    """Reference ranges from the summaries of sessions.

    Raises
    ------
    UsageError
        Where there are fewer than `MIN_SESSIONS`.
    """
    if len(summaries) < MIN_SESSIONS:
        raise UsageError(f"{source}: {len(summaries)} sessions make no reference range; at least {MIN_SESSIONS} do")
    rates = {}
    for column, marker in enumerate(summaries[0].markers):
        of_marker = _range(summary.markers[column].rate for summary in summaries)
        if of_marker:
            rates[marker.name] = of_marker
    talk_share = _range(summary.talk_share[SpeakerRole.THERAPIST] for summary in summaries)
    return Reference(source, len(summaries), model_digest, rates, talk_share)


def _range(values: Iterable[float | None]) -> Range | None:
    known = [value for value in values if value is not None]
    if len(known) < MIN_SESSIONS:
        return None
    low, median, high = (round(float(value), 4) for value in np.quantile(known, _QUANTILES))
    return Range(low, median, high)


def reference_from_results(folder: str | Path, model_digest: str) -> Reference:
    """Reference ranges from a folder of results.

    Raises
    ------
    UsageError
        Where another model tagged them, or there are too few.
    """
    results = StoredResults(folder)
    if results.run.model_digest != model_digest:
        raise UsageError(f"{folder}: was tagged by another model; figures of two models cannot be compared")
    summaries = [summarise(tagged) for tagged in results.sessions()]
    return reference_of(summaries, f"{len(summaries)} sessions of your own", model_digest)


def shipped_reference(model_digest: str) -> Reference | None:
    """The ranges that come with the shipped model; None where another model tagged."""
    path = default_reference()
    if not path.exists():
        return None
    reference = read_reference(path)
    return reference if reference.model_digest == model_digest else None


def read_reference(path: Path) -> Reference:
    """Read what `write_reference` wrote."""
    try:
        parts = json.loads(path.read_text("utf-8"))
        rates = {name: Range(**range_) for name, range_ in parts.pop("rates").items()}
        talk_share = Range(**parts.pop("talk_share"))
        return Reference(rates=rates, talk_share=talk_share, **parts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResultsError(f"{path}: damaged or cut off; install the program again") from error


def write_reference(reference: Reference, path: Path) -> None:
    """Write ranges as JSON."""
    path.write_text(json.dumps(asdict(reference), indent=1) + "\n", encoding="utf-8")
