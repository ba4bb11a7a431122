import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.readers._number_format import moment_as_shown, number_as_shown, plain

# As Excel 365 (English) and LibreOffice 7.4 show them.
NUMBERS = [
    (7, "General", "7"), (0.1 + 0.2, "General", "0.3"), (1e-05, "General", "0.00001"), (72.5, "@", "72.5"),
    (7, "000", "007"), (3, "0.00", "3.00"), (2.675, "0.00", "2.68"), (-2.5, "0", "-3"), (-0.2, "0", "0"),
    (1234567.891, "#,##0.00", "1,234,567.89"), (1000, "#,##0", "1,000"), (999, "#,##0", "999"),
    (0.25, "0%", "25%"), (0.1234, "0.0%", "12.3%"), (1.5, "0.0##", "1.5"), (2, "0.##", "2"), (0.5, "#.0", ".5"),
    (-5, "0;(0)", "(5)"), (0, '0;-0;"none"', "none"), (5, '0" min"', "5 min"), (5, "[Red]0", "5"),
    (5, "[$€-407] #,##0.00", "€ 5.00"), (5, r"0\s", "5s"), (12, "[$-409]0", "12"), (5, '"yes"', "yes"),
]  # fmt: skip
MOMENTS = [
    (dt.time(0, 5), "h:mm", "0:05"), (dt.time(1, 12), "hh:mm", "01:12"), (dt.time(0, 1, 12), "h:mm:ss", "0:01:12"),
    (dt.time(0, 1, 12, 500000), "mm:ss.0", "01:12.5"), (dt.time(13, 5), "h:mm AM/PM", "1:05 PM"),
    (dt.time(0, 5), "h:mm AM/PM", "12:05 AM"), (dt.timedelta(hours=25, minutes=30), "[h]:mm:ss", "25:30:00"),
    (dt.timedelta(minutes=90), "[mm]:ss", "90:00"), (dt.timedelta(seconds=75), "[s]", "75"),
    (dt.datetime(2026, 5, 3), "dd.mm.yyyy", "03.05.2026"), (dt.datetime(2026, 5, 3), "mm-dd-yy", "2026-05-03"),
    (dt.datetime(2026, 5, 3, 9, 7), "m/d/yy h:mm", "2026-05-03 9:07"), (dt.date(2026, 5, 3), "d-mmm-yy", "3-May-26"),
    (dt.datetime(2026, 5, 3), "dddd, d mmmm yyyy", "Sunday, 3 May 2026"),
    (dt.datetime(2026, 5, 3), "[$-F800]dddd, mmmm dd, yyyy", "2026-05-03"),
    (dt.time(9, 7), "[$-F400]h:mm:ss AM/PM", "9:07:00"), (dt.datetime(2026, 5, 3), r"yyyy\-mm\-dd;@", "2026-05-03"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "shown"), NUMBERS)
def test_a_number_is_as_the_sheet_shows_it(value, code, shown):
    assert number_as_shown(value, code) == shown


@pytest.mark.parametrize(("value", "code", "shown"), MOMENTS)
def test_a_date_or_time_is_as_the_sheet_shows_it(value, code, shown):
    assert moment_as_shown(value, code) == shown


@pytest.mark.parametrize("code", ["0.00E+00", "# ?/?", "[>100]0;0.0", "000-0000", "0,", "x" * 300])
def test_a_format_that_is_not_followed_is_told(code):
    assert number_as_shown(5, code) is None


def test_infinity_is_not_followed():
    assert number_as_shown(float("inf"), "0") is None
    assert plain(float("inf")) == "Infinity"


CODES = st.text('0#?.,;%"\\[]$-_*hmsyd AM/PMEe+@€', max_size=12)


@given(CODES, st.one_of(st.integers(), st.floats(allow_nan=False)))
def test_any_format_gives_a_text_or_nothing(code, value):
    assert isinstance(number_as_shown(value, code), str | None)


@given(CODES, st.one_of(st.datetimes(), st.times(), st.timedeltas(dt.timedelta(0), dt.timedelta(900))))
def test_any_format_of_a_date_gives_a_text(code, value):
    assert isinstance(moment_as_shown(value, code), str)


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_itself_in_plain_formats(number):
    assert number_as_shown(number, "0") == number_as_shown(number, "General") == str(number)
    assert number_as_shown(number, "#,##0").replace(",", "") == str(number) or number == 0
