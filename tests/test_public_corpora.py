"""Real transcripts: all sessions of public corpora are tagged without a failure.

The corpora are not part of the project. The tests run where the variable ALLIANCE_PUBLIC_CORPORA names a folder
that holds ``annomi/AnnoMI-full.csv`` and ``esconv/ESConv.json``, and skip elsewhere.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ALLIANCE_PUBLIC_CORPORA", "/nonexistent"))


def needs(file):
    return pytest.mark.skipif(
        not (FOLDER / file).exists(), reason=f"ALLIANCE_PUBLIC_CORPORA names no folder with {file}"
    )


def write_table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["session_id", "utterance_id", "speaker", "text", "start"])
        table.writerows(rows)


def tag(table, out, *options):
    done = subprocess.run(
        [sys.executable, "-m", "alliance_nlp", "tag", table, "--out", out, "--quiet", *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads((out / "run.json").read_text("utf-8"))["counts"]


@needs("annomi/AnnoMI-full.csv")
def test_all_annomi_sessions_are_tagged_and_have_a_page(tmp_path):
    utterances = {}
    with (FOLDER / "annomi" / "AnnoMI-full.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # A row per annotator: the words are the same.
            utterances[int(row["transcript_id"]), int(row["utterance_id"])] = row
    write_table(
        tmp_path / "annomi.csv",
        (
            (session, number, row["interlocutor"], row["utterance_text"], row["timestamp"])
            for (session, number), row in sorted(utterances.items())
        ),
    )
    counts = tag(tmp_path / "annomi.csv", tmp_path / "results", "--report")
    pages = list((tmp_path / "results" / "report").glob("session-*.html"))
    assert len(pages) == 76
    assert max(path.stat().st_size for path in pages) < 400_000
    assert counts == {"files": 1, "sessions": 76, "utterances": len(utterances), "failures": 0}


@needs("esconv/ESConv.json")
def test_all_esconv_conversations_are_tagged(tmp_path):
    chats = json.loads((FOLDER / "esconv" / "ESConv.json").read_text("utf-8"))
    rows = [
        (f"chat-{session}", number, turn["speaker"], turn["content"], "")
        for session, chat in enumerate(chats)
        for number, turn in enumerate(chat["dialog"])
    ]
    write_table(tmp_path / "esconv.csv", rows)
    counts = tag(tmp_path / "esconv.csv", tmp_path / "results")
    assert counts == {"files": 1, "sessions": 214, "utterances": len(rows), "failures": 0}
