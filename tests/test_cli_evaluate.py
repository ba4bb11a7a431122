"""Command evaluate as it is run: one process a call."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, cohen_kappa_score, roc_auc_score

from alliance_nlp import load_tagger
from alliance_nlp.codebook import read_codebook
from alliance_nlp.model_evaluation import SESSION_FIGURES
from alliance_nlp.ratings import read_coded_sessions
from alliance_nlp.scoring import SCORES

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
MARKERS = ["empathy", "validation", "self_disclosure", "rupture", "repair"]
SPOKEN = "wintergreen"
"""A word that is said in transcripts, and must be repeated in no message."""


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write(path, table, columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)


@pytest.fixture(scope="module")
def rated(excerpt):
    return "--ratings", excerpt / "ratings.csv", "--adjudicator", "consensus", "--consensus", "adjudicator"


@pytest.fixture(scope="module")
def evaluated(excerpt, rated, small_model, tmp_path_factory):
    """All that one call gives: beside ratings, by a column; every line has the word in it."""
    work = tmp_path_factory.mktemp("evaluate")
    said = [row | {"text": f"{row['text']} {SPOKEN}", "Site": f"site {row['session_id'][-1]}"}
            for row in rows(excerpt / "test.csv")]  # fmt: skip
    write(work / "talk.csv", said, list(said[0]))
    done = run("evaluate", small_model, "talk.csv", *rated, "--by", "SITE", "--json", "--csv", "figures.csv",
               "--errors", "errors.csv", "--html", "page.html", cwd=work)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return work, done, json.loads(done.stdout)


def test_figures_are_those_of_scikit_learn_on_the_same_tags(evaluated, small_model):
    work, _, found = evaluated
    coded = read_coded_sessions([work / "talk.csv"], read_codebook())
    tagged = load_tagger(small_model).tag_all([item.session for item in coded])
    for column, marker in enumerate(found["markers"]):
        triples = [
            (code, tag, probability)
            for of_coders, of_model in zip(coded, tagged, strict=True)
            for code, tag, probability in zip(
                of_coders.codes[:, column], of_model.tags[:, column], of_model.probabilities[:, column], strict=True
            )
            if code >= 0
        ]
        codes, tags, probabilities = zip(*triples, strict=True)
        values = {name: figure["value"] for name, figure in marker["figures"].items()}
        assert values["kappa"] == pytest.approx(cohen_kappa_score(codes, tags), abs=5e-5)
        assert values["auc"] == pytest.approx(roc_auc_score(codes, probabilities), abs=5e-5)
        assert values["average_precision"] == pytest.approx(average_precision_score(codes, probabilities), abs=5e-5)
        assert (marker["utterances"], marker["positives"], marker["tagged"]) == (
            len(codes), np.sum(codes), np.sum(tags),
        )  # fmt: skip


def test_json_holds_every_part(evaluated):
    found = evaluated[2]
    assert [marker["marker"] for marker in found["markers"]] == MARKERS
    assert found["by"] == "site"
    assert found["corpus"]["files"][0]["file"] == "talk.csv"
    for marker in found["markers"]:
        assert set(marker["figures"]) == {*SCORES, *SESSION_FIGURES}
        assert sum(item["utterances"] for item in marker["reliability"]) == marker["utterances"]
        assert sum(item["coded"] for item in marker["session_counts"]) == marker["positives"]
        assert sum(item["utterances"] for item in marker["groups"]) == marker["utterances"]
        assert marker["errors"]
    assert found["corpus"]["consensus"]["rated"] == {item["marker"]: item["utterances"] for item in found["markers"]}
    assert found["corpus"]["consensus"]["open"] == dict.fromkeys(MARKERS, 0)
    assert [item["marker"] for item in found["coders"]] == MARKERS
    assert [pair["coders"] for pair in found["coders"][0]["pairs"]] == [["A", "B"], ["A", "model"], ["B", "model"]]


def test_csv_holds_the_same_figures_as_json(evaluated):
    work, _, found = evaluated
    from_json = {(item["marker"], "corpus", "", name): figure["value"]
                 for item in found["markers"] for name, figure in item["figures"].items()}  # fmt: skip
    from_json |= {(item["marker"], "site", group["value"], name): figure["value"]
                  for item in found["markers"] for group in item["groups"]
                  for name, figure in group["figures"].items()}  # fmt: skip
    from_csv = {(row["marker"], row["on"], row["group"], row["figure"]): float(row["value"]) if row["value"] else None
                for row in rows(work / "figures.csv")}  # fmt: skip
    assert from_json.items() <= from_csv.items()
    assert {key[1] for key in from_csv} == {"corpus", "site", "coders"}
    for item in found["coders"]:
        assert from_csv[item["marker"], "coders", "A, B", "kappa_between_coders"] == item["between_coders"]["value"]


def test_the_sheet_holds_every_error_with_what_was_said(evaluated):
    work, _, found = evaluated
    errors = rows(work / "errors.csv")
    assert all(row["code"] != row["tag"] and SPOKEN in row["text"] for row in errors)
    for marker in found["markers"]:
        of_marker = [row for row in errors if row["marker"] == marker["marker"]]
        both = round(marker["figures"]["recall"]["value"] * marker["positives"])
        assert len(of_marker) == marker["positives"] + marker["tagged"] - 2 * both
        sure = [abs(float(row["probability"]) - float(row["code"])) for row in of_marker]
        assert sure == sorted(sure, reverse=True)


def test_words_stand_in_page_and_sheet_alone(evaluated):
    work, done, _ = evaluated
    assert SPOKEN not in done.stdout + done.stderr + (work / "figures.csv").read_text("utf-8")
    assert SPOKEN in (work / "page.html").read_text("utf-8")
    assert "hold what was said" in done.stderr


def test_the_same_call_gives_the_same_bytes(evaluated, rated, small_model, tmp_path):
    work, done, _ = evaluated
    shutil.copy(work / "talk.csv", tmp_path)
    again = run(
        "evaluate", small_model, "talk.csv", *rated, "--by", "site", "--json", "--html", "page.html", cwd=tmp_path
    )
    assert again.stdout == done.stdout
    assert (tmp_path / "page.html").read_bytes() == (work / "page.html").read_bytes()


def test_the_terminal_shows_every_part_and_no_words(evaluated, excerpt, small_model):
    work = evaluated[0]
    done = run("evaluate", small_model, "talk.csv", "--ratings", excerpt / "ratings.csv", "--by", "site", cwd=work)
    assert done.returncode == 0, done.stderr
    for part in ("utterance by utterance", "Session by session", "By site", "Beside coders", "Most confident errors"):
        assert part in done.stdout
    # Two coders and nobody who settles.
    assert done.stderr.count("Note: Left open, since coders differ: ") == 1
    assert "lines of empathy" in done.stderr
    assert SPOKEN not in done.stdout + done.stderr


def test_a_model_on_what_it_was_trained_on_is_warned_of(excerpt, small_model):
    done = run("evaluate", small_model, excerpt / "train.csv", "-q")
    assert done.returncode == 0
    assert "Note: The model was trained on the whole corpus" in done.stderr
    assert done.stdout == ""


def test_markers_without_codes_are_left_out_and_named(small_model, tmp_path):
    table = rows(CORPUS / "demo.csv")
    write(tmp_path / "some.csv", table, [name for name in table[0] if name not in ("rupture", "repair")])
    done = run("evaluate", small_model, tmp_path / "some.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert [marker["marker"] for marker in json.loads(done.stdout)["markers"]] == MARKERS[:3]
    assert "no codes of rupture, repair" in done.stderr
    assert "Too few utterances coded 1" in done.stderr


def test_the_shipped_model_has_a_name(tmp_path):
    done = run("evaluate", "default", CORPUS / "demo.csv", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["model"]["name"] == "default"


@pytest.fixture
def place(tmp_path, small_model):
    """Models and corpora that do not fit."""
    shutil.copytree(small_model, tmp_path / "model")
    shutil.copytree(small_model, tmp_path / "damaged")
    (tmp_path / "damaged" / "weights.npy").write_bytes(b"nothing")
    table = rows(CORPUS / "demo.csv")
    write(tmp_path / "demo.csv", table, list(table[0]))
    write(tmp_path / "foreign.csv", table, [name for name in table[0] if name not in MARKERS])
    long = [row | {"notes": f"{SPOKEN} " * 20} for row in table]
    write(tmp_path / "notes.csv", long, list(long[0]))
    numbered = [row | {"line": number} for number, row in enumerate(table)]
    write(tmp_path / "numbered.csv", numbered, list(numbered[0]))
    (tmp_path / "page.html").write_text("mine", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["damaged", "demo.csv"], 5, "weights.npy"),
        (["nowhere", "demo.csv"], 5, "no such model folder"),
        (["model", "foreign.csv"], 5, "does not fit: the corpus has no code of any of its markers"),
        (["model"], 2, "Missing argument"),
        (["model", "demo.csv", "--by", "site"], 2, "--by site: the corpus has no such column"),
        (["model", "demo.csv", "--by", "text"], 2, "tells single utterances apart"),
        (["model", "notes.csv", "--by", "notes"], 2, "holds texts of up to"),
        (["model", "numbered.csv", "--by", "line"], 2, "makes 195 groups (at most 50)"),
        (["model", "demo.csv", "--coders", "A"], 2, "are about ratings"),
        (["model", "demo.csv", "--html", "page.html"], 1, "already exists"),
        (["model", "demo.csv", "--html", "new", "--csv", "./new"], 2, "name the same file"),
    ],
)
def test_wrong_calls_are_told_in_one_line_and_write_nothing(place, arguments, code, message):
    before = sorted(place.iterdir())
    done = run("evaluate", *arguments, cwd=place)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert SPOKEN not in done.stderr
    assert sorted(place.iterdir()) == before
    assert (place / "page.html").read_text("utf-8") == "mine"


def test_columns_that_every_session_has_make_groups(small_model):
    done = run("evaluate", small_model, CORPUS / "demo.csv", "--by", "session_id", "--json")
    (empathy, *_) = json.loads(done.stdout)["markers"]
    assert [group["value"] for group in empathy["groups"]] == ["alcohol-service", "bereavement-call", "staff-support"]
    assert empathy["groups"][0]["figures"]["kappa"]["note"].startswith(("one session only", "undefined"))


def test_a_learning_curve_is_trained_on_the_corpus(small_model, tmp_path):
    tiny = Path(__file__).parent / "data" / "tiny-corpus.csv"
    done = run("evaluate", small_model, tiny, "--learning-curve", "--json", "--csv", tmp_path / "figures.csv")
    assert done.returncode == 0, done.stderr
    assert "learning curve: 4 of 4 clients" in done.stderr
    steps = json.loads(done.stdout)["learning_curve"]
    assert [step["clients"] for step in steps] == [2, 3, 4]
    kappa = steps[-1]["markers"]["rupture"]["kappa"]["value"]
    (row,) = [row for row in rows(tmp_path / "figures.csv") if row["on"] == "learning curve"
              and (row["marker"], row["group"], row["figure"]) == ("rupture", "4 clients", "kappa")]  # fmt: skip
    assert float(row["value"]) == kappa
