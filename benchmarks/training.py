"""How long ``train`` takes, before and after, on the shipped corpus.

    python benchmarks/training.py [--utterances 10000] [--jobs 2] [--before CHECKOUT]

Each way is a process of its own, one after the other, in the same run: with a fixed C, with C chosen inside nested
folds, and the latter a second time from a cache. CHECKOUT is another checkout of this project, such as a worktree of
an earlier commit, which is timed first, with its own defaults.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from alliance_nlp.codebook import read_codebook
from alliance_nlp.ratings import read_coded_sessions

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpora" / "alliance"


def first_utterances(utterances: int, target: Path) -> int:
    """Write the first sessions of the corpus that hold so many utterances together; returns how many they hold."""
    sessions = read_coded_sessions([CORPUS / "train.csv"], read_codebook())
    wanted, total = set(), 0
    for item in sessions:
        if total < utterances:
            wanted.add(item.session.session_id)
            total += len(item.codes)
    lines = (CORPUS / "train.csv").read_text("utf-8").splitlines(keepends=True)
    place = lines[0].strip().split(",").index("session_id")
    target.write_text("".join([lines[0], *(line for line in lines[1:] if line.split(",")[place] in wanted)]), "utf-8")
    return total


def seconds(checkout: Path, arguments: list[str]) -> tuple[float, float]:
    """By the clock, and of processor time, which a busy machine changes less."""
    began, used = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "alliance_nlp", "train", *arguments], cwd=checkout, check=True)
    now = getrusage(RUSAGE_CHILDREN)
    return time.perf_counter() - began, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--utterances", type=int, default=10_000)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--before", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.csv"
        total = first_utterances(options.utterances, corpus)
        usual = [str(corpus), "--out", str(Path(folder) / "model"), "--overwrite", "--quiet"]
        cached = ["--jobs", options.jobs, "--cache", str(Path(folder) / "cache")]
        ways = [
            ("C 1.5", ROOT, ["--penalty", "1.5"]),
            (f"C 1.5, {options.jobs} processes", ROOT, ["--penalty", "1.5", "--jobs", options.jobs]),
            ("C chosen", ROOT, []),
            (f"C chosen, {options.jobs} processes", ROOT, cached),
            ("the same again, from the cache, by another threshold", ROOT, [*cached, "--threshold", "f1"]),
        ]
        if options.before:
            ways.insert(0, ("before", options.before.resolve(), []))
        print(f"{total:,} utterances\n\n| way | seconds | processor seconds |\n|---|---|---|", flush=True)
        for name, checkout, arguments in ways:
            clock, processor = seconds(checkout, [*usual, *arguments])
            print(f"| {name} | {clock:.1f} | {processor:.1f} |", flush=True)


if __name__ == "__main__":
    main()
