"""Speed of the screen beside that of tagging, in one run.

    python benchmarks/screening.py [--transcripts TABLE.csv]

Both are measured in turns on the same utterances in one process, so that this machine's mood falls on both: tagging
without the screen, the screen alone, and tagging with the screen as `tag` does it. The lower-case line is what a
machine that transcribes without punctuation leaves.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alliance_nlp.batch import Batch, Settings, find_transcripts
from alliance_nlp.bundle import load_bundle
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions, read_sessions
from alliance_nlp.results import open_results
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.sessions import count_in_session
from alliance_nlp.shipped import default_model
from alliance_nlp.summary import summarise

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance" / "train.csv"
ROUNDS = 5


def seconds(action: Callable[[], object]) -> float:
    """Of this process alone, so that others on the machine do not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def tag(table: Path, folder: Path, screen: bool) -> None:
    files, _ = find_transcripts([table])
    bundle = load_bundle(default_model())
    with open_results(folder / "results", bundle.codebook.markers, overwrite=True) as results:
        for result, _, _ in Batch(files, Settings(default_model(), screen=screen), ReadOptions()):
            assert not isinstance(result, TranscriptError)
            results.add(result, summarise(result))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--transcripts", type=Path, default=CORPUS)
    table = parser.parse_args().transcripts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lower = folder / "lower.csv"
        lower.write_text(table.read_text("utf-8").lower(), "utf-8")
        for register, path in (("ordinary", table), ("lower case", lower)):
            sessions = list(read_sessions(path))
            utterances = sum(len(session.utterances) for session in sessions)
            screen = Screen()
            actions: list[Callable[[], object]] = [
                lambda path=path: tag(path, folder, False),  # type: ignore[misc]
                lambda sessions=sessions, screen=screen: [count_in_session(screen, one) for one in sessions],  # type: ignore[misc]
                lambda path=path: tag(path, folder, True),  # type: ignore[misc]
            ]
            tag(path, folder, True)
            times = [[seconds(action) for action in actions] for _ in range(ROUNDS)]
            tagging, screening, both = (statistics.median(column) for column in zip(*times, strict=True))
            print(
                f"{register}: tagging {utterances / tagging:,.0f} utterances/s, screen alone "
                f"{utterances / screening:,.0f}/s; tagging with the screen takes {both / tagging:.2f} times as long",
                flush=True,
            )


if __name__ == "__main__":
    main()
