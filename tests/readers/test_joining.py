import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.readers import read_session, read_sessions
from alliance_nlp.readers._joining import LONG, LONGEST, PAUSE, joined, whole
from alliance_nlp.readers._raw import RawUtterance
from alliance_nlp.transcript import SOURCE_IDS


def fragment(speaker="T", text="a word", start=None, end=None, role_name=""):
    return RawUtterance(1, speaker, text, role_name, "", start, end)


def lengths(*raw, columns=None):
    return [len(group) for group in joined(raw, columns or {})]


def test_fragments_of_one_speaker_are_joined():
    assert lengths(fragment("T"), fragment("T"), fragment("C"), fragment("T")) == [2, 1, 1]


def test_another_role_of_the_same_speaker_is_another_speaker():
    assert lengths(fragment(role_name="client"), fragment(role_name="other")) == [1, 1]


@pytest.mark.parametrize(("pause", "expected"), [(0.0, [2]), (PAUSE, [2]), (PAUSE + 0.1, [1, 1]), (-3.0, [2])])
def test_a_pause_parts_utterances(pause, expected):
    assert lengths(fragment(start=0, end=5), fragment(start=5 + pause, end=9)) == expected


def test_an_utterance_that_is_long_ends_with_a_sentence():
    long, more = fragment(text="word " * (LONG - 1) + "end.”"), fragment(text="and more")
    assert lengths(long, more) == [1, 1]
    assert lengths(fragment(text="short."), more) == [2]
    assert lengths(fragment(text="word " * LONG + "end"), more) == [2]


def test_an_utterance_without_sentences_ends_at_its_greatest_length():
    assert lengths(*[fragment(text="ten words that " * 3 + "run")] * (LONGEST // 5)) == [12, 12]


def test_rows_with_different_kept_columns_stay_apart():
    assert lengths(*[fragment()] * 3, columns={"empathy": ("1", "1", "0")}) == [2, 1]


def test_an_utterance_goes_from_the_first_start_to_the_last_end():
    parts = [fragment(text="one", start=1.0, end=4.0), fragment(text="", end=3.0), fragment(text="two", start=3.5)]
    assert whole(parts) == fragment(text="one two", start=1.0, end=4.0)


raw_utterances = st.lists(
    st.builds(
        fragment,
        st.sampled_from("TC"),
        st.text("ab .", max_size=9),
        st.none() | st.floats(0, 99),
        st.none() | st.floats(0, 99),
    ),
    min_size=1,
)


@given(raw_utterances)
def test_every_fragment_is_in_one_utterance_and_no_word_is_lost(raw):
    groups = joined(raw, {})
    assert [place for group in groups for place in group] == list(range(len(raw)))
    words = [word for group in groups for word in whole(raw[group.start : group.stop]).text.split()]
    assert words == [word for item in raw for word in item.text.split()]


def test_a_table_is_joined_where_asked_and_keeps_the_ids(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("utterance_id,speaker,text,client_id\na1,T,one,X\na2,T,two,X\na3,C,three,X\n")
    (session,) = read_sessions(path, keep=["client_id"], join=True)
    assert [(item.utterance_id, item.text) for item in session.utterances] == [("a1", "one two"), ("a3", "three")]
    assert session.columns == {SOURCE_IDS: ("a1\na2", "a3"), "client_id": ("X", "X")}


def test_a_table_is_not_joined_unasked(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text("".join(json.dumps({"speaker": "T", "text": text}) + "\n" for text in ("one", "two")))
    session = read_session(path)
    assert (len(session.utterances), SOURCE_IDS in session.columns) == (2, False)
