"""Commands agreement and consensus, and train on ratings, as they are run: one process a call."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance"
MARKERS = ["empathy", "validation", "self_disclosure", "rupture", "repair"]
HEADER = "session_id,utterance_id,coder,marker,value\n"
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


@pytest.fixture
def study(tmp_path):
    """Three coders' tables of one session each line of which was coded, and the transcript."""
    said = [("T", f"Welcome {SPOKEN}."), ("C", "Hm."), ("T", "That was hard."), ("C", "No."), ("T", "I see.")]
    lines = "".join(f"{speaker}: {text}\n" for speaker, text in said)
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "monday.txt").write_text(lines, "utf-8")
    codes = {"ana": "0-1-0", "ben": "0-1-1", "cleo": "0-0-1"}
    for coder, given in codes.items():
        table = ["session_id,utterance_id,speaker,text,empathy,rupture"]
        for number, (speaker, text) in enumerate(said, 1):
            empathy, rupture = (given[number - 1], "") if speaker == "T" else ("", "1" if number == 4 else "0")
            table.append(f"monday,{number},{speaker},{text},{empathy},{rupture}")
        (tmp_path / f"{coder}.csv").write_text("\n".join(table) + "\n", "utf-8")
    return tmp_path


THREE = ("ana=ana.csv", "ben=ben.csv", "cleo=cleo.csv")


# agreement


