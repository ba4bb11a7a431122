import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import SpeakerRole


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, *roles):
        path = tmp_path / "session.txt"
        path.write_bytes(text.encode())
        return read_session(path, RoleNames.parse(roles))

    return write_and_read


def texts(session):
    return [utterance.text for utterance in session.utterances]


def error_of(read, text):
    with pytest.raises(TranscriptError) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("T", "therapist"), ("Therapist", "therapist"), ("Counsellor", "therapist"), ("Interviewer", "therapist"),
        ("T1", "therapist"), ("DR.", "therapist"), ("C", "client"), ("Client", "client"), ("Patient", "client"),
        ("CLIENT 2", "client"), ("Mother", "other"),
    ],
)  # fmt: skip
def test_a_usual_label_gives_the_role(read, label, role):
    utterance = read(f"{label}: Hello.\n").utterances[0]
    assert (utterance.speaker, utterance.speaker_role, utterance.text) == (label, role, "Hello.")


def test_a_known_label_needs_no_space_behind_it(read):
    assert texts(read("T:Hello.\nC:Yes.\n")) == ["Hello.", "Yes."]


def test_space_around_label_and_text_is_left_out(read):
    assert texts(read("  T :   Hello.  \n")) == ["Hello."]


def test_the_session_is_named_after_the_file(read):
    assert read("T: Hello.\n").session_id == "session"


def test_utterances_are_numbered_from_1(read):
    assert [utterance.utterance_id for utterance in read("T: a\nC: b\nT: c\n").utterances] == ["1", "2", "3"]


def test_wrapped_lines_are_joined(read):
    assert texts(read("C: Long. I wrote it\n   down, like\n\nyou said\nT: Mm.\n")) == [
        "Long. I wrote it down, like you said",
        "Mm.",
    ]


def test_text_may_begin_on_the_line_below_its_label(read):
    assert texts(read("T:\nHello.\nC:\nYes.\n")) == ["Hello.", "Yes."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(read, end):
    assert texts(read(f"T: Hello{end}there.{end}C: Yes.{end}")) == ["Hello there.", "Yes."]


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("[00:01:12] T: But then?", 72), ("(1:12) T: But then?", 72), ("00:01:12.5 T: But then?", 72.5),
        ("[00:01:12,5] T: But then?", 72.5), ("T: But then?", None), ("[00:01.1234567890123] T: But then?", 1.123),
    ],
)  # fmt: skip
def test_a_time_before_the_label_is_the_start(read, line, seconds):
    utterance = read(line).utterances[0]
    assert (utterance.text, utterance.start) == ("But then?", pytest.approx(seconds, abs=1e-3))


def test_a_time_in_the_text_stays_text(read):
    assert texts(read("T: 10:30, then.\n10:45 maybe\n")) == ["10:30, then. 10:45 maybe"]


def test_digits_of_other_scripts_before_a_label_do_no_harm(read):
    assert len(read("T: Hello.\n[٠٠:٠١] T: And then?\n").utterances) in (1, 2)


def test_an_indented_line_with_an_unknown_label_stays_text(read):
    assert texts(read("C: He said\n   Listen: I am off\n")) == ["He said Listen: I am off"]


def test_an_indented_line_with_a_known_label_starts_an_utterance(read):
    assert texts(read("C: Yes.\n   T: Mm.\n")) == ["Yes.", "Mm."]


@pytest.mark.parametrize("line", ["the thing is: no", "https://example.org", "Oh:well", "12: twelve", ": colon first"])
def test_a_line_with_a_colon_that_is_no_label_stays_text(read, line):
    assert texts(read(f"C: Well,\n{line}\n")) == [f"Well, {line}"]


def test_lines_above_the_first_label_are_noted(read):
    (note,) = read("Session of 3 May\nin the clinic\n\nT: Hello.\n").notes
    assert "2 lines above the first speaker label left out" in note


def test_a_file_without_such_lines_has_no_notes(read):
    assert read("\nT: Hello.\n").notes == ()


