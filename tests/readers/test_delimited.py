import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.formulas import make_inert
from alliance_nlp.readers import OpenedTranscript, ReadOptions, read_session, read_sessions
from alliance_nlp.transcript import Session


@pytest.fixture
def table(tmp_path):
    def write(text, ending=".csv"):
        path = tmp_path / f"week{ending}"
        path.write_bytes(text.encode())
        return path

    return write


def outcomes(path):
    return list(OpenedTranscript(path, ReadOptions()).sessions(path.stem))


def texts(session):
    return [utterance.text for utterance in session.utterances]


def error_of(path):
    with pytest.raises(TranscriptError) as caught:
        list(read_sessions(path))
    return caught.value


@pytest.mark.parametrize(
    ("delimiter", "ending"), [(",", ".csv"), (";", ".csv"), ("\t", ".csv"), ("\t", ".tsv"), ("\t", ".tab")]
)
def test_the_delimiter_is_told_from_the_header(table, delimiter, ending):
    rows = [("speaker", "text"), ("T", "Hello."), ("C", '"Yes, really; yes."')]
    path = table("".join(delimiter.join(row) + "\n" for row in rows), ending)
    assert texts(read_session(path)) == ["Hello.", "Yes, really; yes."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_table_may_be_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "week.csv"
    path.write_bytes("speaker,text\r\nT,It’s the café then?\r\n".encode(encoding))
    assert texts(read_session(path)) == ["It’s the café then?"]


def test_all_core_columns_are_read(table):
    path = table("session_id,utterance_id,speaker,speaker_role,text,start,end\nS1,u7,Ann,client,Yes.,1:02,63.5\n")
    assert read_session(path) == Session("S1", (("u7", "Yes.", "Ann", "client", 62.0, 63.5),))


def test_many_sessions_come_from_one_file(table):
    path = table("session_id,speaker,text\nS1,T,a\nS1,C,b\nS2,T,c\n")
    assert {session.session_id: texts(session) for session in read_sessions(path)} == {"S1": ["a", "b"], "S2": ["c"]}


def test_rows_of_several_sessions_may_be_mixed(table):
    path = table("session_id,speaker,text\nS1,T,a\nS2,T,b\nS1,C,c\nS2,C,d\nS1,T,e\n")
    assert {session.session_id: texts(session) for session in read_sessions(path)} == {
        "S1": ["a", "c", "e"], "S2": ["b", "d"],
    }  # fmt: skip


def test_a_session_without_an_id_is_named_after_the_file(table):
    assert read_session(table("speaker,text\nT,a\n")).session_id == "week"


def test_utterances_without_ids_are_numbered_from_1_in_each_session(table):
    path = table("session_id,speaker,text\nS1,T,a\nS2,T,b\nS1,C,c\n")
    assert [[item.utterance_id for item in session.utterances] for session in read_sessions(path)] == [
        ["1"],
        ["1", "2"],
    ]


def test_the_same_utterance_id_may_stand_in_two_sessions(table):
    path = table("session_id,utterance_id,speaker,text\nS1,1,T,a\nS2,1,T,b\n")
    assert len(list(read_sessions(path))) == 2


def test_headers_are_read_in_any_case_and_spacing(table):
    assert texts(read_session(table("Speaker, TEXT \nT,a\n"))) == ["a"]


def test_the_role_column_counts_where_there_is_one(table):
    utterance = read_session(table("speaker,speaker_role,text\nZed,Client,a\n")).utterances[0]
    assert (utterance.speaker, utterance.speaker_role) == ("Zed", "client")


def test_the_role_stands_for_the_speaker_where_there_is_no_other(table):
    assert read_session(table("speaker_role,text\nclient,a\n")).utterances[0].speaker == "client"


def test_columns_to_keep_come_along(table):
    path = table("speaker,text,Client_ID,other\nT,a,k1,x\nC,b,k2,y\n")
    assert dict(next(read_sessions(path, keep=["client_id", "not there"])).columns) == {"client_id": ("k1", "k2")}


def test_further_columns_are_passed_over(table):
    assert read_session(table("mood,speaker,text\nlow,T,a\n")).columns == {}


def test_blank_lines_are_passed_over(table):
    assert texts(read_session(table("speaker,text\nT,a\n\nC,b\n\n"))) == ["a", "b"]


def test_rows_of_empty_cells_as_spreadsheets_leave_them_are_passed_over(table):
    assert texts(read_session(table("speaker,text,start\nT,a,\n,,\n,,\n"))) == ["a"]


def test_empty_times_are_none(table):
    utterance = read_session(table("speaker,text,start,end\nT,a,, \n")).utterances[0]
    assert (utterance.start, utterance.end) == (None, None)


def test_an_empty_text_is_an_utterance(table):
    assert texts(read_session(table("speaker,text\nT,\nC,b\n"))) == ["", "b"]


def test_a_cell_made_inert_for_spreadsheets_is_restored(table):
    assert texts(read_session(table("speaker,text\nT,'=1+1\nC,'tis\n"))) == ["=1+1", "'tis"]


@pytest.mark.parametrize("header", ["speaker,utterance", "speaker,the_text", "speaker,txet", "speaker,Content"])
def test_a_missing_column_is_named_with_the_nearest(table, header):
    error = error_of(table(f"{header}\nT,a\n"))
    nearest = header.split(",")[1].lower()
    assert ("no column 'text'" in error.reason, f"the nearest is {nearest!r}" in error.reason) == (True, True)


def test_a_missing_speaker_is_named_with_the_nearest(table):
    assert "no column 'speaker' among 2; the nearest is 'speakers'" in error_of(table("speakers,text\nT,a\n")).reason


def test_words_in_place_of_a_header_are_not_repeated(table):
    assert "winter" not in str(error_of(table("T,the winter green\nC,winter again\n")))


def test_a_doubled_column_is_refused(table):
    assert "'text' is there twice" in error_of(table("speaker,text,Text\nT,a,b\n")).reason


def test_a_doubled_column_of_another_name_does_no_harm(table):
    assert texts(read_session(table("speaker,text,x,x\nT,a,1,2\n"))) == ["a"]


@pytest.mark.parametrize(("row", "cells"), [("C", 1), ("C,yes,well", 3)])
def test_a_wrong_number_of_cells_is_refused_with_the_line(table, row, cells):
    error = error_of(table(f"speaker,text\nT,a\n{row}\n"))
    assert (error.place, f"{cells} cells where the header has 2" in error.reason) == ("line 3", True)


def test_a_quote_never_closed_is_refused_with_the_line_where_it_opens(table):
    error = error_of(table('speaker,text\nT,a\nC,"b\nT,c\nC,d\n'))
    assert (error.place, "quotes do not match" in error.reason) == ("line 3", True)


def test_a_quote_never_closed_in_a_long_file_is_refused_with_the_line_where_it_opens(table):
    error = error_of(table('speaker,text\nT,a\nC,"b\n' + "T,and so on\n" * 100_000))
    assert (error.place, "never closed" in error.reason) == ("line 3", True)


def test_a_stray_quote_is_refused_with_the_line(table):
    assert error_of(table('speaker,text\nT,"a" b\n')).place == "line 2"


def test_lines_are_counted_as_an_editor_counts_them(table):
    assert error_of(table('speaker,text\nT,"a\nb\nc"\n,d\n')).place == "line 5"


def test_a_doubled_utterance_id_is_refused_with_both_lines(table):
    error = error_of(table("utterance_id,speaker,text\n7,T,a\n8,C,b\n7,T,c\n"))
    assert (error.place, "utterance_id '7' is already on line 2" in error.reason) == ("line 4", True)


def test_an_empty_speaker_is_refused_with_the_line(table):
    error = error_of(table("speaker,text\nT,a\n ,b\n"))
    assert (error.place, "speaker is empty" in error.reason) == ("line 3", True)


def test_an_empty_session_id_is_refused_with_the_line(table):
    error = error_of(table("session_id,speaker,text\nS1,T,a\n ,C,b\n"))
    assert (error.place, "session_id is empty" in error.reason) == ("line 3", True)


@pytest.mark.parametrize("column", ["start", "end"])
def test_a_bad_time_is_refused_with_the_line(table, column):
    error = error_of(table(f"speaker,text,{column}\nT,a,soon\n"))
    assert (error.place, f"the {column} is not a time" in error.reason) == ("line 2", True)


def test_an_unknown_speaker_is_refused_with_the_option_that_settles_it(table):
    error = error_of(table("speaker,text\nT,a\nZed,b\n"))
    assert (error.place, '--role "Zed=ROLE"' in error.reason) == ("line 3", True)


def test_words_in_place_of_a_speaker_are_not_repeated(table):
    error = error_of(table("speaker,text\nWell I think of the winter every day since he went away,C\n"))
    assert "since he went away" not in str(error)


def test_a_message_shows_no_control_characters(table):
    error = error_of(table('speaker,text\n"Zed\x1b[2J",a\n'))
    assert str(error).isprintable()


@pytest.mark.parametrize("text", ["speaker,text\n", "speaker,text", "speaker,text\n\n\n"])
def test_a_table_with_only_headers_is_refused(table, text):
    assert "headers but no rows" in error_of(table(text)).reason


@pytest.mark.parametrize("text", ["\n", "\ufeff", "   \n"])
def test_a_table_without_headers_is_refused(table, text):
    assert "no column 'text'" in error_of(table(text)).reason


def test_one_bad_session_comes_as_its_error_while_the_others_are_read(table):
    path = table("session_id,speaker,text\nS1,T,a\nS2,Zed,b\nS3,T,c\n")
    first, second, third = outcomes(path)
    assert (first.session_id, type(second), third.session_id) == ("S1", TranscriptError, "S3")


def test_a_field_of_nearly_the_limit_is_read(table):
    assert len(texts(read_session(table(f"speaker,text\nT,{'a' * 100_000}\n")))[0]) == 100_000


def test_a_text_above_the_limit_is_refused(table):
    assert "one utterance of 100,001 characters" in error_of(table(f"speaker,text\nT,{'a' * 100_001}\n")).reason


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
nasty = cells | st.sampled_from(['"', '""', "\n", "\r", "\r\n", "=1+1", "+1", "-and", "@x", "\t", "'=1", "''", ";,\t"])


@settings(deadline=None)
@given(st.lists(nasty, min_size=1), st.sampled_from([",", ";", "\t"]))
def test_any_text_comes_back_from_a_table_as_we_write_them(tmp_path_factory, written, delimiter):
    path = tmp_path_factory.getbasetemp() / "round_trip.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerows([("speaker", "text"), *(("T", make_inert(text)) for text in written)])
    assert texts(read_session(path)) == written


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["S1", "S2", "S3"]), nasty), min_size=1))
def test_sessions_come_back_whole_in_whatever_order_their_rows_stand(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "mixed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([("session_id", "speaker", "text"), *((name, "C", make_inert(text)) for name, text in rows)])
    read = {session.session_id: texts(session) for session in read_sessions(path)}
    assert read == {name: [text for of, text in rows if of == name] for name, _ in rows}