@pytest.fixture(scope="module")
def corpus_agreement(excerpt, tmp_path_factory):
    work = tmp_path_factory.mktemp("agreement")
    done = run("agreement", excerpt / "ratings.csv", "--json", "--csv", work / "figures.csv", "--disagreements",
               work / "sheet.csv", "--transcripts", CORPUS / "demo.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return work, done


def test_json_holds_every_marker_and_figure(corpus_agreement, excerpt):
    found = json.loads(corpus_agreement[1].stdout)
    assert found["coders"] == ["A", "B"]
    assert [item["marker"] for item in found["markers"]] == MARKERS
    kappa = found["markers"][3]["figures"]["cohen_kappa"]
    given = {"A": {}, "B": {}, "consensus": {}}
    for row in rows(excerpt / "ratings.csv"):
        if row["marker"] == "rupture":
            given[row["coder"]][row["session_id"], row["utterance_id"]] = row["value"]
    by_a, by_b = given["A"], given["B"]
    assert kappa["value"] == pytest.approx(
        cohen_kappa_score([by_a[unit] for unit in by_b], list(by_b.values())), abs=5e-5
    )
    assert kappa["low"] < kappa["value"] < kappa["high"]


def test_csv_holds_the_same_figures_as_json(corpus_agreement):
    work, done = corpus_agreement
    from_json = {
        (item["marker"], name): figure["value"]
        for item in json.loads(done.stdout)["markers"]
        for name, figure in item["figures"].items()
    }
    from_csv = {(row["marker"], row["figure"]): float(row["value"]) for row in rows(work / "figures.csv")}
    assert from_csv == from_json
    assert {row["coders"] for row in rows(work / "figures.csv")} == {"A, B"}


def test_the_sheet_lists_what_the_coders_differ_on_and_what_has_no_transcript_is_told(corpus_agreement):
    work, done = corpus_agreement
    listed = rows(work / "sheet.csv")
    assert all(row["code_A"] != row["code_B"] for row in listed)
    found = {item["marker"]: item for item in json.loads(done.stdout)["markers"]}
    differing = sum(item["utterances"] - sum(item["together"].values()) for item in found.values())
    assert len(listed) == differing
    assert f"({differing:,} rows)" in done.stderr
    assert "No transcript of" in done.stderr
    assert "Left out: the coder consensus" in done.stderr


def test_the_same_call_gives_the_same_bytes(corpus_agreement, excerpt, tmp_path):
    work, done = corpus_agreement
    again = run("agreement", excerpt / "ratings.csv", "--json", "--csv", tmp_path / "figures.csv")
    assert again.stdout == done.stdout
    assert (tmp_path / "figures.csv").read_bytes() == (work / "figures.csv").read_bytes()


def test_columns_of_other_names_are_named_and_without_that_no_coder_meets_another(study):
    for coder in ("ana", "ben"):
        path = study / f"{coder}.csv"
        renamed = path.read_text("utf-8").replace("session_id,utterance_id,speaker", "Session,Turn,Who")
        (study / f"{coder}-own.csv").write_text(renamed, "utf-8")
    two = ("ana=ana-own.csv", "ben=ben-own.csv")
    blind = run("agreement", *two, cwd=study)
    assert blind.returncode == 1
    assert "no utterance was coded by two of the coders; the first of ana session 'ana-own', utterance" in blind.stderr
    assert "--columns session_id=COLUMN" in blind.stderr
    named = run("agreement", *two, "--columns", "session_id=Session,utterance_id=Turn,speaker=Who", "--json", cwd=study)
    plain = run("agreement", "ana=ana.csv", "ben=ben.csv", "--json", cwd=study)
    assert named.returncode == 0, named.stderr
    assert named.stdout == plain.stdout


def test_how_much_each_coder_coded_is_told_where_it_differs(study):
    table = (study / "ben.csv").read_text("utf-8")
    (study / "ben.csv").write_text(table.replace("monday", "tuesday") + table.split("\n", 1)[1], "utf-8")
    done = run("agreement", "ana=ana.csv", "ben=ben.csv", cwd=study)
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert "ana coded 5 utterances of 1 of 2 sessions; nothing of tuesday." in told
    assert "ben coded 10 utterances of 2 of 2 sessions." in told
    coded = json.loads(run("agreement", "ana=ana.csv", "ben=ben.csv", "--json", cwd=study).stdout)["coded"]
    assert coded == {"ana": {"utterances": 5, "sessions": 1}, "ben": {"utterances": 10, "sessions": 2}}
    alike = run("agreement", "ana=ana.csv", "cleo=cleo.csv", cwd=study)
    assert "nothing of" not in alike.stdout and " coded 5" not in alike.stdout


def test_three_coders_are_compared_together_and_two_by_two(study):
    done = run("agreement", *THREE, cwd=study)
    assert done.returncode == 0, done.stderr
    assert "Coders ana, ben, cleo" in done.stdout
    assert "Two by two" in done.stdout
    assert "ana, cleo" in done.stdout
    assert "one session only: no interval" in done.stdout
    assert SPOKEN not in done.stdout + done.stderr


def test_what_was_said_stands_in_the_sheet(study):
    done = run("agreement", *THREE, "--disagreements", "sheet.csv", "--transcripts", "talks", "-q", cwd=study)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    first, second = rows(study / "sheet.csv")
    assert (first["utterance_id"], first["text"]) == ("3", "That was hard.")
    assert first["context"] == f"T: Welcome {SPOKEN}.\nC: Hm."
    assert [second[f"code_{coder}"] for coder in ("ana", "ben", "cleo")] == ["0", "1", "1"]


def test_levels_can_be_words(tmp_path):
    text = HEADER + "".join(
        f"s{n},1,{coder},depth,{value}\n" for n in range(12) for coder, value in (("a", "low"), ("b", "mid"))
    )
    (tmp_path / "r.csv").write_text(text.replace("s3,1,b,depth,mid", "s3,1,b,depth,high"), "utf-8")
    done = run("agreement", "r.csv", "--scale", "ordinal", "--levels", "low,mid,high", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    [depth] = json.loads(done.stdout)["markers"]
    assert depth["levels"] == ["low", "mid", "high"]
    assert depth["figures"]["gwet_ac2_linear"]["value"] is not None


def test_a_marker_that_cannot_be_compared_does_not_stop_the_others(tmp_path):
    (tmp_path / "r.csv").write_text(HEADER + "s,1,a,n,1\ns,1,b,n,2\ns,1,a,w,x\ns,1,b,w,y\n", "utf-8")
    done = run("agreement", "r.csv", "--scale", "interval", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert "Left out: w: its values are words" in done.stderr
    assert [item["marker"] for item in json.loads(done.stdout)["markers"]] == ["n"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("ana.csv",), 1, "say whose codes they are: NAME=ana.csv"),
        (("nowhere.csv",), 2, "no such file or folder"),
        ((*THREE, "--coders", "ana,dora"), 2, "no ratings of a coder 'dora'"),
        ((*THREE, "--transcripts", "talks"), 2, "add --disagreements FILE"),
        ((*THREE, "--csv", "ana.csv"), 1, "ana.csv: already exists"),
    ],
)
def test_wrong_calls_are_told_in_one_line(study, arguments, code, message):
    done = run("agreement", *arguments, cwd=study)
    assert done.returncode == code
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_unreadable_transcript_is_listed_and_the_sheet_made(study):
    (study / "talks" / "bad.csv").write_text("speaker,words\nT,x\n", "utf-8")
    done = run("agreement", *THREE, "--disagreements", "sheet.csv", "--transcripts", "talks", cwd=study)
    assert done.returncode == 3
    assert "Left out: " in done.stderr
    assert "bad.csv" in done.stderr
    assert len(rows(study / "sheet.csv")) == 2


def filled_in(study, decided="1"):
    """The meeting's sheet on the line that ana and ben differ on."""
    run("agreement", *THREE[:2], "--disagreements", "sheet.csv", "-q", cwd=study)
    text = (study / "sheet.csv").read_text("utf-8")
    (study / "sheet.csv").write_text(text.replace("0,1,,", f"0,1,{decided},as he names it"), "utf-8")
    return "sheet.csv"


def test_who_decided_at_the_meeting_is_no_coder_unless_named(study):
    before = run("agreement", *THREE[:2], "--json", cwd=study)
    sheet = filled_in(study)
    done = run("agreement", *THREE[:2], sheet, "--json", cwd=study)
    assert (done.returncode, done.stdout) == (0, before.stdout)
    assert "Left out: the coder adjudicator, who is no coder of their own; name it in --coders" in done.stderr
    named = run("agreement", *THREE[:2], sheet, "--coders", "ana,adjudicator", "--json", cwd=study)
    assert (json.loads(named.stdout)["coders"], named.stderr) == (["ana", "adjudicator"], "")


# consensus


def test_majority_writes_a_ratings_table_that_is_read_back(study):
    done = run("consensus", *THREE, "--out", "settled.csv", cwd=study)
    assert done.returncode == 0, done.stderr
    settled = {(row["utterance_id"], row["marker"]): row["value"] for row in rows(study / "settled.csv")}
    assert settled == {
        ("1", "empathy"): "0", ("3", "empathy"): "1", ("5", "empathy"): "1", ("2", "rupture"): "0",
        ("4", "rupture"): "1",
    }  # fmt: skip
    assert {row["coder"] for row in rows(study / "settled.csv")} == {"consensus"}
    with_coder = run("agreement", "ana=ana.csv", "settled.csv", "--coders", "ana,consensus", "--json", cwd=study)
    assert with_coder.returncode == 0, with_coder.stderr
    assert json.loads(with_coder.stdout)["coders"] == ["ana", "consensus"]


def test_a_meeting_settles_what_two_coders_left_open(study):
    two = THREE[:2]
    open_ = run("consensus", *two, "--out", "open.csv", cwd=study)
    assert "Left open counts as not coded" in open_.stdout
    assert [row["value"] for row in rows(study / "open.csv") if row["utterance_id"] == "5"] == [""]
    sheet = filled_in(study)
    unheard = run("consensus", *two, sheet, "--out", "unheard.csv", cwd=study)
    assert "Left out: the coder adjudicator" in unheard.stderr
    assert "to let it decide, add --adjudicator adjudicator" in unheard.stderr
    assert (study / "unheard.csv").read_bytes() == (study / "open.csv").read_bytes()
    done = run("consensus", *two, sheet, "--method", "adjudicator", "--adjudicator", "adjudicator",
               "--out", "settled.csv", cwd=study)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["value"] for row in rows(study / "settled.csv") if row["utterance_id"] == "5"] == ["1"]


