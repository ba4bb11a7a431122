import pytest
from reading import ids, notes, read_sample, said, times

from alliance_nlp.errors import TranscriptError

FIRST = "1\n00:00:01,000 --> 00:00:02,000\n"
SECOND = "2\n00:00:02,500 --> 00:00:04,000\n"


@pytest.fixture
def read(read_text):
    return lambda text, **options: read_text(text, "s.srt", **options)


def test_captions_with_labels_tags_and_missing_numbers_are_read():
    session = read_sample("srt/labelled.srt")
    assert said(session) == [
        ("THERAPIST", "How has the week been since we last spoke?"),
        ("CLIENT", "Long. I wrote it all down: every night."),
        ("THERAPIST", "And what was that like?"),
        ("CLIENT", "Pointless."),
        ("THERAPIST", "It sounds like I gave you a chore, and never said why."),
        ("CLIENT", "Yes -- 10:30 every night."),
    ]
    assert times(session)[1] == (9.02, 12.64)
    assert notes(session) == [
        "the ids of the cues are not all there, or not all different; cues are numbered from 1",
        "1 cue without a speaker taken to be of the speaker before",
    ]


def test_a_file_whose_lines_are_all_double_spaced_is_read():
    session = read_sample("srt/double-spaced.srt")
    assert (said(session), ids(session)) == ([("T", "How has the week been?"), ("C", "Long.")], ["1", "2"])
    assert notes(session) == ["1 cue with a broken arrow between its times read all the same (line 9)"]


def test_lines_with_a_dash_and_no_label_are_of_somebody_unknown(read):
    text = f"{FIRST}THERAPIST: one\n\n{SECOND}- two\n- three\n"
    with pytest.raises(TranscriptError, match=r"speaker label 'SPEAKER' \(2\)"):
        read(text)
    session = read(text, roles={"SPEAKER": "other"}, join=False)
    assert (said(session), ids(session)) == (
        [("THERAPIST", "one"), ("SPEAKER", "two"), ("SPEAKER", "three")], ["1", "2", "2#2"],
    )  # fmt: skip


def test_a_label_in_capitals_counts_the_first_time(read):
    text = f"{FIRST}T: one\n\n{SECOND}RECEPTION DESK: two\n"
    assert said(read(text, roles={"reception desk": "other"}))[1] == ("RECEPTION DESK", "two")


def test_text_above_the_first_cue_is_left_out_and_said_to_be(read):
    session = read(f"made by hand\n\n{FIRST}T: one\n")
    assert (said(session), notes(session)) == ([("T", "one")], ["1 line above the first cue left out"])


def test_carriage_returns_that_were_doubled_are_no_blank_lines(read):
    assert said(read(f"{FIRST}T: one\ntwo\n".replace("\n", "\r\r\n"))) == [("T", "one two")]
