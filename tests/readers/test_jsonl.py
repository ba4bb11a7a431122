import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import OpenedTranscript, ReadOptions, read_session, read_sessions
from alliance_nlp.transcript import Session


@pytest.fixture
def table(tmp_path):
    def write(*lines, ending=".jsonl"):
        path = tmp_path / f"week{ending}"
        path.write_text("".join(line + "\n" for line in lines), "utf-8")
        return path

    return write


def row(**cells):
    return json.dumps({"speaker": "T", "text": "a"} | cells)


def texts(session):
    return [utterance.text for utterance in session.utterances]


def error_of(path):
    with pytest.raises(TranscriptError) as caught:
        list(read_sessions(path))
    return caught.value


@pytest.mark.parametrize("ending", [".jsonl", ".ndjson"])
def test_an_object_a_line_is_an_utterance(table, ending):
    path = table('{"speaker": "T", "text": "Hello."}', '{"speaker": "C", "text": "Yes."}', ending=ending)
    assert texts(read_session(path)) == ["Hello.", "Yes."]


def test_all_core_columns_are_read(table):
    path = table(row(session_id="S1", utterance_id="u7", speaker="Ann", speaker_role="client", start="1:02", end=63.5))
    assert read_session(path) == Session("S1", (("u7", "a", "Ann", "client", 62.0, 63.5),))


def test_many_sessions_come_from_one_file_in_whatever_order_their_rows_stand(table):
    path = table(row(session_id="S1"), row(session_id="S2", text="b"), row(session_id="S1", text="c"))
    assert {session.session_id: texts(session) for session in read_sessions(path)} == {"S2": ["b"], "S1": ["a", "c"]}


def test_a_session_without_an_id_is_named_after_the_file(table):
    assert read_session(table(row())).session_id == "week"


def test_utterances_without_ids_are_numbered_from_1(table):
    assert [item.utterance_id for item in read_session(table(row(), row())).utterances] == ["1", "2"]


def test_keys_are_read_in_any_case(table):
    assert texts(read_session(table('{"Speaker": "T", " TEXT ": "a"}'))) == ["a"]


def test_numbers_may_be_ids(table):
    session = read_session(table(row(session_id=12, utterance_id=7)))
    assert (session.session_id, session.utterances[0].utterance_id) == ("12", "7")


def test_null_is_an_empty_cell(table):
    utterance = read_session(table(row(text=None, start=None, utterance_id=None))).utterances[0]
    assert (utterance.text, utterance.start, utterance.utterance_id) == ("", None, "1")


@pytest.mark.parametrize("seconds", [0, 3, 72.5, 0.1 + 0.2, 5e-05, 12345.678901234567])
def test_a_number_may_be_a_time(table, seconds):
    assert read_session(table(row(start=seconds))).utterances[0].start == seconds


def test_true_and_false_are_kept_as_1_and_0(table):
    path = table(row(empathy=True), row(empathy=False), row(empathy=None))
    assert next(read_sessions(path, keep=["empathy"])).columns["empathy"] == ("1", "0", "")


def test_a_kept_key_that_the_first_line_lacks_comes_along(table):
    path = table(row(), row(client_id="k"))
    assert next(read_sessions(path, keep=["client_id"])).columns == {"client_id": ("", "k")}


def test_nested_values_of_other_keys_are_passed_over(table):
    assert texts(read_session(table(row(words=[{"word": "a"}], meta={"a": 1})))) == ["a"]


def test_blank_lines_are_passed_over(table):
    assert texts(read_session(table(row(), "", "  ", row(text="b")))) == ["a", "b"]


def test_texts_are_read_as_they_stand_apostrophes_and_all(table):
    assert texts(read_session(table(row(text="'=1"), row(text="=1")))) == ["'=1", "=1"]


@pytest.mark.parametrize(
    "line", ["T: Hello.", '{"speaker": "T"', "{'speaker': 'T'}", '{"text": "a"} {"text": "b"}', "{"]
)
def test_a_line_that_is_not_json_is_refused_with_its_number(table, line):
    error = error_of(table(row(), line))
    assert (error.place, "not valid JSON" in error.reason) == ("line 2", True)


