"""How well our features and training learn public corpora, beside a baseline of words and shape, on the same folds.

    ALLIANCE_PUBLIC_CORPORA=FOLDER python benchmarks/public_folds.py [--base MODEL] [--embeddings MODEL] [--cuts N]
        [annomi] [esconv] [epitome]

FOLDER holds ``annomi/AnnoMI-full.csv``, ``esconv/ESConv.json`` and ``epitome/*-reddit.csv``, which are not part of the
project. Five folds by conversation: transcripts of one video, and responses to one post, never part. With ``--cuts``
conversations are cut into folds so many times, each time in another way: a fold holds as few as 45 of a code, and which
ones they are moves its kappa by more than what is compared. The figures are means over all folds.

*Marked*, the baseline, is written here in plain scikit-learn: word 1-3-grams with marks for begin and end, what an
utterance opens with, binned length here and before, question marks, share of words taken over; sublinear TF-IDF;
LogisticRegression(C=4, class_weight="balanced"), its decision at .5 or the likeliest class. *Ours* is what ``train``
does on the training folds: for yes/no rows a marker per class, tagged at its own threshold; for rows of several
classes a set of codes, of which it chooses one. Once with C of 1.5, once with C chosen for each marker inside nested
folds (``--penalty auto``); with ``--base``, both again on top of what that model says; with ``--embeddings``, all
again with the sentence embeddings of the model in that folder.
"""

from __future__ import annotations

import argparse
import os
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from joblib import Memory
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from alliance_nlp.base_model import open_base_model
from alliance_nlp.bundle import Bundle
from alliance_nlp.classifier import PENALTY_C
from alliance_nlp.codebook import Codebook, parse_codebook
from alliance_nlp.embeddings import SentenceEmbeddings, open_embeddings
from alliance_nlp.private_cache import open_cache
from alliance_nlp.public_corpora import annomi, epitome, esconv
from alliance_nlp.public_corpora.published import PublishedSession, settled_label
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.tagging import Tagger
from alliance_nlp.tokenization import DEFAULT_PIPELINE, Tokenizer
from alliance_nlp.training import TrainingSettings, train

N_FOLDS = 5
SEED = 0
JOBS = 2
LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)

Numbers = npt.NDArray[Any]


class System(NamedTuple):
    """A way to train."""

    name: str
    penalty: float | None
    embeddings: SentenceEmbeddings | None = None
    base: Bundle | None = None


class Class(NamedTuple):
    """A value of a label, and the name of its marker."""

    label: str
    value: str

    @property
    def marker(self) -> str:
        return "".join(letter if letter.isalnum() else "_" for letter in f"{self.label}_{self.value}".lower())


class Row(NamedTuple):
    """A row of the table: one class means yes or no, several mean which of them."""

    name: str
    classes: tuple[Class, ...]


class Corpus(NamedTuple):
    name: str
    read: Callable[[Path], list[PublishedSession]]
    rows: tuple[Row, ...]

    @property
    def classes(self) -> list[Class]:
        return list(dict.fromkeys(one for row in self.rows for one in row.classes))


BEHAVIOURS = tuple(Class(annomi.MAIN_BEHAVIOUR, value) for value in annomi.BEHAVIOURS)
STRATEGIES = tuple(Class(esconv.STRATEGY, value) for code in esconv.CODES.values() for value in code.values)


def strategy(value: str) -> tuple[Class, ...]:
    return (Class(esconv.STRATEGY, value),)


CORPORA = (
    Corpus(
        "annomi",
        annomi.read,
        (Row("AnnoMI therapist behaviour, 4 classes", BEHAVIOURS), Row("AnnoMI reflection", BEHAVIOURS[:1])),
    ),
    Corpus(
        "esconv",
        esconv.read,
        (
            Row("ESConv self-disclosure", strategy("Self-disclosure")),
            Row("ESConv affirmation", strategy("Affirmation and Reassurance")),
            Row("ESConv reflection of feelings", strategy("Reflection of feelings")),
            Row("ESConv strategies, 8 classes", STRATEGIES),
        ),
    ),
    Corpus(
        "epitome",
        epitome.read,
        tuple(
            Row(f"EPITOME {name.replace('-', ' ')}, 3 levels", tuple(Class(name, level) for level in epitome.LEVELS))
            for name in epitome.DIMENSIONS
        ),
    ),
)


def markers_of(corpus: Corpus) -> Codebook:
    """Each class a marker of its own."""
    markers = "".join(f'[[marker]]\nrole = "therapist"\n{_described(one)}' for one in corpus.classes)
    return parse_codebook(f'name = "{corpus.name}"\nversion = "1"\n{markers}')


