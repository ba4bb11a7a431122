"""What coding by suggestion gains over coding at random, simulated on the shipped corpus.

    python benchmarks/suggestion.py [--seeds N] [--jobs N]

The training and development parts, whose codes are known, play both parts: a third of the clients is held out to test
on, ten random sessions of the rest are coded to begin with, and then, ten sessions (or a hundred lines) at a time,
codes are uncovered in what each way of choosing picks. All ways start from the same ten sessions and are tested on the
same clients. Figures: mean over markers of average precision and of κ at the model's own thresholds, mean over seeds
and folds; beside them the difference to chance with a 95 % interval (bootstrap over the runs).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score, cohen_kappa_score

from alliance_nlp.codebook import read_codebook
from alliance_nlp.evaluation import client_folds
from alliance_nlp.ratings import NOT_CODED, CodedSession, read_coded_sessions
from alliance_nlp.suggestions import suggest
from alliance_nlp.tagging import Tagger
from alliance_nlp.training import TrainingSettings, train
from alliance_nlp.transcript import CLIENT_COLUMN, Session
from alliance_nlp.worth import entropy

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
PARTS = ("train.csv", "development.csv")
CODEBOOK = read_codebook()
FOLDS = 3
START = 10
STEPS = 3
SESSIONS_A_STEP = 10
LINES_A_STEP = 100
SESSION_WAYS = ("at random", "most unsure", "suggested")
LINE_WAYS = ("lines at random", "lines suggested")


class Figure(NamedTuple):
    """How a model did that learned from what one way of choosing had coded by then."""

    run: str
    way: str
    step: int
    sessions: int
    lines: int
    precision: list[float]
    kappa: list[float]
    excess: list[float]
    """Mean probability over the share coded 1: over 1 where the model expects too many."""


def fitted(coded: Sequence[CodedSession]) -> Tagger:
    return Tagger(train(coded, CODEBOOK, TrainingSettings(), {"files": []})[0])


def bare(item: CodedSession) -> Session:
    """The transcript as a coder gets it."""
    return replace(item.session, columns={CLIENT_COLUMN: (item.client,) * len(item.codes)})


def pick_sessions(way: str, tagger: Tagger, pool: Sequence[CodedSession], random: np.random.Generator) -> list[int]:
    if way == "at random":
        return [int(place) for place in random.permutation(len(pool))[:SESSIONS_A_STEP]]
    if way == "most unsure":
        doubt = [np.nansum(entropy(tagged.probabilities)) for tagged in tagger.tag_all([bare(item) for item in pool])]
        return [int(place) for place in np.argsort(doubt)[::-1][:SESSIONS_A_STEP]]
    place_of = {item.session.session_id: place for place, item in enumerate(pool)}
    suggested = suggest([bare(item) for item in pool], tagger, n_sessions=SESSIONS_A_STEP, n_utterances=0)
    return [place_of[item.session.session_id] for item in suggested]


def by_session(
    way: str, tagger: Tagger, start: Sequence[CodedSession], pool: list[CodedSession], random: np.random.Generator
) -> Iterator[tuple[Tagger, int, int]]:
    coded = list(start)
    for _ in range(STEPS):
        picked = pick_sessions(way, tagger, pool, random)
        coded += [pool[place] for place in picked]
        pool = [item for place, item in enumerate(pool) if place not in picked]
        tagger = fitted(coded)
        yield tagger, len(coded), sum(len(item.codes) for item in coded)


def by_line(
    way: str, tagger: Tagger, start: Sequence[CodedSession], pool: list[CodedSession], random: np.random.Generator
) -> Iterator[tuple[Tagger, int, int]]:
    known = [np.zeros(len(item.codes), dtype=bool) for item in pool]
    n_lines = sum(len(item.codes) for item in start)
    for _ in range(STEPS):
        if way == "lines at random":
            free = [(at, line) for at, of_session in enumerate(known) for line in np.flatnonzero(~of_session).tolist()]
            picked = [free[index] for index in random.permutation(len(free))[:LINES_A_STEP]]
        else:
            picked = suggested_lines(tagger, pool, known)
        for at, line in picked:
            known[at][line] = True
        n_lines += len(picked)
        part = [
            replace(item, codes=np.where(of_session[:, None], item.codes, NOT_CODED))
            for item, of_session in zip(pool, known, strict=True)
            if of_session.any()
        ]
        tagger = fitted([*start, *part])
        yield tagger, len(start) + len(part), n_lines


def suggested_lines(
    tagger: Tagger, pool: Sequence[CodedSession], known: Sequence[npt.NDArray[np.bool_]]
) -> list[tuple[int, int]]:
    place_of = {item.session.session_id: place for place, item in enumerate(pool)}
    sheets = []
    for item, of_session in zip(pool, known, strict=True):
        given = tuple("0" if is_known else "" for is_known in of_session.tolist())
        columns = {CLIENT_COLUMN: (item.client,) * len(given), **dict.fromkeys(CODEBOOK.marker_names, given)}
        sheets.append(replace(item.session, columns=columns))
    suggested = suggest(sheets, tagger, n_sessions=len(pool), n_utterances=LINES_A_STEP)
    return [(place_of[item.session.session_id], line.place) for item in suggested for line in item.lines]


def tested(tagger: Tagger, test: Sequence[CodedSession]) -> tuple[list[float], list[float], list[float]]:
    tagged = tagger.tag_all([item.session for item in test])
    codes = np.concatenate([item.codes for item in test])
    probabilities = np.concatenate([item.probabilities for item in tagged])
    tags = np.concatenate([item.tags for item in tagged])
    precision, kappa, excess = [], [], []
    for marker in range(codes.shape[1]):
        rated = codes[:, marker] != NOT_CODED
        truth, probability = codes[rated, marker], probabilities[rated, marker]
        precision.append(float(average_precision_score(truth, probability)))
        kappa.append(float(cohen_kappa_score(truth, tags[rated, marker])))
        excess.append(float(probability.mean() / truth.mean()))
    return precision, kappa, excess


def simulated(seed: int, fold: int) -> list[Figure]:
    """All ways of choosing, from the same ten sessions, tested on the same clients."""
    corpus = read_coded_sessions([CORPUS / part for part in PARTS], CODEBOOK)
    lengths = [len(item.codes) for item in corpus]
    clients = np.repeat([item.client for item in corpus], lengths)
    rupture = CODEBOOK.marker_names.index("rupture")
    positive = (np.concatenate([item.codes for item in corpus])[:, rupture] == 1).astype(np.int8)
    held_out = set(clients[list(client_folds(positive, clients, FOLDS, seed))[fold]])
    test = [item for item in corpus if item.client in held_out]
    others = [item for item in corpus if item.client not in held_out]
    random = np.random.default_rng([seed, fold])
    order = random.permutation(len(others)).tolist()
    start, pool = [others[place] for place in order[:START]], [others[place] for place in order[START:]]
    first = fitted(start)
    run, n_lines = f"seed {seed}, fold {fold}", sum(len(item.codes) for item in start)
    figures = [Figure(run, "start", 0, START, n_lines, *tested(first, test))]
    for ways, one_by_one in ((SESSION_WAYS, by_session), (LINE_WAYS, by_line)):
        for way in ways:
            for step, (tagger, sessions, lines) in enumerate(one_by_one(way, first, start, pool, random), 1):
                figures.append(Figure(run, way, step, sessions, lines, *tested(tagger, test)))
    return figures


def table(figures: Sequence[Figure]) -> Iterator[str]:
    gain = "more than at random"
    yield f"| coded | sessions | lines | average precision | {gain} | κ | {gain} | expected / coded |"
    yield "|---|---|---|---|---|---|---|---|"
    by_key = {(figure.run, figure.way, figure.step): figure for figure in figures}
    runs = sorted({figure.run for figure in figures})
    yield _row([by_key[run, "start", 0] for run in runs], [])
    for ways in (SESSION_WAYS, LINE_WAYS):
        for step in range(1, STEPS + 1):
            for way in ways:
                of_chance = [by_key[run, ways[0], step] for run in runs] if way != ways[0] else []
                yield _row([by_key[run, way, step] for run in runs], of_chance)


def _row(figures: Sequence[Figure], of_chance: Sequence[Figure]) -> str:
    cells = [
        figures[0].way,
        *(f"{np.mean([getattr(one, name) for one in figures]):.0f}" for name in ("sessions", "lines")),
    ]
    for name in ("precision", "kappa"):
        mine = np.array([np.mean(getattr(figure, name)) for figure in figures])
        cells.append(_short(f"{mine.mean():.3f}"))
        cells.append(
            _gain(mine - np.array([np.mean(getattr(figure, name)) for figure in of_chance])) if of_chance else ""
        )
    cells.append(f"{np.mean([figure.excess for figure in figures]):.2f}")
    return f"| {' | '.join(cells)} |"


def _gain(differences: npt.NDArray[np.float64]) -> str:
    drawn = np.random.default_rng(0).integers(len(differences), size=(2000, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return _short(f"{differences.mean():+.3f} [{low:+.3f} to {high:+.3f}]")


def _short(text: str) -> str:
    return text.replace("0.", ".")


def of_markers(figures: Sequence[Figure]) -> Iterator[str]:
    yield f"Average precision of each marker after step {STEPS}:"
    for way in (*SESSION_WAYS, *LINE_WAYS):
        of_way = [figure.precision for figure in figures if figure.way == way and figure.step == STEPS]
        means = np.mean(of_way, axis=0)
        yield f"{way}: " + ", ".join(
            f"{name} {_short(f'{mean:.3f}')}" for name, mean in zip(CODEBOOK.marker_names, means, strict=True)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="Write every figure into this file, as JSON.")
    arguments = parser.parse_args()
    runs = [(seed, fold) for seed in range(arguments.seeds) for fold in range(FOLDS)]
    figures: list[Figure] = []
    for number, of_run in enumerate(
        Parallel(arguments.jobs, return_as="generator")(delayed(simulated)(*run) for run in runs), 1
    ):
        figures += of_run
        print(f"run {number} of {len(runs)}", flush=True)
        if arguments.keep:
            arguments.keep.write_text(json.dumps([figure._asdict() for figure in figures]))
    print("\n".join([*table(figures), "", *of_markers(figures)]))


if __name__ == "__main__":
    main()
