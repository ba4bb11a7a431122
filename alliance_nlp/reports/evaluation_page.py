"""The page of an evaluation: figures and plots in one file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from alliance_nlp.agreement import Agreement, Figure
from alliance_nlp.codebook import Codebook
from alliance_nlp.confident_errors import ConfidentError
from alliance_nlp.corpus_evaluation import Evaluation
from alliance_nlp.left_open import lines_left_open
from alliance_nlp.model_and_coders import BesideCoders
from alliance_nlp.model_evaluation import MarkerEvaluation
from alliance_nlp.reports import wording
from alliance_nlp.reports._html import page
from alliance_nlp.reports.evaluation_glance import Glance, glances, headline, short, told
from alliance_nlp.reports.evaluation_tables import OF_GROUPS, OF_SESSIONS, OF_UTTERANCES, notes
from alliance_nlp.reports.marks import signs
from alliance_nlp.reports.sets import full_title
from alliance_nlp.scoring import N_BINS, N_RESAMPLES
from alliance_nlp.set_evaluation import SetEvaluation
from alliance_nlp.set_scoring import SET_FIGURES

_NAMES = {
    "prevalence": "Prevalence", "precision": "Precision", "recall": "Recall", "f1": "F1", "auc": "AUC",
    "average_precision": "Average precision", "kappa": "κ", "mcc": "MCC", "expected_calibration_error": "ECE",
    "count_icc": "Tags: ICC", "count_correlation": "Tags: r", "expected_icc": "Expected: ICC",
    "expected_correlation": "Expected: r",
}  # fmt: skip
_ERRORS_SHOWN = 5
_HEAT_STEPS = 4
_CONTEXT_CHARACTERS, _TEXT_CHARACTERS = 170, 400
_LEFT, _TOP, _WIDTH, _HEIGHT = 34, 8, 200, 180
"""Of the plots' frame, in the units of their box."""


def evaluation_page(evaluation: Evaluation) -> str:
    """The page of an evaluation.

    Returns
    -------
    str
        HTML that needs no other file. It shows what was said where the model errs.
    """
    codebook = evaluation.bundle.codebook
    titles = {marker.name: full_title(marker, codebook.sets) for marker in codebook.markers}
    titles |= {code_set.name: code_set.title for code_set in codebook.sets}
    scores = [marker.scores for marker in evaluation.markers]
    rows = glances(evaluation)
    low = _lowest([*(item.figures["kappa"] for item in scores), *(row.kappa for row in rows)], evaluation.coders)
    settled = evaluation.provenance.get("consensus", {})
    return page(
        "evaluation.html",
        (),
        ("page.css", "evaluation.css"),
        signs=signs(codebook.markers, codebook.sets),
        titles=titles,
        evaluation=evaluation,
        headline=headline(rows, titles),
        settled=settled,
        left_open=lines_left_open(settled, evaluation.bundle.codebook.variable_names),
        names=_NAMES,
        of_utterances=OF_UTTERANCES,
        of_sessions=OF_SESSIONS,
        of_groups=OF_GROUPS,
        notes=notes(scores, (*OF_UTTERANCES, *OF_SESSIONS)),
        low=low,
        sets=[_set(item, codebook) for item in evaluation.sets],
        set_names={name: title[:1].upper() + title[1:] for name, title in SET_FIGURES.items()},
        set_rules=[
            f"Of {titles[item.name].lower()} the model gives {evaluation.bundle.training['sets'][item.name]['rule']}."
            for item in evaluation.sets
        ],
        thresholds=[
            (titles[marker.scores.marker].lower(), marker.threshold)
            for marker in evaluation.markers
            if marker.threshold is not None
        ],
        glance=[_glance(row, low) for row in rows],
        compared=sum(row.between is not None for row in rows),
        plots=[_plots(marker) for marker in evaluation.markers],
        frame={"left": _LEFT, "top": _TOP, "right": _LEFT + _WIDTH, "bottom": _TOP + _HEIGHT},
        coders=[_coders(item, low) for item in evaluation.coders],
        learning=[_learning(evaluation, name) for name in evaluation.variables],
        errors=[_errors(evaluation, marker.scores.marker) for marker in evaluation.markers],
        told=told,
        short=short,
        bins=N_BINS,
        resamples=f"{N_RESAMPLES:,}",
    )


def _set(item: SetEvaluation, codebook: Codebook) -> dict[str, Any]:
    """A set's table of which code was told as which, with the share of each row."""
    titles = {marker.name: marker.title for marker in codebook.markers}
    lines = []
    for code, counts in zip(item.codes, item.confusion, strict=True):
        total = sum(counts)
        cells = [
            {
                "told": titles[told_as],
                "count": count,
                "percent": round(100 * count / total) if total else 0,
                "heat": math.ceil(_HEAT_STEPS * count / total) if total else 0,
                "same": told_as == code,
            }
            for told_as, count in zip(item.codes, counts, strict=True)
        ]
        lines.append({"code": code, "name": titles[code], "cells": cells, "total": total})
    title = next(entry.title for entry in codebook.sets if entry.name == item.name)
    return {"item": item, "title": title, "codes": [titles[code] for code in item.codes], "lines": lines}


def _lowest(figures: Sequence[Figure], coders: Sequence[BesideCoders]) -> float:
    """Lower end of the scale of κ: 0, or less where an interval reaches below."""
    every = [*figures, *(figure for item in coders for figure in (item.between_coders, item.with_model))]
    every += [pair.figures["cohen_kappa"] for item in coders for pair in item.pairs]
    ends = [end for figure in every for end in (figure.value, figure.low) if end is not None]
    return min(0.0, math.floor(5 * min(ends, default=0.0)) / 5)


