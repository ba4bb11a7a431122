"""The shipped families hold what can be met in a text: words and phrases of one to three tokens."""

from collections import Counter

from alliance_nlp.lexicon import families_of_words, read_lexicon
from alliance_nlp.tokenization import Tokenizer

LEXICON = read_lexicon(Tokenizer().tokens)


def test_no_phrase_is_longer_than_the_longest_ngram():
    assert [phrase for phrases in LEXICON.values() for phrase in phrases if not 1 <= len(phrase) <= 3] == []


def test_families_are_sorted_and_hold_nothing_twice():
    for phrases in LEXICON.values():
        assert list(phrases) == sorted(set(phrases))


def test_phrases_are_taken_apart_as_transcripts_are():
    assert ("would", "n't", "you") in LEXICON["anyone would"]


def test_no_two_families_are_the_same():
    assert max(Counter(LEXICON.values()).values()) == 1


def test_a_word_of_several_families_stands_for_the_first_and_a_phrase_for_none():
    lexicon = {"calm": (("slow",), ("take", "it")), "pace": (("quick",), ("slow",))}
    assert families_of_words(lexicon) == {"slow": "⟨words of calm⟩", "quick": "⟨words of pace⟩"}
