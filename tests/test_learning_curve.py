"""Models on growing shares of the clients: the last is that of all, a share too small is said to be."""

import json
from dataclasses import asdict, replace

import pytest
from made_sets import write_corpus

from alliance_nlp.codebook import read_codebook
from alliance_nlp.learning_curve import learning_curve
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.training import TrainingSettings, train

SETTINGS = TrainingSettings("curve", min_clients=2, seed=3)


@pytest.fixture(scope="module")
def curve(coded_sessions):
    said = []
    steps = learning_curve(coded_sessions[:8], read_codebook(), ["empathy", "rupture"], SETTINGS, said.append)
    return steps, said


def test_shares_grow_to_all_clients(curve):
    steps, said = curve
    assert [step.clients for step in steps] == [2, 3, 5, 6, 8]
    assert [line for line in said if "learning curve" in line][-1] == "learning curve: 8 of 8 clients"
    json.dumps([step.to_dict() for step in steps], allow_nan=False)


def test_each_share_holds_the_ones_before(curve):
    counts = [step.figures["rupture"].utterances for step in curve[0] if step.figures]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts) > 1


def test_the_last_step_is_training_on_all(curve, coded_sessions):
    book = read_codebook()
    two = replace(book, markers=(book.markers[0], book.markers[3]))
    coded = [CodedSession(item.session, item.client, item.codes[:, [0, 3]]) for item in coded_sessions[:8]]
    assert curve[0][-1].figures == train(coded, two, SETTINGS, {"files": []})[1]


def test_a_share_too_small_to_learn_from_has_no_figures(coded_sessions):
    # One client leaves none to be tested on.
    steps = learning_curve(coded_sessions[:1], read_codebook(), ["empathy"], SETTINGS)
    assert [(step.clients, step.sessions, dict(step.figures)) for step in steps] == [(1, 1, {})]


def test_a_set_has_its_curve(tmp_path):
    write_corpus(tmp_path, n_sessions=4)
    book = read_codebook(tmp_path / "codebook.toml")
    coded = read_coded_sessions([tmp_path / "coded.csv"], book)
    steps = learning_curve(coded, book, book.marker_names, SETTINGS)
    last, record = steps[-1], train(coded, book, SETTINGS, {"files": []})[0].training["sets"]["behaviour"]
    assert list(last.sets) == ["behaviour", "strength"]
    assert last.coded("behaviour") == record["utterances"] == 56
    assert asdict(last.kappa("behaviour")) == record["figures"]["kappa"]
    assert last.kappa("warmth").value == last.figures["warmth"].kappa.value
    assert last.to_dict()["sets"]["strength"]["figures"]["kappa_linear"]["value"] is not None
    assert steps[0].kappa("elsewhere") is None


def test_a_marker_that_hardly_anybody_holds_does_not_cost_the_others_their_curve(coded_sessions):
    coded = [CodedSession(item.session, item.client, item.codes.copy()) for item in coded_sessions[:6]]
    for item in coded:
        item.codes[:, 1][item.codes[:, 1] == 1] = 0
    last = learning_curve(coded, read_codebook(), ["empathy", "validation"], SETTINGS)[-1]
    assert list(last.figures) == ["empathy"]
