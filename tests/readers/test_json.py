import json

import pytest

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import TextSource
from alliance_nlp.readers._json import parse_json


@pytest.fixture
def parse(tmp_path):
    def write_and_parse(text):
        path = tmp_path / "session.json"
        path.write_text(text, "utf-8")
        return parse_json(TextSource(path))

    return write_and_parse


def error_of(parse, text):
    with pytest.raises(TranscriptError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_document_is_parsed(parse):
    assert parse(json.dumps({"segments": [{"start": 0.5}]})) == {"segments": [{"start": 0.5}]}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_endless_nesting_is_refused(parse, text):
    assert "nested without end" in error_of(parse, text).reason


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(parse, constant):
    assert f"holds {constant}" in error_of(parse, f'{{"start": {constant}}}').reason


def test_a_number_of_thousands_of_digits_is_refused(parse):
    assert "thousands of digits" in error_of(parse, f'{{"start": {"1" * 10_000}}}').reason


def test_damaged_json_is_refused_with_its_line(parse):
    error = error_of(parse, '{\n"text": "secret",\n"a" 1}')
    assert (error.place, "secret" in str(error)) == ("line 3", False)


def test_a_document_that_is_too_large_is_refused_before_it_is_read(parse, monkeypatch):
    monkeypatch.setattr("alliance_nlp.readers._json.MAX_BYTES", 10)
    assert "JSON document of" in error_of(parse, '{"text": "more than ten"}').reason
