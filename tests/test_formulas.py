import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.formulas import make_inert, restore

# Listed by https://owasp.org/www-community/attacks/CSV_Injection
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")

any_text = st.text() | st.text(alphabet="'=+-@\t\r\na", max_size=6)


@given(any_text)
def test_what_is_made_inert_comes_back_whole(text):
    assert restore(make_inert(text)) == text


@given(any_text)
def test_nothing_made_inert_starts_with_a_trigger(text):
    assert not make_inert(text).startswith(TRIGGERS)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_cell_that_starts_with_a_trigger_gets_an_apostrophe(trigger):
    assert make_inert(f"{trigger}1+1") == f"'{trigger}1+1"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", " =1", "'quoted'", "'tis", "…", "5-6"])
def test_other_cells_stay_as_they_are(cell):
    assert (make_inert(cell), restore(cell)) == (cell, cell)


def test_an_apostrophe_that_was_there_before_is_kept():
    assert restore(make_inert("'=1")) == "'=1"
