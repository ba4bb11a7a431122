import json
from xml.etree import ElementTree

import pytest
from exchanged import CODEBOOK, MARKERS, TALK, code_of, coded, coded_transcripts, read_back, written
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.corrected import label_studio
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions


def tasks_of(folder, transcripts):
    return json.loads(written(folder, "label-studio", transcripts)["tasks.json"].read_text("utf-8"))


def exported(folder, tasks, completed_by=3):
    """What Label Studio exports once an annotator has taken over the pre-annotations."""
    for number, task in enumerate(tasks, 1):
        results = [result | {"origin": "prediction"} for result in task.pop("predictions")[0]["result"]]
        task |= {"id": number, "annotations": [{"id": 7, "completed_by": completed_by, "result": results}]}
    return saved(folder, tasks)


def saved(folder, tasks):
    path = folder / "project-1.json"
    path.write_text(json.dumps(tasks), "utf-8")
    return path


def region(place, last=None, begin=0, end=None, name="empathy"):
    value = {"start": str(place), "end": str(place if last is None else last), "startOffset": begin}
    value |= {"endOffset": end if end is not None else 10_000, "paragraphlabels": [name]}
    return {"id": "new", "from_name": "marker", "to_name": "dialogue", "type": "paragraphlabels", "value": value}


@pytest.fixture
def tasks(tmp_path):
    return tasks_of(tmp_path / "out", [coded(TALK)])


def selectable(transcript):
    codes = tuple(
        row if each.text else tuple(min(code, 0) for code in row)
        for row, each in zip(transcript.codes, transcript.session.utterances, strict=True)
    )
    return CodedTranscript(transcript.session, codes)


@settings(max_examples=40)
@given(st.lists(coded_transcripts().map(selectable), min_size=1, max_size=3, unique_by=lambda t: t.session.session_id))
def test_everything_comes_back(tmp_path_factory, transcripts):
    folder = tmp_path_factory.mktemp("label-studio")
    path = exported(folder, tasks_of(folder / "out", transcripts))
    back, notes = read_back(label_studio, path)
    assert not notes
    for found, transcript in zip(back, transcripts, strict=True):
        assert found.session == transcript.session
        assert found.codes == transcript.codes
        assert found.coder == "annotator 3"


def test_a_task_shows_the_dialogue_and_the_codes_as_pre_annotations(tasks):
    (task,) = tasks
    assert task["data"]["dialogue"][1] == {
        "author": "C", "text": "You are not listening.", "utterance_id": "2", "role": "client"
    }  # fmt: skip
    (prediction,) = task["predictions"]
    assert prediction["model_version"] == "the model"
    assert [(each["value"]["start"], each["value"]["paragraphlabels"]) for each in prediction["result"]] == [
        ("1", ["rupture"]), ("2", ["empathy"]), ("2", ["repair"])
    ]  # fmt: skip
    assert len({each["id"] for each in prediction["result"]}) == 3


def test_offsets_are_those_of_a_browser(tmp_path):
    (task,) = tasks_of(tmp_path, [coded([("T", "Sad 🙂.", ("empathy",))])])
    assert task["predictions"][0]["result"][0]["value"]["endOffset"] == 7


def test_the_interface_names_what_the_tasks_use(tmp_path, tasks):
    root = ElementTree.parse(tmp_path / "out" / "labelling-interface.xml").getroot()
    labels, paragraphs = root.find("ParagraphLabels"), root.find("Paragraphs")
    assert [each.get("value") for each in labels] == [marker.name for marker in MARKERS]
    assert (paragraphs.get("value"), paragraphs.get("layout")) == ("$dialogue", "dialogue")
    result = tasks[0]["predictions"][0]["result"][0]
    assert (result["from_name"], result["to_name"]) == (labels.get("name"), paragraphs.get("name"))
    assert labels.get("toName") == paragraphs.get("name")


def test_corrections_come_back(tmp_path, tasks):
    path = exported(tmp_path, tasks)
    edited = json.loads(path.read_text("utf-8"))
    results = edited[0]["annotations"][0]["result"]
    results[:] = [*results[1:], region(0, name="Validation")]
    (back,), notes = read_back(label_studio, saved(tmp_path, edited))
    assert (code_of(back, "2", "rupture"), code_of(back, "1", "validation"), notes) == (0, 1, [])


@pytest.mark.parametrize(
    ("given_region", "said", "code"),
    [
        (region(0, end=3), "utterance '1': empathy on a part of it; counts for the whole utterance", 1),
        (region(0, name="humour"), "utterance '1': a label 'humour', which is not in the codebook; left out", 0),
        (region(99), "a region that lies on no paragraph", 0),
        (region("x"), "a region that lies on no paragraph", 0),
        (region(4, name="rupture"), "utterance '5': rupture on a line of the other", 0),
        (region(1, 2, end=4, name="rupture"), "utterance '3': rupture on less than half of it", 0),
        ({"value": {"choices": ["good"]}}, "an annotation that is no label on the dialogue", 0),
        ("odd", "an annotation that is no label on the dialogue", 0),
    ],
)
def test_what_cannot_be_placed_is_told(tmp_path, tasks, given_region, said, code):
    path = exported(tmp_path, tasks)
    edited = json.loads(path.read_text("utf-8"))
    edited[0]["annotations"][0]["result"].append(given_region)
    (back,), (note,) = read_back(label_studio, saved(tmp_path, edited))
    assert said in note
    assert code_of(back, "1", "empathy") == code


def test_every_annotator_is_a_coder(tmp_path, tasks):
    path = exported(tmp_path, tasks, {"id": 4, "email": "ana@example.org"})
    edited = json.loads(path.read_text("utf-8"))
    edited[0]["annotations"] += [{"completed_by": 5, "result": []}, {"completed_by": 6, "was_cancelled": True}]
    back, _ = read_back(label_studio, saved(tmp_path, edited))
    assert [each.coder for each in back] == ["ana@example.org", "annotator 5"]
    assert code_of(back[1], "2", "rupture") == 0


def test_a_task_that_nobody_annotated_has_no_codes(tmp_path, tasks):
    (back,), _ = read_back(label_studio, saved(tmp_path, tasks))
    assert back.codes is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[1]", "as JSON, not JSON-MIN"),
        ('[{"dialogue": []}]', "as JSON, not JSON-MIN"),
        ("[" * 100_000, "nested without end"),
        ('[{"data": {}', "not valid JSON"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, content, reason):
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    with pytest.raises(TranscriptError, match=reason):
        list(label_studio.read(path, CODEBOOK, ReadOptions()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"session_id": "S"}, "task 2: its data have no session_id and dialogue"),
        ([], "task 2: its data have no session_id and dialogue"),
        ({"session_id": "S", "dialogue": [{"text": "secret"}]}, "task 2, paragraph 1: not as convert wrote it"),
    ],
)
def test_a_damaged_task_is_told_and_the_others_are_read(tmp_path, tasks, data, reason):
    path = saved(tmp_path, [*tasks, {"data": data}])
    back, error = label_studio.read(path, CODEBOOK, ReadOptions())
    assert back.session.session_id == "S1"
    assert reason in str(error)
    assert "secret" not in str(error)
