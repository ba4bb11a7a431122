"""Names of people, told by lists, by capitals and by what stands around them."""

from __future__ import annotations

from collections.abc import Iterator

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text
from alliance_nlp.screening.vocabulary import Vocabulary

_STRONG_TITLES = frozenset("dr mr mrs ms mx prof professor uncle auntie aunty aunt".split())
_ABBREVIATED = frozenset("dr mr mrs ms mx prof rev".split())
_TITLES = _STRONG_TITLES | frozenset(
    "doctor miss nurse sister father pastor reverend rev rabbi imam brother officer constable sergeant detective "
    "judge inspector captain lord lady nan nana granny gran grandma grandpa grandad".split()
)
_PERSON_VERBS = frozenset(
    "said says told tells asked asks thinks thought wants wanted hates hated came comes rang called phoned texted "
    "loves loved laughed cried shouted left didn doesn wouldn couldn wasn isn hasn hadn knows knew keeps kept "
    "went goes reckons died hit drove".split()
)
_CONTACT_VERBS = frozenset("told asked phoned rang texted married dated emailed messaged visited kissed hugged".split())
_POSSESSORS = frozenset("my his her our their your".split())
_DETERMINERS = frozenset(
    "the a an my his her our their your this that these those no any some of such much more what which every each "
    "to and for i you we they it he she there who can could may might must shall should will would not just only "
    "still".split()
)
_NO_NAME_AFTER = frozenset(
    "you i he she it they we there this that be have not to get never always probably just also need want do a an "
    "the my your his her our their if what when how so in on at up out with of for or but".split()
)
_MODALS = frozenset({"will", "may", "can", "art"})
_FOLLOWERS = frozenset("and is was has had who s isn wasn".split()) | _PERSON_VERBS
_HERE = frozenset("calling speaking here again".split())
_NEVER_A_NAME = _NO_NAME_AFTER | _DETERMINERS | _FOLLOWERS
_AFTER_A_NAME = frozenset("to if what when how so on in at i".split())
_INTRODUCING = frozenset("is s was named called him her it them me m am im baby".split())
_BEFORE_A_NAME = _INTRODUCING | _CONTACT_VERBS | _TITLES
_CONTEXT = _TITLES | frozenset("name names named called call calls calling speaking here surname".split())
_LONGEST_ANSWER = 5

CUES = _STRONG_TITLES
"""Words after which a name may be an ordinary word."""


def may_be_named(text: Text, strange: frozenset[str], known: Vocabulary) -> bool:
    """Whether somebody may be named.

    Parameters
    ----------
    text : Text
        The utterance.
    strange : frozenset of str
        Its words that are no ordinary ones.
    known : Vocabulary
        All lists.
    """
    if not (known.names.isdisjoint(strange) and known.sure_names.isdisjoint(strange) and CUES.isdisjoint(text.loud)):
        return True
    if strange and (text.has_any(_CONTEXT) or text.has_any(known.relations) or "your name" in text.before):
        return True
    return _may_be_ambiguous(text, known)


def _may_be_ambiguous(text: Text, known: Vocabulary) -> bool:
    """Whether a name that is an ordinary word as well occurs, and beside it what could make it a name."""
    names = known.ambiguous_given & text.loud
    if not names:
        return False
    if any(_has_capital_inside(text.given, word.capitalize()) for word in names):
        return True
    words = ["", *text.words, ""]
    return any(
        word in names and (after in _PERSON_VERBS or before in _BEFORE_A_NAME or before in known.relations)
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
    )


def _has_capital_inside(raw: str, word: str) -> bool:
    place = raw.find(f" {word}")
    return place > 0 and (raw[place - 1].isalnum() or raw[place - 1] in ",;'’")


def find(text: Text, known: Vocabulary) -> Iterator[Span]:
    """Names; a given name and the surname after it are one."""
    tokens = text.tokens
    named = [False] * len(tokens)
    before = ""
    for place, token in enumerate(tokens):
        word = token.word
        if word in known.sure_names:
            named[place] = True
        elif token.capital and not token.opens and word in known.names and not text.is_title:
            named[place] = _capital_counts(text, place, known)
        if not named[place] and len(word) > 1:
            named[place] = (
                (before in _TITLES and _is_addressed(text, place, known))
                or (before in _INTRODUCING and _is_introduced(text, place, known))
                or (before in known.relations and _is_relation(text, place, known))
                or (word in known.ambiguous_given and _acts(text, place, known))
            )
        before = word
    _is_answer(text, named, known)
    _extend(text, named, known)
    place = 0
    while place < len(tokens):
        if not named[place]:
            place += 1
            continue
        end = place
        while end + 1 < len(tokens) and named[end + 1] and not text.gap(end + 1).strip(" '’-."):
            end += 1
        yield Span(Category.NAME, tokens[place].start, tokens[end].end)
        place = end + 1


def find_capitalised(text: Text, known: Vocabulary) -> Iterator[Span]:
    """Words with a capital inside a sentence that no list explains."""
    if text.is_title:
        return
    for token in text.tokens:
        if token.capital and not token.opens and len(token.word) > 2 and not known.is_known_word(token.word):
            singular = token.word.removesuffix("s")
            if not known.is_known_word(singular):
                yield Span(Category.CAPITALISED, token.start, token.end)


