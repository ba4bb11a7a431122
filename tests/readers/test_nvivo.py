import pytest
from reading import read_sample, said, times

from alliance_nlp.errors import TranscriptError


def test_columns_for_time_span_content_and_speaker_are_read():
    session = read_sample("nvivo/with-speaker.txt")
    assert said(session) == [
        ("Ada", "How has the week been?"), ("Ben", 'Long. I wrote it "all" down:\nevery night.'),
        ("Ada", "And what was that like?"),
    ]  # fmt: skip
    assert times(session) == [(2.7, 5.2), (9.0, 12.6), (14.9, None)]


def test_labels_in_the_content_stand_in_for_a_column_of_speakers():
    session = read_sample("nvivo/labels.txt")
    assert said(session)[1] == ("Ben", "Long. I said: never.")
    assert times(session)[1] == (9.0, 12.6)


def test_the_user_may_name_a_column(read_text):
    text = "Timespan\tContent\tWer\n0:01 - 0:02\tOne.\tAda\n"
    assert said(read_text(text, "s.txt", columns={"speaker": "Wer"})) == [("Ada", "One.")]


@pytest.mark.parametrize("span", ["0:01 - 0:02 - 0:03", "soon"])
def test_a_time_span_that_is_none_is_refused(read_text, span):
    with pytest.raises(TranscriptError, match="line 2"):
        read_text(f"Timespan\tContent\tSpeaker\n{span}\tOne.\tAda\n", "s.txt")


def test_a_table_without_content_is_refused(read_text):
    with pytest.raises(TranscriptError, match="no column 'Content'"):
        read_text("Timespan\tWords\n0:01\tOne.\n", "s.txt", format_name="nvivo")
