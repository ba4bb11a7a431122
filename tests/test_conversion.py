import csv

import pytest
from exchanged import CODEBOOK, TALK, coded, written
from made import tagged as made_results
from made import write_results

from alliance_nlp.coded_transcript import CodedTranscript, from_columns, from_tagged
from alliance_nlp.conversion import Transcripts
from alliance_nlp.errors import ResultsError, TranscriptError, UnfitError, UsageError
from alliance_nlp.exports import About, files_of
from alliance_nlp.exports.core_table import columns, rows
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session

HEADER = "session_id,utterance_id,speaker,text,empathy,rupture\n"


def transcripts(*paths, **options):
    return Transcripts(paths, CODEBOOK, ReadOptions(), **options)


def table(path, *lines, header=HEADER):
    path.write_text(header + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_codes_of_a_table_go_along_where_the_role_is_the_markers(tmp_path):
    path = table(tmp_path / "a.csv", "S,1,T,Hm.,1,", "S,2,C,No.,0,1.0", "S,3,C,Yes.,,")
    (item,) = source = transcripts(path)
    empathy, rupture = (CODEBOOK.marker_names.index(name) for name in ("empathy", "rupture"))
    assert [(row[empathy], row[rupture]) for row in item.codes] == [(1, -1), (-1, 1), (-1, -1)]
    assert (source.about.coded, source.about.with_probabilities) == (True, False)


def test_plain_transcripts_have_no_codes(tmp_path):
    (tmp_path / "a.txt").write_text("T: Hello.\nC: Hi.\n", "utf-8")
    source = transcripts(tmp_path)
    assert [item.codes for item in source] == [None]
    assert not source.about.coded


def test_a_code_that_is_none_is_refused_without_the_words(tmp_path):
    path = table(tmp_path / "a.csv", "S,1,T,Hm.,he cried,", "S2,1,T,Hm.,1,")
    failed, item = transcripts(path)
    assert "session S, utterance 1: the empathy code is none of 1, 0 and nothing" in str(failed)
    assert "cried" not in str(failed)
    assert item.session.session_id == "S2"


def test_results_bring_their_markers_and_probabilities(tmp_path):
    write_results(tmp_path / "results", [made_results()])
    source = transcripts(tmp_path / "results")
    (item,) = source
    assert item == from_tagged(made_results(explain=False))
    assert source.about.coder == "model made"
    assert source.about.with_probabilities


def test_results_stand_alone(tmp_path):
    write_results(tmp_path / "results", [made_results()])
    with pytest.raises(UsageError, match="is a folder of results; convert it by itself"):
        transcripts(tmp_path / "results", tmp_path)
    (tmp_path / "results" / "run.json").write_text("{", "utf-8")
    with pytest.raises(ResultsError):
        transcripts(tmp_path / "results")


def test_a_session_id_in_two_files_is_told(tmp_path):
    paths = [table(tmp_path / f"{name}.csv", "S,1,T,Hm.,1,") for name in "ab"]
    _, error = transcripts(*paths)
    assert "the session id 'S' is also in" in str(error)


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path):
    (tmp_path / "a.eaf").write_text("<ANNOTATION_DOCUMENT>alliance-nlp:session_id", "utf-8")
    path = table(tmp_path / "b.csv", "S,1,T,Hm.,1,")
    failed, item = transcripts(tmp_path / "a.eaf", path)
    assert isinstance(failed, TranscriptError)
    assert isinstance(item, CodedTranscript)


def test_files_that_come_back_are_read_as_such(tmp_path):
    for file_format, name in (("eaf", "S1.eaf"), ("qdpx", "transcripts.qdpx"), ("xlsx", "transcripts.xlsx")):
        path = written(tmp_path / file_format, file_format, [coded(TALK)])[name]
        (item,) = transcripts(path)
        assert (item.session.utterances, item.codes) == (coded(TALK).session.utterances, coded(TALK).codes)


def test_coders_are_kept_apart_where_that_is_wanted(tmp_path):
    first, again = (written(tmp_path / name, "eaf", [coded(TALK)])["S1.eaf"] for name in "ab")
    again = again.rename(tmp_path / "b.eaf")
    _, error = transcripts(first, again, coder="ana", coders_apart=True)
    assert "is also in" in str(error)


def test_the_core_table_has_the_columns_that_there_is_something_for():
    names = [column.name for column in columns(About(CODEBOOK.markers, "x"))]
    assert names == ["session_id", "utterance_id", "start", "end", "speaker", "speaker_role", "text"]
    about = About(CODEBOOK.markers, "x", coded=True)
    assert [column.name for column in columns(about)][7:] == list(CODEBOOK.marker_names)
    bare = CodedTranscript(coded(TALK).session)
    assert all(row[7:] == [None] * len(CODEBOOK.markers) for row in rows(bare, about))


def test_a_table_of_results_is_that_of_tag(tmp_path):
    results = write_results(tmp_path / "results", [made_results(explain=False)], explain=False)
    path = written(tmp_path / "out", "csv", list(transcripts(tmp_path / "results")),
                   transcripts(tmp_path / "results").about)["utterances.csv"]  # fmt: skip
    assert path.read_bytes() == results.utterances.read_bytes()


def test_ratings_are_a_row_for_each_code(tmp_path):
    about = About(CODEBOOK.markers, "x", "ana", coded=True)
    path = written(tmp_path, "ratings", [coded(TALK)], about)["ratings.csv"]
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 2 * 4 + 2
    assert [row["utterance_id"] + row["marker"] for row in found if row["value"] == "1"] == [
        "2rupture", "3empathy", "3repair"
    ]  # fmt: skip
    assert {row["coder"] for row in found} == {"ana"}


def test_ratings_need_codes_and_a_coder(tmp_path):
    about = About(CODEBOOK.markers, "x", coded=True)
    with pytest.raises(UnfitError, match="session S1: does not say whose codes these are; name the coder"):
        written(tmp_path / "a", "ratings", [coded(TALK)], about)
    with pytest.raises(UnfitError, match="session S1: nobody has coded it"):
        written(tmp_path / "b", "ratings", [CodedTranscript(coded(TALK).session)], about)


def test_columns_without_codes_are_none(tmp_path):
    session = Session("S", coded(TALK).session.utterances)
    assert from_columns(session, CODEBOOK.markers, tmp_path).codes is None


def test_files_of_a_format_are_known():
    assert files_of("xlsx") == ("transcripts.xlsx",)
    assert files_of("parquet") == files_of("csv")
