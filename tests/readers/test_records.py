"""Tables in memory are read as the same tables in files are."""

from datetime import time, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions, read_sessions
from alliance_nlp.readers._records import RecordTable
from alliance_nlp.roles import RoleNames
from alliance_nlp.shipped import demo_transcripts

SPOKEN = "wintergreen"
LINES = [
    {"session_id": "s", "speaker": "T", "text": "How was it?"},
    {"session_id": "s", "speaker": "C", "text": "Long."},
]


def utterances(data, **options):
    (session,) = RecordTable(data).sessions(ReadOptions(**options))
    if isinstance(session, TranscriptError):
        raise session
    return session.utterances


def refused(data, **options):
    with pytest.raises(TranscriptError) as caught:
        utterances(data, **options)
    assert SPOKEN not in str(caught.value)
    return str(caught.value)


DEMO = demo_transcripts().parent / "alliance" / "demo.csv"


@pytest.mark.parametrize(
    "load",
    [
        pd.read_csv,
        lambda path: pd.read_csv(path, dtype=str, keep_default_na=False),
        lambda path: pd.read_csv(path).convert_dtypes(),
        lambda path: pd.read_csv(path).convert_dtypes(dtype_backend="pyarrow"),
        lambda path: pd.read_csv(path).astype({"session_id": "category", "utterance_id": float}),
        lambda path: pd.read_csv(path).set_index(["session_id", "utterance_id"]),
        lambda path: pd.read_csv(path).to_dict("records"),
    ],
    ids=["plain", "texts", "nullable", "arrow", "categories and floats", "index", "dictionaries"],
)
def test_a_table_is_read_as_its_file_is_however_it_was_loaded(load):
    assert list(RecordTable(load(DEMO)).sessions(ReadOptions())) == list(read_sessions(DEMO))


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, ""])
def test_what_is_missing_is_empty(missing):
    first, second = utterances([LINES[0] | {"start": missing}, LINES[1] | {"text": missing}])
    assert first.start is None
    assert second.text == ""


@pytest.mark.parametrize(
    "start", [72.5, "72.5", "00:01:12.5", timedelta(seconds=72.5), pd.Timedelta(seconds=72.5), time(0, 1, 12, 500_000)]
)
def test_times_are_told(start):
    assert utterances([LINES[0] | {"start": start}])[0].start == 72.5
    assert utterances(pd.DataFrame([LINES[0] | {"start": start}]))[0].start == 72.5


@given(st.lists(st.one_of(st.integers(), st.booleans(), st.floats(allow_nan=False), st.text(), st.none()), min_size=1))
def test_every_plain_cell_becomes_a_text(cells):
    rows = RecordTable([{"code": cell} for cell in cells]).rows
    assert all(isinstance(row.cells[0], str) for row in rows)
    for row, cell in zip(rows, cells, strict=True):
        if isinstance(cell, int):
            assert row.cells == [str(int(cell))]


def test_the_digest_tells_tables_apart():
    assert RecordTable(LINES).sha256 == RecordTable(pd.DataFrame(LINES)).sha256
    assert RecordTable(LINES).sha256 != RecordTable([LINES[0]]).sha256


def test_columns_and_speakers_go_by_other_names():
    given = [{"Who": "SPEAKER_00", "Said": "Hello."}]
    (line,) = utterances(given, columns={"speaker": "who", "text": "said"}, roles=RoleNames({"SPEAKER_00": "client"}))
    assert (line.text, line.speaker_role) == ("Hello.", "client")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "no rows; was it filtered down to nothing"),
        (pd.DataFrame(LINES)[:0], "DataFrame: the table has no rows"),
        (None, "a NoneType is no table; give a DataFrame or a list of dictionaries"),
        ({"text": [SPOKEN]}, "a dict is no table"),
        ([SPOKEN], "row 0: a str; give a DataFrame"),
        (pd.Series([SPOKEN]), "row 0: a str"),
        ([LINES[0], LINES[1] | {"text": [SPOKEN]}], "row 1: 'text' holds a list; it must be plain text"),
        (
            pd.DataFrame([(SPOKEN, SPOKEN, "T")], columns=["text", "text", "speaker"]),
            "the column 'text' is there twice",
        ),
        ([{"speaker": "T", "said": SPOKEN}], "no column 'text' among 2"),
        ([LINES[0] | {"start": SPOKEN}], "row 0: the start is not a time"),
    ],
)
def test_what_is_no_transcript_is_refused_in_one_line(data, message):
    told = refused(data)
    assert message in told
    assert "\n" not in told