def sets_of(corpus: Corpus) -> Codebook:
    """Each label a set of its classes."""
    sets = ""
    for label in dict.fromkeys(one.label for one in corpus.classes):
        sets += f'[[set]]\nname = "set_{Class(label, "").marker}"\nrole = "therapist"\ndefinition = "{label}"\n'
        sets += "".join(f"[[set.code]]\n{_described(one)}" for one in corpus.classes if one.label == label)
    return parse_codebook(f'name = "{corpus.name}"\nversion = "1"\n{sets}')


def _described(one: Class) -> str:
    return f'name = "{one.marker}"\ndefinition = "{one.value}"\n'


def coded(item: PublishedSession, classes: Sequence[Class]) -> CodedSession:
    """With the label that most annotators gave; where they are level, the utterance has no code."""
    settled = [[settled_label(labels, one.label) for one in classes] for labels in item.labels]
    codes = [
        [int(label == one.value) if label else NOT_CODED for label, one in zip(of_line, classes, strict=True)]
        for of_line in settled
    ]
    return CodedSession(item.session, item.client, np.array(codes, dtype=np.int8))


def folds(clients: Sequence[str], cut: int) -> list[set[str]]:
    shuffled = np.random.default_rng(SEED + cut).permutation(sorted(set(clients)))
    return [set(part.tolist()) for part in np.array_split(shuffled, N_FOLDS)]


def marked(words: Sequence[str], before: Sequence[str]) -> list[str]:
    """What the baseline sees of an utterance."""
    bounded = ["<s>", *words, "</s>"]
    found = [" ".join(bounded[at : at + n]) for n in (1, 2, 3) for at in range(len(bounded) - n + 1)]
    found += ["opens: " + " ".join(words[:n]) for n in (1, 2, 3) if len(words) >= n]
    shared = len(set(words) & set(before)) / max(len(set(words)), 1)
    shape = {
        "length": bisect(LENGTHS, len(words)),
        "length before": bisect(LENGTHS, len(before)),
        "questions": min(words.count("?"), 3),
        "shared": int(5 * shared),
    }
    return found + [f"{name}: {value}" for name, value in shape.items()]


def marked_lines(sessions: Sequence[CodedSession]) -> list[list[str]]:
    tokenizer = Tokenizer()
    lines = []
    for item in sessions:
        tokens = tokenizer.tokens(utterance.text for utterance in item.session.utterances)
        lines += [marked(words, before) for words, before in zip(tokens, [[], *tokens], strict=False)]
    return lines


def own_tokens(tokens: list[str]) -> list[str]:
    return tokens


class Told(NamedTuple):
    """What a system said of a row's test utterances."""

    probabilities: Numbers
    """Of shape (n_utterances, n_classes)."""
    decisions: Numbers
    """Of shape (n_utterances,): 0 or 1, or the number of the class."""


def told_by_marked(lines: Sequence[list[str]], codes: Numbers, training: Numbers, test: Numbers) -> Told:
    """`codes` is of shape (n_utterances, n_classes); `training` and `test` are row numbers."""
    vectorizer = TfidfVectorizer(analyzer=own_tokens, sublinear_tf=True)
    truth = codes[:, 0] if codes.shape[1] == 1 else codes.argmax(axis=1)
    model = LogisticRegression(C=4, class_weight="balanced", max_iter=2000)
    model.fit(vectorizer.fit_transform([lines[row] for row in training]), truth[training])
    features = vectorizer.transform([lines[row] for row in test])
    return Told(model.predict_proba(features)[:, 1:], model.predict(features))


def told_by_ours(
    training: Sequence[CodedSession],
    test: Sequence[CodedSession],
    corpus: Corpus,
    system: System,
    memory: Memory,
) -> dict[Row, Told]:
    """Of the utterances of the test sessions; by models that were trained on the others."""
    settings = TrainingSettings(seed=SEED, penalty=system.penalty, embeddings=system.embeddings, base=system.base)

    def tagged(codebook: Codebook) -> tuple[Numbers, Numbers]:
        bundle, _ = train(training, codebook, settings, {"files": []}, jobs=JOBS, memory=memory)
        results = Tagger(bundle, embeddings=system.embeddings).tag_all([item.session for item in test])
        return np.concatenate([one.probabilities for one in results]), np.concatenate([one.tags for one in results])

    told = {}
    for several, codebook_of in ((False, markers_of), (True, sets_of)):
        rows = [row for row in corpus.rows if (len(row.classes) > 1) == several]
        if rows:
            probabilities, tags = tagged(codebook_of(corpus))
        for row in rows:
            columns = [corpus.classes.index(one) for one in row.classes]
            of_row = tags[:, columns]
            told[row] = Told(probabilities[:, columns], of_row.argmax(axis=1) if several else of_row[:, 0])
    return told


