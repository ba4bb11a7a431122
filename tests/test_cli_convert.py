"""``convert`` as a user runs it: in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from exchanged import CODEBOOK, TALK, came_back, coded, written
from made import tagged, write_results

from alliance_nlp.conversion import Transcripts
from alliance_nlp.exports import TRANSCRIPTS
from alliance_nlp.readers import ReadOptions

CORRECTED = {
    "eaf": ["made.eaf", "made-2.eaf"], "qdpx": ["transcripts.qdpx"], "xlsx": ["transcripts.xlsx"],
    "doccano": ["documents.jsonl"], "convokit": ["utterances.jsonl"],
}  # fmt: skip
OWN = """
name = "own"
version = "1"
[[marker]]
name = "humour"
role = "therapist"
definition = "Something to laugh about."
"""


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("convert")
    write_results(folder / "results", [tagged("made"), tagged("made-2", seconds=4.0)])
    return folder


@pytest.mark.parametrize("file_format", TRANSCRIPTS)
def test_results_go_into_every_format_and_the_same_again(workplace, file_format):
    done = run("convert", "results", "--to", file_format, "--out", file_format, cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 sessions, 44 utterances, 12 codes: ")
    results = Transcripts([workplace / "results"], CODEBOOK, ReadOptions())
    again = written(workplace / f"{file_format}-again", file_format, results, results.about)
    first = {path.name: path.read_bytes() for path in (workplace / file_format).iterdir()}
    assert first == {name: path.read_bytes() for name, path in again.items()}


@pytest.mark.parametrize("file_format", CORRECTED)
def test_what_goes_out_comes_back_as_ratings(workplace, file_format):
    out, back = f"there-{file_format}", f"back-{file_format}"
    results = Transcripts([workplace / "results"], CODEBOOK, ReadOptions())
    written(workplace / out, file_format, results, results.about)
    files = [f"{out}/{name}" for name in CORRECTED[file_format]]
    done = run("convert", *files, "--to", "ratings", "--coder", "ana", "--out", back, "--json", cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "out": back, "format": "ratings", "sessions": 2, "utterances": 44, "codes": 12, "failures": 0, "notes": [],
        "files": ["ratings.csv"],
    }  # fmt: skip


@pytest.mark.parametrize("file_format", ["convokit", "doccano"])
def test_a_folder_comes_back_whole_without_its_side_files(workplace, file_format):
    out, back = f"folder-{file_format}", f"folder-back-{file_format}"
    results = Transcripts([workplace / "results"], CODEBOOK, ReadOptions())
    written(workplace / out, file_format, results, results.about)
    done = run("convert", out, "--to", "ratings", "--coder", "ana", "--out", back, cwd=workplace)
    assert (done.returncode, done.stderr) == (0, "")


def test_agreement_compares_what_came_back_with_the_model(workplace):
    for words in (["results", "--out", "of-model"], ["results", "--coder", "ana", "--out", "of-ana"]):
        assert run("convert", *words, "--to", "ratings", cwd=workplace).returncode == 0
    agreed = run("agreement", "of-ana/ratings.csv", "of-model", "--json", cwd=workplace)
    assert agreed.returncode == 0, agreed.stderr
    kappas = [marker["figures"]["cohen_kappa"]["value"] for marker in json.loads(agreed.stdout)["markers"]]
    assert kappas == [1.0] * 5


def test_what_is_left_out_is_said_and_the_exit_code_tells(workplace):
    table = workplace / "mixed.csv"
    table.write_text("session_id,speaker,text,empathy\nA,T,One.,1\nB,T,Two.,secret words\n", "utf-8")
    done = run("convert", "mixed.csv", "--to", "eaf", "--out", "mixed", cwd=workplace)
    assert done.returncode == 3
    assert "Left out: mixed.csv, session B, utterance 1: the empathy code is none of 1, 0 and nothing" in done.stderr
    assert "secret" not in done.stderr
    assert sorted(path.name for path in (workplace / "mixed").iterdir()) == ["A.eaf", "notes.log"]
    assert "Left out: mixed.csv, session B" in (workplace / "mixed" / "notes.log").read_text("utf-8")


def test_nothing_is_written_where_nothing_could_be_converted(workplace):
    done = run("convert", "results", "--to", "ratings", "--coder", "", "--out", "x/y", cwd=workplace)
    assert done.returncode == 0
    (workplace / "plain.txt").write_text("T: Hello.\nC: Hi.\n", "utf-8")
    done = run("convert", "plain.txt", "--to", "ratings", "--coder", "ana", "--out", "nothing", cwd=workplace)
    assert done.returncode == 1
    assert "session plain: nobody has coded it" in done.stderr
    assert not (workplace / "nothing").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["results", "--to", "eaf", "--coder", "ana", "--out", "a"], 2, "--coder says whose codes go into a ratings"),
        (["results", "--to", "word", "--out", "a"], 2, "'word' is not one of"),
        (["results", "--to", "eaf", "--codebook", "x.toml", "--out", "a"], 1, "x.toml: cannot be read"),
        (["results", "--to", "eaf", "--codebook", "own.toml", "--out", "a"], 2, "results bring the markers of their"),
        (["nowhere", "--to", "eaf", "--out", "a"], 2, "nowhere: no such file or folder"),
        (["results", "--to", "eaf", "--out", "results"], 1, "already exists"),
        (["results", "--to", "eaf", "--out", "results", "--overwrite"], 1, "holds files of other origin"),
    ],
)
def test_wrong_calls_are_refused(workplace, words, code, said):
    (workplace / "own.toml").write_text(OWN, "utf-8")
    done = run("convert", *words, cwd=workplace)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert not (workplace / "a").exists()


def test_transcripts_go_out_to_be_coded_from_scratch(workplace):
    (workplace / "talk").mkdir()
    (workplace / "talk" / "one.txt").write_text("Ann: Hello.\nBo: Hi.\n", "utf-8")
    roles = ["--role", "Ann=therapist", "--role", "Bo=client"]
    done = run("convert", "talk", *roles, "--to", "xlsx", "--out", "to-code", cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert Path(workplace / "to-code" / "transcripts.xlsx").exists()
    done = run("convert", "to-code/transcripts.xlsx", "--to", "jsonl", "--out", "again", cwd=workplace)
    assert done.returncode == 0, done.stderr
    first = json.loads((workplace / "again" / "utterances.jsonl").read_text("utf-8").splitlines()[0])
    assert (first["session_id"], first["speaker"], first["speaker_role"], first["empathy"]) == (
        "one", "Ann", "therapist", None
    )  # fmt: skip


@pytest.mark.parametrize("file_format", ["eaf", "qdpx", "label-studio", "doccano"])
def test_a_file_that_comes_back_under_another_codebook_gives_no_false_zeros(workplace, file_format):
    path = came_back(workplace / f"other-{file_format}", file_format, [coded(TALK)])
    (workplace / "own.toml").write_text(OWN, "utf-8")
    words = ["convert", path, "--to", "ratings", "--coder", "ana", "--out", "none", "--codebook", "own.toml"]
    done = run(*words, cwd=workplace)
    assert done.returncode == 1
    assert "session S1: knows no marker of the codebook; give the one that it was written with" in done.stderr


def test_a_marker_that_the_file_was_not_made_for_is_not_coded(workplace):
    path = came_back(workplace / "fewer", "eaf", [coded(TALK)])
    own = (OWN + OWN[OWN.index("[[") :]).replace("humour", "empathy", 1)
    (workplace / "own.toml").write_text(own, "utf-8")
    words = ["convert", path, "--to", "ratings", "--coder", "ana", "--out", "fewer-ratings", "--codebook", "own.toml"]
    done = run(*words, cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert "session S1: was not made for humour; counts as not coded" in done.stderr
    assert "tier 'repair@T': no marker of the codebook" in done.stderr
    ratings = (workplace / "fewer-ratings" / "ratings.csv").read_text("utf-8").splitlines()[1:]
    assert ratings == ["S1,1,ana,empathy,0", "S1,3,ana,empathy,1"]


def test_tag_writes_excel(workplace):
    done = run("tag", "--demo", "--as", "xlsx", "--out", "excel", "--quiet", cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert run("report", "excel", cwd=workplace).returncode == 0
    done = run("convert", "excel", "--to", "csv", "--out", "from-excel", cwd=workplace)
    assert done.stdout.startswith("3 sessions, 195 utterances"), done.stderr
