"""The shipped families hold words as the tokenizer makes them."""

from alliance_nlp.lexicon import read_lexicon
from alliance_nlp.tokenization import Tokenizer


def test_every_word_is_one_token_as_the_tokenizer_makes_it():
    words = sorted({word for words in read_lexicon().values() for word in words})
    # A word that the rules take apart ("dunno", "we're") would never be met.
    apart = [word for word, tokens in zip(words, Tokenizer().tokens(words), strict=True) if tokens != [word]]
    assert apart == []


def test_families_are_sorted_and_hold_no_word_twice():
    for words in read_lexicon().values():
        assert list(words) == sorted(set(words))
