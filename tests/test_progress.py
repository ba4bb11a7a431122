"""How far a long run says it is, where standard error is no terminal."""

import pytest

from alliance_nlp.commands import _progress
from alliance_nlp.commands._progress import Steps


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when a test says so."""
    now = [100.0]
    monkeypatch.setattr(_progress.time, "monotonic", lambda: now[0])
    return now


def test_a_line_every_ten_seconds_tells_how_long_the_rest_takes(clock, capsys):
    with Steps("Training", "models", False) as steps:
        for number in range(1, 7):
            clock[0] += 6
            steps.done(number, 6)
    assert capsys.readouterr().err == (
        "Training: 2 of 6 models, about 24 s left\nTraining: 4 of 6 models, about 12 s left\n"
    )


def test_a_stage_has_an_estimate_of_its_own(clock, capsys):
    steps = Steps("Training", "models", False)
    embedding = steps.stage("Embedding", "utterances")
    with steps:
        clock[0] += 20
        embedding(1000, 2000)
        clock[0] += 20
        embedding(2000, 2000)
        clock[0] += 30
        steps.done(1, 3)
    assert capsys.readouterr().err == (
        "Embedding: 1,000 of 2,000 utterances, about 20 s left\nTraining: 1 of 3 models, about 60 s left\n"
    )


def test_quiet_says_nothing(clock, capsys):
    with Steps("Training", "models", True) as steps:
        clock[0] += 20
        steps.stage("Embedding", "utterances")(1, 2)
        steps.done(1, 2)
    assert capsys.readouterr().err == ""
