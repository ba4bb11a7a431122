import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.clock import parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0), ("72.5", 72.5), ("72,5", 72.5), ("1:12", 72), ("01:12.5", 72.5), ("00:01:12", 72),
        ("00:01:12,500", 72.5), ("1:00:00", 3600), (" 7 ", 7), ("100:00", 6000),
    ],
)  # fmt: skip
def test_seconds_and_clocks_are_read(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", " ", "soon", "-1", "1:", ":1", "1:2:3:4", "1.2.3", "nan", "inf", "0x10", "1_0", "1e3", "٣", "12 s"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="not a time"):
        parse_seconds(text)


@given(st.floats(0.001, 1e6))
def test_a_time_written_with_all_decimals_that_a_float_has_is_read(seconds):
    assert parse_seconds(str(seconds)) == seconds


@given(st.integers(0, 359_999))
def test_a_clock_round_trips(seconds):
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    assert parse_seconds(clock) == seconds
