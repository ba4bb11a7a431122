"""The model card: what a model is, what it learned from, how well it does, what it is not for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from alliance_nlp.codebook import Codebook
from alliance_nlp.evaluation import Estimate, MarkerFigures
from alliance_nlp.left_open import lines_left_open
from alliance_nlp.set_scoring import SET_FIGURES

_LIMITS = """\
## Limits

- The figures hold for talk like that of the corpus. On other services, other languages and other transcribers the
  model does worse; measure it on coded sessions of your own before you rely on it.
- A tag says that an utterance resembles those that coders marked. It is no judgement of a therapist or a client, and
  none of the figures is clinical validation.
- Counts over a session are surer than single tags; the expected counts carry the doubt along.
- Text only: tone of voice, pauses and faces are not seen.
"""


def model_card(
    name: str,
    codebook: Codebook,
    training: Mapping[str, Any],
    figures: Mapping[str, MarkerFigures],
    thresholds: Sequence[float | None],
) -> str:
    """The card, in Markdown."""
    corpus, settings = training["corpus"], training["settings"]
    penalty = _penalty(settings["penalty_c"])
    embeddings = _embeddings(settings.get("embeddings"))
    bases = training.get("bases", ())
    rows = [
        f"| {marker} | {figure.positives} of {figure.utterances} | {figure.prevalence:.1%} | {_cell(figure.auc)} "
        f"| {_cell(figure.kappa)} | {_cell(figure.f1)} | {_cell(figure.precision)} | {_cell(figure.recall)} "
        f"| {'–' if threshold is None else f'{threshold:.2f}'} |"
        for (marker, figure), threshold in zip(figures.items(), thresholds, strict=True)
    ]
    notice = f"{training['notice']}\n\n" if training["notice"] else ""
    sources = _sources(corpus["files"])
    if "consensus" in corpus:
        how = corpus["consensus"]
        adjudicated = " and an adjudicator" if how["adjudicated"] else ""
        sources += (
            f"\n\nCodes: ratings of {how['coders']} coders{adjudicated}, settled by the method {how['method']}:\n\n"
            + _sources(corpus["ratings"])
        )
        if lines := lines_left_open(how):
            sources += f"\n\nLeft open, since coders differ, and not learned from: {lines}."
    return f"""# Model card: {name}

{notice}Tags utterances of therapy transcripts by the codebook *{codebook.title}* ({codebook.name} {codebook.version}).

## How well it tells each marker

On clients that the model had not seen: {settings["folds"]} folds by client, with 95 % intervals from a bootstrap over
sessions. Calibration and threshold ({settings["threshold_rule"]}) of each fold come from the other folds\
{_chosen_too(settings["penalty_c"])}.

| marker | coded 1 | prevalence | AUC | κ | F1 | precision | recall | threshold |
|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}
{_sets(codebook, training.get("sets", {}))}{_warnings(training["warnings"])}
## What it learned from

{corpus["sessions"]} sessions of {corpus["clients"]} clients, {corpus["utterances"]} utterances:

{sources}

A word or phrase is in the model only if it stands in the sessions of at least {settings["min_clients"]} clients,
a pair of words with others between only if in those of twice as many.\
{_or_of_base(bases)}{_without_words(settings.get("embeddings"))}

## How it works

One logistic regression per marker (L2, {penalty}, classes balanced) over TF-IDF of word n-grams,
pairs of words with others between, openings and the shape of the utterance beside the one
before it{embeddings}{_on_bases(bases)}, each utterance shifted by itself
while weights are fitted; Platt scaling; seed {settings["seed"]}.

{_LIMITS}"""


def _embeddings(model: Mapping[str, str] | None) -> str:
    if model is None:
        return ""
    return f""",
and over the utterance's sentence embedding by the model `{model["name"]}`, SHA-256
`{model["sha256"]}`, without which this one tags nothing"""


def _on_bases(bases: Sequence[Mapping[str, Any]]) -> str:
    named = ", which has the base model ".join(f"`{base['name']}`, SHA-256\n`{base['sha256']}`" for base in bases)
    return (
        f""",
beside what the base model says, whose weights are multiplied out into its own: {named}"""
        if bases
        else ""
    )


def _or_of_base(bases: Sequence[Mapping[str, Any]]) -> str:
    return " Those of the base model are in it too." if bases else ""


def _without_words(model: Mapping[str, str] | None) -> str:
    return " The weights of sentence embeddings hold no words." if model else ""


def _sets(codebook: Codebook, sets: Mapping[str, Any]) -> str:
    """Of each set, how its codes are chosen, and which was taken for which."""
    parts = []
    for code_set in codebook.sets:
        record = sets[code_set.name]
        figures = ", ".join(f"{SET_FIGURES[name]} {_figure(figure)}" for name, figure in record["figures"].items())
        heading = " | ".join(code_set.code_names)
        rows = "\n".join(
            f"| {name} | {' | '.join(map(str, row))} |"
            for name, row in zip(code_set.code_names, record["confusion"], strict=True)
        )
        parts.append(f"""
### {code_set.title}: exactly one of {len(code_set.codes)} {"levels" if code_set.ordered else "codes"}

{figures}. Chosen is {record["rule"]}.

| coded, told as | {heading} |
|{"---|" * (len(code_set.codes) + 1)}
{rows}
""")
    return "".join(parts)


def _figure(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "undefined"
    interval = "" if figure["low"] is None else f" [{figure['low']:.2f}–{figure['high']:.2f}]"
    return f"{figure['value']:.2f}{interval}"


def _sources(files: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(f"- `{source['file']}`, SHA-256 `{source['sha256']}`" for source in files)


def _warnings(lines: Sequence[str]) -> str:
    return "".join(f"\n- {line}." for line in lines) + "\n" if lines else ""


def _chosen_too(penalty_c: float | Mapping[str, float]) -> str:
    return ", and so does the choice of C" if isinstance(penalty_c, Mapping) else ""


def _penalty(penalty_c: float | Mapping[str, float]) -> str:
    if not isinstance(penalty_c, Mapping):
        return f"C = {penalty_c:g}"
    of_markers = ", ".join(f"{penalty:g} for {marker}" for marker, penalty in penalty_c.items())
    return f"C chosen by the log loss on inner folds: {of_markers}"


def _cell(value: Estimate) -> str:
    if math.isnan(value.value):
        return "undefined"
    return f"{value.value:.2f} [{value.low:.2f}–{value.high:.2f}]"
