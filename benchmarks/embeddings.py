"""What sentence embeddings give to our own markers, and what they cost.

    python benchmarks/embeddings.py MODEL [--penalty 1.5]

MODEL is the folder of a sentence-embedding model. Trained is on the shipped training and development parts, folds by
client, without and with it, one process, in one run; then the test part is tagged by both.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from alliance_nlp.codebook import read_codebook
from alliance_nlp.embeddings import open_embeddings
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.tagging import Tagger
from alliance_nlp.training import TrainingSettings, train

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "alliance"


def n_utterances(coded: list[CodedSession]) -> int:
    return sum(len(item.codes) for item in coded)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("model", type=Path)
    parser.add_argument("--penalty", type=lambda text: None if text == "auto" else float(text), default=1.5)
    arguments = parser.parse_args()
    codebook = read_codebook()
    learned = list(read_coded_sessions([CORPUS / "train.csv", CORPUS / "development.csv"], codebook))
    unseen = list(read_coded_sessions([CORPUS / "test.csv"], codebook))
    print(f"{n_utterances(learned):,} utterances learned from, {n_utterances(unseen):,} tagged\n")
    print("| features |", *(f"{name}, AUC / κ |" for name in codebook.marker_names), end=" ")
    print("seconds to embed | to train | utterances tagged a second |")
    print("|---|" + "---|" * (len(codebook.marker_names) + 3))
    for name, folder in (("words and shape", None), (f"and embeddings ({arguments.model.name})", arguments.model)):
        embeddings = open_embeddings(folder) if folder else None
        began = time.perf_counter()
        if embeddings:
            embeddings.vectors([line.text for item in learned for line in item.session.utterances])
        embedded = time.perf_counter()
        settings = TrainingSettings(penalty=arguments.penalty, embeddings=embeddings)
        bundle, figures = train(learned, codebook, settings, {"files": []})
        trained = time.perf_counter()
        tagger = Tagger(bundle, embeddings=open_embeddings(folder) if folder else None)
        tagger.tag(unseen[0].session)
        opened = time.perf_counter()
        tagger.tag_all([item.session for item in unseen[1:]])
        a_second = n_utterances(unseen[1:]) / (time.perf_counter() - opened)
        cells = [f"{figure.auc.value:.3f} / {figure.kappa.value:.3f}" for figure in figures.values()]
        cost = [f"{embedded - began:.0f}", f"{trained - embedded:.0f}", f"{a_second:,.0f}"]
        print(f"| {name} | {' | '.join([*cells, *cost])} |", flush=True)


if __name__ == "__main__":
    main()
