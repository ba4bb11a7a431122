"""Transcripts in formats of other programs, through the command line."""

import csv
import json
import shutil
import subprocess
import sys

import pytest
from reading import sample

ZOOM = ("--role", "Ada Marsh=therapist", "--role", "ben (he/him)=client")


@pytest.fixture
def work(tmp_path):
    shutil.copy(sample("webvtt/zoom.vtt"), tmp_path / "zoom.txt")
    shutil.copy(sample("csv/redcap.csv"), tmp_path / "redcap.dat")
    return tmp_path


def run(work, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *arguments], cwd=work, capture_output=True, text=True, check=False
    )


def utterances(work, out):
    with (work / out / "utterances.csv").open(encoding="utf-8", newline="") as file:
        return [(row["utterance_id"], row["text"]) for row in csv.DictReader(file)]


def test_fragments_are_joined_and_what_was_left_out_is_said(work):
    done = run(work, "tag", "zoom.txt", *ZOOM, "--out", "results")
    assert (done.returncode, [name for name, _ in utterances(work, "results")]) == (0, ["1", "3", "5", "6", "8"])
    assert "Note: zoom.txt: read as WebVTT, which it is by its content" in done.stderr
    assert "Note: zoom.txt: 1 cue without words left out (line 28)" in done.stderr
    record = json.loads((work / "results" / "run.json").read_text("utf-8"))
    assert record["inputs"][0]["format"] == "webvtt"
    assert record["settings"]["reading"]["join_rule"]["pause_seconds"] == 2.0


def test_fragments_stay_apart_with_no_join(work):
    run(work, "tag", "zoom.txt", *ZOOM, "--no-join", "--out", "results")
    assert [name for name, _ in utterances(work, "results")] == ["1", "2", "3", "4", "5", "6", "8"]
    assert json.loads((work / "results" / "run.json").read_text("utf-8"))["settings"]["reading"]["join"] is False


def test_a_table_by_another_name_with_columns_of_other_names_is_read(work):
    done = run(
        work, "tag", "redcap.dat", "--format", "csv", "--columns", "text=Utterance,speaker=Who",
        "--columns", "session_id=record_id", "--out", "results", "--json",
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["counts"]["sessions"]) == (0, 2)
    assert utterances(work, "results")[1] == ("2", 'Long. "Very" long.')


def test_a_format_that_there_is_not_is_wrong_usage(work):
    done = run(work, "tag", "zoom.txt", "--format", "midi", "--out", "results")
    assert (done.returncode, "no such format; choose one of" in done.stderr) == (2, True)


def test_suggest_reads_the_same_formats_and_says_the_same_notes(work):
    done = run(work, "suggest", "zoom.txt", *ZOOM, "--out", "next.csv")
    assert (done.returncode, "1 cue without words left out" in done.stderr) == (0, True)
