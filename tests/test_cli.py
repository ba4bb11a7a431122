"""The program as it is run: one process a call, real files, what it prints and leaves behind."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest

from alliance_nlp.shipped import default_model

ROOT = Path(__file__).parents[1]
FILES = ["episodes.csv", "failures.csv", "run.json", "sessions.csv", "utterances.csv"]
MARKERS = ["empathy", "validation", "self_disclosure", "rupture", "repair"]
HEADER = ["session_id", "utterance_id", "start", "end", "speaker", "speaker_role", "text"]
HEADER += [name for marker in MARKERS for name in (f"p_{marker}", marker)]
GOOD = "T: It sounds like that was a hard week.\nC: No. You do not listen to me.\nMother: He is right.\n"
SPOKEN = "wintergreen"
"""A word that is said in every bad transcript, and must be repeated nowhere."""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
AS_ROOT = os.geteuid() == 0


def command(*arguments):
    return [sys.executable, "-m", "alliance_nlp", *map(str, arguments)]


def run(*arguments, cwd=None, **options):
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        **options,
    )


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def work(tmp_path):
    """A folder with one good transcript, `in/good.txt`."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(GOOD, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """A run over one good transcript."""
    work = tmp_path_factory.mktemp("tagged")
    (work / "good.txt").write_text(GOOD, "utf-8")
    done = run("tag", "good.txt", "--out", "results", cwd=work)
    assert done.returncode == 0, done.stderr
    return work / "results", done


# What is written


def test_five_files_are_written(tagged):
    assert listing(tagged[0]) == FILES


def test_only_results_are_left_behind(tagged):
    assert listing(tagged[0].parent) == ["good.txt", "results"]


def test_the_columns_are_those_of_the_contract(tagged):
    assert (tagged[0] / "utterances.csv").read_text("utf-8").splitlines()[0].split(",") == HEADER


def test_utterances_keep_their_order_and_words(tagged):
    cells = [tuple(row.values())[1:7] for row in rows(tagged[0] / "utterances.csv")]
    assert cells == [
        ("1", "", "", "T", "therapist", "It sounds like that was a hard week."),
        ("2", "", "", "C", "client", "No. You do not listen to me."),
        ("3", "", "", "Mother", "other", "He is right."),
    ]


@pytest.mark.parametrize(
    ("place", "coded"), [(0, {"empathy", "validation", "self_disclosure", "repair"}), (1, {"rupture"}), (2, set())]
)
def test_cells_of_markers_of_another_role_are_empty(tagged, place, coded):
    row = rows(tagged[0] / "utterances.csv")[place]
    assert {marker for marker in MARKERS if row[f"p_{marker}"] and row[marker]} == coded
    assert {marker for marker in MARKERS if row[f"p_{marker}"] or row[marker]} == coded


def test_tags_are_0_or_1_and_probabilities_between(tagged):
    row = rows(tagged[0] / "utterances.csv")[0]
    assert (row["empathy"] in {"0", "1"}, 0 <= float(row["p_empathy"]) <= 1) == (True, True)


def test_the_table_of_sessions_is_printed(tagged):
    assert "good" in tagged[1].stdout


def test_a_run_without_failures_has_none_in_its_table(tagged):
    assert rows(tagged[0] / "failures.csv") == []


def test_the_run_is_described_with_the_digest_of_each_input(tagged):
    described = json.loads((tagged[0] / "run.json").read_text("utf-8"))
    assert (described["counts"]["utterances"], len(described["inputs"][0]["sha256"])) == (3, 64)


def test_explain_adds_a_column_per_marker(work):
    run("tag", "in", "--out", "results", "--explain", cwd=work)
    first = rows(work / "results" / "utterances.csv")[0]
    assert (list(first), bool(first["why_empathy"])) == ([*HEADER, *(f"why_{marker}" for marker in MARKERS)], True)


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_other_formats_hold_the_same(work, tagged, file_format):
    run("tag", "in", "--out", "results", "--as", file_format, cwd=work)
    path = work / "results" / f"utterances.{file_format}"
    if file_format == "parquet":
        read = pyarrow.parquet.read_table(path).to_pylist()
    else:
        read = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    as_csv = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in read]
    assert as_csv == rows(tagged[0] / "utterances.csv")


def test_json_is_printed_alone(work):
    done = run("tag", "in", "--out", "results", "--json", cwd=work)
    assert (json.loads(done.stdout)["counts"]["sessions"], json.loads(done.stdout)["out"]) == (1, "results")


def test_quiet_prints_nothing(work):
    (work / "in" / "README").write_text("Not a transcript.")
    done = run("tag", "in", "--out", "results", "--quiet", cwd=work)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_files_that_are_no_transcripts_are_told(work):
    (work / "in" / "README").write_text("Not a transcript.")
    assert "Passed over 1 files" in run("tag", "in", "--out", "results", cwd=work).stderr


def test_the_demo_is_tagged(work):
    run("tag", "--demo", "--out", "results", cwd=work)
    assert len(rows(work / "results" / "sessions.csv")) == 3


# Bad inputs: the others are tagged, and the message says what to do


def bytes_of(content):
    return lambda path: path.write_bytes(content)


def link_to(target):
    return lambda path: path.symlink_to(target)


def locked(path):
    path.write_text(f"T: {SPOKEN}\n")
    path.chmod(0)


BAD_INPUTS = [
    # id, name of the file, how to make it, place, part of the reason
    ("empty", "bad.txt", bytes_of(b""), "", "the file is empty"),
    ("only headers", "bad.csv", bytes_of(b"speaker,text\n"), "", "headers but no rows"),
    ("no labels", "bad.txt", bytes_of(f"{SPOKEN} and\n{SPOKEN}\n".encode()), "", "no speaker labels found"),
    ("unknown speaker", "bad.txt", bytes_of(f"T: Well.\nZed: {SPOKEN}\n".encode()), "line 2", '--role "Zed=ROLE"'),
    ("binary", "bad.txt", bytes_of(PNG), "", "not a text file"),
    ("half a surrogate pair", "bad.txt", bytes_of(f"T: {SPOKEN} \ud83d\n".encode("utf-16", "surrogatepass")),
     "line 1", "surrogate pair"),
    ("half a surrogate pair in an id", "bad.jsonl",
     bytes_of(rb'{"session_id": "\ud83d", "speaker": "T", "text": "wintergreen"}'), "line 1", "surrogate pair"),
    ("5 MB line", "bad.txt", bytes_of(b"T: " + f"{SPOKEN} ".encode() * 420_000), "line 1", "one utterance of 5,0"),
    ("5 MB line in a table", "bad.csv", bytes_of(b"speaker,text\nT," + f"{SPOKEN} ".encode() * 420_000),
     "line 2", "a cell of more than 1,000,000 characters"),
    ("doubled ids", "bad.csv", bytes_of(f"utterance_id,speaker,text\n1,T,{SPOKEN}\n1,C,{SPOKEN}\n".encode()),
     "line 3", "utterance_id '1' is already on line 2"),
    ("missing column", "bad.csv", bytes_of(f"speaker,utterance\nT,{SPOKEN}\n".encode()), "line 1", "'utterance'"),
    ("no headers", "bad.csv", bytes_of(f"T,{SPOKEN}\n".encode()), "line 1", "no column 'text'"),
    ("words for speakers", "bad.csv", bytes_of(f"speaker,text\nso I said {SPOKEN} to him and off I went,T\n".encode()),
     "line 2", ""),
    ("link to nowhere", "bad.txt", link_to("nowhere"), "", "cannot be read"),
    ("error while reading", "bad.txt", link_to("/proc/self/mem"), "", "cannot be read"),
    ("no permission", "bad.txt", locked, "", "cannot be read"),
]  # fmt: skip


class BadInput:
    """What became of a run over a good and a bad transcript."""

    def __init__(self, work, name, make, place, reason):
        (work / "in").mkdir()
        (work / "in" / "good.txt").write_text(GOOD, "utf-8")
        make(work / "in" / name)
        self.file, self.place, self.reason = f"in/{name}", place, reason
        self.run = run("tag", "in", "--out", "results", cwd=work)
        self.results = work / "results"


@pytest.fixture(scope="module", params=BAD_INPUTS, ids=lambda bad: bad[0])
def bad(request, tmp_path_factory):
    about, *rest = request.param
    if about == "error while reading" and not Path("/proc/self/mem").exists():
        pytest.skip("needs Linux")
    bad = BadInput(tmp_path_factory.mktemp("bad"), *rest)
    if about == "no permission" and bad.run.returncode == 0 and AS_ROOT:
        pytest.skip("root may read every file")
    return bad


def test_a_bad_input_makes_exit_code_3(bad):
    assert bad.run.returncode == 3


def test_the_session_beside_a_bad_input_is_tagged(bad):
    assert [row["session_id"] for row in rows(bad.results / "sessions.csv")] == ["good"]


def test_a_bad_input_is_in_the_table_of_failures(bad):
    (failure,) = rows(bad.results / "failures.csv")
    assert (failure["file"], failure["place"], bad.reason in failure["reason"]) == (bad.file, bad.place, True)


def test_a_bad_input_is_no_fault_of_the_program(bad):
    (failure,) = rows(bad.results / "failures.csv")
    assert "please report" not in failure["reason"]


def test_the_message_on_a_bad_input_is_printed(bad):
    assert (bad.file in bad.run.stderr, bad.reason in bad.run.stderr) == (True, True)


def test_the_message_on_a_bad_input_is_short(bad):
    assert len(bad.run.stderr) < 1000


def test_a_bad_input_shows_no_traceback(bad):
    assert "Traceback" not in bad.run.stderr


def test_words_of_a_bad_input_are_not_repeated(bad):
    assert SPOKEN not in bad.run.stderr + (bad.results / "failures.csv").read_text("utf-8")


def test_an_unknown_speaker_is_settled_as_the_message_says(work):
    (work / "in" / "bad.txt").write_text("Zed: Hello.\nC: Yes.\n")
    run("tag", "in", "--out", "results", "--role", "Zed=therapist", cwd=work)
    assert [row["session_id"] for row in rows(work / "results" / "sessions.csv")] == ["bad", "good"]


@pytest.mark.parametrize("command", [("tag",), ("convert", "--to", "csv")], ids=["tag", "convert"])
def test_a_role_given_for_nobody_is_told_once(work, command):
    done = run(*command, "in", "--out", "results", "--role", "Nobody=client", "--role", "T=therapist", cwd=work)
    notes = [line for line in done.stderr.splitlines() if "given with --role" in line]
    assert (done.returncode, notes) == (0, ["Note: no speaker is called 'Nobody' (given with --role)"])


def test_roles_do_not_matter_to_screen(work):
    assert "no speaker" not in run("screen", "in", "--role", "Nobody=client", cwd=work).stderr


def test_sessions_with_lines_of_one_role_only_are_told(work):
    done = run("tag", "in", "--out", "results", "--role", "T=client", cwd=work)
    assert "Note: no line of a therapist in 1 of 1 sessions, such as good: check --role" in done.stderr
    assert "no line of a client" not in done.stderr


def test_a_session_in_another_language_is_told_and_noted(work):
    german = "T: Wie war die Woche für Sie?\nC: Na ja, es ging so, ich war abends immer sehr müde.\n"
    (work / "in" / "woche.txt").write_text(german * 4, "utf-8")
    done = run("tag", "in", "--out", "results", cwd=work)
    [note] = [line for line in done.stderr.splitlines() if "in its language" in line]
    assert note.startswith("Note: the model knows few of the words in 1 of 2 sessions, such as woche (")
    assert note.removeprefix("Note: ") in json.loads((work / "results" / "run.json").read_text("utf-8"))["notes"]


def test_a_file_that_is_there_twice_is_told(work):
    for name in ("again.txt", "empty.txt", "void.txt"):
        (work / "in" / name).write_text(GOOD if name == "again.txt" else "", "utf-8")
    done = run("tag", "in", "--out", "results", cwd=work)
    assert [line for line in done.stderr.splitlines() if "both are counted" in line] == [
        "Note: in/good.txt holds the same as in/again.txt; both are counted"
    ]


def test_the_message_on_an_unknown_speaker_cannot_be_pasted_as_it_is(work):
    (work / "in" / "bad.txt").write_text("Zed: Hello.\nAnn: Yes.\n")
    pasted = run("tag", "in", "--out", "results", "--role", "Zed=ROLE", "--role", "Ann=ROLE", cwd=work)
    assert (pasted.returncode, "ROLE is therapist, client or other" in pasted.stderr) == (2, True)


def test_a_file_name_that_is_no_unicode_is_tagged_or_reported(work):
    (work / os.fsdecode(b"in/\xff.txt")).write_text(GOOD)
    done = run("tag", "in", "--out", "results", cwd=work)
    assert (done.returncode in {0, 3}, listing(work / "results")) == (True, FILES)


def test_a_carriage_return_in_a_text_leaves_the_table_whole(work):
    (work / "in" / "mac.jsonl").write_text(json.dumps({"speaker": "C", "text": "one\rtwo"}))
    run("tag", "in", "--out", "results", cwd=work)
    assert rows(work / "results" / "utterances.csv")[-1]["text"] == "one\rtwo"


# Where nothing is written


def test_only_bad_inputs_make_exit_code_1_and_no_folder(work):
    (work / "in" / "good.txt").write_text("")
    done = run("tag", "in", "--out", "results", cwd=work)
    assert (done.returncode, "nothing was written" in done.stderr, listing(work)) == (1, True, ["in"])


def test_a_folder_without_transcripts_makes_exit_code_2(work):
    (work / "in" / "good.txt").rename(work / "in" / "good.mp3")
    done = run("tag", "in", "--out", "results", cwd=work)
    assert (done.returncode, "no transcript found in in" in done.stderr, listing(work)) == (2, True, ["in"])


def test_a_place_where_nobody_may_write_makes_exit_code_1(work):
    place = Path("/proc")
    if not AS_ROOT:
        place = work / "locked"
        place.mkdir(0o500)
    done = run("tag", "in", "--out", place / "results", cwd=work)
    assert (done.returncode, "cannot be written" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_folder_that_is_there_is_refused(work):
    shutil.copytree(work / "in", work / "results")
    done = run("tag", "in", "--out", "results", cwd=work)
    assert (done.returncode, "already exists" in done.stderr, listing(work / "results")) == (1, True, ["good.txt"])


def test_overwrite_replaces_earlier_results(work, tagged):
    shutil.copytree(tagged[0], work / "results")
    (work / "results" / "utterances.csv").write_text("earlier")
    done = run("tag", "in", "--out", "results", "--overwrite", cwd=work)
    assert (done.returncode, (work / "results" / "utterances.csv").read_text()[:10]) == (0, "session_id")


def test_overwrite_leaves_files_of_other_origin_alone(work):
    shutil.copytree(work / "in", work / "results")
    done = run("tag", "in", "--out", "results", "--overwrite", cwd=work)
    assert (done.returncode, "good.txt" in done.stderr, listing(work / "results")) == (1, True, ["good.txt"])


def test_earlier_results_in_the_folder_of_transcripts_are_not_tagged(work, tagged):
    shutil.copytree(tagged[0], work / "in" / "results")
    run("tag", "in", "--out", "in/results", "--overwrite", cwd=work)
    assert len(rows(work / "in" / "results" / "sessions.csv")) == 1


# Wrong usage


@pytest.mark.parametrize(
    "arguments",
    [
        ("tag", "in"),
        ("tag", "--out", "results"),
        ("tag", "in", "--demo", "--out", "results"),
        ("tag", "gone", "--out", "results"),
        ("tag", "in", "--out", "results", "--jobs", "0"),
        ("tag", "in", "--out", "results", "--jobs", "-2"),
        ("tag", "in", "--out", "results", "--as", "xml"),
        ("tag", "in", "--out", "results", "--role", "Zed"),
        ("tag", "in", "--out", "results", "--role", "Zed=boss"),
        ("tag", "in", "--out", "results", "--pipeline", "blank:nowhere"),
        ("tag", "in", "--out", "results", "--colour"),
        ("codebook", "show", "sympathy"),
        ("codebook", "show", "--file", "a", "--model", "b"),
        ("paint",),
    ],
    ids=" ".join,
)
def test_wrong_usage_makes_exit_code_2_and_a_message_alone(work, arguments):
    done = run(*arguments, cwd=work)
    assert (done.returncode, done.stdout, "Error: " in done.stderr, "Traceback" in done.stderr) == (2, "", True, False)
    assert listing(work) == ["in"]


def test_debug_shows_a_traceback_where_something_fails(work):
    done = run("tag", "gone", "--out", "results", "--debug", cwd=work)
    assert (done.returncode, "Traceback" in done.stderr) == (2, True)


# The other commands


@pytest.mark.parametrize("launcher", [["-m", "alliance_nlp"], [str(ROOT / "cli.py")]], ids=["module", "cli.py"])
def test_help_lists_the_commands(tmp_path, launcher):
    done = subprocess.run(
        [sys.executable, *launcher, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in ("tag", "train", "codebook", "model"))


def test_the_version_is_printed():
    assert run("--version").stdout.startswith("alliance-nlp, version ")


def test_codebook_init_writes_an_example_that_check_finds_nothing_wrong_with(tmp_path):
    file = tmp_path / "mine.toml"
    assert "codebook check" in run("codebook", "init", file).stdout
    checked = run("codebook", "check", file)
    assert (checked.returncode, checked.stdout) == (
        0,
        "example 0.1: self_disclosure, therapist_behaviour (question, reflection, other_behaviour), "
        "change_strength (no_change_talk, weak_change_talk, strong_change_talk); no mistakes\n",
    )


def test_codebook_init_leaves_a_file_that_is_there(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("mine", "utf-8")
    done = run("codebook", "init", file)
    assert (done.returncode, file.read_text("utf-8")) == (1, "mine")
    assert "is there already" in done.stderr


def test_codebook_check_lists_every_mistake_and_fails(tmp_path):
    file = tmp_path / "mine.toml"
    run("codebook", "init", file)
    file.write_text(
        file.read_text("utf-8").replace('"therapist"', '"doctor"').replace('"client"', '"patient"'), "utf-8"
    )
    done = run("codebook", "check", file)
    assert done.returncode == 1
    assert done.stderr.count("it must be therapist, client or other") == 3
    assert "line 19" in done.stderr


def test_codebook_check_without_a_file_checks_the_shipped_codebook():
    assert run("codebook", "check").stdout.endswith("; no mistakes\n")


def test_codebook_show_prints_every_marker():
    shown = run("codebook", "show").stdout
    assert all(f"\n{marker} (coded on the " in shown for marker in MARKERS)


def test_codebook_show_prints_one_marker_as_json():
    assert [
        marker["name"] for marker in json.loads(run("codebook", "show", "empathy", "--json").stdout)["markers"]
    ] == ["empathy"]


def test_codebook_show_of_a_marker_leaves_the_others_out():
    shown = run("codebook", "show", "empathy").stdout
    assert [marker for marker in MARKERS if f"\n{marker} (coded on the " in shown] == ["empathy"]


def test_codebook_show_prints_that_of_a_model():
    shown = run("codebook", "show", "--model", default_model(), "--json").stdout
    assert shown == run("codebook", "show", "--file", default_model() / "codebook.toml", "--json").stdout


def test_model_show_prints_the_card_and_digest():
    digest = json.loads((default_model() / "bundle.json").read_text("utf-8"))["digest"]
    assert f"SHA-256 {digest}" in run("model", "show").stdout


def test_model_show_prints_json():
    assert list(json.loads(run("model", "show", "--json").stdout)["thresholds"]) == MARKERS


def test_model_verify_finds_the_shipped_model_whole():
    done = run("model", "verify")
    assert (done.returncode, "whole and unchanged" in done.stdout) == (0, True)


@pytest.fixture
def damaged(tmp_path):
    """A copy of the shipped model in which one bit is another."""
    model = shutil.copytree(default_model(), tmp_path / "model")
    content = bytearray((model / "weights.npy").read_bytes())
    content[-1] ^= 1
    (model / "weights.npy").write_bytes(content)
    return model


@pytest.mark.parametrize("arguments", [("verify",), ("show",)], ids=" ".join)
def test_a_damaged_model_makes_exit_code_5(damaged, arguments):
    done = run("model", *arguments, damaged)
    assert (done.returncode, "weights.npy" in done.stderr, "Traceback" in done.stderr) == (5, True, False)


def test_nothing_is_tagged_with_a_damaged_model(work, damaged):
    done = run("tag", "in", "--out", "results", "--model", damaged, cwd=work)
    assert (done.returncode, "weights.npy" in done.stderr, (work / "results").exists()) == (5, True, False)


def test_a_model_that_is_not_there_makes_exit_code_5(work):
    done = run("tag", "in", "--out", "results", "--model", "gone", cwd=work)
    assert (done.returncode, "no such model folder" in done.stderr) == (5, True)


# Surroundings


def test_a_reader_of_the_output_that_goes_away_is_no_error():
    with subprocess.Popen(command("codebook", "show"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_a_closed_output_does_not_hinder_a_quiet_run(work):
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command("tag", "in", "--out", "results", "--quiet")]
    done = subprocess.run(closed, cwd=work, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_behind_the_output_is_no_fault_of_the_program():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command("codebook", "show"), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "fault of the program" in done.stderr) == (1, False)


@pytest.mark.parametrize("session_id", ["[/]S1", "S1\x1b[2J"], ids=repr)
def test_a_strange_session_id_is_printed_as_plain_text(work, session_id):
    (work / "in" / "good.txt").unlink()
    (work / "in" / "many.jsonl").write_text(json.dumps({"session_id": session_id, "speaker": "T", "text": "Hello."}))
    done = run("tag", "in", "--out", "results", cwd=work)
    assert (done.returncode, "\x1b" in done.stdout, session_id[:1] in done.stdout) == (0, False, True)


@pytest.mark.parametrize(
    ("encoding", "arguments"),
    [
        ("ascii", ("tag", "in", "--out", "results")),
        ("ascii", ("codebook", "show")),
        ("ascii", ("model", "show")),
        ("cp1252", ("model", "show")),
    ],
    ids=["ascii tag", "ascii codebook", "ascii model", "cp1252 model"],
)
def test_output_that_cannot_show_every_letter_does_no_harm(work, encoding, arguments):
    done = run(
        *arguments, cwd=work, env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}, errors="replace"
    )
    assert (done.returncode, "Error" in done.stderr) == (0, False)


# Large inputs, and stopping them


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Two hundred thousand utterances: one session (`one.txt`), or many (`many.csv`)."""
    work = tmp_path_factory.mktemp("large")
    words = [
        "I",
        "you",
        "we",
        "feel",
        "the",
        "so",
        "and",
        "was",
        "week",
        "sad",
        "know",
        "okay",
        "yeah",
        "sounds",
        "like",
    ]
    texts = [" ".join(words[number * step % 15] for step in range(1, 3 + number % 9)) for number in range(200_000)]
    speakers = ["T", "C"] * 100_000
    with (work / "one.txt").open("w", encoding="utf-8") as file:
        file.writelines(f"{speaker}: {text}\n" for speaker, text in zip(speakers, texts, strict=True))
    with (work / "many.csv").open("w", encoding="utf-8") as file:
        file.write("session_id,speaker,text\n")
        file.writelines(f"S{n // 100},{speakers[n]},{text}\n" for n, text in enumerate(texts))
    return work


