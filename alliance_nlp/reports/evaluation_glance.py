"""The first thing that a page of an evaluation says: how far model and coders agree, a row for each marker and set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from alliance_nlp.agreement import Figure
from alliance_nlp.corpus_evaluation import Evaluation


class Glance(NamedTuple):
    """A marker or a set at a glance."""

    name: str
    coded: int | None
    """Utterances coded 1; None for a set, each utterance of which has one of its codes."""
    tagged: int | None
    utterances: int
    kappa: Figure
    """Of the model with single coders where `between` is there, else with the codes that were settled."""
    between: Figure | None
    """Kappa between coders on the same utterances as `kappa`; None where it cannot be told."""
    compared: int
    """Those utterances; 0 where `between` is None."""

    @property
    def words(self) -> str:
        """Both figures in words."""
        if self.between is None:
            return f"κ {told(self.kappa)}"
        return f"κ with single coders {told(self.kappa)}; coders among themselves {told(self.between)}"


def glances(evaluation: Evaluation) -> list[Glance]:
    """A row for each independent marker, then for each set; the codes of a set of which nothing is said have their own.

    A model is set beside coders on the same utterances alone: those that coders settled are easier than those that
    several of them rated.
    """
    told_as_sets = {code for item in evaluation.sets for code in item.codes}
    rows = [
        Glance(item.marker, item.positives, item.tagged, item.utterances, item.figures["kappa"], None, 0)
        for item in (marker.scores for marker in evaluation.markers)
        if item.marker not in told_as_sets
    ]
    rows += [Glance(item.name, None, None, item.utterances, item.figures["kappa"], None, 0) for item in evaluation.sets]
    beside = {
        item.marker: item
        for item in evaluation.coders
        if item.between_coders.value is not None and item.with_model.value is not None
    }
    return [
        row._replace(kappa=item.with_model, between=item.between_coders, compared=item.utterances)
        if (item := beside.get(row.name))
        else row
        for row in rows
    ]


def headline(rows: Sequence[Glance], titles: Mapping[str, str]) -> str:
    """The range of kappa in a sentence: beside coders of those rows alone that can be set beside them."""
    compared = [row for row in rows if row.between]
    known = [
        (row.kappa.value, titles[row.name].lower())
        for row in compared or rows
        if row.coded != 0 and row.kappa.value is not None
    ]
    if not known:
        return "Too little is coded to say how far model and coders agree."
    who = "Model and single coders" if compared else "Model and coders"
    (least, worst), (most, best) = min(known), max(known)
    if len(known) == 1:
        return f"{who} agree on {best} with κ = {short(most)}."
    return f"{who} agree with κ from {short(least)} ({worst}) to {short(most)} ({best})."


def told(figure: Figure) -> str:
    """A figure with its interval: ``.81 (.75–.86)``."""
    if figure.value is None:
        return "undefined"
    if figure.low is None or figure.high is None:
        return short(figure.value)
    return f"{short(figure.value)} ({short(figure.low)} to {short(figure.high)})"


def short(number: float) -> str:
    """Two digits, without the zero before the point; a true minus."""
    text = f"{abs(number):.2f}"
    sign = "−" if number < 0 and float(text) else ""
    return sign + (text[1:] if text.startswith("0.") else text)
