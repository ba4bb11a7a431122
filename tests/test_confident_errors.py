"""The surest errors come first, and the sheet of them is inert and whole."""

import csv

import numpy as np
import pytest
from made import MARKERS, NAMES, TALK, tagged

from alliance_nlp.confident_errors import find_errors, write_errors
from alliance_nlp.errors import OutputError
from alliance_nlp.ratings import CodedSession


def coded(item, empathy=()):
    """The session with empathy coded on these lines, and nothing else."""
    codes = np.where(item.tags >= 0, 0, -1).astype(np.int8)
    codes[list(empathy), 0] = 1
    return CodedSession(item.session, "ada", codes)


def test_errors_of_both_kinds_by_how_sure_the_model_is():
    made = tagged()
    found = find_errors([coded(made, empathy=[0])], [made], NAMES)
    assert [(error.row, error.code, error.probability) for error in found["empathy"]] == [(0, 1, 0.02), (2, 0, 0.81)]
    assert [error.row for error in found["rupture"]] == [3, 19]
    assert [round(error.confidence, 2) for error in found["rupture"]] == [0.62, 0.4]


def test_lines_without_a_code_are_no_errors():
    made = tagged()
    nothing = CodedSession(made.session, "ada", np.full((len(TALK), len(MARKERS)), -1, dtype=np.int8))
    assert not any(find_errors([nothing], [made], NAMES).values())


def test_codes_are_matched_to_the_model_by_the_name_of_the_marker():
    made = tagged()
    codes = coded(made).codes[:, ::-1]
    found = find_errors([CodedSession(made.session, "ada", codes)], [made], NAMES[::-1])
    assert found == find_errors([coded(made)], [made], NAMES)


def test_the_sheet_shows_what_was_said(tmp_path):
    talk = [("C", "=SUM(A1)", {}), ("T", "+1", {"empathy": (0.9, [])})]
    made = tagged("s1", talk)
    errors = find_errors([coded(made)], [made], NAMES)["empathy"]
    write_errors(tmp_path / "errors.csv", errors, 3, overwrite=False)
    with (tmp_path / "errors.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file, strict=True)
    assert row == {
        "session_id": "s1", "utterance_id": "1", "marker": "empathy", "code": "0", "tag": "1", "probability": "0.9",
        "context": "C: =SUM(A1)", "speaker": "T", "text": "'+1",
    }  # fmt: skip
    with pytest.raises(OutputError, match="already exists"):
        write_errors(tmp_path / "errors.csv", errors, 3, overwrite=False)