def test_200_000_utterances_in_one_session_are_tagged(large, tmp_path):
    done = run("tag", large / "one.txt", "--out", tmp_path / "results", "--quiet")
    with (tmp_path / "results" / "utterances.csv").open("rb") as file:
        assert (done.returncode, sum(1 for _ in file)) == (0, 200_001)


class Stopped:
    """What became of a run that was stopped while it wrote."""

    def __init__(self, work, transcripts, how, jobs):
        process = subprocess.Popen(
            command("tag", transcripts, "--out", "results", "--jobs", jobs), cwd=work, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            give_up = time.monotonic() + 60
            while not any(path.stat().st_size > 10_000 for path in work.glob(".*/utterances.csv")):
                assert process.poll() is None and time.monotonic() < give_up
                time.sleep(0.02)
            if how == signal.SIGINT:
                os.killpg(process.pid, how)  # As a terminal does: to the workers too.
            else:
                process.send_signal(how)
            self.stdout, self.stderr = process.communicate(timeout=30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        self.code, self.left = process.returncode, listing(work)


@pytest.fixture(scope="module", params=["1 job", "2 jobs"])
def jobs(request):
    return request.param[0]


@pytest.fixture(scope="module", params=[signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def stopped(request, jobs, large, tmp_path_factory):
    return Stopped(tmp_path_factory.mktemp("stopped"), large / "many.csv", request.param, jobs)


def test_a_run_that_is_stopped_makes_exit_code_130(stopped):
    assert stopped.code == 130


def test_a_run_that_is_stopped_leaves_nothing_behind(stopped):
    assert stopped.left == []


def test_a_run_that_is_stopped_says_so_and_no_more(stopped):
    # On a busy machine it may have told before how far it is, as it does every ten seconds.
    *before, last = stopped.stderr.splitlines()
    assert (last, stopped.stdout) == ("Stopped. Nothing was written.", "")
    assert all(re.match(r"\d+% of the input: ", line) for line in before)
