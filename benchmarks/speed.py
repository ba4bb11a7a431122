"""Speed and memory of the main job beside what it rests on, in one run.

    python benchmarks/speed.py [--transcripts TABLE.csv]

Every line is a ratio of two measurements taken in turns on this machine, so that
its mood falls on both. Without --transcripts the shipped corpus is used.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import spacy

from alliance_nlp.batch import Batch, Settings, _tagger, find_transcripts
from alliance_nlp.bundle import load_bundle
from alliance_nlp.readers import ReadOptions, read_sessions
from alliance_nlp.results import open_results
from alliance_nlp.shipped import default_model
from alliance_nlp.summary import summarise
from alliance_nlp.transcript import Utterance

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "alliance" / "train.csv"
DEMO_SESSION = ROOT / "corpora" / "demo" / "bereavement-call.txt"
# Of the process itself; the figure that getrusage gives goes back to the parent at the start.
PEAK_MEMORY = (
    "import pathlib, re, sys; from alliance_nlp.commands.main import main\n"
    "try: main(sys.argv[1:])\n"
    "finally: print(re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1], file=sys.stderr)"
)


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turns(actions: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Median time of each action."""
    times = [[seconds(action) for action in actions] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def write_table(path: Path, utterances: Sequence[Utterance], n: int, a_session: int, new_words: bool = False) -> None:
    """Write `n` utterances, going round the given ones; with `new_words`, each holds a word that no other holds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["session_id", "utterance_id", "speaker_role", "text"])
        for number, utterance in enumerate(itertools.islice(itertools.cycle(utterances), n)):
            text = f"{utterance.text} zq{number}x" if new_words else utterance.text
            table.writerow([f"s{number // a_session}", number, utterance.speaker_role, text])


def throughput(utterances: Sequence[Utterance], n: int, folder: Path, rounds: int = 5) -> str:
    table = folder / f"throughput-{n}.csv"
    write_table(table, utterances, n, 60)
    texts = [utterance.text for session in read_sessions(table) for utterance in session.utterances]
    bundle = load_bundle(default_model())
    files, _ = find_transcripts([table])

    def tag() -> None:
        batch = Batch(files, Settings(default_model()), ReadOptions())
        with open_results(folder / "results", bundle.codebook.markers, overwrite=True) as results:
            for result, _, _ in batch:
                results.add(result, summarise(result))  # type: ignore[arg-type]

    tag_seconds, pipe_seconds = [], []
    for _ in range(rounds):
        pipe_seconds.append(seconds(lambda: list(spacy.blank("en").pipe(texts))))
        # Loaded, but with no word met yet.
        _tagger.cache_clear()
        _tagger(default_model(), None, None)
        tag_seconds.append(seconds(tag))
    pipe, tagging = statistics.median(pipe_seconds), statistics.median(tag_seconds)
    return (
        f"tag {n / tagging:,.0f} utterances/s, nlp.pipe {n / pipe:,.0f}/s ({n:,} utterances): "
        f"ratio {pipe / tagging:.2f} (goal at least 0.5)"
    )


def command(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)


def start_up(folder: Path) -> list[str]:
    script = str(Path(sys.executable).with_name("alliance-nlp"))
    launcher = [script] if Path(script).exists() else ["-m", "alliance_nlp"]
    help_seconds, click_seconds = in_turns([command(*launcher, "--help"), command("-c", "import click")], 11)
    imports = "import spacy, sklearn.linear_model, sklearn.feature_extraction.text"
    one_session = [*launcher, "tag", str(DEMO_SESSION), "--out", str(folder / "one"), "--overwrite"]
    tag_seconds, import_seconds = in_turns([command(*one_session), command("-c", imports)], 7)
    load_seconds = statistics.median(seconds(lambda: load_bundle(default_model())) for _ in range(5))
    return [
        f"--help {help_seconds:.2f} s, import click {click_seconds:.2f} s: "
        f"ratio {help_seconds / click_seconds:.2f} (goal at most 2.5)",
        f"one session from a cold start {tag_seconds:.2f} s, imports of spaCy and scikit-learn {import_seconds:.2f} s: "
        f"ratio {tag_seconds / import_seconds:.2f} (goal at most 1.4)",
        f"model bundle loaded and verified in {load_seconds:.3f} s",
    ]


def memory(utterances: Sequence[Utterance], folder: Path) -> list[str]:
    def peak(n: int, a_session: int, new_words: bool) -> float:
        table = folder / "memory.csv"
        write_table(table, utterances, n, a_session, new_words)
        arguments = ["tag", str(table), "--out", str(folder / "memory"), "--overwrite", "--quiet"]
        run = subprocess.run(
            [sys.executable, "-c", PEAK_MEMORY, *arguments], check=True, capture_output=True, text=True, cwd=ROOT
        )
        return int(run.stderr.split()[-1]) / 1024

    lines = []
    small = peak(1_000, 60, False)
    for what, a_session, new_words in (
        ("in sessions of 60", 60, False),
        ("in sessions of 60, each with a new word", 60, True),
        ("in one session", 100_000, False),
        ("in one session, each with a new word", 100_000, True),
    ):
        large = peak(100_000, a_session, new_words)
        lines.append(
            f"peak memory for 100,000 utterances {what} {large:.0f} MB, for 1,000 {small:.0f} MB: "
            f"{large - small:+.0f} MB (goal at most +150)"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--transcripts", type=Path, nargs="+", default=[CORPUS])
    arguments = parser.parse_args()
    utterances = [
        utterance
        for path in arguments.transcripts
        for session in read_sessions(path)
        for utterance in session.utterances
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n in sorted({len(utterances), 5 * len(utterances)}):
            print(throughput(utterances, n, folder), flush=True)
        for line in start_up(folder):
            print(line, flush=True)
        for line in memory(utterances, folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
