import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import ids, notes, read_sample, said, sample, times

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import SOURCE_IDS

FIRST = "00:00:01.000 --> 00:00:02.000\n"
SECOND = "00:00:02.500 --> 00:00:04.000\n"
GUID = "0f4a7c1e-63d2-4b7b-9d0e-5a1f0c2b7e11"


@pytest.fixture
def read(read_text):
    return lambda text, **options: read_text(f"WEBVTT\n\n{text}", "s.vtt", **options)


def test_a_file_of_zoom_is_read():
    session = read_sample("webvtt/zoom.vtt")
    assert said(session) == [
        ("Ada Marsh", "Good to see you again. How has the week been since we last spoke?"),
        ("ben (he/him)", "Long. I wrote it all down: every night, like you said I should."),
        ("Ada Marsh", "And what was that like?"),
        ("ben (he/him)", "Honestly? Pointless. I don't see what it is for."),
        ("Ada Marsh", "It sounds like I gave you a chore, and never said why."),
    ]
    assert times(session)[0] == (2.79, 7.21)
    assert (ids(session), session.columns[SOURCE_IDS]) == (
        ["1", "3", "5", "6", "8"], ("1\n2", "3\n4", "5", "6", "8"),
    )  # fmt: skip
    assert notes(session) == ["1 cue without words left out (line 28)"]


def test_a_file_of_teams_is_read_with_its_ids():
    session = read_sample("webvtt/teams.vtt")
    assert said(session)[:2] == [
        ("Marsh, Ada (Clinic)", "Good to see you again. How has the week been?"),
        ("Guest & co", "Long. I wrote it all down, like you said I should."),
    ]
    assert ids(session) == [f"{GUID}/14-0", f"{GUID}/22-0", f"{GUID}/31-0", f"{GUID}/37-0"]
    assert session.columns[SOURCE_IDS][1] == f"{GUID}/22-0\n{GUID}/22-1"
    assert session.notes == ()


def test_a_file_with_everything_that_the_format_has_is_read_and_what_is_damaged_is_said():
    session = read_sample("webvtt/stream.vtt")
    assert said(session) == [
        ("Ada", "How was the week?"),
        ("Ben", "Long. Very long."),
        ("Ada", "Long <sighs> how?"),
        ("Ben", "I kept waking up, <laughs> and then at four, every night."),
        ("Ada", "That is all."),
    ]
    assert ids(session) == ["1", "2", "2#2", "3", "4"]
    assert times(session) == [(2.0, 5.5), (6.0, 8.25), (6.0, 8.25), (9.0, None), (3611.0, 3612.0)]
    assert notes(session) == [
        "1 cue with a broken arrow between its times read all the same (line 25)",
        "1 cue with an illegible time read all the same (line 30)",
        "1 cue with a blank line inside its text read all the same (line 34)",
        "the ids of the cues are not all there, or not all different; cues are numbered from 1",
    ]


def test_fragments_stay_apart_where_the_user_says_so():
    session = read_sample("webvtt/zoom.vtt", join=False)
    assert (len(session.utterances), SOURCE_IDS in session.columns) == (7, False)


@pytest.mark.parametrize("arrow", ["->", "–>", "—>", "-- >", "→", "--&gt;", "=>", "-"])
def test_a_broken_arrow_costs_no_words(read, arrow):
    session = read(f"{FIRST}Ada: one\n\n00:00:05.000 {arrow} 00:00:06.000\nAda: two\n", join=False)
    assert (said(session)[1], times(session)[1]) == (("Ada", "two"), (5.0, 6.0))
    assert notes(session) == ["1 cue with a broken arrow between its times read all the same (line 6)"]


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ("0:01.5 --> 00:02", (1.5, 2.0)), ("00:00:01,500 --> 00:00:02,000", (1.5, 2.0)),
        ("1:00:01.500-->1:00:02.000", (3601.5, 3602.0)), ("00:00:xx.000 --> 00:00:02.000", (None, 2.0)),
        ("--> 00:00:02.000", (None, 2.0)), ("00:01.000 --> 00:02.000 align:start", (1.0, 2.0)),
    ],
)  # fmt: skip
def test_times_of_many_forms_are_read(read, timing, expected):
    assert times(read(f"{timing}\nAda: one\n")) == [expected]