def _on_scale(figure: Figure | None, low: float) -> dict[str, str | None]:
    """Places of a figure and its interval on a scale from `low` to 1; None for what there is not."""

    def place(value: float) -> str:
        return f"{100 * (value - low) / (1 - low):.1f}%"

    found: dict[str, str | None] = dict.fromkeys(("value", "low", "high", "width"))
    if figure is None:
        return found
    if figure.value is not None:
        found["value"] = place(figure.value)
    if figure.low is not None and figure.high is not None:
        width = f"{100 * (figure.high - figure.low) / (1 - low):.1f}%"
        found |= {"low": place(figure.low), "high": place(figure.high), "width": width}
    return found


def _glance(row: Glance, low: float) -> dict[str, Any]:
    return {"row": row, "kappa": _on_scale(row.kappa, low), "between": _on_scale(row.between, low)}


def _x(share: float) -> float:
    return round(_LEFT + _WIDTH * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _HEIGHT * (1 - share), 1)


def _plots(marker: MarkerEvaluation) -> dict[str, Any]:
    figures = marker.scores.figures
    return {
        "scores": marker.scores,
        "threshold": marker.threshold,
        "reliability": [
            {
                "x": _x(item.expected),
                "y": _y(item.observed.value or 0),
                "low": None if item.observed.low is None else _y(item.observed.low),
                "high": None if item.observed.high is None else _y(item.observed.high),
                "label": f"Mean probability {short(item.expected)}: coded {told(item.observed)}; "
                f"{item.utterances} utterances",
            }
            for item in marker.reliability
        ],
        "curve": "L".join(f"{_x(point.recall)} {_y(point.precision)}" for point in marker.precision_recall),
        "base": _y(figures["prevalence"].value or 0),
        "at": {
            "x": _x(figures["recall"].value),
            "y": _y(figures["precision"].value),
            "label": f"{_at(marker.threshold)}: precision {short(figures['precision'].value)}, "
            f"recall {short(figures['recall'].value)}",
        }
        if figures["recall"].value is not None and figures["precision"].value is not None
        else None,
        **_counts(marker),
    }


def _at(threshold: float | None) -> str:
    return "As its set decides" if threshold is None else f"At the threshold of {short(threshold)}"


def _counts(marker: MarkerEvaluation) -> dict[str, Any]:
    """Coded and tagged utterances of each session, both on one scale."""
    most = max(4, *(max(count.coded, count.tagged) for count in marker.session_counts))
    top = next(step for step in (4, 6, 10, 20, 30, 40, 60, 100, 200, 400, 1000, most) if step >= most)
    dots: dict[tuple[int, int], list[str]] = {}
    for count in marker.session_counts:
        dots.setdefault((count.coded, count.tagged), []).append(count.session_id)
    return {
        "top": top,
        "dots": [
            {
                "x": _x(coded / top),
                "y": _y(tagged / top),
                # Area by how many sessions fall on the same place.
                "r": round(3.2 * math.sqrt(len(names)), 1),
                "label": f"Coded {coded}, tagged {tagged}: {', '.join(names[:3])}"
                + (f" and {len(names) - 3} more" if len(names) > 3 else ""),
            }
            for (coded, tagged), names in sorted(dots.items())
        ],
    }


def _coders(item: BesideCoders, low: float) -> dict[str, Any]:
    return {
        "item": item,
        "between": _on_scale(item.between_coders, low),
        "with_model": _on_scale(item.with_model, low),
        "pairs": [_pair(pair, item, low) for pair in item.pairs],
    }


def _pair(pair: Agreement, item: BesideCoders, low: float) -> dict[str, Any]:
    kappa = pair.figures["cohen_kappa"]
    return {
        "names": " and ".join(pair.coders),
        "with_model": pair.coders[-1] not in item.coders,
        "agreement": pair,
        "kappa": kappa,
        "places": _on_scale(kappa, low),
    }


def _learning(evaluation: Evaluation, name: str) -> dict[str, Any]:
    """κ of a marker or a set, from 0 up, by the number of clients."""
    points = []
    for step in evaluation.learning:
        kappa = step.kappa(name)
        if kappa and kappa.value is not None:
            ends = {"value": kappa.value, "low": kappa.low, "high": kappa.high}
            points.append({
                "x": _x(step.clients / evaluation.clients),
                # Where there is no interval the whisker has no length.
                **{end: _y(max(kappa.value if at is None else at, 0)) for end, at in ends.items()},
                "label": f"{step.clients} clients, {step.coded(name)} coded: κ {told(kappa)}",
            })  # fmt: skip
    return {"name": name, "points": points}


def _errors(evaluation: Evaluation, marker: str) -> dict[str, Any]:
    errors = evaluation.errors[marker]
    return {
        "marker": marker,
        "kinds": [
            {
                "title": title,
                "number": sum(error.code == code for error in errors),
                "errors": [_error(error) for error in evaluation.most_confident(marker, code, _ERRORS_SHOWN)],
            }
            for code, title in ((0, "tagged, not coded"), (1, "coded, not tagged"))
        ],
    }


def _error(error: ConfidentError) -> dict[str, Any]:
    lines = []
    for row in range(max(error.row - 1, 0), error.row + 1):
        utterance = error.session.utterances[row]
        lines.append({
            "who": wording.speaker_label(utterance.speaker_role, utterance.speaker),
            "role": utterance.speaker_role,
            "text": wording.excerpt(utterance.text, _TEXT_CHARACTERS if row == error.row else _CONTEXT_CHARACTERS),
            "focus": row == error.row,
        })  # fmt: skip
    place = f"{error.session.session_id}, {error.utterance.utterance_id}"
    return {"place": place, "probability": short(error.probability), "lines": lines}
