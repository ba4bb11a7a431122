import json

import pytest
from exchanged import ABOUT, CODEBOOK, MARKERS, TALK, code_of, coded, coded_transcripts, read_back, written
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected import doccano
from alliance_nlp.errors import TranscriptError
from alliance_nlp.exports.doccano import Export
from alliance_nlp.readers import ReadOptions
from alliance_nlp.transcript import Session


def documents_of(folder, transcripts):
    lines = written(folder, "doccano", transcripts)["documents.jsonl"].read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def exported(folder, documents, name="ana"):
    """What doccano exports: its own id and its comments beside what was imported."""
    lines = [
        json.dumps({"id": number, **document, "Comments": []}, ensure_ascii=False)
        for number, document in enumerate(documents, 1)
    ]
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def documents(tmp_path):
    return documents_of(tmp_path / "out", [coded(TALK)])


def spoken(transcript):
    """The transcript without its empty utterances."""
    rows = [
        (each, row)
        for each, row in zip(transcript.session.utterances, transcript.codes, strict=True)
        if each.text.strip()
    ]
    return CodedTranscript(
        Session(transcript.session.session_id, tuple(each for each, _ in rows)), tuple(row for _, row in rows)
    )


@settings(max_examples=40)
@given(st.lists(coded_transcripts(), min_size=1, max_size=3, unique_by=lambda t: t.session.session_id))
def test_everything_but_empty_utterances_comes_back(tmp_path_factory, transcripts):
    folder = tmp_path_factory.mktemp("doccano")
    documents = documents_of(folder / "out", transcripts)
    expected = [each for each in map(spoken, transcripts) if each.session.utterances]
    if expected:
        back, notes = read_back(doccano, exported(folder, documents))
        assert [(each.session, each.codes) for each in back] == [(each.session, each.codes) for each in expected]
        assert not notes


def test_a_document_is_an_utterance_with_what_was_said_before(documents):
    assert documents[2] == {
        "text": "I missed that. That must have been lonely.", "label": ["empathy", "repair"], "session_id": "S1",
        "utterance_id": "3", "speaker": "T", "speaker_role": "therapist",
        "markers": "empathy validation self_disclosure rupture repair",
        "before": "T: How was the week?\nC: You are not listening.",
    }  # fmt: skip


def test_the_labels_can_be_imported(tmp_path, documents):
    labels = json.loads((tmp_path / "out" / "labels.json").read_text("utf-8"))
    assert [label["text"] for label in labels] == [marker.name for marker in MARKERS]
    assert {"prefix_key", "suffix_key", "background_color", "text_color"} <= set(labels[0])


def test_empty_utterances_are_left_out_and_told(tmp_path):
    with_gap = coded([*TALK, ("C", " ", ())])
    with Export(tmp_path, ABOUT) as export:
        export.write(with_gap)
    assert export.notes == ["session S1: 1 utterances without words are left out; doccano takes none"]


def test_corrections_come_back_in_the_name_of_the_file(tmp_path, documents):
    documents[1]["label"] = []
    documents[0]["label"] = ["Validation"]
    (back,), notes = read_back(doccano, exported(tmp_path, documents))
    assert (code_of(back, "2", "rupture"), code_of(back, "1", "validation"), notes) == (0, 1, [])
    assert back.coder == "ana"
    (back,), _ = read_back(doccano, exported(tmp_path, documents, "all"))
    assert back.coder == ""


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("humour", "session S1, line 1: a label 'humour', which is not in the codebook; left out"),
        ([0, 3, "empathy"], "session S1, line 1: empathy on a part of the utterance; counts for the whole"),
        ("rupture", "utterance '1': rupture on a line of the therapist"),
        ({"odd": 1}, "session S1, line 1: a label that is no text"),
    ],
)
def test_what_cannot_be_placed_is_told(tmp_path, documents, label, said):
    documents[0]["label"] = [label]
    _, (note,) = read_back(doccano, exported(tmp_path, documents))
    assert said in note


def test_metadata_one_level_down_is_found(tmp_path, documents):
    nested = [{"text": each.pop("text"), "label": each.pop("label"), "meta": each} for each in documents]
    (back,), _ = read_back(doccano, exported(tmp_path, nested))
    assert back.codes == coded(TALK).codes


def test_a_document_that_is_there_twice_is_told(tmp_path, documents):
    _, (note,) = read_back(doccano, exported(tmp_path, [*documents, documents[0]]))
    assert "line 6: a second segment with the utterance id '1'" in note


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "secret words", "label": []}', "line 6: no document with label"),
        ("[1]", "line 6: no document with label"),
        ("{", "line 6: not valid JSON"),
        ("[" * 100_000, "line 6: lists or objects nested without end"),
    ],
)
def test_a_line_of_another_origin_is_refused(tmp_path, documents, line, reason):
    path = exported(tmp_path, documents)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(TranscriptError, match=reason) as caught:
        list(doccano.read(path, CODEBOOK, ReadOptions()))
    assert "secret" not in str(caught.value)


def test_a_coded_table_is_not_ours(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"session_id": "S", "utterance_id": "1", "speaker": "T", "text": "a", "label": "x"}\n', "utf-8")
    assert not doccano.is_ours(path)
