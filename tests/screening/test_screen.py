import time
from itertools import pairwise

import planted
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.screening.categories import DESCRIPTIONS, Category
from alliance_nlp.screening.labels import find_in_file_name, find_in_label, find_in_property
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.span import Span, masked, without_overlaps

SCREEN = Screen()


def found(text, before=""):
    return [(str(span.category), text[span.start : span.end]) for span in SCREEN.find(text, before)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then Dr. O'Connor rang.", [("name", "O'Connor")]),
        ("my friend mark said so", [("name", "mark")]),
        ("it was will hutchinson who rang", [("name", "will hutchinson")]),
        ("the man at the door was called xolani", [("name", "xolani")]),
        ("She works for Zentrico now.", [("capitalised", "Zentrico")]),
        ("i grew up in tredwick", [("place", "tredwick")]),
        ("we moved to reading last year", [("place", "reading")]),
        ("He was born at St Mary's Hospital.", [("place", "St Mary's Hospital")]),
        ("we live at forty two maple street", [("street", "forty two maple street")]),
        ("i saw him on harrow road", [("street", "harrow road")]),
        ("it's sw1a 1aa", [("postcode", "sw1a 1aa")]),
        ("We live in 10115 Berlin.", [("postcode", "10115"), ("place", "Berlin")]),
        ("He moved to Austin, TX 73301.", [("place", "Austin"), ("postcode", "73301")]),
        ("the third of march nineteen eighty two", [("date", "the third of march nineteen eighty two")]),
        ("march third", [("date", "march third")]),
        ("born on 03/12/82", [("date", "03/12/82")]),
        ("It was on Tuesday the 14th.", [("date", "Tuesday the 14th")]),
        ("she's ninety three", [("age", "ninety three")]),
        ("oh seven double oh nine hundred one two three", [("phone", "oh seven double oh nine hundred one two three")]),
        ("the fax is 020 7946 0123", [("fax", "020 7946 0123")]),
        ("jane dot doe at example dot org", [("email", "jane dot doe at example dot org")]),
        ("I am @sunny_lane there.", [("web", "@sunny_lane")]),
        ("It said 203.0.113.7.", [("ip", "203.0.113.7")]),
        ("It said 2001:db8::8a2e:370:7334.", [("ip", "2001:db8::8a2e:370:7334")]),
        ("987-65-4320", [("national-id", "987-65-4320")]),
        ("my nhs number is 999 123 4567", [("national-id", "999 123 4567")]),
        ("record number H-12345", [("record", "H-12345")]),
        ("4111 1111 1111 1111", [("account", "4111 1111 1111 1111")]),
        ("passport number 533401372", [("licence", "533401372")]),
        ("a van, AB12 CDE", [("vehicle", "AB12 CDE")]),
        ("the serial number is SN123456", [("device", "SN123456")]),
        ("It said 00:00:5E:00:53:0A.", [("device", "00:00:5E:00:53:0A")]),
        ("the tag said 346488747919", [("number", "346488747919")]),
    ],
)  # fmt: skip
def test_what_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[NAME] met Dr [SURNAME] in [CITY] on [DATE].", "I said to <NAME> and {{PHONE}} and NAME_1 and XXX and ***.",
        "Will you? May I? Mark my words, I hope so.", "i will and you may and that is the point of it",
        "On Monday, in May, at Christmas.", "We tried CBT, ACT, Gestalt and Rogers.", "I take Prozac and sertraline.",
        "He speaks Polish, she is Nigerian.", "In 2019 and in the nineties.", "It is 6:30, or 7 out of 10, or 3/4.",
        "one two three four five six seven eight", "he is ninety percent sure", "It cost £120000 in all.",
        "down the wrong road and up the street", "We went to Spain and to Texas.", "",
        "He Said Everything In Capitals Like This.",
    ],
)  # fmt: skip
def test_what_is_no_finding(text):
    assert found(text) == []


def test_a_question_tells_what_the_answer_is():
    assert found("uh, 12345678", "What's your account number?") == [("account", "12345678")]
    assert found("it's wojciech", "and what's your name?") == [("name", "wojciech")]


def test_words_and_categories_can_be_left_out():
    text = "Freya met Carl in Leeds."
    assert {span.category for span in Screen([Category.PLACE]).find(text)} == {Category.PLACE}
    assert [text[span.start : span.end] for span in Screen(allowed=["FREYA", "leeds"]).find(text)] == ["Carl"]
    assert Screen(allowed=["Anna Miller"]).find("I met Anna Miller.") == []


