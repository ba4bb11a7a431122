"""What a base model gives where few conversations are coded, on public corpora.

    ALLIANCE_PUBLIC_CORPORA=FOLDER python benchmarks/base_model.py [--base MODEL] [--draws N] [annomi] [esconv]
        [epitome]

Folds by conversation as in `public_folds.py`, whose figures these are: but of the conversations outside a fold, only so
many are learned from, drawn at random, N times. *Marked* and *ours* learn from the same ones; ours with C of 1.5,
without a base model and with it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from public_folds import (
    CORPORA,
    N_FOLDS,
    Corpus,
    Numbers,
    Row,
    System,
    Told,
    coded,
    figures,
    folds,
    marked_lines,
    shown,
    told_by_marked,
    told_by_ours,
)

from alliance_nlp.base_model import open_base_model
from alliance_nlp.classifier import PENALTY_C
from alliance_nlp.private_cache import open_cache
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.tokenization import DEFAULT_PIPELINE

SIZES = {"annomi": (10, 20, 40), "esconv": (20, 60), "epitome": (150, 600)}
"""Conversations; one of EPITOME is a post with its answers."""


def measured(corpus: Corpus, folder: Path, size: int, systems: list[System], n_draws: int) -> dict[Row, Numbers]:
    """For each row, mean figures of the baseline and of each system of ours, of shape (1 + n_systems, n_figures)."""
    classes = corpus.classes
    sessions = [coded(item, classes) for item in corpus.read(folder / corpus.name)]
    codes = np.concatenate([item.codes for item in sessions])
    client_of = np.repeat([item.client for item in sessions], [len(item.codes) for item in sessions])
    lines = marked_lines(sessions)
    clients = [item.client for item in sessions]
    of_rows: dict[Row, list[list[list[float]]]] = {row: [] for row in corpus.rows}
    for draw in range(n_draws):
        for number, test_clients in enumerate(folds(clients, draw)):
            others = sorted(set(clients) - test_clients)
            drawn = set(np.random.default_rng([draw, number]).permutation(others)[:size].tolist())
            in_training = [item for item in sessions if item.client in drawn]
            in_test = [item for item in sessions if item.client in test_clients]
            is_training, is_test = (np.isin(client_of, list(part)) for part in (drawn, test_clients))
            with TemporaryDirectory() as kept:
                memory = open_cache(Path(kept))
                ours = [told_by_ours(in_training, in_test, corpus, system, memory) for system in systems]
            for row, of_row in of_rows.items():
                columns = [classes.index(one) for one in row.classes]
                has_code = (codes[:, columns] != NOT_CODED).all(axis=1)
                training, test = np.flatnonzero(has_code & is_training), np.flatnonzero(has_code & is_test)
                truth, rated = codes[:, columns], has_code[is_test]
                told_by_all = [
                    told_by_marked(lines, truth, training, test),
                    *(Told(*(of_all[rated] for of_all in told[row])) for told in ours),
                ]
                of_row.append([figures(told, truth[test]) for told in told_by_all])
    return {row: np.array(of_row).mean(axis=0) for row, of_row in of_rows.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"of {', '.join(SIZES)}; default: all")
    parser.add_argument(
        "--base", default="default", metavar="MODEL", help="folder of a model; default: the shipped one"
    )
    parser.add_argument("--draws", type=int, default=2, metavar="N", help="how often to draw; default: 2")
    arguments = parser.parse_args()
    folder = Path(os.environ.get("ALLIANCE_PUBLIC_CORPORA", ""))
    systems = [
        System("without", PENALTY_C),
        System("base", PENALTY_C, base=open_base_model(arguments.base, DEFAULT_PIPELINE)),
    ]
    print(f"means over {arguments.draws * N_FOLDS} folds; AUC / κ, or macro-F1 of several classes\n")
    print("| row | conversations learned from | marked | ours, without | ours, with the base model |")
    print("|---|---|---|---|---|")
    for corpus in CORPORA:
        if corpus.name in (arguments.corpora or SIZES):
            for size in SIZES[corpus.name]:
                for row, systems_figures in measured(corpus, folder, size, systems, arguments.draws).items():
                    print(f"| {row.name} | {size} | {' | '.join(map(shown, systems_figures))} |", flush=True)


if __name__ == "__main__":
    main()
