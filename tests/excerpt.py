"""A small part of the shipped corpus, for tests of what would do the same with all of it."""

import csv
import shutil
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
PARTS = ("train.csv", "development.csv", "test.csv")
SESSIONS = 12
"""Of each part."""


def write_excerpt(folder):
    """The first sessions of each part and the demo sessions, with their ratings, as the corpus has them."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = set()
    for part in PARTS:
        header, rows = _read(part)
        of_part = list(dict.fromkeys(row[0] for row in rows))[:SESSIONS]
        _write(folder / part, header, (row for row in rows if row[0] in of_part))
        chosen.update(of_part)
    for name in ("demo.csv", "NOTICE"):
        shutil.copy(CORPUS / name, folder)
    chosen.update(row[0] for row in _read("demo.csv")[1])
    header, ratings = _read("ratings.csv")
    _write(folder / "ratings.csv", header, (row for row in ratings if row[0] in chosen))
    return folder


def _read(name):
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def _write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