def test_cues_that_no_blank_line_parts_are_told_apart(read):
    assert said(read(f"1\n{FIRST}Ada: one\n2\n{SECOND}Ben: two\n")) == [("Ada", "one"), ("Ben", "two")]


def test_words_before_times_are_no_id_where_a_blank_line_is_missing(read):
    assert said(read(f"{FIRST}<v Ada>one\nand more\n{SECOND}<v Ben>two\n")) == [("Ada", "one and more"), ("Ben", "two")]


def test_a_paragraph_that_is_too_long_for_an_id_goes_on_with_the_cue_above(read):
    session = read(f"{FIRST}<v Ada>one\n\nand then a whole line\n{SECOND}<v Ben>two\n")
    assert said(session) == [("Ada", "one and then a whole line"), ("Ben", "two")]


def test_ids_that_are_there_twice_are_replaced_by_numbers(read):
    session = read(f"7\n{FIRST}Ada: one\n\n7\n{SECOND}Ben: two\n")
    assert (ids(session), "cues are numbered from 1" in session.notes[0]) == (["1", "2"], True)


def test_cues_out_of_order_are_put_in_order_and_said_to_be(read):
    session = read(f"{SECOND}Ben: two\n\n{FIRST}Ada: one\n")
    assert said(session) == [("Ada", "one"), ("Ben", "two")]
    assert notes(session) == ["cues out of order in 1 place; put in the order of their times"]


def test_a_cue_without_a_speaker_is_the_one_before_s(read):
    session = read(f"{FIRST}<v Ada>one</v>\n\n{SECOND}two\n", join=False)
    assert (said(session)[1], notes(session)) == (
        ("Ada", "two"), ["1 cue without a speaker taken to be of the speaker before"],
    )  # fmt: skip


def test_a_file_without_speakers_says_how_to_give_one(read):
    with pytest.raises(TranscriptError, match=r'does not say who speaks; .*--role "SPEAKER=client"'):
        read(f"{FIRST}one\n\n{SECOND}two\n")
    session = read(f"{FIRST}one\n\n{SECOND}two\n", roles={"SPEAKER": "client"})
    assert said(session) == [("SPEAKER", "one two")]


def test_speech_with_a_colon_is_no_label(read):
    text = f"{FIRST}Ada: one\n\n{SECOND}Monday: swimming, I said: no\n"
    assert said(read(text, join=False))[1] == ("Ada", "Monday: swimming, I said: no")


def test_escaped_characters_are_restored(read):
    huge = f"&#{'9' * 5000};"
    assert said(read(f"{FIRST}Ada: &lt;a&gt; &amp; b&nbsp;c &#8217; {huge}\n")) == [("Ada", f"<a> & b c ’ {huge}")]


@pytest.mark.parametrize("text", ["", "NOTE nothing\n", FIRST, f"{FIRST}Ada:\n"])
def test_a_file_without_words_is_refused(read, text):
    with pytest.raises(TranscriptError, match="no utterance found"):
        read(text)


def test_a_file_by_another_name_is_known_by_its_content(tmp_path):
    path = tmp_path / "s.txt"
    path.write_bytes(sample("webvtt/teams.vtt").read_bytes())
    roles = RoleNames({"Marsh, Ada (Clinic)": "therapist", "Guest & co": "client"})
    session = read_session(path, roles)
    assert (len(session.utterances), "read as WebVTT" in session.notes[0]) == (4, True)


words = st.lists(st.text(st.sampled_from("abcäé'?,. 0"), min_size=1).filter(str.strip), min_size=1, max_size=8)


@settings(deadline=None)
@given(words, st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_word_of_any_cue_is_lost(tmp_path_factory, spoken, voices, line_end):
    path = tmp_path_factory.getbasetemp() / "round.vtt"
    cues = [
        f"{clock(number)} --> {clock(number + 0.9)}\n" + (f"<v Ada>{text}</v>" if voices else f"Ada: {text}") + "\n"
        for number, text in enumerate(spoken)
    ]
    path.write_bytes("\n".join(["WEBVTT\n", *cues]).replace("\n", line_end).encode())
    session = read_session(path, RoleNames({"Ada": "therapist"}), join=False)
    assert [utterance.text for utterance in session.utterances] == [" ".join(text.split()) for text in spoken]
    assert [utterance.start for utterance in session.utterances] == list(map(float, range(len(spoken))))


def clock(seconds):
    return f"00:00:{seconds:06.3f}"
