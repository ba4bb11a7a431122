"""What ``tag`` wrote is read back whole, and what is not as it wrote it is told, without the words."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import MARKERS, TALK, tagged, write_results

from alliance_nlp.errors import ResultsError
from alliance_nlp.evaluation import Estimate
from alliance_nlp.exports import FORMATS
from alliance_nlp.results import reasons_as_text, reasons_from_text
from alliance_nlp.stored_results import StoredResults
from alliance_nlp.tagging import Reason, Tagger

ODD = (
    ("T", "=1+1, and a\nline end", {"empathy": (0.75, [Reason('say "no", then', 0.5), Reason("⟨end⟩ a", -0.25)])}),
    ("C", "", {}),
    ("M", "'+ \u2028 \" ; \t 🙂", {}),
)


def assert_same(found, session):
    assert found.session == session.session
    assert found.markers == tuple(
        type(marker)(marker.name, marker.title, marker.role, marker.definition) for marker in session.markers
    )
    np.testing.assert_allclose(found.probabilities, session.probabilities, atol=5e-7)
    np.testing.assert_array_equal(found.tags, session.tags)
    assert found.reasons == session.reasons


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("explain", [True, False])
def test_sessions_are_read_as_they_were_written(tmp_path, file_format, explain):
    sessions = [tagged("one", seconds=1.5, explain=explain), tagged("=two", ODD, explain=explain)]
    results = write_results(tmp_path / "results", sessions, file_format, explain)
    assert results.explained is explain
    for found, session in zip(results.sessions(), sessions, strict=True):
        assert_same(found, session)


def test_what_a_model_tags_is_read_as_it_was_written(tmp_path, small_bundle, demo_session):
    session = Tagger(small_bundle).tag(demo_session, explain=5)
    (found,) = write_results(tmp_path / "results", [session]).sessions()
    np.testing.assert_array_equal(found.tags, session.tags)
    for read, written in zip(found.reasons, session.reasons, strict=True):
        for of_read, of_written in zip(read, written, strict=True):
            assert [reason.feature for reason in of_read] == [reason.feature for reason in of_written]


def test_the_run_is_read(tmp_path):
    run = write_results(tmp_path / "results", [tagged()]).run
    assert (run.model, run.codebook, run.sessions, run.failures) == ("made", "alliance 1.2", 1, 0)
    assert run.trained_on == {"sessions": 40, "clients": 30, "utterances": 2000}
    assert run.measured["rupture"].precision == Estimate(0.6, 0.5, 0.7)
    assert [marker.title for marker in run.markers] == [marker.title for marker in MARKERS]


@pytest.mark.parametrize("separator", ";\t")
def test_a_table_that_a_spreadsheet_saved_anew_is_read(tmp_path, separator):
    results = write_results(tmp_path / "results", [tagged()])
    with results.utterances.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    places = [place for place, name in enumerate(rows[0]) if name.startswith("p_")]
    for row in rows[1:]:
        for place in places:
            row[place] = row[place].replace(".", ",")
    with results.utterances.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    (found,) = StoredResults(results.folder).sessions()
    assert_same(found, tagged())


def test_a_folder_without_results_is_told(tmp_path):
    with pytest.raises(ResultsError, match=r"holds no run\.json; name the folder that tag wrote"):
        StoredResults(tmp_path)
    with pytest.raises(ResultsError, match="no such folder"):
        StoredResults(tmp_path / "no")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"markers": 3}'])
def test_a_damaged_run_is_told(tmp_path, text):
    write_results(tmp_path / "results", [tagged()])
    (tmp_path / "results" / "run.json").write_text(text)
    with pytest.raises(ResultsError, match=r"run\.json: (damaged|was written by another version).*tag the transcripts"):
        StoredResults(tmp_path / "results")


def damage(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file_format", "old", "new", "message"),
    [
        ("csv", ",therapist,", ",teacher,", "line 2: not as tag writes it"),
        ("csv", "0.81,1", "1.81,1", "line 4: not as tag writes it"),
        ("csv", "0.81,1", "0.81,2", "line 4: not as tag writes it"),
        ("csv", "0.81,1", "0.81,1,1", "line 4: .* cells for"),
        ("csv", "made,2", "other,2", "line 5: a session goes on here that had ended above"),
        ("csv", "p_rupture", "q_rupture", "the column 'p_rupture' is missing"),
        ("csv", "You sound", '"You sound', "line 4: cut off or damaged"),
        ("jsonl", '"speaker_role":', '"role":', "missing|line 1: not as"),
        ("jsonl", "{", "", "line 1: not as tag writes it"),
    ],
)
def test_a_damaged_table_is_told_by_line_without_the_words(tmp_path, file_format, old, new, message):
    results = write_results(tmp_path / "results", [tagged()], file_format)
    damage(results.utterances, old, new)
    with pytest.raises(ResultsError, match=message) as told:
        list(StoredResults(results.folder).sessions())
    assert not any(text.strip(".") in str(told.value) for _, text, _ in TALK if len(text) > 8)


def test_a_cut_off_parquet_is_told(tmp_path):
    path = write_results(tmp_path / "results", [tagged()], "parquet").utterances
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ResultsError, match="damaged or cut off"):
        StoredResults(path.parent)


def test_results_without_utterances_are_told(tmp_path):
    path = write_results(tmp_path / "results", [tagged()]).utterances
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    with pytest.raises(ResultsError, match="holds no utterances"):
        StoredResults(path.parent)
    path.unlink()
    with pytest.raises(ResultsError, match=r"holds no utterances\.csv"):
        StoredResults(path.parent)


def test_a_model_without_measured_figures_is_read(tmp_path):
    write_results(tmp_path / "results", [tagged()])
    path = tmp_path / "results" / "run.json"
    run = json.loads(path.read_text("utf-8"))
    for marker in run["markers"]:
        marker["measured"] = None
    run["trained_on"] = dict.fromkeys(run["trained_on"])
    path.write_text(json.dumps(run))
    assert (StoredResults(path.parent).run.measured, StoredResults(path.parent).run.trained_on) == ({}, {})


# As features are named: of words, or something else in ⟨ ⟩.
tokens = st.text(st.characters(exclude_characters='⟨⟩"', exclude_categories=["Z", "C"]), min_size=1, max_size=6)
rows_of_tokens = st.lists(tokens, min_size=1, max_size=3)
families = rows_of_tokens.map(", ".join).map("⟨words of care⟩ {}".format)
features = rows_of_tokens.map(" ".join) | tokens.map("⟨others after: {}⟩".format) | families


@given(st.lists(st.tuples(features, st.integers(-999, 999)), max_size=5))
def test_reasons_are_read_as_they_were_written(reasons):
    written = tuple(Reason(feature, hundredths / 100) for feature, hundredths in reasons)
    assert reasons_from_text(reasons_as_text(written) or "") == written
