import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.readers._chat_words import words_of

# After the CHAT manual, chapters 8 to 11, in words of our own.
RULES = {
    "how was the week ?": "how was the week?",
    "the the [/] week .": "the the week.",
    "<the week> [//] this week .": "the week this week.",
    "<I don't> [///] let me begin again .": "I don't let me begin again.",
    "no no [x 3] .": "no no.",
    "I'm gonna [: going to] call .": "I'm going to call.",
    "<what do ya> [: what do you] mean ?": "what do you mean?",
    "he goed [: went] [* m:=ed] home .": "he went home.",
    "I saw the bear [:: bird] .": "I saw the bear.",
    "(be)cause I shoul(d) .": "because I should.",
    "&-uh &-um well .": "uh um well.",
    "&uh well .": "uh well.",
    "&+w &+wa want .": "want.",
    "&~baba yes .": "yes.",
    "&=laughs yes &=coughs .": "yes.",
    "&{l=singing la la &}l=singing .": "la la.",
    "it was &*CLI:mhm late .": "it was late.",
    "well (.) no (..) so (...) yes (2.5) and (1:05.2) .": "well no so yes and.",
    "no:::: wa:y .": "no way.",
    "ice+cream and Mr_Smith .": "ice cream and Mr Smith.",
    "woof@o mama@f abc@k Keks@s:deu b@l a@s:eng&spa w@u$n .": "woof mama abc Keks b a w.",
    "xxx and yyy .": "[inaudible] and [inaudible].",
    "www .": "[not transcribed].",
    "0is going 0to .": "going.",
    "0 .": "",
    "&=laughs .": "",
    "(.) .": "",
    "[=! laughs] .": "",
    "and then +...": "and then...",
    "and then +..?": "and then...?",
    "and then +/.": "and then—",
    "and then +//.": "and then—",
    "and then +/?": "and then?",
    "what +!?": "what?!",
    'he said +"/.': "he said.",
    '+" go away .': "go away.",
    "+< mhm .": "mhm.",
    "+, as I said .": "as I said.",
    "++ went home .": "went home.",
    "+^ yes .": "yes.",
    "yes [?] .": "yes.",
    "so [= the thing] what [% comment] [%act: nods] .": "so what.",
    "this [>] one [<2] .": "this one.",
    "⌈ yes ⌉ and ⌊2 no ⌋2 .": "yes and no.",
    "⌈yes⌉ no⌊2w⌋2 .": "yes now.",
    "↑up and ↓down °soft° ∆fast∆ ☺ .": "up and down soft fast.",
    "stop [+ trn] .": "stop.",
    "[- spa] hola .": "hola.",
    "no .  [+ exc]": "no.",
    "Ada ‡ come here .": "Ada, come here.",
    "nice „ isn't it ?": "nice, isn't it?",
    "gim~me rhi^noceros .": "gimme rhinoceros.",
    "# well #2 now .": "well now.",
    "I met [NAME] in [CITY 2] .": "I met [NAME] in [CITY 2].",
    "I met [ NAME ] .": "I met [ NAME ].",
    "((coughs)) yes .": "yes.",
    "so , and ; then : .": "so, and; then:.",
    "“ no ” she said .": "“ no ” she said.",
    "\x02\x01loud\x02\x02 word .": "loud word.",
    "no terminator": "no terminator",
    "007 and 9:30 .": "007 and 9:30.",
    "straße ist schön .": "straße ist schön.",
    "<a <b c> [/] d [//] e .": "a b c d e.",
    "a> b] [c .": "a b ] [ c.",
}


@pytest.mark.parametrize(("coded", "plain"), RULES.items())
def test_a_line_is_cleaned_by_the_rule(coded, plain):
    assert words_of(coded).text == plain


def test_what_is_left_out_of_words_is_counted():
    found = words_of("&+w &+wa want &~bu &*CLI:mhm it &=sighs &-uh (.) .")
    assert (found.text, found.fragments, found.interposed) == ("want it uh.", 3, 1)


@given(st.lists(st.from_regex(r"[a-zäöß]+('[a-z]{1,2})?", fullmatch=True), min_size=1))
def test_plain_words_stay_as_they_are(words):
    words = [word for word in words if word not in ("xxx", "xx", "yyy", "www")] or ["yes"]
    assert words_of(" ".join([*words, "."])).text == " ".join(words) + "."


codes = st.sampled_from(
    ["(.)", "[/]", "[//]", "[?]", "[= note]", "&=laughs", "+<", "(2.1)", "[!]", "⌈", "⌉", "[>]", "&+st", "0is"]
)


@given(st.lists(st.tuples(st.from_regex(r"[a-v]{1,6}", fullmatch=True), st.lists(codes, max_size=3)), min_size=1))
def test_codes_between_words_take_no_word_with_them(parts):
    line = " ".join(" ".join([word, *after]) for word, after in parts) + " ."
    assert words_of(line).text == " ".join(word for word, _ in parts) + "."


@given(st.text(st.sampled_from('ab 0x+<>[]()&*-=~:/.,?!@$#^_⌈‡"\x02\x15é'), max_size=60))
def test_any_line_gives_one_line_without_control_characters(line):
    text = words_of(line).text
    assert text == " ".join(text.split())
    assert text.isprintable()


@pytest.mark.parametrize("part", ["[: a] ", "<", "((", "[: ]", "+<", "(1", "a@", ":", "&"])
def test_a_long_line_takes_no_long_time(part):
    words_of("<" + "a " * 20_000 + ">" + part * 20_000)
