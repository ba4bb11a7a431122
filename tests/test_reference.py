import json

import pytest
from made import DIGEST, NAMES, TALK, tagged, write_results

from alliance_nlp.bundle import load_bundle
from alliance_nlp.errors import ResultsError, UsageError
from alliance_nlp.reference import (
    Range,
    read_reference,
    reference_from_results,
    reference_of,
    shipped_reference,
    write_reference,
)  # fmt: skip
from alliance_nlp.shipped import default_model
from alliance_nlp.summary import summarise


def sessions(number):
    """Sessions with 0, 1, 2 … ruptures among ten lines of a client."""
    return [
        tagged(f"s{marked}", [("C", "Yes.", {"rupture": (0.9, [])} if line < marked else {}) for line in range(10)])
        for marked in range(number)
    ]


@pytest.fixture(scope="module")
def reference():
    return reference_of([summarise(session) for session in sessions(11)], "11 sessions", DIGEST)


def test_a_range_is_the_middle_80_per_cent(reference):
    assert reference.rates["rupture"] == Range(10, 50, 90)


def test_a_role_that_is_silent_has_no_range(reference):
    assert set(reference.rates) == {"rupture"}


def test_few_sessions_make_no_range():
    with pytest.raises(UsageError, match="4 sessions make no reference range; at least 5 do"):
        reference_of([summarise(session) for session in sessions(4)], "Mine", DIGEST)


def test_a_reference_is_read_as_it_was_written(reference, tmp_path):
    write_reference(reference, tmp_path / "reference.json")
    assert read_reference(tmp_path / "reference.json") == reference


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"rates": {}, "talk_share": 3}'])
def test_a_damaged_file_is_told(tmp_path, text):
    (tmp_path / "reference.json").write_text(text)
    with pytest.raises(ResultsError, match="damaged or cut off"):
        read_reference(tmp_path / "reference.json")


def test_a_reference_is_made_from_ones_own_results(tmp_path):
    write_results(tmp_path / "own", [tagged(f"s{number}", TALK) for number in range(6)])
    own = reference_from_results(tmp_path / "own", DIGEST)
    assert own.source == "6 sessions of your own"
    assert set(own.rates) == set(NAMES)


def test_results_of_another_model_make_no_reference(tmp_path):
    write_results(tmp_path / "own", sessions(6))
    with pytest.raises(UsageError, match="was tagged by another model"):
        reference_from_results(tmp_path / "own", "cd" * 32)


def test_another_model_than_the_shipped_one_has_no_shipped_reference():
    assert shipped_reference(DIGEST) is None


def test_the_shipped_reference_is_of_the_shipped_model():
    """Red after a training of the shipped model, until ``python benchmarks/reference.py`` has renewed the ranges."""
    bundle = load_bundle(default_model())
    reference = shipped_reference(bundle.digest)
    assert reference is not None
    assert set(reference.rates) == set(bundle.codebook.marker_names)
    assert all(range_.low <= range_.median <= range_.high for range_ in reference.rates.values())


def test_a_reference_file_is_plain_json(reference, tmp_path):
    write_reference(reference, tmp_path / "reference.json")
    assert json.loads((tmp_path / "reference.json").read_text())["sessions"] == 11