def test_what_was_screened_before_changes_nothing():
    texts = [line.text for line in planted.lines("tuned", "lower case")]
    fresh = [Screen().find(text) for text in texts[:40]]
    used = Screen()
    for text in [*texts, *texts]:
        used.find(text)
    assert [used.find(text) for text in texts[:40]] == fresh


@pytest.mark.parametrize(
    ("label", "words"),
    [("Therapist", []), ("SPEAKER_00", []), ("C2", []), ("Anna", ["Anna"]), ("Grace", ["Grace"]),
     ("Dr Patel", ["Patel"]), ("JaneKowalski", ["Jane", "Kowalski"]), ("Krzyvonka", ["Krzyvonka"])],
)  # fmt: skip
def test_labels(label, words):
    assert [label[span.start : span.end] for span in find_in_label(SCREEN, label)] == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("session-03", []), ("S163", []), ("bereavement-call", []), ("week_2_final", []),
     ("Sarah_Jones_2021-03-04", ["Sarah_Jones", "2021-03-04"]),
     ("interview 20210304", ["20210304"]), ("leeds_group_3", ["leeds"])],
)  # fmt: skip
def test_file_names(name, words):
    assert [name[span.start : span.end] for span in find_in_file_name(SCREEN, name)] == words


def test_an_author_is_a_name_on_whatever_list():
    assert find_in_property(SCREEN, "Qwz Xkcd", True) == [Span(Category.NAME, 0, 8)]
    assert find_in_property(SCREEN, "Microsoft Office User", True) == []
    assert find_in_property(SCREEN, "Session notes", False) == []


def test_masked_words_show_their_shape():
    assert masked("Anna-Maria O'Hara", Category.NAME) == "A***-M**** O'****"
    assert masked("987-65-4320", Category.NATIONAL_ID) == "###-##-####"
    assert masked("jane@example.org", Category.EMAIL) == "****@*******.***"
    assert masked("the third of May", Category.DATE) == "*** ***** ** ***"


def test_every_category_is_described():
    assert set(DESCRIPTIONS) == set(Category)


spans = st.builds(Span, st.sampled_from(list(Category)), st.integers(0, 40), st.integers(0, 40))


@given(st.lists(spans, max_size=30))
def test_no_overlap_is_left_and_the_first_wins(given_):
    kept = without_overlaps(given_)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    for span in given_:
        if span.start < span.end:
            assert any(span.start < other.end and other.start < span.end for other in kept)


PHRASES = [
    "my name is", "Dr", "Sarah", "will", "on the third of", "May", "07700 900123", "double", "nine", "[NAME]",
    "dot", "at", "@", "street", "High School", "12/3/82", "ninety", "::", "zip", "St", "İ", "ß", "\n", "😀", "_",
    "'s",
]  # fmt: skip
texts = st.lists(st.sampled_from(PHRASES) | st.text(max_size=8), max_size=20).map(" ".join) | st.text(max_size=200)


@given(texts, texts)
def test_any_text_gives_findings_that_lie_in_it(text, before):
    for found_ in (
        SCREEN.find(text, before),
        find_in_label(SCREEN, text),
        find_in_file_name(SCREEN, text),
        find_in_property(SCREEN, text, False),
    ):
        end = 0
        for span in found_:
            assert end <= span.start < span.end <= len(text)
            end = span.end


UNITS = [
    "a", "1", "1 ", "one ", "double ", "@", "a@", "1.", "1-", " ", "\n", "[", "[a", "_", "A_", "x", "dot ",
    "a dot ", "one dot ", "a dot b at c dot ", "www.", "a/", "0:", "::", "street ", "twenty street ",
    "Elm Street ", "the third of march ", "may first ", "12/3/", "1.2.3.", "my name is ", "dr ", "Sarah ",
    "St Mary ", "high school hospital ", "my sister ", "zip 1", "he is ninety ", "a1", "a b c one ", "account 1 ",
    "İ", "o'", "flat 1 ", "one hundred and ", "lived in ", "Aa ", "in Aa ", "new york ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_length_alone(unit):
    def seconds(n):
        text = (unit * n)[:n]

        def once():
            start = time.process_time()
            find_in_label(SCREEN, text)
            return time.process_time() - start

        return min(once() for _ in range(3))

    # Quadratic time would be 256 times as long; the floor and the best of three keep noise from counting.
    assert seconds(32_000) < 80 * max(seconds(2_000), 0.002)