def test_an_unknown_label_is_refused_with_how_often_it_stands_there(read):
    error = error_of(read, "SPEAKER_00: a\nSPEAKER_01: b\nSPEAKER_00: c\nC: d\n")
    assert "'SPEAKER_00' (2), 'SPEAKER_01' (1); known: 'C' (1)" in error.reason


def test_an_unknown_label_is_refused_with_its_first_line(read):
    assert error_of(read, "C: a\nZed: b\nZed: c\n").place == "line 2"


def test_an_unknown_label_is_refused_with_the_option_that_settles_it_and_no_guess_at_the_role(read):
    error = error_of(read, "SPEAKER_00: a\nSPEAKER_01: b\n")
    asked = '--role "SPEAKER_00=ROLE" --role "SPEAKER_01=ROLE", where ROLE is therapist, client or other'
    assert (error.reason.endswith(asked), "=therapist" in error.reason) == (True, False)


def test_of_many_unknown_labels_some_are_listed(read):
    error = error_of(read, "".join(f"Line {'ABCDEFGHIJ'[n]}: a\n" for n in range(10)))
    assert "and 4 more" in error.reason


def test_a_label_that_was_given_is_known(read):
    session = read("SPEAKER_00: a\nMe and you: b\n", "SPEAKER_00=therapist", "me and you=client")
    assert [utterance.speaker_role for utterance in session.utterances] == [SpeakerRole.THERAPIST, SpeakerRole.CLIENT]


def test_a_file_without_labels_is_refused(read):
    assert "no speaker labels found" in error_of(read, "hello there\nand so on\n").reason


def test_an_utterance_without_end_is_refused_with_its_line(read):
    error = error_of(read, "C: Yes.\nT: " + "word " * 30_000)
    assert (error.place, "one utterance of" in error.reason) == ("line 2", True)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("a" + " " * 3_000_000, id="a letter and spaces"),
        pytest.param(" " * 3_000_000 + "x", id="spaces and a letter"),
        pytest.param("1:" * 1_500_000, id="numbers and colons"),
    ],
)
def test_a_strange_long_line_is_passed_quickly(read, line):
    began = time.perf_counter()
    error_of(read, f"T: Hello.\n{line}\nZed: Hello.\n")
    assert time.perf_counter() - began < 5


spoken = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=60).map(str.strip)
turns = st.lists(st.tuples(st.sampled_from(["T", "C", "Therapist", "Client 2", "Mother"]), spoken), min_size=1)


@settings(deadline=None)
@given(turns, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_written_utterances_are_read_back(tmp_path_factory, turns, line_end, encoding):
    path = tmp_path_factory.getbasetemp() / "round_trip.txt"
    path.write_bytes("".join(f"{label}: {text}{line_end}" for label, text in turns).encode(encoding))
    assert [(item.speaker, item.text) for item in read_session(path).utterances] == turns


@settings(deadline=None)
@given(st.lists(st.lists(st.text("abcdefgh ,.", min_size=1).map(str.strip).filter(bool), min_size=1), min_size=1))
def test_utterances_wrapped_at_any_place_are_read_back(tmp_path_factory, utterances):
    path = tmp_path_factory.getbasetemp() / "wrapped.txt"
    path.write_text("".join("T: " + "\n   ".join(lines) + "\n" for lines in utterances))
    assert texts(read_session(path)) == [" ".join(lines) for lines in utterances]


def test_what_stands_above_a_transcript_is_no_speaker(read):
    session = read("Date: 3 May\nSession No.: 4\n\nT: Hello.\nC: Yes.\n")
    assert texts(session) == ["Hello.", "Yes."]
    assert "2 lines above the first speaker label left out" in session.notes[0]


def test_a_word_that_stands_above_transcripts_is_a_label_where_it_is_given(tmp_path):
    (tmp_path / "s.txt").write_text("Site: Hello.\nT: Yes.\n")
    session = read_session(tmp_path / "s.txt", RoleNames({"Site": "other"}))
    assert [item.speaker for item in session.utterances] == ["Site", "T"]
