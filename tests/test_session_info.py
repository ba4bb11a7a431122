from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import UsageError
from alliance_nlp.session_info import read_session_info, session_order


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "info.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def test_columns_are_read_by_session(table):
    path = table("session_id,date,therapist\na,2026-01-05,Ann\nb,,Ben\n")
    assert read_session_info(path) == {"a": {"date": "2026-01-05", "therapist": "Ann"}, "b": {"therapist": "Ben"}}


@pytest.mark.parametrize("separator", ";\t")
def test_other_separators_are_told_by_the_header(table, separator):
    path = table(f"\ufeffsession_id{separator}note\na{separator}x, y\n")
    assert read_session_info(path) == {"a": {"note": "x, y"}}


def test_of_several_rows_a_session_what_they_all_say_is_kept(table):
    path = table("session_id,therapist,text\na,Ann,one\na,Ann,two\nb,Ben,three\n")
    assert read_session_info(path) == {"a": {"therapist": "Ann"}, "b": {"therapist": "Ben"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,date\na,b\n", "line 1: no column 'session_id'"),
        ("session_id,date\na\n", "line 2: 1 cells where the header has 2"),
        ("", "line 1: no column 'session_id'"),
        ('session_id,date\n"a,b\n', "cannot be read as a table"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(table, text, message):
    with pytest.raises(UsageError, match=message):
        read_session_info(table(text))


def test_a_missing_table_is_told_where_it_was_asked_for(tmp_path):
    assert read_session_info(tmp_path / "no.csv", needed=False) == {}
    with pytest.raises(UsageError, match="no such file"):
        read_session_info(tmp_path / "no.csv")


def test_a_column_of_dates_orders_sessions():
    info = {"x": {"date": "2026-03-07"}, "y": {"date": "2025-12-01T10:00"}}
    order = session_order(["x", "y"], info)
    assert order.session_ids == ("y", "x")
    assert order.dates == {"x": date(2026, 3, 7), "y": date(2025, 12, 1)}
    assert order.by == "by the column date"
    assert order.known


def test_a_column_of_numbers_orders_sessions():
    info = {"a": {"session_number": "10"}, "b": {"session_number": "9"}}
    assert session_order(["a", "b"], info).session_ids == ("b", "a")


def test_the_column_that_is_asked_for_goes_first():
    info = {"a": {"date": "2026-01-01", "week": "2"}, "b": {"date": "2026-01-02", "week": "1"}}
    assert session_order(["a", "b"], info, "week").session_ids == ("b", "a")


def test_a_column_with_gaps_is_no_order_unless_asked_for():
    info = {"s10": {"date": "2026-01-01"}, "s9": {}}
    order = session_order(["s10", "s9"], info)
    assert order.session_ids == ("s9", "s10")
    assert order.by == "by the session's name, since not every session has a date"
    with pytest.raises(UsageError, match="the session s9 has no date"):
        session_order(["s10", "s9"], info, "date")


def test_a_column_of_neither_dates_nor_numbers_is_told():
    with pytest.raises(UsageError, match="the column date, session b: neither a date nor a number"):
        session_order(["a", "b"], {"a": {"date": "3"}, "b": {"date": "7th of March"}})


@pytest.mark.parametrize("names", [("p7-2026-03-07", "p7-2025-03-08"), ("20260307_p7", "20250308_p7")])
def test_dates_in_names_order_sessions(names):
    order = session_order(names, {})
    assert order.session_ids == (names[1], names[0])
    assert set(order.dates.values()) == {date(2026, 3, 7), date(2025, 3, 8)}
    assert order.known


def test_what_only_looks_like_a_date_is_none():
    assert session_order(["a-2026-13-07", "a-2026-01-07"], {}).by == "by the session's name"


@given(st.lists(st.text(max_size=8), min_size=1, max_size=8, unique=True))
def test_any_names_can_be_ordered(names):
    assert sorted(session_order(names, {}).session_ids) == sorted(names)


def test_numbers_in_names_count_as_numbers():
    order = session_order(["s 10", "s 2", "s 1b"], {})
    assert order.session_ids == ("s 1b", "s 2", "s 10")
    assert not order.known
