"""How much of what was planted the screen finds, and how much it finds that is nothing.

    python benchmarks/screening_quality.py [--public FOLDER] [--show]

Planted are the sentences in tests/data/screen, four draws of values each, in two registers; the held-out half was
written before the detector and not looked at while it was tuned. Clean is the shipped corpus, as it stands and in lower
case without punctuation. With --public also the public corpora of the folder, whose names are real ones: what is found
there is not all false. With --show the words found on the clean corpus are listed.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.screen import Screen

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import planted  # noqa: E402

CORPUS = sorted(ROOT / "corpora" / "alliance" / f"{part}.csv" for part in ("train", "development", "test", "demo"))


def table_of_planted(screen: Screen) -> Iterator[str]:
    scores = {
        (half, register): planted.score(screen.find, half, register)
        for half in planted.HALVES
        for register in planted.REGISTERS
    }
    columns = list(scores)
    yield "| found of planted | " + " | ".join(f"{half}, {register}" for half, register in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for category in Category:
        cells = [scores[column].get(category, planted.Score(0, 0, 0, 0)) for column in columns]
        yield f"| {category} | " + " | ".join(f"{cell.found} of {cell.planted}" for cell in cells) + " |"
    totals = [[sum(column) for column in zip(*scores[key].values(), strict=True)] for key in columns]
    yield "| **all** | " + " | ".join(f"**{found} of {n}** ({found / n:.1%})" for n, found, _, _ in totals) + " |"
    yield "| under their own category | " + " | ".join(f"{right / n:.1%}" for n, _, right, _ in totals) + " |"
    yield "| false findings | " + " | ".join(str(false) for *_, false in totals) + " |"
    yield "| precision | " + " | ".join(f"{found / (found + false):.3f}" for _, found, _, false in totals) + " |"


def on_texts(screen: Screen, name: str, texts: Iterable[str], show: bool) -> Iterator[str]:
    counts: Counter[str] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    n, before = 0, ""
    for text in texts:
        n += 1
        for span in screen.find(text, before):
            counts[span.category] += 1
            words[span.category, text[span.start : span.end]] += 1
        before = text
    listed = ", ".join(f"{count} {category}" for category, count in counts.most_common())
    yield f"{name}: {1000 * counts.total() / n:.1f} findings per 1,000 utterances ({n:,} utterances; {listed})"
    if show:
        yield from (f"    {count} {category}: {word}" for (category, word), count in words.most_common())


def clean() -> Iterator[str]:
    for path in CORPUS:
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row["text"] for row in csv.DictReader(file))


def public(folder: Path) -> Iterator[tuple[str, list[str]]]:
    with (folder / "annomi" / "AnnoMI-full.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["transcript_id"], row["utterance_id"]): row["utterance_text"] for row in csv.DictReader(file)}
    yield "AnnoMI", list(rows.values())
    talks = json.loads((folder / "esconv" / "ESConv.json").read_text("utf-8"))
    yield "ESConv", [turn["content"].strip() for talk in talks for turn in talk["dialog"]]
    with (folder / "epitome" / "emotional-reactions-reddit.csv").open(encoding="utf-8", newline="") as file:
        yield "EPITOME", [row["response_post"] for row in csv.DictReader(file)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--public", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    screen = Screen()
    print("\n".join(table_of_planted(screen)) + "\n")
    for name, texts in (
        ("Shipped corpus", clean()),
        ("Shipped corpus in lower case", map(planted.in_lower_case, clean())),
        *(public(arguments.public) if arguments.public else ()),
    ):
        print("\n".join(on_texts(screen, name, texts, arguments.show)), flush=True)


if __name__ == "__main__":
    main()
