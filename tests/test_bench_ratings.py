"""Agreement and consensus in a notebook come to what the commands come to."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from beside_commands import run, same
from made_sets import write_coders, write_corpus

from alliance_nlp import bench
from alliance_nlp.errors import RatingsError, UsageError
from alliance_nlp.ratings import NOT_CODED

DEMO = Path(__file__).parents[1] / "corpora" / "alliance" / "demo.csv"
CODERS = {"ana": 9, "ben": 11, "cleo": 14}
TALK = ["session_id", "utterance_id", "speaker", "text"]


@pytest.fixture(scope="module")
def tables():
    """A coded table of each of three coders who differ here and there."""
    demo = pd.read_csv(DEMO)
    found = {}
    for coder, every in CODERS.items():
        slips = (demo.index % every == 0) & (demo["empathy"] == 0)
        found[coder] = demo.assign(empathy=demo["empathy"].mask(slips, 1.0))
    return found


@pytest.fixture(scope="module")
def study(tables, tmp_path_factory):
    """The same as files, Excel among them, and what the commands make of them."""
    work = tmp_path_factory.mktemp("ratings")
    for coder in ("ana", "ben"):
        tables[coder].to_csv(work / f"{coder}.csv", index=False)
    tables["cleo"].to_excel(work / "cleo.xlsx", index=False)
    named = ("ana=ana.csv", "ben=ben.csv", "cleo=cleo.xlsx")
    printed = run("agreement", *named, "--json", "--csv", "figures.csv", "--disagreements", "sheet.csv",
                  "--transcripts", DEMO, cwd=work)  # fmt: skip
    settled = run("consensus", *named, "--method", "dawid-skene", "--transcripts", DEMO, "--out", "settled.csv",
                  "--json", cwd=work)  # fmt: skip
    return work, json.loads(printed), json.loads(settled)


def test_agreement_is_that_of_the_command(tables, study):
    work, printed, _ = study
    result = bench.agreement(tables, transcripts=pd.read_csv(DEMO)[TALK])
    assert json.loads(json.dumps(result.to_dict())) == printed
    same(result.figures, work / "figures.csv")
    same(result.disagreements, work / "sheet.csv")
    assert result.disagreements["text"].str.len().min() > 0


def test_who_decided_at_a_meeting_is_no_coder(tables, study):
    _, printed, _ = study
    decided = {**tables, "adjudicator": tables["ana"]}
    assert json.loads(json.dumps(bench.agreement(decided).to_dict())) == printed
    assert bench.agreement(decided, coders=["ana", "adjudicator"]).coders == ("ana", "adjudicator")


def test_files_tables_and_dictionaries_are_the_same_ratings(tables, study):
    work, printed, _ = study
    given = {"ana": work / "ana.csv", "ben": tables["ben"].to_dict("records"), "cleo": str(work / "cleo.xlsx")}
    assert json.loads(json.dumps(bench.agreement(given).to_dict())) == printed
    long = pd.concat(
        table.melt(["session_id", "utterance_id"], list(table.columns[5:]), "marker").dropna().assign(coder=coder)
        for coder, table in tables.items()
    )
    of_long = bench.agreement(long).figures.query("figure == 'krippendorff_alpha'")
    of_given = bench.agreement(given).figures.query("figure == 'krippendorff_alpha'")
    assert of_long["value"].tolist() == of_given["value"].tolist()


def test_consensus_is_that_of_the_command_and_can_be_trained_on(tables, study):
    work, _, printed = study
    result = bench.consensus(tables, method="dawid-skene", transcripts=pd.read_csv(DEMO))
    same(result.codes, work / "settled.csv")
    assert json.loads(json.dumps(result.to_dict())) == {name: printed[name] for name in result.to_dict()}
    again = bench.evaluate(None, result.codes)
    assert again.evaluation.sessions == 3


def test_settled_ratings_without_transcripts_go_back_in(tables):
    result = bench.consensus(tables, markers="empathy", coders=["ana", "ben"])
    assert result.coders == ("ana", "ben")
    assert set(result.codes["coder"]) == {"consensus"}
    both = pd.concat([result.codes, result.codes.assign(coder="again")])
    alpha = bench.agreement(both, coders=["consensus", "again"]).figures.set_index("figure").loc["krippendorff_alpha"]
    assert alpha["value"] == 1


def test_a_name_alone_needs_no_list(tables):
    one, listed = bench.agreement(tables, markers="empathy"), bench.agreement(tables, markers=["empathy"])
    assert one.to_dict() == listed.to_dict()
    assert bench.consensus(tables, coders="ana").coders == ("ana",)


def test_sets_of_codes_are_compared_as_wholes_and_one_by_one(tmp_path):
    write_corpus(tmp_path)
    write_coders(tmp_path)
    given = {coder: pd.read_csv(tmp_path / f"{coder}.csv") for coder in CODERS}
    result = bench.agreement(given, codebook=tmp_path / "codebook.toml", markers="strength")
    assert list(dict.fromkeys(result.figures["marker"])) == ["strength", "no_change", "weak_change", "strong_change"]
    assert "no_change" in result._repr_html_()


def test_what_cannot_be_compared_is_warned_of(tables):
    worded = tables["ana"].assign(repair=tables["ana"]["repair"].map({0: "none", 1: "some"}))
    with pytest.warns(bench.AllianceWarning, match="left out: .*repair"):
        result = bench.agreement({"ana": worded, "ben": tables["ben"]}, markers=("empathy", "repair"), scale="interval")
    assert [item.together.marker for item in result.markers] == ["empathy"]


def test_a_note_points_at_the_line_that_called(tables):
    broken = pd.read_csv(DEMO)[TALK]
    broken.loc[broken["session_id"] == "alcohol-service", "utterance_id"] = 1
    with pytest.warns(bench.AllianceWarning, match="left out: DataFrame, row 1: utterance_id") as caught:
        bench.agreement(tables, transcripts=broken)
    assert {Path(warning.filename).name for warning in caught} == {Path(__file__).name}


def test_a_page_of_a_notebook_shows_the_tables(tables):
    shown = bench.agreement(tables)._repr_html_()
    assert "Two by two" in shown
    assert "ana, ben, cleo" in shown
    assert "<script" not in shown
    assert "left open" in bench.consensus(tables)._repr_html_()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"scale": "ratio"}, UsageError, "no scale 'ratio'; there are nominal, ordinal, interval"),
        ({"context": -1}, UsageError, "context must be at least 0"),
        ({"coders": "zoe"}, UsageError, "no ratings of a coder 'zoe'"),
        ({"markers": "joy"}, RatingsError, "no column 'joy'"),
        ({"roles": {"X": "boss"}}, UsageError, "roles: 'boss'"),
    ],
)
def test_wrong_options_are_named(tables, options, error, message):
    with pytest.raises(error, match=message):
        bench.agreement(tables, **options)


def test_options_that_do_not_go_together_are_named(tables):
    with pytest.raises(UsageError, match="no method 'vote'; there are majority, adjudicator, dawid-skene"):
        bench.consensus(tables, method="vote")
    with pytest.raises(UsageError, match="markers do not go with transcripts"):
        bench.consensus(tables, markers="empathy", transcripts=tables["ana"])
    with pytest.raises(RatingsError, match="say whose codes they are"):
        bench.agreement(tables["ana"])


def test_the_consensus_leaves_what_is_open_not_coded(tables):
    result = bench.consensus({"ana": tables["ana"], "ben": tables["ben"]}, transcripts=tables["ana"])
    empathy = result.to_dict()["markers"][0]
    coded = pd.to_numeric(result.codes["empathy"])
    assert empathy["open"] > 0
    assert coded.notna().sum() == empathy["utterances"] - empathy["open"]
    assert sum((item.codes[:, 0] != NOT_CODED).sum() for item in result._coded) == coded.notna().sum()


def test_every_row_of_the_demo_is_there(tables):
    with DEMO.open(encoding="utf-8", newline="") as file:
        assert len(bench.consensus(tables, transcripts=DEMO).codes) == len(list(csv.DictReader(file)))
