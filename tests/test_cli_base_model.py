"""train with a base model, then tag, evaluate and show, as they are run: one process a call."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made_sets import write_corpus

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "alliance"
OLD = ROOT / "tests" / "data" / "bundle-format-4"
DEMO = ROOT / "corpora" / "demo"
CORPUS_REFUSED, USAGE, DOES_NOT_FIT = 1, 2, 5


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with a corpus of one's own codes, and a model of it on top of the shipped one; not changed."""
    work = tmp_path_factory.mktemp("study")
    write_corpus(work)
    done = run("train", "coded.csv", "--codebook", "codebook.toml", "--base", "default", "--penalty", "1.5",
               "--out", "model", cwd=work)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return work


def test_the_card_names_the_base_and_that_its_corpus_is_fiction(study):
    shown = run("model", "show", "model", cwd=study)
    assert shown.returncode == 0
    words = " ".join(shown.stdout.split())
    assert "Base model: Trained on fictional sessions" in words
    assert "multiplied out into its own: default, SHA-256" in words
    assert run("model", "verify", "model", cwd=study).returncode == 0


def test_tag_says_whose_words_the_base_had(study, tmp_path):
    done = run("tag", DEMO, "--model", "model", "--explain", "--out", tmp_path / "results", cwd=study)
    assert done.returncode == 0, done.stderr
    about = json.loads((tmp_path / "results" / "run.json").read_bytes())
    assert "Base model: Trained on fictional sessions" in about["notice"]


def test_evaluate_scores_such_a_model(study):
    done = run("evaluate", "model", "coded.csv", "--json", "--quiet", cwd=study)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["markers"]


@pytest.mark.parametrize(
    ("corpus", "base", "code", "said"),
    [
        (
            CORPUS / "development.csv",
            "default",
            CORPUS_REFUSED,
            "the base model default learned from 39 of these 39 sessions (S036, S039, S041, ",
        ),
        (CORPUS / "test.csv", "nowhere", DOES_NOT_FIT, "--base nowhere: no such model folder; name"),
        (CORPUS / "test.csv", OLD, USAGE, "was trained by another version of the program, with other features"),
    ],
)
def test_a_base_that_will_not_do_is_said_and_nothing_is_written(study, corpus, base, code, said):
    done = run("train", corpus, "--base", base, "--penalty", "1.5", "--quiet", "--out", "never", cwd=study)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (code, True, 1), done.stderr
    assert not (study / "never").exists()
