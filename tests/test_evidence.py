import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.evidence import Evidence, carrying_words, evidence, in_words, other_reasons
from alliance_nlp.second_look import second_look_names
from alliance_nlp.tagging import Reason
from alliance_nlp.tokenization import Tokenizer


def shown(text, *features):
    return [text[start:end] for start, end in carrying_words(text, [Reason(feature, 0.5) for feature in features])]


@pytest.mark.parametrize(
    ("probability", "level"),
    [(0.2, Evidence.SLIGHT), (0.4999, Evidence.SLIGHT), (0.5, Evidence.FAIR), (0.7499, Evidence.FAIR),
     (0.75, Evidence.STRONG), (1.0, Evidence.STRONG)],
)  # fmt: skip
def test_evidence_goes_by_the_probability(probability, level):
    assert evidence(probability) == level


@pytest.mark.parametrize(
    ("text", "feature", "words"),
    [
        ("You SOUND worn out.", "sound", ["SOUND"]),
        ("You sound worn out.", "sound worn", ["sound worn"]),
        ("A sounding, not a sound.", "sound", ["sound"]),
        ("Well, I hear you.", "⟨opens with⟩ well ,", ["Well,"]),
        ("I say well, as ever.", "⟨opens with⟩ well ,", []),
        ("Right.", "⟨begin⟩ right", ["Right"]),
        ("That is right.", "⟨begin⟩ right", []),
        ("Go on, go on.", "on . ⟨end⟩", ["on."]),
        ("I don't know.", "do", ["don't"]),
        ("I don’t know.", "n't know", ["don’t know"]),
        ("It's late.", "'s", ["It's"]),
        ("I cannot.", "not", ["cannot"]),
        ("Yes, and no.", ",", []),
        ("Is it?", "?", ["?"]),
        ("so so so", "so", ["so so so"]),
        ("(a+b)* .", "+b", ["+b"]),
    ],
)
def test_the_words_of_a_feature_are_found_in_the_text(text, feature, words):
    assert shown(text, feature) == words


def test_words_that_touch_are_shown_as_one():
    assert shown("It sounds like a hard week.", "sounds", "like", "week") == ["sounds like", "week"]


def test_words_against_a_mark_are_not_shown():
    assert carrying_words("You sound tired.", [Reason("sound", -0.5)]) == []


def test_a_feature_that_is_no_word_is_told_in_words():
    reasons = [Reason("⟨length 3-6 words⟩", 0.4), Reason("⟨before: a question⟩", 0.2), Reason("tired", 0.1),
               Reason("⟨before: nobody⟩", -1.0)]  # fmt: skip
    assert other_reasons(reasons) == ["its length (3-6 words)", "the line before asks a question"]


def test_a_mark_that_tells_a_reader_nothing_is_left_out():
    reasons = [Reason(f"⟨self before: {sign}⟩", 0.5) for sign in (".", '"', "?", "yes")]
    assert [words[:5] for words in other_reasons(reasons)] == ["“?” i", "“yes”"]


def test_an_unknown_feature_is_told_as_it_is():
    assert in_words("⟨phase of the moon⟩") == "phase of the moon"


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("⟨length 1 words⟩", "its length (1 word)"),
        ("⟨after: length 3–4 words⟩", "the length of the line after (3–4 words)"),
        ("⟨after: repair⟩", "repair in the lines after"),
        ("⟨before: self_disclosure⟩", "self-disclosure in the lines before"),
        ("⟨others after: yeah⟩", "“yeah” in the other's lines after"),
        ("⟨self before: ?⟩", "“?” in the speaker's own lines before"),
        ("⟨20–39 % of its words taken over from before⟩", "20–39 % of its words taken over from the line before"),
    ],
)
def test_what_stands_around_is_told_in_words(feature, words):
    assert in_words(feature) == words


def test_the_words_of_a_family_are_shown_in_the_text():
    assert shown("I don't mind, me.", "⟨words of self⟩ i, me", "⟨words of negation⟩ n't") == ["I don't", "me"]
    assert other_reasons([Reason("⟨words of self⟩ i, me", 1.0)]) == []


def test_every_wordless_feature_of_a_model_is_told_in_plain_words(small_bundle):
    space = small_bundle.features
    names = [*map(space.name, range(space.n_features)), *second_look_names(small_bundle.codebook.marker_names)]
    wordless = {name for name in names if name.startswith("⟨") and not name.startswith(("⟨begin", "⟨end", "⟨opens"))}
    assert wordless
    assert {name for name in wordless if in_words(name) == name.strip("⟨⟩")} == set()


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_stretches_lie_in_the_text_in_order_and_apart(text, features):
    spans = carrying_words(text, [Reason(feature, 1.0) for feature in features])
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_the_tokens_of_a_text_are_found_again_in_it():
    text = "Well, I don't know; it's \"his\" fault, isn't it? I'm gonna go... (now)."
    for token in next(iter(Tokenizer("blank:en").tokens([text]))):
        # One word that the tokenizer parts, whose halves stand for nothing; and signs tell a reader nothing.
        if token.casefold() not in ("gon", "na") and (token[-1].isalnum() or token == "?"):
            assert shown(text, token.casefold()), token


def test_a_phrase_of_a_family_is_marked_whole():
    text = "So I got that wrong, didn't I."
    reasons = [Reason("⟨words of owning a fault⟩ got that wrong, i", 0.9)]
    assert next(text[start:end] for start, end in carrying_words(text, reasons)) == "I got that wrong"