def _capital_counts(text: Text, place: int, known: Vocabulary) -> bool:
    """Whether a capital makes a name of a word that may be one."""
    word = text.tokens[place].word
    before = text.tokens[place - 1].word if place else ""
    if word in known.usual:
        return False
    if word in known.words:
        return word in known.ambiguous_given and before not in (
            "the",
            "a",
            "an",
            "of",
            "this",
            "that",
            "in",
            "by",
            "since",
        )
    return True


def _is_addressed(text: Text, place: int, known: Vocabulary) -> bool:
    """After Dr, Mrs, Uncle and their like."""
    tokens = text.tokens
    token, before = tokens[place], tokens[place - 1].word if place else ""
    if text.gap(place).strip(" ." if before in _ABBREVIATED else " "):
        return False
    if token.capital and tokens[place - 1].capital:
        return token.word not in known.usual and token.word not in _NEVER_A_NAME
    if before in _STRONG_TITLES:
        if token.word in known.names:
            return token.word not in known.words or token.word not in _NEVER_A_NAME
        return known.is_unknown(token.word)
    return known.is_unknown(token.word) and len(token.word) > 3


def _is_introduced(text: Text, place: int, known: Vocabulary) -> bool:
    """After "my name is", "called", "this is" and their like."""
    tokens = text.tokens
    token = tokens[place]
    like_a_name = token.word in known.ambiguous_given or token.word in known.plain_names or known.is_unknown(token.word)
    if (
        not like_a_name
        or (token.word in known.usual and token.word not in known.given)
        or text.gap(place).strip(" ,:'’\"")
    ):
        return False
    one, two, three = ([""] * 3 + [item.word for item in tokens[max(place - 3, 0) : place]])[-1:-4:-1]
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    certain = token.word in known.plain_names or known.is_unknown(token.word)
    if one in ("is", "s", "was") and two in ("name", "surname"):
        return after not in _NO_NAME_AFTER or certain
    if one in ("named", "called"):
        return certain or (two in ("was", "s", "is", "m", "someone", "somebody", "woman", "man", "guy", "girl", "boy")
                           and after not in _NO_NAME_AFTER)  # fmt: skip
    if one in ("him", "her", "it", "them", "me") and two in ("call", "called", "calls", "named", "name"):
        return certain or token.word in known.ambiguous_given
    if one in ("is", "s") and two in ("this", "it", "that"):
        return after in _HERE and (certain or token.word in known.ambiguous_given)
    if (one in ("m", "am") and two == "i") or one == "im":
        return token.word in known.plain_given or (token.capital and token.word in known.given)
    return three == "call" and two == "the" and one == "baby"


def _is_relation(text: Text, place: int, known: Vocabulary) -> bool:
    """After "my sister", "his boss" and their like."""
    tokens = text.tokens
    if place < 2 or text.gap(place).strip(" ,"):
        return False
    if tokens[place - 2].word not in _POSSESSORS:
        return False
    word = tokens[place].word
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if word in known.ambiguous_given:
        return after in _FOLLOWERS and (word not in _MODALS or after not in ("and", "s"))
    return (word in known.plain_given) or (known.is_unknown(word) and len(word) > 3)


def _acts(text: Text, place: int, known: Vocabulary) -> bool:
    """Names that are words as well, where they do what only people do, or have done to them."""
    tokens = text.tokens
    word = tokens[place].word
    before = tokens[place - 1].word if place else ""
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    adjoins = not text.gap(place).strip(" ,")
    if (
        after in _PERSON_VERBS
        and before not in _DETERMINERS
        and not (place + 1 < len(tokens) and text.gap(place + 1).strip())
    ):
        return word not in known.relations and (not adjoins or before not in known.words or tokens[place].opens)
    if before in _CONTACT_VERBS and adjoins:
        return (after not in _NO_NAME_AFTER or after in _AFTER_A_NAME) and not (word in _MODALS and after == "i")
    return False


def _is_answer(text: Text, named: list[bool], known: Vocabulary) -> None:
    """A bare answer to a question for a name."""
    if "name" not in text.before or ("?" not in text.before and "what" not in text.before):
        return
    if len(text.tokens) > _LONGEST_ANSWER or "your name" not in text.before.lower():
        return
    for place, token in enumerate(text.tokens):
        named[place] = named[place] or token.word in known.plain_given or known.is_unknown(token.word)


def _extend(text: Text, named: list[bool], known: Vocabulary) -> None:
    """To the name beside a name: will hutchinson, sarah brown."""
    tokens = text.tokens
    for place in range(len(tokens) - 1):
        if text.gap(place + 1).strip(" '’-."):
            continue
        following, token = tokens[place + 1], tokens[place]
        if named[place] and not named[place + 1]:
            capital = following.capital and not following.opens
            capital = capital and (following.word not in known.usual or following.word in known.names)
            rare = following.word in known.names and following.word not in known.words and len(following.word) > 2
            named[place + 1] = (capital and not text.is_title) or rare
        elif named[place + 1] and not named[place] and token.word in known.given and token.word not in known.usual:
            surname_alone = following.word not in known.given
            sure = surname_alone or (token.capital and token.opens and token.word not in _MODALS)
            named[place] = len(token.word) > 2 and (
                token.word not in known.words or (sure and token.word in known.ambiguous_given)
            )
        elif named[place + 1] and token.word in ("o", "mc", "mac") and not text.gap(place + 1).strip("'’"):
            named[place] = True
