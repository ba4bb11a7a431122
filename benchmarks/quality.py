"""How well a model tells the markers, on the corpus's own test part and on public corpora that nobody here wrote.

    ALLIANCE_PUBLIC_CORPORA=FOLDER python benchmarks/quality.py [--model FOLDER] [--test TABLE.csv]

The public corpora are not part of the project; FOLDER holds ``annomi/AnnoMI-full.csv``, ``epitome/*-reddit.csv`` and
``esconv/ESConv.json``, and what is missing is left out. Their labels are the nearest to ours, not the same, so they are
judged by ranking (AUC). Intervals: 95 %, bootstrap over sessions.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliance_nlp import load_tagger
from alliance_nlp.errors import CorpusError
from alliance_nlp.evaluation import marker_figures
from alliance_nlp.public_corpora import annomi as public_annomi
from alliance_nlp.public_corpora import epitome as public_epitome
from alliance_nlp.public_corpora import esconv as public_esconv
from alliance_nlp.ratings import NOT_CODED, read_coded_sessions
from alliance_nlp.reports.terminal import estimate
from alliance_nlp.tagging import Tagger
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

ROOT = Path(__file__).parents[1]
GOAL_KAPPA = 0.60


class Labelled(NamedTuple):
    """A conversation, and the label of each utterance; None where it has none."""

    session: Session
    labels: list[bool | None]


def annomi(folder: Path) -> Iterator[Labelled]:
    for item in public_annomi.read(folder / "annomi"):
        # The first annotator's, where several coded.
        yield Labelled(
            item.session,
            [
                labels[0][public_annomi.MAIN_BEHAVIOUR] == "reflection" if is_therapist(utterance) else None
                for utterance, labels in zip(item.session.utterances, item.labels, strict=True)
            ],
        )


def epitome(folder: Path) -> Iterator[Labelled]:
    for item in public_epitome.read(folder / "epitome"):
        levels = [
            level
            for of_annotator in item.labels[-1]
            for dimension, level in of_annotator.items()
            if dimension in ("emotional-reactions", "interpretations")
        ]
        yield Labelled(item.session, [None, max(levels) > "0"])


def esconv(strategy: str) -> Callable[[Path], Iterator[Labelled]]:
    def read(folder: Path) -> Iterator[Labelled]:
        for item in public_esconv.read(folder / "esconv"):
            yield Labelled(
                item.session,
                [
                    labels[0][public_esconv.STRATEGY] == strategy if is_therapist(utterance) else None
                    for utterance, labels in zip(item.session.utterances, item.labels, strict=True)
                ],
            )

    return read


def is_therapist(utterance: Utterance) -> bool:
    return utterance.speaker_role == SpeakerRole.THERAPIST


TRANSFER = (
    ("AnnoMI reflection", "empathy", annomi, 0.78),
    ("EPITOME emotional reaction or interpretation", "empathy", epitome, 0.75),
    ("ESConv Self-disclosure", "self_disclosure", esconv("Self-disclosure"), 0.85),
    ("ESConv Affirmation and Reassurance", "validation", esconv("Affirmation and Reassurance"), 0.68),
)


def transfer(tagger: Tagger, folder: Path) -> Iterator[str]:
    for name, marker, read, goal in TRANSFER:
        try:
            labelled = list(read(folder))
        except CorpusError as error:
            yield f"{name}: left out ({error})"
            continue
        column = tagger.bundle.codebook.marker_names.index(marker)
        tagged = tagger.tag_all([item.session for item in labelled])
        labels = [label for item in labelled for label in item.labels]
        has_label = np.array([label is not None for label in labels])
        sessions = np.array([item.session.session_id for item in labelled for _ in item.labels])[has_label]
        codes = np.array(labels, dtype=object)[has_label].astype(np.int8)
        probabilities = np.concatenate([item.probabilities[:, column] for item in tagged])[has_label]
        tags = np.concatenate([item.tags[:, column] for item in tagged])[has_label]
        figures = marker_figures(probabilities, tags, codes, sessions, len(labelled), seed=0)
        yield (
            f"{name}, ranked by p_{marker}: AUC {estimate(figures.auc)} (goal {goal:.2f}); "
            f"{figures.positives} of {figures.utterances} ({figures.prevalence:.0%})"
        )


def own_test_part(tagger: Tagger, table: Path) -> Iterator[str]:
    codebook = tagger.bundle.codebook
    coded = read_coded_sessions([table], codebook)
    tagged = tagger.tag_all([item.session for item in coded])
    sessions = np.array([item.session.session_id for item in coded for _ in item.session.utterances])
    codes = np.concatenate([item.codes for item in coded])
    tags = np.concatenate([item.tags for item in tagged])
    probabilities = np.concatenate([item.probabilities for item in tagged])
    for index, marker in enumerate(codebook.marker_names):
        rated = codes[:, index] != NOT_CODED
        figures = marker_figures(
            probabilities[rated, index], tags[rated, index], codes[rated, index], sessions[rated], len(coded), seed=0
        )
        yield (
            f"{table.name}, {marker}: κ {estimate(figures.kappa)} (goal {GOAL_KAPPA:.2f}), "
            f"AUC {estimate(figures.auc)}, F1 {estimate(figures.f1)}; "
            f"{figures.positives} of {figures.utterances} ({figures.prevalence:.0%})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--test", type=Path, default=ROOT / "corpora" / "alliance" / "test.csv")
    arguments = parser.parse_args()
    tagger = load_tagger(arguments.model)
    for line in own_test_part(tagger, arguments.test):
        print(line, flush=True)
    for line in transfer(tagger, Path(os.environ.get("ALLIANCE_PUBLIC_CORPORA", "/nonexistent"))):
        print(line, flush=True)


if __name__ == "__main__":
    main()
