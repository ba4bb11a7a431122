"""Settling what coders differ on, and a coded corpus from transcripts and ratings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import ratings_of

from alliance_nlp.codebook import read_codebook
from alliance_nlp.consensus import Method, settle, settle_markers, settle_sessions, voters
from alliance_nlp.errors import RatingsError, UsageError
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.readers import read_sessions

OPEN = NOT_CODED
BOOK = """
name = "warmth"
version = "1"
[[marker]]
name = "warmth"
role = "therapist"
definition = "Voices liking."
"""


def codes(rows, method, adjudicator=""):
    return settle(ratings_of(rows), method, adjudicator).codes.tolist()


def test_majority_takes_what_most_gave_and_leaves_ties():
    rows = [(1, 1, 0), (0, 0, 0), (1, 0, None), (None, 1, None)]
    found = settle(ratings_of(rows), Method.MAJORITY)
    assert found.codes.tolist() == [1, 0, OPEN, 1]
    assert (found.utterances_agreed, found.utterances_settled, found.utterances_open) == (2, 1, 1)


def test_majority_leaves_ties_to_an_adjudicator_who_has_no_vote():
    # C settles. Its 0 on the first row outvotes nobody.
    assert codes([(1, 1, 0), (1, 0, 0), (1, 0, None)], Method.MAJORITY, "C") == [1, 0, OPEN]


def test_an_adjudicator_decides_and_the_rest_is_what_all_agree_on():
    rows = [(1, 1, 0), (1, 0, 1), (1, 1, None), (1, 0, None), (None, None, 1)]
    assert codes(rows, Method.ADJUDICATOR, "C") == [0, 1, 1, OPEN, 1]


def test_dawid_and_skene_keeps_what_it_estimates():
    rows = [(1, 1, 1)] * 5 + [(0, 0, 0)] * 8 + [(1, 1, 0), (0, 0, 1)]
    found = settle(ratings_of(rows), Method.DAWID_SKENE)
    assert found.codes.tolist() == [1] * 5 + [0] * 8 + [1, 0]
    assert found.estimate.confusion.shape == (3, 2, 2)


@pytest.mark.parametrize(
    ("method", "adjudicator", "reason"),
    [
        (Method.ADJUDICATOR, "", "needs a name"),
        (Method.DAWID_SKENE, "C", "takes no adjudicator"),
    ],
)
def test_a_method_and_an_adjudicator_must_fit(method, adjudicator, reason):
    with pytest.raises(UsageError, match=reason):
        settle(ratings_of([(1, 0, 1)]), method, adjudicator)


def test_two_coders_are_too_few_for_dawid_and_skene():
    with pytest.raises(RatingsError, match="at least 3 coders"):
        settle(ratings_of([(1, 0)]), Method.DAWID_SKENE)


matrices = st.lists(st.tuples(*[st.sampled_from([None, 0, 1])] * 3), min_size=1, max_size=20)


@given(matrices, st.sampled_from([Method.MAJORITY, Method.ADJUDICATOR]))
def test_what_all_agree_on_is_kept_by_majority_and_without_a_decision(rows, method):
    adjudicator = "C" if method == Method.ADJUDICATOR else ""
    found = settle(ratings_of(rows), method, adjudicator)
    for row, code, agreed in zip(rows, found.codes.tolist(), found.agreed.tolist(), strict=True):
        votes = [value for value in (row[:2] if adjudicator else row) if value is not None]
        assert agreed == (len(set(votes)) == 1)
        if agreed and not (adjudicator and row[2] is not None):
            assert code == votes[0]
        if not votes and not (adjudicator and row[2] is not None):
            assert code == OPEN


@given(matrices, st.permutations([0, 1, 2]))
def test_the_order_of_coders_does_not_matter_to_a_majority(rows, order):
    other = [tuple(row[place] for place in order) for row in rows]
    assert codes(rows, Method.MAJORITY) == codes(other, Method.MAJORITY)


@given(matrices)
def test_counts_add_up(rows):
    found = settle(ratings_of(rows), Method.MAJORITY)
    assert np.array_equal(found.agreed & (found.codes == OPEN), np.zeros(len(rows), bool))
    assert found.utterances_agreed + found.utterances_settled + found.utterances_open == len(rows)


# From files


@pytest.fixture
def study(tmp_path):
    """Two sessions of four lines, and what three coders and a meeting made of the therapist's lines."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(
            "client_id,speaker,text\nc9,T,Welcome back.\nc9,C,Thanks.\nc9,T,Good to see you.\nc9,C,Right.\n", "utf-8"
        )
    (tmp_path / "warmth.toml").write_text(BOOK, "utf-8")
    header = "session_id,utterance_id,coder,marker,value\n"
    given_codes = [("one", 1, "ana", 1), ("one", 1, "ben", 1), ("one", 3, "ana", 1), ("one", 3, "ben", 0)]
    given_codes += [("two", 1, "ana", 0), ("two", 1, "ben", 0), ("one", 3, "meeting", 0)]
    (tmp_path / "ratings.csv").write_text(
        header
        + "".join(f"{session},{number},{coder},warmth,{value}\n" for session, number, coder, value in given_codes),
        "utf-8",
    )
    return tmp_path


