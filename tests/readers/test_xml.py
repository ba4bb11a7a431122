from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._xml import MAX_DEPTH, NothingKept, feed_xml, parse_xml

FILE = Path("session.eaf")
BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><a>&i;</a>"
)


def error_of(text, part=""):
    with pytest.raises(TranscriptError) as caught:
        parse_xml(FILE, text.encode(), part)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_document_is_parsed():
    assert parse_xml(FILE, b"<?xml version='1.0' encoding='UTF-8'?><a><b>x</b></a>").findtext("b") == "x"


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "<!DOCTYPE a><a/>",
    ],
    ids=["entity bomb", "external DTD", "external entity", "bare DTD"],
)
def test_document_types_and_entities_are_refused(text):
    assert "declares a document type or entities" in error_of(text).reason


def test_damaged_xml_is_refused_with_its_line():
    error = error_of("<a>\n<b>\n</a>")
    assert (error.place, "damaged or cut off" in error.reason) == ("line 3", True)


def test_a_part_of_an_archive_is_named():
    assert error_of("<a>", "word/document.xml").place == "word/document.xml, line 1"


def test_endless_nesting_is_refused():
    assert "nested more than" in error_of("<a>" * 100_000).reason


def test_nesting_within_bounds_is_read():
    parse_xml(FILE, ("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH).encode())


def test_too_many_elements_are_refused(monkeypatch):
    monkeypatch.setattr("alliance_nlp.readers._xml.MAX_ELEMENTS", 10)
    assert "more than 10 elements" in error_of(f"<a>{'<b/>' * 10}</a>").reason


def test_a_document_in_pieces_is_gone_through(monkeypatch):
    text = "<a>" + "<b>x</b>" * 1000 + "</a>"
    assert feed_xml(FILE, (text[place : place + 7].encode() for place in range(0, len(text), 7)), NothingKept()) is None
    for damaged in (text[:-4], BOMB, "<a>" * (MAX_DEPTH + 1)):
        with pytest.raises(TranscriptError):
            feed_xml(FILE, [damaged.encode()], NothingKept())


def test_an_unknown_encoding_is_refused():
    assert error_of("<?xml version='1.0' encoding='utf-99'?><a/>").reason


@given(st.text("<>/ab='\"&;!?[]-\n", max_size=60))
def test_anything_gives_a_document_or_an_error(text):
    try:
        parse_xml(FILE, text.encode())
    except TranscriptError as error:
        assert "\n" not in str(error)
