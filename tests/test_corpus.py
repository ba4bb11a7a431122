"""The shipped corpus is what its datasheet says."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from alliance_nlp.codebook import read_codebook
from alliance_nlp.ratings import positives, read_coded_sessions
from alliance_nlp.readers import read_session
from alliance_nlp.shipped import demo_transcripts

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
PARTS = ("train.csv", "development.csv", "test.csv", "demo.csv")
CODEBOOK = read_codebook()


@pytest.fixture(scope="module")
def parts():
    return {name: read_coded_sessions([CORPUS / name], CODEBOOK) for name in PARTS}


def test_no_session_stands_in_two_parts(parts):
    times = Counter(item.session.session_id for coded in parts.values() for item in coded)
    assert set(times.values()) == {1}


def test_no_longer_sentence_is_used_in_two_sessions(parts):
    sessions_with = {}
    for coded in parts.values():
        for item in coded:
            for utterance in item.session.utterances:
                if len(utterance.text.split()) > 3:
                    sessions_with.setdefault(utterance.text.lower().strip(".?! "), set()).add(item.session.session_id)
    assert [text for text, sessions in sessions_with.items() if len(sessions) > 1] == []


def test_every_marker_is_coded_on_every_utterance_of_its_role(parts):
    for coded in parts.values():
        for item in coded:
            for index, marker in enumerate(CODEBOOK.markers):
                of_role = [utterance.speaker_role == marker.role for utterance in item.session.utterances]
                assert ((item.codes[:, index] >= 0) == of_role).all()


def test_every_consensus_code_is_that_of_the_ratings(parts):
    with (CORPUS / "ratings.csv").open(encoding="utf-8", newline="") as file:
        ratings = list(csv.DictReader(file))
    assert {row["coder"] for row in ratings} == {"A", "B", "consensus"}
    consensus = {
        (row["session_id"], row["utterance_id"], row["marker"]): int(row["value"])
        for row in ratings
        if row["coder"] == "consensus"
    }
    coded = {
        (item.session.session_id, utterance.utterance_id, marker.name): int(item.codes[row, index])
        for part in parts.values()
        for item in part
        for row, utterance in enumerate(item.session.utterances)
        for index, marker in enumerate(CODEBOOK.markers)
        if item.codes[row, index] >= 0
    }
    assert coded == consensus


def test_every_coded_rupture_has_a_kind():
    with (CORPUS / "ratings.csv").open(encoding="utf-8", newline="") as file:
        ruptures = [row for row in csv.DictReader(file) if row["marker"] == "rupture" and row["value"] == "1"]
    kinds = {"withdrawal", "confrontation", "confrontation+withdrawal"}
    assert {row["kind"] for row in ruptures} <= kinds


def test_the_datasheet_gives_the_numbers_of_each_part(parts):
    datasheet = (CORPUS / "DATASHEET.md").read_text("utf-8")
    for index, marker in enumerate(CODEBOOK.markers):
        counts = [positives(coded, index)[0] for coded in parts.values()]
        row = " | ".join(map(str, counts))
        assert f"| {marker.name} | {marker.role} | {row} |" in datasheet


def test_the_demo_transcripts_are_those_of_the_coded_demo(parts):
    for item in parts["demo.csv"]:
        transcript = read_session(demo_transcripts() / f"{item.session.session_id}.txt")
        assert [u.text for u in transcript.utterances] == [u.text for u in item.session.utterances]
