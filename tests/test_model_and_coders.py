"""The model beside coders: on the same utterances, with figures that agree with scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from alliance_nlp.codebook import read_codebook
from alliance_nlp.errors import RatingsError
from alliance_nlp.model_and_coders import beside_coders
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.tagging import TaggedSession
from alliance_nlp.transcript import Session, SpeakerRole, Utterance

MARKERS = read_codebook().markers[:1]
CODERS = ("ana", "ben", "cleo")


def tagged(tags):
    """Sessions of ten therapist's lines, tagged so."""
    sessions = []
    for start in range(0, len(tags), 10):
        of_session = np.array(tags[start : start + 10], dtype=np.int8)[:, None]
        lines = tuple(Utterance(str(row), "…", "T", SpeakerRole.THERAPIST) for row in range(len(of_session)))
        sessions.append(TaggedSession(Session(f"s{start:03}", lines), MARKERS, of_session.astype(float), of_session))
    return sessions


def table(tmp_path, codes, name="r.csv"):
    """A ratings table from each coder's codes; an empty one is left out."""
    rows = [
        f"s{row // 10 * 10:03},{row % 10},{coder},empathy,{code}"
        for coder, of_coder in codes.items()
        for row, code in enumerate(of_coder)
    ]
    (tmp_path / name).write_text("session_id,utterance_id,coder,marker,value\n" + "\n".join(rows) + "\n", "utf-8")
    return read_ratings([tmp_path / name])


@pytest.fixture
def judged():
    random = np.random.default_rng(5)
    truth = random.random(200) < 0.3
    noisy = [(truth ^ (random.random(200) < share)).astype(int).tolist() for share in (0.05, 0.1, 0.1, 0.2)]
    return dict(zip(CODERS, noisy, strict=False)), noisy[3]


def test_kappas_are_means_over_pairs(tmp_path, judged):
    codes, tags = judged
    found = beside_coders(table(tmp_path, codes), "empathy", CODERS, tagged(tags))
    between = [cohen_kappa_score(codes[a], codes[b]) for a, b in (CODERS[:2], CODERS[1:], CODERS[::2])]
    with_model = [cohen_kappa_score(codes[coder], tags) for coder in CODERS]
    assert found.between_coders.value == pytest.approx(np.mean(between))
    assert found.with_model.value == pytest.approx(np.mean(with_model))
    assert found.difference.value == pytest.approx(np.mean(with_model) - np.mean(between))
    assert found.difference.low < found.difference.value < found.difference.high < 0
    assert [pair.coders for pair in found.pairs] == [
        ("ana", "ben"), ("ana", "cleo"), ("ben", "cleo"), ("ana", "model"), ("ben", "model"), ("cleo", "model"),
    ]  # fmt: skip
    assert [pair.figures["cohen_kappa"].value for pair in found.pairs[3:]] == pytest.approx(with_model)


def test_a_model_that_says_what_a_coder_says_is_that_coders_equal(tmp_path, judged):
    codes, _ = judged
    two = {"ana": codes["ana"], "ben": codes["ben"]}
    found = beside_coders(table(tmp_path, two), "empathy", ("ana", "ben"), tagged(codes["ana"]))
    agreement = cohen_kappa_score(codes["ana"], codes["ben"])
    assert found.with_model.value == pytest.approx((1 + agreement) / 2)


def test_only_utterances_that_two_coders_coded_are_compared(tmp_path, judged):
    codes, tags = judged
    two = {"ana": codes["ana"], "ben": [*codes["ben"][:120], *[""] * 80]}
    found = beside_coders(table(tmp_path, two), "empathy", ("ana", "ben"), tagged(tags))
    assert found.utterances == 120
    assert found.pairs[1].figures["cohen_kappa"].value == pytest.approx(
        cohen_kappa_score(codes["ana"][:120], tags[:120])
    )


def test_one_coder_has_nobody_to_be_compared_with_but_the_model(tmp_path, judged):
    codes, tags = judged
    found = beside_coders(table(tmp_path, codes), "empathy", ("ben",), tagged(tags))
    assert found.utterances == 200
    assert found.between_coders.note == found.difference.note == "undefined: only one coder"
    assert found.with_model.value == pytest.approx(cohen_kappa_score(codes["ben"], tags))


def test_a_coder_may_be_called_model(tmp_path, judged):
    codes, tags = judged
    two = {"ana": codes["ana"], "model": codes["ben"]}
    found = beside_coders(table(tmp_path, two), "empathy", ("ana", "model"), tagged(tags))
    assert [pair.coders for pair in found.pairs][1:] == [("ana", "the model"), ("model", "the model")]


def test_ratings_of_other_sessions_are_no_comparison(tmp_path, judged):
    codes, tags = judged
    other = [TaggedSession(Session("other", item.session.utterances), MARKERS, item.probabilities, item.tags)
             for item in tagged(tags[:10])]  # fmt: skip
    assert beside_coders(table(tmp_path, codes), "empathy", CODERS, other) is None


def test_coders_who_never_give_the_code_leave_kappa_undefined(tmp_path):
    found = beside_coders(
        table(tmp_path, {"ana": [0] * 20, "ben": [0] * 20}), "empathy", ("ana", "ben"), tagged([0] * 20)
    )
    assert found.between_coders.value is None
    assert "undefined" in found.with_model.note


def test_other_values_than_0_and_1_are_refused(tmp_path):
    with pytest.raises(RatingsError, match="empathy: the value '3' is neither 1 nor 0"):
        beside_coders(table(tmp_path, {"ana": [3] * 10}), "empathy", ("ana",), tagged([0] * 10))
