"""What is said before figures are believed."""

from dataclasses import replace

import pytest

from alliance_nlp.cautions import cautions
from alliance_nlp.codebook import parse_codebook, read_codebook
from alliance_nlp.model_evaluation import Scores

ELSEWHERE = {"files": [{"file": "other.csv", "sha256": "0" * 64}]}


@pytest.fixture
def seen(small_bundle):
    (source,) = small_bundle.training["corpus"]["files"]
    return source


def test_nothing_to_be_minded_is_nothing_said(small_bundle):
    enough = Scores("empathy", 500, 60, 50, 55.0, 20, 20, 15, {})
    assert cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [enough], []) == []


def test_a_file_that_the_model_was_trained_on_is_known_by_its_contents(small_bundle, seen):
    renamed = {"files": [{"file": "renamed.csv", "sha256": seen["sha256"]}]}
    (whole,) = cautions(small_bundle, small_bundle.codebook, renamed, [], [])
    assert whole.startswith("The model was trained on the whole corpus")
    both = {"files": [*renamed["files"], *ELSEWHERE["files"]]}
    (part,) = cautions(small_bundle, small_bundle.codebook, both, [], [])
    assert part.startswith("The model was trained on renamed.csv:")


def test_sessions_that_the_model_was_trained_on_are_known_in_a_file_saved_anew(
    small_bundle, coded_sessions, demo_session
):
    sessions = [item.session for item in coded_sessions[:2]]
    (part,) = cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [], [], [*sessions, demo_session])
    names = ", ".join(session.session_id for session in sessions)
    assert part.startswith(f"The model was trained on 2 of these 3 sessions ({names}):")
    (whole,) = cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [], [], sessions)
    assert whole.startswith("The model was trained on the whole corpus")
    assert cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [], [], [demo_session]) == []


def test_lines_that_coders_left_open_are_said_where_the_model_has_their_marker(small_bundle):
    record = {"rated": {"repair": 1217, "empathy": 300, "blame": 9}, "open": {"repair": 107, "empathy": 0, "blame": 3}}
    (said,) = cautions(small_bundle, small_bundle.codebook, ELSEWHERE | {"consensus": record}, [], [])
    assert said.startswith(
        "Left open, since coders differ: 107 of 1,217 lines of repair; all figures but those beside coders"
    )
    before = {"method": "majority", "coders": 2, "adjudicated": False}
    assert cautions(small_bundle, small_bundle.codebook, ELSEWHERE | {"consensus": before}, [], []) == []


def test_too_few_positives_are_named_with_their_number(small_bundle):
    few = Scores("rupture", 500, 29, 20, 25.0, 40, 40, 12, {})
    narrow = Scores("repair", 500, 99, 90, 95.0, 40, 40, 9, {})
    enough = Scores("empathy", 500, 30, 30, 30.0, 40, 40, 10, {})
    (said,) = cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [few, narrow, enough], [])
    assert "rupture (29 in 12 of 40 sessions), repair (99 in 9 of 40 sessions). Code" in said


def test_differing_codebooks_are_told_apart_by_rule(small_bundle):
    book = read_codebook()
    changed = replace(book.markers[3], definition="Something else.")
    markers = (*book.markers[:3], changed, book.markers[4])
    other = replace(book, version="9.1", source="other", markers=markers)
    versions, rules = cautions(small_bundle, other, ELSEWHERE, [], [])
    assert f"by the codebook alliance 9.1, the model follows alliance {book.version}" in versions
    assert "define rupture differently" in rules


def test_a_codebook_that_differs_in_its_layout_alone_is_the_same(small_bundle):
    book = read_codebook()
    assert cautions(small_bundle, parse_codebook(book.source + "\n# A comment.\n"), ELSEWHERE, [], []) == []


def test_markers_without_codes_are_named(small_bundle):
    assert cautions(small_bundle, small_bundle.codebook, ELSEWHERE, [], ["rupture", "repair"]) == [
        "The corpus holds no codes of rupture, repair; of them nothing is said."
    ]
