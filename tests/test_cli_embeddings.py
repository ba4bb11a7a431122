"""train, tag, evaluate and suggest with sentence embeddings, as they are run: one process a call."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_embeddings import TABLE, write_embeddings

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "alliance"
DEMO = ROOT / "corpora" / "demo"
DOES_NOT_FIT = 5


def run(*arguments, cwd=None, modules=None):
    """`modules` is a folder whose modules are imported before those that are installed."""
    env = os.environ | ({"PYTHONPATH": str(modules)} if modules else {})
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(excerpt, tmp_path_factory):
    """A folder with embeddings, others, a damaged copy, and a model that was trained with the first; not changed."""
    work = tmp_path_factory.mktemp("study")
    write_embeddings(work / "tiny")
    write_embeddings(work / "other", table=TABLE * 2)
    damaged = write_embeddings(work / "damaged") / "model.onnx"
    damaged.write_bytes(damaged.read_bytes()[:-20])
    done = run("train", excerpt / "train.csv", "--penalty", "1.5", "--embeddings", "tiny", "--out", "model", cwd=work)
    assert done.returncode == 0, done.stderr
    return work, done


def test_train_says_what_comes_first_and_the_card_names_the_model(study):
    work, done = study
    assert "First the sentence embeddings of 954 utterances" in done.stderr
    shown = run("model", "show", "model", cwd=work)
    assert shown.returncode == 0 and "sentence embedding by the model tiny" in shown.stdout.replace("`", "")
    assert run("model", "verify", "model", cwd=work).returncode == 0


def test_tag_gives_the_same_bytes_for_any_number_of_processes_and_says_the_meaning(study, tmp_path):
    work, _ = study
    for jobs in (1, 2):
        done = run("tag", DEMO, "--model", "model", "--embeddings", "tiny", "--explain", "--jobs", jobs,
                   "--out", tmp_path / str(jobs), cwd=work)  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    for name in ("utterances.csv", "sessions.csv", "run.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    with (tmp_path / "1" / "utterances.csv").open(encoding="utf-8", newline="") as file:
        assert any("⟨meaning⟩ " in row["why_rupture"] for row in csv.DictReader(file))
    used = json.loads((tmp_path / "1" / "run.json").read_bytes())["settings"]["embeddings"]
    assert used == json.loads((work / "model" / "training.json").read_bytes())["settings"]["embeddings"]


def test_evaluate_scores_such_a_model_and_its_learning_curve_is_one_of_embeddings(excerpt, study):
    work, _ = study
    few = work / "few.csv"
    with (excerpt / "test.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    sessions = list(dict.fromkeys(row[0] for row in rows))[:7]
    with few.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[0] in sessions)])
    curves = []
    for model, options in (("model", ("--embeddings", "tiny")), ("default", ())):
        done = run("evaluate", model, few, "--learning-curve", "--json", "--quiet", *options, cwd=work)
        assert done.returncode == 0, done.stderr
        curves.append(json.loads(done.stdout)["learning_curve"])
    assert len(curves[0]) == len(curves[1]) and curves[0] != curves[1]


def test_suggest_reads_with_such_a_model(study, tmp_path):
    done = run(
        "suggest", DEMO, "--model", "model", "--embeddings", "tiny", "--out", tmp_path / "next.csv", cwd=study[0]
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "next.csv").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), DOES_NOT_FIT, "name the folder that holds them with --embeddings FOLDER (tiny, SHA-256 "),
        (("--embeddings", "other"), DOES_NOT_FIT, "was trained with other sentence embeddings (tiny, SHA-256 "),
        (("--embeddings", "damaged"), DOES_NOT_FIT, "was trained with other sentence embeddings (tiny, SHA-256 "),
        (("--embeddings", DEMO), DOES_NOT_FIT, "holds neither model.onnx nor *.safetensors"),
        (("--embeddings", "nowhere"), 2, "no such folder"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("tag", DEMO, "--model", "model", "--out", "never"),
        ("evaluate", "model", CORPUS / "test.csv", "--csv", "never"),
        ("suggest", DEMO, "--model", "model", "--out", "never.csv"),
    ],
    ids=lambda command: command[0],
)
def test_a_model_without_its_embeddings_does_not_fit(study, command, options, code, said):
    work, _ = study
    done = run(*command, *options, cwd=work)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (code, True, 1), done.stderr
    assert not list(work.glob("never*"))


@pytest.mark.parametrize(
    "command",
    [
        ("train", CORPUS / "development.csv", "--out", "never"),
        ("tag", DEMO, "--model", "model", "--out", "never"),
        ("tag", DEMO, "--model", "model", "--jobs", "2", "--out", "never"),
        ("evaluate", "model", CORPUS / "development.csv", "--csv", "never"),
        ("suggest", DEMO, "--model", "model", "--out", "never.csv"),
    ],
    ids=lambda command: command[0],
)
def test_without_the_extra_it_is_named_and_nothing_is_written(study, command, tmp_path):
    work, _ = study
    (tmp_path / "onnxruntime.py").write_text('raise ImportError("No module named x", name="onnxruntime")\n', "utf-8")
    done = run(*command, "--embeddings", "tiny", cwd=work, modules=tmp_path)
    assert done.returncode == 2, done.stderr
    # Not always the last line: on a busy machine, joblib may have something to say of workers that are torn down.
    assert (
        "Error: --embeddings needs onnxruntime, which is not installed; "
        "install it with: pip install 'alliance-nlp[embeddings]'"
    ) in done.stderr.splitlines()
    assert not list(work.glob("never*"))


def test_train_refuses_damaged_embeddings_and_writes_nothing(study, tmp_path):
    done = run("train", CORPUS / "development.csv", "--embeddings", "damaged", "--out", tmp_path / "never", "--quiet",
               cwd=study[0])  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (DOES_NOT_FIT, 1), done.stderr
    assert "its files cannot be opened" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_shipped_model_takes_no_embeddings(study, tmp_path):
    done = run("tag", DEMO, "--embeddings", "tiny", "--out", tmp_path / "never", cwd=study[0])
    assert (done.returncode, "leave --embeddings out" in done.stderr) == (2, True), done.stderr