def figures(told: Told, codes: Numbers) -> list[float]:
    """Macro-F1 of several classes; AUC and kappa of one."""
    if codes.shape[1] > 1:
        return [f1_score(codes.argmax(axis=1), told.decisions, average="macro")]
    truth = codes[:, 0]
    return [roc_auc_score(truth, told.probabilities[:, 0]), cohen_kappa_score(truth, told.decisions)]


def measured(corpus: Corpus, folder: Path, systems: Sequence[System], n_cuts: int) -> Iterator[tuple[Row, Numbers]]:
    """For each row, mean figures of the baseline and of each system of ours, of shape (1 + n_systems, n_figures)."""
    classes = corpus.classes
    sessions = [coded(item, classes) for item in corpus.read(folder / corpus.name)]
    codes = np.concatenate([item.codes for item in sessions])
    client_of = np.repeat([item.client for item in sessions], [len(item.codes) for item in sessions])
    lines = marked_lines(sessions)
    of_rows: dict[Row, list[list[list[float]]]] = {row: [] for row in corpus.rows}
    clients = [item.client for item in sessions]
    for number, test_clients in enumerate(chain.from_iterable(folds(clients, cut) for cut in range(n_cuts)), 1):
        print(f"{corpus.name}, fold {number} of {n_cuts * N_FOLDS}", flush=True)
        in_training = [item for item in sessions if item.client not in test_clients]
        in_test = [item for item in sessions if item.client in test_clients]
        is_test = np.isin(client_of, list(test_clients))
        with TemporaryDirectory() as kept:
            memory = open_cache(Path(kept))
            ours = [told_by_ours(in_training, in_test, corpus, system, memory) for system in systems]
        for row, of_row in of_rows.items():
            columns = [classes.index(one) for one in row.classes]
            has_code = (codes[:, columns] != NOT_CODED).all(axis=1)
            training, test = np.flatnonzero(has_code & ~is_test), np.flatnonzero(has_code & is_test)
            truth, rated = codes[:, columns], has_code[is_test]
            told_by_all = [
                told_by_marked(lines, truth, training, test),
                *(Told(*(of_all[rated] for of_all in told[row])) for told in ours),
            ]
            of_row.append([figures(told, truth[test]) for told in told_by_all])
    for row, of_row in of_rows.items():
        yield row, np.array(of_row).mean(axis=0)


def shown(numbers: Numbers, sign: str = "") -> str:
    return " / ".join(f"{number:{sign}.3f}" for number in numbers)


def beside(what: str, differences: Numbers) -> str:
    n_level = (differences >= 0).sum()
    figures = f"mean {differences.mean():+.3f}, least {differences.min():+.3f}, {n_level} level or better"
    return f"{len(differences)} {what}, {figures}"


def main() -> None:
    names = [corpus.name for corpus in CORPORA]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"of {', '.join(names)}; default: all")
    parser.add_argument("--base", metavar="MODEL", help="folder of a base model, or default for the shipped one")
    parser.add_argument("--embeddings", type=Path, metavar="MODEL", help="folder of a sentence-embedding model")
    parser.add_argument("--cuts", type=int, default=1, metavar="N", help="how many times to cut into folds; default: 1")
    arguments = parser.parse_args()
    wanted = arguments.corpora or names
    if set(wanted) - set(names):
        parser.error(f"known are {', '.join(names)}")
    folder = Path(os.environ.get("ALLIANCE_PUBLIC_CORPORA", ""))
    systems = [System("C 1.5", PENALTY_C), System("C chosen", None)]
    if arguments.base:
        base = open_base_model(arguments.base, DEFAULT_PIPELINE)
        systems += [system._replace(name=f"{system.name}, base", base=base) for system in systems]
    if arguments.embeddings:
        embeddings = open_embeddings(arguments.embeddings)
        systems += [system._replace(name=f"{system.name}, embeddings", embeddings=embeddings) for system in systems]
    lines, differences = [], []
    for corpus in CORPORA:
        if corpus.name in wanted:
            for row, (baseline, *ours) in measured(corpus, folder, systems, arguments.cuts):
                measure = "AUC / κ" if len(row.classes) == 1 else "macro-F1"
                lines.append(f"| {row.name} | {measure} | {shown(baseline)} | {' | '.join(map(shown, ours))} |")
                differences.append([of_system - baseline for of_system in ours])
    print("| row | measure | marked |", *(f"ours, {system.name} |" for system in systems))
    print("|---|---|---|" + "---|" * len(systems))
    print(*lines, sep="\n")
    for system, of_system in zip(systems, zip(*differences, strict=True), strict=True):
        # Of a row with two figures, their mean.
        of_rows = np.array([np.mean(of_row) for of_row in of_system])
        print(f"\nours, {system.name}, beside marked: {beside('rows', of_rows)}")
        print(f"  one by one: {beside('figures', np.concatenate(of_system))}")


if __name__ == "__main__":
    main()
