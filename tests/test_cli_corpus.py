"""``corpus import`` as it is run, and the training that it is for."""

import json
import subprocess
import sys

import pytest
from public_files import write_annomi, write_epitome, write_esconv


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "write"), [("annomi", write_annomi), ("epitome", write_epitome), ("esconv", write_esconv)]
)
def test_an_imported_corpus_trains_at_once(tmp_path, name, write):
    done = run("corpus", "import", name, write(tmp_path), "--out", "corpus", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    # The command that it prints is the one to run; with one C for all it is done sooner.
    words = done.stdout.splitlines()[-1].split()
    assert words[:2] == ["alliance-nlp", "train"]
    trained = run(*words[1:], "--penalty", "1.5", "--quiet", cwd=tmp_path)
    assert (trained.returncode, trained.stderr) == (0, "")
    assert "Learned from" in (tmp_path / "MODEL" / "MODEL_CARD.md").read_text("utf-8")


def test_json_counts_what_was_imported(tmp_path):
    done = run("corpus", "import", "esconv", write_esconv(tmp_path), "--out", "corpus", "--json", cwd=tmp_path)
    plain = json.loads(done.stdout)
    assert (plain["sessions"], plain["utterances"]) == (6, 96)
    assert plain["markers"]["self_disclosure"] == {"utterances": 6, "clients": 6}
    assert "ESConv as published has 1,300" in done.stderr


def test_quiet_prints_nothing(tmp_path):
    done = run("corpus", "import", "esconv", write_esconv(tmp_path), "--out", "corpus", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_wrong_file_is_told_in_a_line_and_leaves_nothing(tmp_path):
    write_annomi(tmp_path).rename(tmp_path / "talks.csv")
    done = run("corpus", "import", "esconv", "talks.csv", "--out", "new/corpus", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "talks.csv, line 1: not JSON" in done.stderr
    assert "https://github.com/thu-coai/Emotional-Support-Conversation" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["talks.csv"]


def test_an_earlier_import_is_replaced_only_when_asked(tmp_path):
    file = write_esconv(tmp_path)
    arguments = "corpus", "import", "esconv", file, "--out", "corpus", "--quiet"
    assert [run(*arguments, *more, cwd=tmp_path).returncode for more in ((), (), ("--overwrite",))] == [0, 1, 0]


def test_an_unknown_corpus_is_wrong_usage(tmp_path):
    done = run("corpus", "import", "switchboard", "file", "--out", "corpus", cwd=tmp_path)
    assert (done.returncode, "annomi" in done.stderr) == (2, True)