@pytest.mark.parametrize("line", ["[]", "7", '"T: Hello."', "null", "true"])
def test_a_line_that_is_no_object_is_refused_with_its_number(table, line):
    error = error_of(table(row(), line))
    assert (error.place, "not a JSON object" in error.reason) == ("line 2", True)


@pytest.mark.parametrize("value", [["a"], {"a": "b"}])
@pytest.mark.parametrize("key", ["text", "Speaker", "session_id", "start"])
def test_a_nested_value_in_a_core_key_is_refused_with_its_line(table, key, value):
    error = error_of(table(row(), row(**{key: value})))
    assert (error.place, "holds a list or an object" in error.reason) == ("line 2", True)


def test_deep_nesting_is_refused_with_its_line(table):
    error = error_of(table(row(), '{"a":' * 100_000))
    assert (error.place, "not valid JSON" in error.reason) == ("line 2", True)


def test_a_number_of_very_many_digits_is_refused_with_its_line(table):
    assert error_of(table(row(), f'{{"speaker": "T", "text": {"1" * 10_000}}}')).place == "line 2"


def test_a_missing_key_is_refused_with_the_nearest_and_the_line(table):
    error = error_of(table(row(), '{"speaker": "T", "utterance": "a"}'))
    assert (error.place, "no column 'text' among 2; the nearest is 'utterance'" in error.reason) == ("line 2", True)


def test_a_doubled_key_is_refused(table):
    assert "'text' is there twice" in error_of(table('{"speaker": "T", "text": "a", "Text": "b"}')).reason


@pytest.mark.parametrize("key", ["text", "speaker", "speaker_role", "utterance_id", "session_id"])
def test_a_lone_surrogate_is_refused_in_words_that_can_be_written(table, key):
    error = error_of(table(json.dumps({"speaker": "T", "text": "a"} | {key: "T \ud83d"})))
    assert str(error).encode()


def test_a_lone_surrogate_in_a_text_is_refused_with_its_line(table):
    error = error_of(table(row(), row(text="cut \ud83d emoji")))
    assert (error.place, "surrogate pair" in error.reason) == ("line 2", True)


def test_a_whole_surrogate_pair_is_read(table):
    assert texts(read_session(table(r'{"speaker": "T", "text": "\ud83d\ude42"}'))) == ["🙂"]


def test_a_doubled_utterance_id_is_refused_with_both_lines(table):
    error = error_of(table(row(utterance_id=1), row(utterance_id="1")))
    assert (error.place, "utterance_id '1' is already on line 1" in error.reason) == ("line 2", True)


@pytest.mark.parametrize("speaker", [None, "", " "])
def test_an_empty_speaker_is_refused_with_its_line(table, speaker):
    error = error_of(table(row(), row(speaker=speaker)))
    assert (error.place, "speaker is empty" in error.reason) == ("line 2", True)


@pytest.mark.parametrize("time", ["soon", -1, "nan"])
def test_a_bad_time_is_refused_with_its_line(table, time):
    error = error_of(table(row(), row(start=time)))
    assert (error.place, "the start is not a time" in error.reason) == ("line 2", True)


def test_a_file_of_blank_lines_is_refused(table):
    assert "no rows" in error_of(table("", "")).reason


def test_one_bad_session_comes_as_its_error_while_the_others_are_read(table):
    path = table(row(session_id="S1"), row(session_id="S2", speaker="Zed"), row(session_id="S3"))
    first, second, third = OpenedTranscript(path, ReadOptions()).sessions("week")
    assert (first.session_id, type(second), third.session_id) == ("S1", TranscriptError, "S3")


spoken = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(st.lists(spoken, min_size=1), st.booleans())
def test_any_text_comes_back_from_json_lines(tmp_path_factory, written, escaped):
    path = tmp_path_factory.getbasetemp() / "round_trip.jsonl"
    lines = [json.dumps({"speaker": "C", "text": text}, ensure_ascii=escaped) + "\n" for text in written]
    path.write_bytes("".join(lines).encode())
    assert texts(read_session(path)) == written
