"""Counts, rates and intervals of a session."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.codebook import read_codebook
from alliance_nlp.summary import count_words, session_columns, session_row, summarise, wilson_interval
from alliance_nlp.tagging import NOT_CODED, TaggedSession
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

MARKERS = read_codebook().markers
ROLES = {"T": SpeakerRole.THERAPIST, "C": SpeakerRole.CLIENT, "O": SpeakerRole.OTHER}


def tagged_session(*lines):
    """A tagged session from lines of speaker, text and the names of its markers; each probability is .75 or .25."""
    utterances = tuple(Utterance(str(n), text, who, ROLES[who]) for n, (who, text, _) in enumerate(lines, 1))
    tags = np.array(
        [[int(m.name in names) if m.role == ROLES[who] else NOT_CODED for m in MARKERS] for who, _, names in lines],
        dtype=np.int8,
    )
    probabilities = np.where(tags == NOT_CODED, np.nan, 0.25 + 0.5 * tags)
    return TaggedSession(Session("S1", utterances), MARKERS, probabilities, tags)


@pytest.fixture
def summary():
    return summarise(
        tagged_session(
            ("T", "How was the week?", ()),
            ("C", "You never listen, you know.", ("rupture",)),
            ("T", "That hurt. I'm sorry.", ("empathy", "repair")),
            ("C", "Fine.", ()),
            ("O", "Tea?", ()),
            ("C", "No. Not now.", ("rupture",)),
            ("T", "You have every right to be cross.", ("validation",)),
            ("T", "It makes sense.", ("validation",)),
        )
    )


def marker(summary, name):
    return next(entry for entry in summary.markers if entry.name == name)


# Newcombe 1998, table I, method 3 (score without continuity correction).
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_of_a_published_example(successes, trials, low, high):
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_interval_lies_within_0_and_1_and_holds_the_share(counts):
    successes, trials = counts
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1


def test_utterances_and_words_are_counted_by_role(summary):
    assert summary.utterances == {"therapist": 4, "client": 3, "other": 1}
    assert summary.words == {"therapist": 4 + 4 + 7 + 3, "client": 5 + 1 + 3, "other": 1}


def test_talk_share_is_of_words(summary):
    assert summary.talk_share == {"therapist": 18 / 28, "client": 9 / 28, "other": 1 / 28}


def test_talk_share_of_a_session_without_words_is_undefined():
    assert set(summarise(tagged_session(("T", "…", ()), ("C", "", ()))).talk_share.values()) == {None}


def test_tags_are_counted(summary):
    assert [entry.count for entry in summary.markers] == [1, 2, 0, 2, 1]


def test_rates_are_per_100_utterances_of_the_role(summary):
    assert marker(summary, "validation").rate == 50
    assert marker(summary, "rupture").rate == pytest.approx(200 / 3)
    assert marker(summary, "self_disclosure").rate == 0


def test_rate_intervals_are_wilsons(summary):
    low, high = wilson_interval(2, 4)
    assert marker(summary, "validation").rate_interval == pytest.approx((100 * low, 100 * high))


def test_expected_counts_are_sums_of_probabilities(summary):
    assert marker(summary, "validation").expected == pytest.approx(2 * 0.75 + 2 * 0.25)
    assert marker(summary, "rupture").expected == pytest.approx(2 * 0.75 + 0.25)


def test_episodes_are_found_in_the_tags(summary):
    assert [(episode.ruptures, episode.repair) for episode in summary.episodes] == [((1, 5), 2)]
    assert (summary.addressed, summary.median_repair_distance) == (1, 1)


def test_median_repair_distance_is_over_addressed_episodes():
    quiet = [("T", "Mm.", ())] * 11
    rupture, repair = ("C", "No.", ("rupture",)), ("T", "Sorry.", ("repair",))
    summary = summarise(tagged_session(rupture, repair, *quiet, rupture, quiet[0], quiet[0], repair, *quiet, rupture))
    assert [episode.distance for episode in summary.episodes] == [1, 3, None]
    assert (summary.addressed, summary.median_repair_distance) == (2, 2)


def test_a_session_without_therapist_has_no_rates_of_therapist_markers():
    summary = summarise(tagged_session(("C", "Nobody here?", ("rupture",))))
    empathy = marker(summary, "empathy")
    assert (empathy.count, empathy.utterances, empathy.expected) == (0, 0, 0)
    assert (empathy.rate, empathy.rate_interval) == (None, None)
    assert marker(summary, "rupture").rate == 100
    assert summary.talk_share["therapist"] == 0


def test_a_codebook_without_rupture_has_no_episodes():
    tagged = tagged_session(("T", "Yes.", ("empathy",)), ("C", "No.", ("rupture",)))
    without = replace(tagged, markers=MARKERS[:3], probabilities=tagged.probabilities[:, :3], tags=tagged.tags[:, :3])
    assert summarise(without).episodes == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well - don't.", 2),
        ("It’s twenty-one, mother-in-law's!", 3),
        ("", 0),
        ("… – ?!", 0),
        ("[laughs] 3 times", 3),
        ("so so so", 3),
        ("Grüße, Zoë", 2),
        ("nai\u0308ve", 1),
    ],
)
def test_words_are_counted(text, words):
    assert count_words(text) == words


def test_a_row_has_a_cell_for_each_column(summary):
    columns = session_columns([entry.name for entry in MARKERS])
    assert len(columns) == len(set(columns)) == len(session_row(summary))


def test_cells_stand_under_their_columns(summary):
    cells = dict(zip(session_columns([entry.name for entry in MARKERS]), session_row(summary), strict=True))
    assert cells["session_id"] == "S1"
    assert (cells["utterances_therapist"], cells["words_client"], cells["talk_share_other"]) == (4, 9, 0.0357)
    assert (cells["validation_count"], cells["validation_rate"], cells["validation_expected"]) == (2, 50, 2)
    assert (cells["validation_rate_low"], cells["validation_rate_high"]) == (15, 85)
    assert (cells["rupture_episodes"], cells["rupture_episodes_addressed"]) == (1, 1)
    assert (cells["rupture_episodes_unaddressed"], cells["median_repair_distance"]) == (0, 1)


def test_undefined_cells_are_empty():
    row = session_row(summarise(tagged_session(("C", "Nobody here?", ()))))
    cells = dict(zip(session_columns([entry.name for entry in MARKERS]), row, strict=True))
    assert (cells["empathy_rate"], cells["empathy_rate_low"], cells["median_repair_distance"]) == (None, None, None)
    assert not any(isinstance(cell, float) and math.isnan(cell) for cell in row)
