"""Presidio beside the screen, with a pipeline on the disk that knows one name, and no network."""

import pytest
import spacy
from test_offline import guarded  # noqa: F401

from alliance_nlp.errors import UsageError
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.presidio import PresidioFinder
from alliance_nlp.screening.screen import Screen

# In lower case and on no list: the screen alone cannot know it.
NAME = "zqarvelo"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": NAME}])
    folder = tmp_path_factory.mktemp("pipeline") / "en_own"
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def screen(pipeline):
    return Screen(presidio=PresidioFinder(str(pipeline)))


def test_a_name_that_the_pipeline_knows_is_found(screen):
    text = f"and then {NAME} came in"
    assert [(span.category, text[span.start : span.end]) for span in screen.find(text)] == [(Category.NAME, NAME)]
    assert Screen().find(text) == []


def test_numbers_are_told_by_their_check_digits(screen):
    text = "it says 4111 1111 1111 1111 on it"
    assert [span.category for span in screen.find(text)] == [Category.ACCOUNT]


def test_placeholders_are_not_looked_at(screen):
    assert screen.find(f"[NAME {NAME}] came in") == []


def test_the_screens_own_finding_stands_where_both_find_one(screen):
    text = "My name is Anna Kowalski."
    assert screen.find(text) == Screen().find(text) != []


def test_categories_hold_for_presidio_too(pipeline):
    assert Screen([Category.PLACE], presidio=PresidioFinder(str(pipeline))).find(f"then {NAME} came") == []


@pytest.mark.parametrize("name", ["en_core_web_nowhere", "no/such/folder", "../no-such-folder"])
def test_a_pipeline_that_is_not_there_is_not_downloaded(name):
    with pytest.raises(UsageError, match="nothing is downloaded"):
        PresidioFinder(name)


def test_a_pipeline_without_entities_is_refused(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "bare")
    with pytest.raises(UsageError, match="no entity recogniser"):
        PresidioFinder(str(tmp_path / "bare"))


def test_a_folder_that_is_no_pipeline_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot load"):
        PresidioFinder(str(tmp_path))


def test_the_command_uses_no_network(guarded, pipeline, tmp_path):  # noqa: F811
    (tmp_path / "talk.txt").write_text(f"T: Hello.\nC: {NAME} came, at {NAME}@example.org.\n", "utf-8")
    done, attempts = guarded("-m", "alliance_nlp", "screen", "talk.txt", "--presidio", pipeline)
    assert (done.returncode, attempts) == (0, []), done.stderr
    assert "********" in done.stdout


def test_without_presidio_the_message_names_the_extra(pipeline, monkeypatch):
    monkeypatch.setattr("alliance_nlp.screening.presidio.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"alliance-nlp\[presidio\]"):
        PresidioFinder(str(pipeline))