def test_dawid_and_skene_gives_probabilities_and_errors(study):
    done = run("consensus", *THREE, "--method", "dawid-skene", "--out", "settled.jsonl", "--json", cwd=study)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (study / "settled.jsonl").read_text("utf-8").splitlines()]
    assert all(0.5 < line["probability"] <= 1 for line in lines if line["value"] != "")
    estimate = json.loads(done.stdout)["markers"][0]["dawid_skene"]
    assert set(estimate["confusion"]) == {"ana", "ben", "cleo"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((*THREE, "--out", "x.xlsx"), 2, "name a file that ends in .csv or .jsonl"),
        ((*THREE, "--out", "ana.csv"), 1, "add --overwrite"),
        ((*THREE, "--out", "x.csv", "--method", "adjudicator"), 2, "--adjudicator NAME"),
        ((*THREE[:2], "--out", "x.csv", "--method", "dawid-skene"), 1, "at least 3 coders"),
        ((*THREE, "--out", "x.csv", "--transcripts", "talks"), 1, "no ratings of validation"),
        ((*THREE, "--out", "x.csv", "--transcripts", "talks", "--marker", "rupture"), 2, "--marker does not go with"),
    ],
)
def test_wrong_calls_of_consensus_leave_nothing(study, arguments, code, message):
    before = (study / "ana.csv").read_bytes()
    done = run("consensus", *arguments, cwd=study)
    assert done.returncode == code
    assert message in done.stderr
    assert not list(study.glob("x.*"))
    assert (study / "ana.csv").read_bytes() == before