def settled(study, method=Method.MAJORITY, adjudicator="", names=("one", "two")):
    sessions = [session for name in names for session in read_sessions(study / f"{name}.csv", keep=("client_id",))]
    table = read_ratings([study / "ratings.csv"])
    return settle_sessions(sessions, table, read_codebook(study / "warmth.toml"), method, (), adjudicator)


def test_transcripts_and_ratings_become_a_coded_corpus(study):
    one, two = settled(study, Method.ADJUDICATOR, "meeting")
    assert one.codes[:, 0].tolist() == [1, OPEN, 0, OPEN]
    assert two.codes[:, 0].tolist() == [0, OPEN, OPEN, OPEN]
    assert one.client == two.client == "c9"


def test_a_session_that_nobody_rated_stays_out(study):
    (study / "three.csv").write_text("speaker,text\nT,Hello.\n", "utf-8")
    assert [item.session.session_id for item in settled(study, names=("one", "three"))] == ["one"]
    with pytest.raises(RatingsError, match="none of the 1 transcripts is rated"):
        settled(study, names=("three",))


def add(study, line):
    with (study / "ratings.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("one,99,ana,warmth,1", "1 rated utterances are not in the transcript, such as '99'"),
        ("one,2,ana,warmth,1", "utterance 2: warmth is rated 1 on a client line; it is a code for the therapist"),
        ("two,3,ana,warmth,7", "the value '7' is neither 1 nor 0"),
    ],
)
def test_ratings_that_do_not_fit_the_transcripts_are_refused(study, line, reason):
    add(study, line)
    with pytest.raises(RatingsError, match=reason):
        settled(study)


def test_a_marker_of_the_codebook_that_nobody_rated_is_named(study):
    table = read_ratings([study / "ratings.csv"])
    with pytest.raises(RatingsError, match="no ratings of empathy"):
        settle_markers(table, ["empathy"], Method.MAJORITY, ["ana", "ben"])


def test_a_slip_in_a_decision_is_refused(study):
    add(study, "two,3,meeting,warmth,11")
    table = read_ratings([study / "ratings.csv"])
    with pytest.raises(RatingsError, match="session 'two', utterance '3': meeting decided on '11'"):
        settle_markers(table, ["warmth"], Method.ADJUDICATOR, ["ana", "ben"], "meeting")


def test_the_adjudicator_has_no_vote(study):
    table = read_ratings([study / "ratings.csv"])
    assert voters(table, (), "meeting") == ("ana", "ben")
    assert voters(table, ("ben", "meeting"), "meeting") == ("ben",)
    with pytest.raises(UsageError, match="no coder beside meeting"):
        voters(table, ("meeting",), "meeting")
    with pytest.raises(UsageError, match="no ratings of a coder 'carla'"):
        voters(table, (), "carla")
