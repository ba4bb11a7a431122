"""From which probability on a marker is tagged: rules a user can state, and what each comes to on given codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from alliance_nlp.errors import UsageError
from alliance_nlp.evaluation import KAPPA_TOLERANCE, Codes, Floats, best_kappa_threshold

FEWEST_TAGGED = 10
"""A precision of fewer tagged utterances is luck."""

_RULE = re.compile(
    r"(?:(?P<marker>[a-z][a-z0-9_]*):)?(?P<what>kappa|f1|precision|recall)(?:=(?P<wanted>[0-9]*\.?[0-9]+))?"
)
_WITH_VALUE = ("precision", "recall")


class Threshold(NamedTuple):
    """What a rule came to."""

    value: float
    reached: float | None
    """Where a wanted precision cannot be reached, the highest that can; else None."""


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """A rule for one marker, or for all.

    Attributes
    ----------
    what : str
        ``kappa``, ``f1``, ``precision`` or ``recall``.
    wanted : float, optional
        The precision or recall that is wanted.
    """

    what: str = "kappa"
    wanted: float | None = None

    def __str__(self) -> str:
        """The rule in words, as card and run give it."""
        match self.what:
            case "kappa":
                return f"highest with κ, half observed and half expected, within {_short(KAPPA_TOLERANCE)} of the best"
            case "f1":
                return "highest with the best F1"
            case "precision":
                return f"lowest with a precision of {_short(self.wanted)} or more"
            case _:
                return f"highest with a recall of {_short(self.wanted)} or more"

    def threshold(self, probabilities: Floats, codes: Codes) -> Threshold:
        """Apply the rule.

        Parameters
        ----------
        probabilities : ndarray of shape (n_utterances,)
            By a model that had not seen them.
        codes : ndarray of shape (n_utterances,)
            0 or 1, with both present.
        """
        if self.what == "kappa":
            return Threshold(best_kappa_threshold(probabilities, codes), None)
        # At each probability that occurs, from the highest: how many are tagged from there on, and how many rightly.
        order = np.argsort(-probabilities, kind="stable")
        last_of_ties = np.append(np.diff(probabilities[order]) != 0, True)
        at = probabilities[order][last_of_ties]
        tagged = np.arange(1, len(codes) + 1)[last_of_ties]
        right = np.cumsum(codes[order], dtype=np.int64)[last_of_ties]
        n_coded = int(codes.sum())
        if self.what == "f1":
            return Threshold(float(at[np.argmax(2 * right / (tagged + n_coded))]), None)
        if self.what == "recall":
            return Threshold(float(at[np.argmax(right >= (self.wanted or 0) * n_coded)]), None)
        enough = tagged >= min(FEWEST_TAGGED, tagged[-1])
        precision = np.where(enough, right / tagged, -1)
        reached = np.flatnonzero(precision >= (self.wanted or 0))
        if len(reached):
            return Threshold(float(at[reached[-1]]), None)
        best = int(np.argmax(precision))
        return Threshold(float(at[best]), float(precision[best]))


@dataclass(frozen=True, slots=True)
class ThresholdRules:
    """A rule for every marker, and other ones for some."""

    general: ThresholdRule = ThresholdRule()
    of_marker: Mapping[str, ThresholdRule] | None = None

    def rule(self, marker: str) -> ThresholdRule:
        """The rule of a marker."""
        return (self.of_marker or {}).get(marker, self.general)

    def __str__(self) -> str:
        """All of them in words."""
        exceptions = [f"; {marker}: {rule}" for marker, rule in (self.of_marker or {}).items()]
        return f"{self.general}{''.join(exceptions)}, on out-of-fold probabilities"


def parse_rules(texts: Iterable[str], markers: Sequence[str]) -> ThresholdRules:
    """Rules from what stands behind ``--threshold``.

    Parameters
    ----------
    texts : iterable of str
        ``kappa``, ``f1``, ``precision=.8`` or ``recall=.9``; with ``marker:`` in front, for that marker alone.
    markers : sequence of str
        Those of the codebook.

    Raises
    ------
    UsageError
        Where a text is none of these, or a rule is given twice.
    """
    general: ThresholdRule | None = None
    of_marker: dict[str, ThresholdRule] = {}
    for text in texts:
        found = _RULE.fullmatch(text.strip().casefold())
        wanted = float(found["wanted"]) if found and found["wanted"] else None
        if not found or (found["what"] in _WITH_VALUE) != (wanted is not None):
            raise UsageError(
                f"--threshold {text!r}: write kappa, f1, precision=.8 or recall=.9, for one marker with its name in "
                "front (rupture:recall=.9)"
            )
        if wanted is not None and not 0 < wanted <= 1:
            raise UsageError(f"--threshold {text!r}: a {found['what']} lies above 0 and is at most 1")
        marker, rule = found["marker"], ThresholdRule(found["what"], wanted)
        if marker and marker not in markers:
            raise UsageError(f"--threshold {text!r}: the codebook has no {marker}; it has {', '.join(markers)}")
        if of_marker.get(marker) if marker else general:
            raise UsageError(f"--threshold {text!r}: a second rule for {marker or 'every marker'}; give one")
        if marker:
            of_marker[marker] = rule
        else:
            general = rule
    return ThresholdRules(general or ThresholdRule(), of_marker)


def unreached(
    markers: Sequence[str], rules: Sequence[ThresholdRule], thresholds: Sequence[Threshold | None]
) -> list[str]:
    """A line for each marker whose wanted precision cannot be reached; a code of a set has no threshold."""
    return [
        f"{marker}: a precision of {_short(rule.wanted)} cannot be reached; the highest over {FEWEST_TAGGED} tagged "
        f"utterances or more is {threshold.reached:.2f}, and the threshold is set there"
        for marker, rule, threshold in zip(markers, rules, thresholds, strict=True)
        if threshold is not None and threshold.reached is not None
    ]


def _short(share: float | None) -> str:
    return f"{share:g}".removeprefix("0")
