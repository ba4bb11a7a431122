import pytest
from reading import notes, read_sample, said, times

from alliance_nlp.transcript import SpeakerRole


@pytest.fixture
def read(read_text):
    return lambda text, **options: read_text(text, "s.txt", **options)


def test_marks_at_the_ends_give_the_times():
    session = read_sample("maxqda/marks-at-ends.txt")
    assert said(session) == [
        ("I", "How has the week been since we last spoke?"),
        ("B", "Long. I wrote it all down: every night, (laughs) like you said I should."),
        ("I", "And what was that like?"),
        ("B", "Pointless, honestly. I don't see what it is for."),
    ]
    assert times(session) == [(None, 5.2), (5.2, 12.8), (12.8, 16.0), (16.0, 62.1)]
    assert notes(session) == ["1 line above the first speaker left out (line 1)"]


def test_paragraph_numbers_are_taken_off_and_marks_at_the_begin_give_the_start():
    session = read_sample("maxqda/numbered.txt")
    assert said(session)[1] == ("B1", "Long. 10 nights.")
    assert times(session) == [(2.0, None), (9.0, None), (14.0, None), (None, None)]


def test_numbers_that_do_not_follow_one_another_are_words(read):
    assert said(read("I: One. #00:00:01-0#\n10 nights\n")) == [("I", "One. 10 nights")]


def test_the_person_interviewed_is_the_client_unless_the_user_says_otherwise(read):
    text = "B: One. #00:00:01-0#\nI: Two.\n"
    assert read(text).utterances[0].speaker_role is SpeakerRole.CLIENT
    assert read(text, roles={"B": "therapist"}).utterances[0].speaker_role is SpeakerRole.THERAPIST
