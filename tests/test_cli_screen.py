"""``screen`` and ``tag --screen`` as a user calls them."""

import csv
import json
import subprocess
import sys

import pytest
from screening.test_documents import COMMENTS, CORE, write

TALK = "Sarah: My name is Anna Kowalski.\nT: Did Dr Patel ring you on 07700 900123?\nC: He lives in Leeds.\nC: No.\n"


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "Jane_Miller_2021-03-04.txt").write_text(TALK, "utf-8")
    (tmp_path / "talks" / "clean.txt").write_text("T: How was the week?\nC: [NAME] was there. Long.\n", "utf-8")
    return tmp_path


def test_every_finding_is_shown_with_its_place_and_masked(folder):
    called = run("screen", "talks", "--json", cwd=folder)
    assert (called.returncode, called.stderr) == (0, "")
    told = json.loads(called.stdout)
    assert told["files"], told["utterances"] == (2, 6)
    assert "not a guarantee" in told["notice"]
    assert [
        (item["place"], item["utterance_id"], item["category"], item["words"]) for item in told["findings"]
    ] == [
        ("file name", "", "name", "J***_M*****"),
        ("file name", "", "date", "####-##-##"),
        ("speaker label", "1", "name", "S****"),
        ("utterance", "1", "name", "A*** K*******"),
        ("utterance", "2", "name", "P****"),
        ("utterance", "2", "phone", "##### ######"),
        ("utterance", "3", "place", "L****"),
    ]  # fmt: skip
    for word in ("Anna", "Kowalski", "Patel", "07700", "Leeds", "Sarah"):
        assert word not in called.stdout


def test_the_table_says_what_it_is_and_what_it_is_not(folder):
    called = run("screen", "talks", "--out", "found.csv", cwd=folder)
    assert "7 possible identifiers (4 name, 1 date, 1 phone, 1 place) in 2 files, 6 utterances" in called.stdout
    assert "A screen, not a guarantee" in called.stdout
    with (folder / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["category"] for row in rows] == ["name", "date", "name", "name", "name", "phone", "place"]
    assert run("screen", "talks", "--out", "found.csv", cwd=folder).returncode == 1
    assert "No identifiers found in 1 file, 2 utterances" in run("screen", "talks/clean.txt", cwd=folder).stdout


def test_categories_and_words_can_be_left_out(folder):
    (folder / "known.txt").write_text("# of the team\npatel\nLeeds\n", "utf-8")
    called = run("screen", "talks", "--only", "name,place", "--allow", "known.txt", "--json", cwd=folder)
    assert json.loads(called.stdout)["counts"] == {"name": 3}
    assert json.loads(run("screen", "talks", "--ignore", "name", "--json", cwd=folder).stdout)["counts"] == {
        "place": 1, "date": 1, "phone": 1,
    }  # fmt: skip
    for arguments, message in (
        (("--only", "nme"), "no category 'nme'; there are name, capitalised, place"),
        (("--only", "name", "--ignore", "date"), "contradict each other"),
        (("--allow", "none.txt"), "--allow none.txt: cannot be read"),
        (("--out", "found.xlsx"), "choose a name that ends in .csv"),
    ):
        refused = run("screen", "talks", *arguments, cwd=folder)
        assert refused.returncode == 2
        assert message in refused.stderr


def test_refuse_and_failures_have_codes_of_their_own(folder):
    assert run("screen", "talks", "--refuse", "--quiet", cwd=folder).returncode == 4
    assert run("screen", "talks/clean.txt", "--refuse", cwd=folder).returncode == 0
    (folder / "talks" / "half.csv").write_text("speaker,words\nT,Hello\n", "utf-8")
    called = run("screen", "talks", cwd=folder)
    assert called.returncode == 3
    assert "Not screened: talks/half.csv" in called.stderr


def test_documents_are_looked_at_beside_their_text(folder):
    write(folder / "talks" / "form.docx", docProps__core=CORE, word__comments=COMMENTS)
    told = json.loads(run("screen", "talks", "--json", cwd=folder).stdout)
    of_document = [(item["place"], item["words"]) for item in told["findings"] if item["file"].endswith(".docx")]
    assert of_document == [
        ("document property author", "J*** M*****"), ("document property last modified by", "T** B*****"),
        ("author of a comment", "C*** W****"), ("comment", "A***"),
    ]  # fmt: skip


def test_tag_warns_refuses_or_does_not_look(folder, small_model):
    tag = ("tag", "talks", "--role", "Sarah=client", "--model", small_model, "--out")
    warned = run(*tag, "warned", cwd=folder)
    assert warned.returncode == 0
    counts = "7 possible identifiers (4 name, 1 date, 1 phone, 1 place)"
    assert f"Warning: {counts} in the transcripts; to see where: alliance-nlp screen talks" in warned.stderr
    refused = run(*tag, "refused", "--screen", "refuse", cwd=folder)
    assert refused.returncode == 4
    assert f"Error: {counts} in the transcripts; nothing was written" in refused.stderr
    assert not (folder / "refused").exists()
    off = run(*tag, "off", "--screen", "off", cwd=folder)
    assert (off.returncode, off.stderr) == (0, "")
    assert (folder / "off" / "utterances.csv").read_bytes() == (folder / "warned" / "utterances.csv").read_bytes()
    assert json.loads((folder / "off" / "run.json").read_text("utf-8"))["settings"]["screen"] == "off"
    clean = run("tag", "talks/clean.txt", "--model", small_model, "--out", "clean", "--screen", "refuse", cwd=folder)
    assert (clean.returncode, clean.stderr) == (0, "")


def test_tag_with_workers_counts_the_same(folder, small_model):
    tag = ("tag", "talks", "--role", "Sarah=client", "--model", small_model, "--jobs", "2", "--out", "two")
    assert "7 possible identifiers (4 name, 1 date, 1 phone, 1 place)" in run(*tag, cwd=folder).stderr
