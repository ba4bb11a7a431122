import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import ROLES, ids, notes, read_sample, said, times

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import SOURCE_IDS

TALK = [
    ("0", "Good to see you again. How has the week been since we last spoke?"),
    ("1", "Long. I wrote it all down, like you said I should."),
    ("0", "And what was that like?"),
    ("1", "Pointless, honestly."),
]


@pytest.fixture
def read(read_text):
    return lambda document, **options: read_text(json.dumps(document), "s.json", **options)


def segment(text=" one", **others):
    return {"start": 0.0, "end": 1.5, "text": text, "speaker": "SPEAKER_00"} | others


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("whisperx.json", {"0": "SPEAKER_00", "1": "SPEAKER_01"}),
        ("whisper-cpp.json", {"0": "SPEAKER_0", "1": "SPEAKER_1"}),
        ("fast.json", {"0": "SPEAKER_00", "1": "SPEAKER_01"}),
        ("diarised-api.json", {"0": "SPEAKER_A", "1": "SPEAKER_B"}),
    ],
)
def test_files_with_speakers_are_read_and_fragments_joined(name, labels):
    session = read_sample(f"whisper/{name}")
    assert said(session) == [(labels[who], text) for who, text in TALK]
    assert times(session) == [(0.0, 6.0), (9.0, 14.0), (14.9, 16.0), (20.1, 24.9)]
    assert (ids(session), session.columns[SOURCE_IDS]) == (["1", "3", "5", "6"], ("1\n2", "3\n4", "5", "6"))


def test_what_is_left_out_or_doubtful_is_said():
    assert notes(read_sample("whisper/whisperx.json")) == [
        "1 segment without words left out (segment 7)",
        "1 segment with words that the program heard from another speaker",
    ]


def test_a_file_without_speakers_says_how_to_give_one():
    with pytest.raises(TranscriptError, match=r'does not say who speaks; .*--role "SPEAKER=client"'):
        read_sample("whisper/whisper.json")


def test_a_segment_without_a_speaker_among_others_with_one_is_of_somebody_unknown(read):
    document = {"segments": [segment(), segment(speaker=None)]}
    with pytest.raises(TranscriptError, match="segment 2: no role known for speaker label 'SPEAKER'"):
        read(document)


def test_a_whole_text_that_holds_more_than_the_segments_is_said(read):
    session = read({"text": " one two", "segments": [segment()]})
    assert notes(session) == [
        "its whole text has 3 characters more than its segments; the program may have lost some of them"
    ]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"text": "one"}, "no list of segments"), ({"segments": {}}, "no list of segments"),
        ([], "no list of segments"),
        ({"segments": [1]}, "segment 1: is not an object"), ({"segments": [{"start": 0}]}, "segment 1: has no text"),
        ({"segments": [segment(text=1)]}, "segment 1: has no text"),
        ({"segments": [segment(speaker=[1])]}, "segment 1: the speaker is neither"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(read, document, message):
    with pytest.raises(TranscriptError, match=message):
        read(document)


@pytest.mark.parametrize("time", [None, "x", -1, True, [1], 1e300])
def test_a_time_that_is_none_is_left_out(read, time):
    assert times(read({"segments": [segment(start=time)]})) == [(None, 1.5)]


texts = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), min_size=1, max_size=6
)


@settings(deadline=None)
@given(texts)
def test_any_text_comes_back_from_segments(tmp_path_factory, spoken):
    path = tmp_path_factory.getbasetemp() / "round.json"
    path.write_text(json.dumps({"segments": [segment(text) for text in spoken]}), "utf-8")
    session = read_session(path, RoleNames(ROLES), join=False)
    assert [utterance.text for utterance in session.utterances] == [" ".join(text.split()) for text in spoken]
