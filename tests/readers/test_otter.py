import pytest
from reading import notes, read_sample, said, times

from alliance_nlp.readers import Head
from alliance_nlp.readers.otter import looks_like


def test_a_plain_export_is_read():
    session = read_sample("otter/plain.txt")
    assert said(session) == [
        ("Ada Marsh", "Good to see you again. How has the week been since we last spoke?"),
        ("Speaker 2", "Long. I wrote it all down, like you said I should. It was at 4:30 mostly."),
        ("Ada Marsh", "And what was that like?"),
        ("Speaker 2", "Pointless, honestly. I don't see what it is for."),
    ]
    assert [start for start, _ in times(session)] == [2, 9, 15, 3740]
    assert notes(session) == [
        "1 speaker line without words left out (line 8)", "1 line that the program adds left out",
    ]  # fmt: skip


def test_what_stands_above_the_first_speaker_is_left_out_and_said_to_be():
    session = read_sample("otter/with-summary.txt")
    assert said(session) == [("Ada Marsh", "Good to see you again."), ("Speaker 2", "Long week.")]
    assert notes(session) == ["6 lines above the first speaker left out"]


def test_the_form_of_rev_is_read():
    assert said(read_sample("otter/rev.txt"))[1] == ("Speaker 2", "Long. I kept waking up (at 4:30).")


def test_a_heading_without_a_name_is_of_somebody_unknown(read_text):
    text = "Ada Marsh  0:02\nOne.\n\n  0:05\nTwo.\n"
    assert said(read_text(text, "s.txt", roles={"Ada Marsh": "therapist", "SPEAKER": "other"}))[1] == (
        "SPEAKER",
        "Two.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "T: We met at\n   noon  10:30\nC: Yes.\n", "T: we stopped\n   again (12:30)\nC: Yes.\n",
        "[00:01:12] T: Hello.\n",
        "Lunch  12:30\n", "1:12 T: Hello.\nC: Yes.\n", "Ada Marsh\nHello.\n",
    ],
)  # fmt: skip
def test_other_text_is_not_taken_for_it(text):
    assert not looks_like(Head(b"", text))
