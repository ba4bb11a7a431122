"""What sentence embeddings give to our own markers, and what they cost.

    python benchmarks/embeddings.py MODEL [--penalty 1.5]

MODEL is the folder of a sentence-embedding model. Both models, without and with it, learn from the shipped training
part in one run of one process; figures are from its folds by client and on the development part, where intervals of the
difference come from a paired bootstrap over sessions. Seconds are of processor time, since others may use the machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliance_nlp.codebook import Codebook, read_codebook
from alliance_nlp.embeddings import SentenceEmbeddings, open_embeddings
from alliance_nlp.evaluation import Floats, MarkerFigures
from alliance_nlp.judged import Judged, judged
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.scoring import SCORES, bootstrap, session_tables
from alliance_nlp.tagging import Tagger
from alliance_nlp.training import TrainingSettings, train

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "alliance"


class Cost(NamedTuple):
    """In seconds of processor time, and utterances in one of them."""

    embedding: float
    training: float
    tagged: float


class Measured(NamedTuple):
    of_folds: Mapping[str, MarkerFigures]
    unseen: Sequence[Judged]
    cost: Cost


def n_utterances(coded: Sequence[CodedSession]) -> int:
    return sum(len(item.codes) for item in coded)


def measure(
    learned: Sequence[CodedSession],
    unseen: Sequence[CodedSession],
    codebook: Codebook,
    folder: Path | None,
    penalty: float | None,
) -> Measured:
    def opened() -> SentenceEmbeddings | None:
        return open_embeddings(folder) if folder else None

    began, embeddings = time.process_time(), opened()
    if embeddings:
        embeddings.vectors([line.text for item in learned for line in item.session.utterances])
    embedded = time.process_time()
    bundle, of_folds = train(
        list(learned), codebook, TrainingSettings(penalty=penalty, embeddings=embeddings), {"files": []}
    )
    trained = time.process_time()
    # A tagger that has met no text yet but the first session's.
    tagger = Tagger(bundle, embeddings=opened())
    first = tagger.tag(unseen[0].session)
    began_tagging = time.process_time()
    tagged = [first, *tagger.tag_all([item.session for item in unseen[1:]])]
    a_second = n_utterances(unseen[1:]) / (time.process_time() - began_tagging)
    return Measured(
        of_folds,
        judged(unseen, tagged, codebook.marker_names),
        Cost(embedded - began, trained - embedded, a_second),
    )


def on_unseen(of_marker: Judged) -> dict[str, tuple[float, Floats]]:
    """AUC and kappa; in all, and resampled alike for any model."""
    tables = session_tables(of_marker.probabilities, of_marker.tags, of_marker.codes, of_marker.sessions)
    scores = {name: SCORES[name] for name in ("auc", "kappa")}
    resampled = bootstrap(tables, scores, seed=0)
    return {name: (float(score(tables.in_all())[0]), resampled[name]) for name, score in scores.items()}


def row(marker: str, without: Measured, with_them: Measured) -> str:
    cells = [
        f"{measured.of_folds[marker].auc.value:.3f} / {measured.of_folds[marker].kappa.value:.3f}"
        for measured in (without, with_them)
    ]
    found = [
        on_unseen(next(item for item in measured.unseen if item.marker == marker)) for measured in (without, with_them)
    ]
    cells += [f"{one['auc'][0]:.3f} / {one['kappa'][0]:.3f}" for one in found]
    gain = found[1]["kappa"][0] - found[0]["kappa"][0]
    low, high = np.nanpercentile(found[1]["kappa"][1] - found[0]["kappa"][1], [2.5, 97.5])
    return f"| {marker} | {' | '.join(cells)} | {gain:+.3f} [{low:+.3f} to {high:+.3f}] |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("model", type=Path)
    parser.add_argument("--penalty", type=lambda text: None if text == "auto" else float(text), default=1.5)
    arguments = parser.parse_args()
    codebook = read_codebook()
    learned, unseen = (
        list(read_coded_sessions([CORPUS / name], codebook)) for name in ("train.csv", "development.csv")
    )
    print(f"{n_utterances(learned):,} utterances learned from, {n_utterances(unseen):,} tagged\n", flush=True)
    without, with_them = (
        measure(learned, unseen, codebook, folder, arguments.penalty) for folder in (None, arguments.model)
    )
    print(
        "| AUC / κ | folds, without | with | development, without | with | κ more [95 %] |\n|---|---|---|---|---|---|"
    )
    print(*(row(marker, without, with_them) for marker in codebook.marker_names), sep="\n")
    print("\n| | seconds to embed | to train | utterances tagged a second |\n|---|---|---|---|")
    for name, cost in (("without", without.cost), ("with", with_them.cost)):
        print(f"| {name} | {cost.embedding:.0f} | {cost.training:.0f} | {cost.tagged:,.0f} |")
    print(f"\n{without.cost.tagged / with_them.cost.tagged:.0f} times as slow to tag")


if __name__ == "__main__":
    main()
