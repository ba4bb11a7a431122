"""A study with an independent marker, a set and an ordered set, from the coded table to the pages, by the commands."""

import csv
import json
import re
import subprocess
import sys

import pytest
from made_sets import BEHAVIOURS, LEVELS, write_coders, write_corpus

from alliance_nlp.bundle import load_bundle
from alliance_nlp.overview import session_overview
from alliance_nlp.reports.session_text import session_data
from alliance_nlp.stored_results import StoredResults

CODES = (*BEHAVIOURS, *LEVELS)
CODERS = ("ana=ana.csv", "ben=ben.csv", "cleo=cleo.csv")


def run(*arguments, cwd, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    write_corpus(folder)
    write_coders(folder)
    run("train", "coded.csv", "--codebook", "codebook.toml", "--out", "model", cwd=folder)
    run("tag", "coded.csv", "--model", "model", "--out", "out", "--report", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def evaluated(study):
    ratings = [word for coder in CODERS for word in ("--ratings", coder)]
    options = ("--html", "page.html", "--csv", "figures.csv", "--json")
    return json.loads(run("evaluate", "model", "coded.csv", *ratings, *options, cwd=study).stdout)


def test_every_line_of_the_role_has_one_code_and_others_none(study):
    for row in rows_of(study / "out" / "utterances.csv"):
        of_role, other = (BEHAVIOURS, LEVELS) if row["speaker_role"] == "therapist" else (LEVELS, BEHAVIOURS)
        assert sorted(row[name] for name in of_role) == ["0", "0", "1"]
        assert sum(round(10_000 * float(row[f"p_{name}"])) for name in of_role) == 10_000
        assert {row[name] for name in other} | {row[f"p_{name}"] for name in other} == {""}
        named = row["behaviour"] or row["strength"]
        assert row[named] == "1"
        assert "" in (row["behaviour"], row["strength"])


def test_sessions_have_counts_per_code_and_a_mean_level(study):
    lines = rows_of(study / "out" / "utterances.csv")
    for row in rows_of(study / "out" / "sessions.csv"):
        of_session = [line for line in lines if line["session_id"] == row["session_id"]]
        levels = [LEVELS.index(line["strength"]) for line in of_session if line["strength"]]
        assert sum(int(row[f"{name}_count"]) for name in BEHAVIOURS) == int(row["utterances_therapist"])
        assert float(row["strength_mean_level"]) == pytest.approx(sum(levels) / len(levels), abs=0.001)
        assert 0 <= float(row["strength_expected_level"]) <= 2
        assert "behaviour_mean_level" not in row


def test_the_model_tells_most_lines_on_clients_it_had_not_seen(study):
    training = load_bundle(study / "model").training
    figures = training["sets"]["strength"]["figures"]
    assert list(figures) == ["accuracy", "macro_f1", "kappa", "kappa_linear", "kappa_quadratic", "mean_absolute_error"]
    assert figures["kappa_quadratic"]["value"] > 0.6
    assert training["sets"]["behaviour"]["figures"]["macro_f1"]["value"] > 0.7
    assert "exactly one of 3 levels" in (study / "model" / "MODEL_CARD.md").read_text("utf-8")


def test_a_bundle_with_sets_is_read_back_whole(study):
    bundle = load_bundle(study / "model")
    assert [entry.name for entry in bundle.codebook.sets] == ["behaviour", "strength"]
    assert [len(rule.priorities) for rule in bundle.set_rules] == [3, 3]
    assert bundle.thresholds[1:] == (None,) * 6
    assert list(bundle.threshold_of) == ["warmth"]


def test_results_are_read_back_for_reports(study):
    results = StoredResults(study / "out")
    assert [entry.name for entry in results.run.sets] == ["behaviour", "strength"]
    overview = session_overview(next(results.sessions()), results.run)
    (level,) = session_data(overview)["levels"]
    assert level["name"] == "strength"
    sessions = rows_of(study / "out" / "sessions.csv")
    assert level["mean"] == pytest.approx(float(sessions[0]["strength_mean_level"]), abs=0.001)


def test_pages_show_each_set(study):
    page = (study / "out" / "report" / "session-s1.html").read_text("utf-8")
    assert "Therapist behaviour: mostly" in page
    assert 'aria-label="Therapist behaviour, lines of each: Question' in page
    assert page.count('class="lane set-lane"') == 2
    caseload = (study / "out" / "report" / "caseload.html").read_text("utf-8")
    assert "mean level of the client" in caseload
    assert "Therapist behaviour: Question" in caseload


def test_evaluate_gives_figures_of_sets_and_of_codes(study, evaluated):
    assert [item["name"] for item in evaluated["sets"]] == ["behaviour", "strength"]
    behaviour = evaluated["sets"][0]
    assert [sum(row) for row in behaviour["confusion"]] == [
        next(marker["positives"] for marker in evaluated["markers"] if marker["marker"] == name) for name in BEHAVIOURS
    ]
    right = sum(row[place] for place, row in enumerate(behaviour["confusion"]))
    assert behaviour["figures"]["accuracy"]["value"] == pytest.approx(right / behaviour["utterances"], abs=1e-4)
    assert {row["figure"] for row in rows_of(study / "figures.csv") if row["marker"] == "strength"} >= {
        "kappa_linear", "mean_absolute_error", "told_as_weak_change", "kappa_with_model",
    }  # fmt: skip
    page = (study / "page.html").read_text("utf-8")
    assert "Sets: one code a line" in page
    glance = page[page.index('id="agreement"') : page.index('id="figures"')]
    assert [glance.count(f"{title}</th>") for title in ("Therapist behaviour", "Question")] == [1, 0]


def test_a_learning_curve_has_the_sets_too(study, tmp_path):
    write_corpus(tmp_path, n_sessions=4, seed=2)
    options = ("--html", "curve.html", "--csv", "curve.csv", "--learning-curve")
    printed = run("evaluate", study / "model", "coded.csv", *options, cwd=tmp_path).stdout
    curve = printed[printed.index("Learning curve:") :]
    assert [line.split()[0] for line in curve.splitlines() if line.split()[:1] in (["behaviour"], ["question"])] == [
        "question", "behaviour",
    ]  # fmt: skip
    last = [
        row for row in rows_of(tmp_path / "curve.csv") if (row["on"], row["group"]) == ("learning curve", "4 clients")
    ]
    assert {row["figure"] for row in last if row["marker"] == "strength"} >= {"kappa", "kappa_quadratic"}
    page = (tmp_path / "curve.html").read_text("utf-8")
    assert re.search('aria-label="Therapist behaviour, learning curve: [^"]*4 clients, 56 coded: κ', page)


def test_model_and_coders_are_compared_on_sets_and_codes(evaluated):
    assert [item["marker"] for item in evaluated["coders"]] == ["warmth", *CODES, "behaviour", "strength"]
    strength = evaluated["coders"][-1]
    assert "cohen_kappa_quadratic" in strength["pairs"][0]["figures"]


def test_agreement_takes_sets_as_variables_of_several_values(study):
    found = json.loads(run("agreement", *CODERS, "--codebook", "codebook.toml", "--json", cwd=study).stdout)
    of_marker = {item["marker"]: item for item in found["markers"]}
    assert list(of_marker) == ["warmth", "behaviour", *BEHAVIOURS, "strength", *LEVELS]
    assert of_marker["behaviour"]["scale"] == "nominal"
    assert (of_marker["strength"]["scale"], of_marker["strength"]["levels"]) == ("ordinal", list(LEVELS))
    assert "gwet_ac2_quadratic" in of_marker["strength"]["figures"]
    by_code = of_marker["question"]["figures"]["positive_agreement"]["value"]
    assert by_code == of_marker["behaviour"]["figures"]["agreement_on_question"]["value"]


@pytest.mark.parametrize("method", ["majority", "dawid-skene"])
def test_consensus_settles_sets_and_train_takes_it(study, tmp_path, method):
    out = tmp_path / "settled.csv"
    options = ("--codebook", "codebook.toml", "--method", method, "--transcripts", "coded.csv", "--out", out)
    run("consensus", *CODERS, *options, cwd=study)
    settled, true = rows_of(out), rows_of(study / "coded.csv")
    same = [row["behaviour"] == coded["behaviour"] for row, coded in zip(settled, true, strict=True)]
    assert sum(same) / len(same) > 0.95
    assert ("p_question" in settled[0]) == (method == "dawid-skene")
    run("evaluate", "model", out, "--quiet", cwd=study)


def test_a_decision_in_the_sheet_settles_a_set(study, tmp_path):
    sheet = tmp_path / "sheet.csv"
    options = ("--codebook", "codebook.toml", "--disagreements", sheet, "--transcripts", "coded.csv", "--quiet")
    run("agreement", *CODERS, *options, cwd=study)
    rows = [row | {"decision": "Reflection" if row["marker"] == "behaviour" else "2"} for row in rows_of(sheet)]
    assert {row["marker"] for row in rows} == {"behaviour", "strength"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    options = ("--codebook", "codebook.toml", "--method", "adjudicator", "--adjudicator", "adjudicator")
    run("consensus", *CODERS, sheet, *options, "--out", tmp_path / "out.csv", cwd=study)
    settled = {
        (row["session_id"], row["utterance_id"], row["marker"]): row["value"] for row in rows_of(tmp_path / "out.csv")
    }
    for row in rows:
        expected = "reflection" if row["marker"] == "behaviour" else "strong_change"
        assert settled[row["session_id"], row["utterance_id"], row["marker"]] == expected


def test_suggest_asks_for_the_set_and_train_reads_the_sheet(study, tmp_path):
    coded = rows_of(study / "coded.csv")
    raw = [
        {name: cell for name, cell in row.items() if name not in ("warmth", "behaviour", "strength")} for row in coded
    ]
    with (tmp_path / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, raw[0])
        table.writeheader()
        table.writerows(raw)
    options = ("--model", "model", "--sessions", "9", "--out", tmp_path / "sheet.csv")
    said = run("suggest", tmp_path / "raw.csv", *options, cwd=study).stdout
    assert "In behaviour write one of question, reflection, other_behaviour on every line of the therapist." in said
    sheet = rows_of(tmp_path / "sheet.csv")
    assert {"warmth", "behaviour", "strength"} <= set(sheet[0])
    assert not set(CODES) & set(sheet[0])
    assert any("in doubt: therapist behaviour (which of 3 codes)" in row["why this line"] for row in sheet)
    code_of = {(row["session_id"], row["utterance_id"]): row for row in coded}
    with (tmp_path / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, sheet[0])
        table.writeheader()
        for row in sheet:
            given = code_of[row["session_id"], row["utterance_id"]]
            table.writerow(row | {name: given[name] for name in ("warmth", "behaviour", "strength")})
    run("evaluate", "model", tmp_path / "filled.csv", "--quiet", cwd=study)


def test_a_line_with_two_codes_stops_training_and_is_named(study, tmp_path):
    rows = rows_of(study / "cleo.csv")
    rows[4] |= {"question": "1", "reflection": "1", "other_behaviour": "0"}
    with (tmp_path / "two.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    options = ("--codebook", study / "codebook.toml", "--out", tmp_path / "model")
    said = run("train", "two.csv", *options, cwd=tmp_path, code=1).stderr
    assert "two.csv, session s1, utterance 5: question and reflection are both 1, and exactly one code" in said
    said = run("agreement", "cleo=two.csv", "--codebook", study / "codebook.toml", cwd=tmp_path, code=1).stderr
    assert "two.csv, line 6: question and reflection are both 1" in said


def test_a_code_too_rare_in_its_set_is_refused_with_the_remedy(study, tmp_path):
    rows = rows_of(study / "coded.csv")
    for row in rows:
        row["strength"] = "weak_change" if row["strength"] == "strong_change" else row["strength"]
    with (tmp_path / "rare.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    options = ("--codebook", study / "codebook.toml", "--out", tmp_path / "model")
    said = run("train", "rare.csv", *options, cwd=tmp_path, code=1).stderr
    assert "strong_change is too rare to learn" in said
    assert "join it with another code of the set strength" in said
