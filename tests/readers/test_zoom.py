import pytest
from reading import notes, read_sample, said, times

from alliance_nlp.readers import Head
from alliance_nlp.readers.zoom import looks_like


def test_a_saved_transcript_is_read_with_its_times_from_the_first_line_on():
    session = read_sample("zoom/transcript.txt")
    assert said(session) == [
        ("Ada Marsh", "Good to see you again. How has the week been?"),
        ("ben (he/him)", "Long. I wrote it all down: every night."),
        ("Ada Marsh", "And what was that like?"),
    ]
    assert [start for start, _ in times(session)] == [0, 12, 25]
    assert notes(session) == ["times of day, counted from the first line on"]


def test_a_saved_chat_is_read():
    assert said(read_sample("zoom/chat.txt")) == [
        ("Ada Marsh", "Good to see you."),
        ("ben (he/him)", "Long. I wrote it all down: every night."),
        ("Ada Marsh", 'Replying to "Long. I wrote" What was that like?'),
    ]


def test_lines_with_tabs_are_read_and_their_times_left_as_they_are():
    session = read_sample("zoom/tabbed.txt")
    assert said(session)[1] == ("ben", "Long.")
    assert [start for start, _ in times(session)] == [5, 19, 62]


def test_a_name_that_sends_to_somebody_is_not_two_names(read_text):
    text = "00:00:05 From Ada Marsh  to  ben(Privately) : One.\n00:00:07 From ben : Two.\n"
    assert said(read_text(text, "s.txt")) == [("Ada Marsh", "One."), ("ben", "Two.")]


@pytest.mark.parametrize("text", ["[00:01:12] T: Hello.\n", "00:01:12 T: Hello.\n", "T: [Ada] 00:00:05\n"])
def test_other_text_is_not_taken_for_it(text):
    assert not looks_like(Head(b"", text))