def test_settled_codes_and_transcripts_make_the_corpus_as_it_is_shipped(excerpt, tmp_path):
    """The demo part of the corpus, from its transcripts and ratings."""
    done = run("consensus", excerpt / "ratings.csv", "--method", "adjudicator", "--adjudicator", "consensus",
               "--transcripts", CORPUS / "demo.csv", "--out", tmp_path / "coded.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    shipped = [[row[name] for name in ("session_id", "utterance_id", *MARKERS)] for row in rows(CORPUS / "demo.csv")]
    made = [[row[name] for name in ("session_id", "utterance_id", *MARKERS)] for row in rows(tmp_path / "coded.csv")]
    assert made == shipped
    assert "Left out: the ratings of 36 sessions that have no transcript." in done.stderr


# train


@pytest.fixture(scope="module")
def dozen(excerpt, tmp_path_factory):
    """The first dozen sessions of the corpus: coded, and the same as transcripts with nobody's codes."""
    work = tmp_path_factory.mktemp("dozen")
    table = rows(excerpt / "train.csv")
    names = [name for name in table[0] if name not in MARKERS]
    for name, columns in (("coded.csv", list(table[0])), ("talk.csv", names)):
        with (work / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns, extrasaction="ignore")
            out.writeheader()
            out.writerows(table)
    return work


def test_training_on_ratings_is_training_on_what_they_settle_to(dozen, excerpt):
    plain = run("train", "coded.csv", "--penalty", "1.5", "--out", "plain", "--name", "m", cwd=dozen)
    settled = ("--ratings", excerpt / "ratings.csv", "--consensus", "adjudicator", "--adjudicator", "consensus")
    rated = run("train", "talk.csv", *settled, "--penalty", "1.5", "--out", "rated", "--name", "m", cwd=dozen)
    assert (plain.returncode, rated.returncode) == (0, 0), plain.stderr + rated.stderr
    assert (dozen / "rated" / "weights.npy").read_bytes() == (dozen / "plain" / "weights.npy").read_bytes()
    training = json.loads((dozen / "rated" / "training.json").read_text("utf-8"))
    consensus = training["corpus"]["consensus"]
    assert {name: consensus[name] for name in ("method", "coders", "adjudicated")} == {
        "method": "adjudicator", "coders": 2, "adjudicated": True
    }  # fmt: skip
    coded = rows(dozen / "coded.csv")
    assert consensus["rated"] == {name: sum(row[name] != "" for row in coded) for name in MARKERS}
    assert consensus["open"] == dict.fromkeys(MARKERS, 0)
    assert "Left open" not in rated.stderr
    card = (dozen / "rated" / "MODEL_CARD.md").read_text("utf-8")
    assert "ratings of 2 coders and an adjudicator, settled by the method adjudicator:\n\n- `ratings.csv`" in card


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("coded.csv", "--consensus", "majority"), 2, "give those with --ratings FILE"),
        (("talk.csv", "--ratings", "nowhere.csv"), 2, "no such file"),
        (("talk.csv", "--ratings", "coded.csv"), 1, "say whose codes they are"),
    ],
)
def test_wrong_calls_of_train_leave_no_model(dozen, arguments, code, message):
    done = run("train", *arguments, "--out", "none", cwd=dozen)
    assert done.returncode == code
    assert message in done.stderr
    assert not (dozen / "none").exists()
