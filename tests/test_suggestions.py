"""Which sessions and lines are suggested."""

from dataclasses import replace

import numpy as np
import pytest

from alliance_nlp.errors import UsageError
from alliance_nlp.suggestions import suggest
from alliance_nlp.tagging import Tagger
from alliance_nlp.transcript import CLIENT_COLUMN, SpeakerRole


@pytest.fixture(scope="module")
def tagger(small_bundle):
    return Tagger(small_bundle)


@pytest.fixture(scope="module")
def sessions(coded_sessions):
    """Transcripts as a coder gets them."""
    return [replace(item.session, columns={}) for item in coded_sessions]


def with_columns(session, **columns):
    return replace(session, columns={name: (cell,) * len(session.utterances) for name, cell in columns.items()})


def ids(suggested):
    return [item.session.session_id for item in suggested]


def test_as_many_as_asked_for_each_line_ranked_once(sessions, tagger):
    suggested = suggest(sessions, tagger, n_sessions=4, n_utterances=30)
    assert len(suggested) == len(set(ids(suggested))) == 4
    assert sorted(line.rank for item in suggested for line in item.lines) == list(range(1, 31))
    for item in suggested:
        places = [line.place for line in item.lines]
        assert places == sorted(set(places))


def test_what_is_suggested_is_more_in_doubt_than_the_rest(sessions, tagger):
    suggested = suggest(sessions, tagger, n_sessions=3, n_utterances=20)
    assert suggested[0].worth > 1
    for item in suggested:
        unsure = np.abs(tagger.tag(item.session).probabilities - 0.5)
        of_lines = np.nanmin(unsure[[line.place for line in item.lines]], axis=1)
        assert of_lines.mean() < np.nanmean(unsure)


def test_the_same_input_gives_the_same_answer(sessions, tagger):
    assert suggest(sessions, tagger) == suggest(sessions, tagger)


def test_only_markers_asked_for_count(sessions, tagger):
    suggested = suggest(sessions, tagger, ["rupture"])
    for item in suggested:
        assert {item.session.utterances[line.place].speaker_role for line in item.lines} <= {SpeakerRole.CLIENT}
        assert item.why.endswith("most in doubt: rupture")
    with pytest.raises(UsageError, match="no marker 'humour' in this model; it has empathy, "):
        suggest(sessions, tagger, ["humour"])


def test_a_reason_names_markers_and_how_rare_they_are_but_never_which_way_the_model_leans(sessions, tagger):
    lines = [line for item in suggest(sessions, tagger, n_utterances=20) for line in item.lines]
    for line in lines:
        assert line.why.startswith("in doubt: ")
        assert "of 100 " in line.why
        assert "%" not in line.why


def test_a_line_said_twice_is_suggested_once(sessions, tagger):
    best = suggest(sessions, tagger, n_sessions=1, n_utterances=1)[0]
    said = best.session.utterances[best.lines[0].place]
    refrain = tuple(said._replace(utterance_id=str(number)) for number in range(12))
    [item] = suggest([replace(best.session, utterances=refrain)], tagger, n_utterances=5)
    assert len(item.lines) == 1


def test_codes_given_already_are_not_asked_for_again(sessions, tagger):
    names = tagger.bundle.codebook.marker_names
    best = suggest(sessions, tagger, n_sessions=1)[0].session
    coded = with_columns(best, **dict.fromkeys(names, "0"))
    others = [session for session in sessions if session is not best]
    assert best.session_id not in ids(suggest([coded, *others], tagger, n_sessions=len(sessions)))
    assert suggest([coded], tagger) == []
    # Coded for all but rupture, it can still teach that.
    but_one = with_columns(best, **{**dict.fromkeys(names, "0"), "rupture": ""})
    [item] = suggest([but_one], tagger)
    assert "rupture" in item.why
    assert {best.utterances[line.place].speaker_role for line in item.lines} == {SpeakerRole.CLIENT}


def test_clients_take_turns(sessions, tagger):
    best, *others = suggest(sessions, tagger, n_sessions=len(sessions))
    second = others[0].session
    of_one_client = [
        with_columns(session, **{CLIENT_COLUMN: "K1" if session in (best.session, second) else ""})
        for session in sessions
    ]
    order = ids(suggest(of_one_client, tagger, n_sessions=len(sessions)))
    assert order[0] == best.session.session_id
    assert order.index(second.session_id) > 1


def test_a_scrap_does_not_lead(sessions, tagger):
    best = suggest(sessions, tagger, n_sessions=1, n_utterances=1)[0]
    place = best.lines[0].place
    scrap = replace(best.session, session_id="scrap", utterances=(best.session.utterances[place],))
    [first] = suggest([*sessions, scrap], tagger, n_sessions=1)
    assert first.session.session_id != "scrap"


def test_nothing_to_choose_from(tagger, demo_session):
    assert suggest([], tagger) == []
    others = tuple(line._replace(speaker_role=SpeakerRole.OTHER) for line in demo_session.utterances)
    assert suggest([replace(demo_session, utterances=others)], tagger) == []
