"""Places smaller than a state, and streets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span
from alliance_nlp.screening.text import Text
from alliance_nlp.screening.vocabulary import Vocabulary

STREET_TYPES = frozenset(
    "street road avenue lane drive close court crescent terrace boulevard parade highway mews grove gardens "
    "square walk row place way rd ave blvd hwy strasse straße".split()
)
_SURE_STREET_TYPES = frozenset(
    "street road avenue lane drive crescent terrace boulevard rd ave blvd strasse straße".split()
)
FACILITIES = frozenset(
    "hospital clinic infirmary hospice surgery school academy college university church chapel mosque synagogue "
    "prison nursery library".split()
)
_NO_FACILITY_NAME = frozenset("med sti std hi sunday saturday night day law art drama dance ballet".split())
_FACILITY_KINDS = frozenset(
    "primary secondary high grammar middle elementary junior infant infants medical health general district royal "
    "community memorial childrens children s university mental psychiatric care".split()
)
_SETTLED = {
    "in": frozenset(
        "live lives lived living grew born raised house flat wedding everybody everyone people out over down up back "
        "stayed died job office".split()
    ),
    "to": frozenset("moved move moving bus train back".split()),
    "from": frozenset("moved come comes came m train".split()),
    "of": frozenset("village town city outside".split()),
    "near": frozenset({"cottage"}),
}
_VERBS = frozenset().union(*_SETTLED.values())
_SETTLED_FIRM = frozenset({"live", "lives", "lived", "living", "moved", "grew", "born", "raised"})
_IN_PLACE = frozenset("in at from near to around outside of through via into towards past".split())
_LARGER = frozenset("little great upper lower north south east west new old saint st port mount fort".split())
_NOT_A_STREET = frozenset(
    "the a an my your his her our their this that these those same other another next main high quiet busy dead "
    "one two wrong right long short back side front whole every each any some no what which of in on at to down "
    "up off along and or but by for from with into across over is was are were very little big old new open slow "
    "fast memory middle narrow dark steep public private country residential second first third last left cobbled "
    "city town village easy wall it i you he she we they s so just walk drive cross street road lane coast ring "
    "slip service farm dirt bus cycle easy hard better only own different crowded rough bumpy empty straight "
    "winding parallel opposite nearest entire actual near then there here who when where how got get go went come "
    "came take took turn turned driving walking about like not".split()
)
_NUMBER_BEFORE = re.compile(
    r"(?:(?:flat|apartment|apt|unit)\.? [0-9a-z]{1,5}[, ]{1,2})?(?:\b[0-9]{1,5}[a-z]?|"
    r"\b(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|and|oh)[ -]){1,6})\s?$"
)
_ON = frozenset("on in at off near down along up crossing onto from to into outside by round around".split())

_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred".split()
)
CUES = _SURE_STREET_TYPES | _SETTLED_FIRM
"""Words near which a place or a street may be, in lower case too."""


def may_be_street(text: Text) -> bool:
    """Whether a word for a street occurs, and, for those with many other meanings, a number or a capital with it."""
    if not _SURE_STREET_TYPES.isdisjoint(text.loud):
        return True
    types = STREET_TYPES.intersection(text.words)
    return bool(types) and (
        text.n_digits > 0 or text.has_any(_NUMBERS) or any(word.capitalize() in text.given for word in types)
    )


def may_be_named(text: Text, strange: frozenset[str], known: Vocabulary) -> bool:
    """Whether a place may be named.

    Parameters
    ----------
    text : Text
        The utterance.
    strange : frozenset of str
        Its words that are no ordinary ones.
    known : Vocabulary
        All lists.
    """
    loud = text.loud
    settled = not _SETTLED_FIRM.isdisjoint(loud)
    if not (
        known.place_words.isdisjoint(strange)
        and known.word_places.isdisjoint(loud)
        and known.place_cues.isdisjoint(loud)
        and FACILITIES.isdisjoint(loud)
    ):
        return True
    if settled and text.has_any(known.word_places):
        return True
    return bool(strange) and (
        settled
        or text.has_any(FACILITIES)
        or text.has_any(_VERBS)
        or any(word.capitalize() in text.given for word in strange)
    )


def find_streets(text: Text, known: Vocabulary) -> Iterator[Span]:
    """Streets by name, with their number where it is there."""
    tokens = text.tokens
    for place, token in enumerate(tokens):
        if token.word not in STREET_TYPES or place == 0:
            continue
        start = _street_from(text, place, known)
        if start is not None:
            number = _NUMBER_BEFORE.search(text.lowered, max(tokens[start].start - 60, 0), tokens[start].start)
            yield Span(Category.STREET, number.start() if number else tokens[start].start, token.end)


def _street_from(text: Text, place: int, known: Vocabulary) -> int | None:
    """Where the name of a street begins, whose type stands at `place`; None where it has none."""
    tokens = text.tokens
    last = tokens[place - 1]
    if text.gap(place).strip() or last.word in _NOT_A_STREET:
        return None
    first = place - 1
    while first > 0 and place - first < 3 and not text.gap(first).strip(" '’.") and (
        (tokens[first - 1].capital and not tokens[first - 1].opens) or tokens[first - 1].word in {"st", "saint"}
    ):  # fmt: skip
        first -= 1
    if last.capital and tokens[place].capital:
        return first
    numbered = _NUMBER_BEFORE.search(text.lowered, max(last.start - 60, 0), last.start)
    if numbered and numbered.group().strip() not in ("one", "and"):
        return first
    before = tokens[place - 2].word if place > 1 else ""
    named = last.capital or last.word in known.names or last.word in known.place_names or known.is_unknown(last.word)
    return first if before in _ON and tokens[place].word in _SURE_STREET_TYPES and named else None


def find_places(text: Text, known: Vocabulary) -> Iterator[Span]:
    """Towns and villages, by the list or by what stands around them; schools, hospitals and the like by name."""
    tokens = text.tokens
    # First, since a hospital may be named after its town.
    for place, token in enumerate(tokens):
        if token.word in FACILITIES and place:
            yield from _facility(text, place, known)
    for place, token in enumerate(tokens):
        before = tokens[place - 1].word if place else ""
        if token.word in known.places:
            length = _listed_at(text, place, known)
            if length and _is_meant(text, place, length, known):
                yield Span(Category.PLACE, token.start, tokens[place + length - 1].end)
                continue
        if before in _IN_PLACE:
            yield from _unlisted(text, place, known)
        if (
            token.word == "county"
            and token.capital
            and place
            and tokens[place - 1].capital
            and not text.gap(place).strip()
        ):
            yield Span(Category.PLACE, tokens[place - 1].start, token.end)


def _unlisted(text: Text, place: int, known: Vocabulary) -> Iterator[Span]:
    """A place on no list, after "grew up in" or, with a capital, after a preposition."""
    tokens = text.tokens
    token, end = tokens[place], place
    if (known.is_unknown(token.word) or token.word in _LARGER) and _is_settled(text, place):
        end += token.word in _LARGER and place + 1 < len(tokens)
        if known.is_unknown(tokens[end].word):
            yield Span(Category.PLACE, token.start, tokens[end].end)
            return
    if token.capital and not token.opens and not text.is_title:
        while end + 1 < len(tokens) and tokens[end + 1].capital and not text.gap(end + 1).strip():
            end += 1
        if known.is_unknown(tokens[end].word) and (end > place or known.is_unknown(token.word)):
            yield Span(Category.PLACE, token.start, tokens[end].end)


def _listed_at(text: Text, place: int, known: Vocabulary) -> int:
    """How many tokens, from `place` on, are a place on the list."""
    tokens = text.tokens
    for rest in known.places[tokens[place].word]:
        following = tuple(token.word for token in tokens[place + 1 : place + 1 + len(rest)])
        if following == rest and all(not text.gap(place + 1 + n).strip(" -'’.") for n in range(len(rest))):
            return 1 + len(rest)
    return 0


def _is_meant(text: Text, place: int, length: int, known: Vocabulary) -> bool:
    """Whether a place on the list is one here, since many are words or names as well."""
    tokens = text.tokens
    token = tokens[place]
    if length > 1:
        words = [tokens[place + n] for n in range(length)]
        ordinary = all(word.word in known.words or word.word in known.names for word in words)
        return not ordinary or all(word.capital for word in words)
    if token.word in known.usual:
        return False
    if token.word in known.sure_places:
        return True
    before = tokens[place - 1].word if place else ""
    if token.capital and not token.opens and not text.is_title:
        return before in _IN_PLACE
    if token.word in known.words:
        return before in ("in", "to") and place > 1 and tokens[place - 2].word in _SETTLED_FIRM
    return before in _IN_PLACE


def _is_settled(text: Text, place: int) -> bool:
    """Whether a place follows, as in "lives in" or "grew up in"."""
    verbs = _SETTLED.get(text.tokens[place - 1].word, ())
    return any(token.word in verbs for token in text.tokens[max(place - 4, 0) : place - 1])


def _facility(text: Text, place: int, known: Vocabulary) -> Iterator[Span]:
    tokens = text.tokens
    first = place - 1
    while first >= 0 and tokens[first].word in _FACILITY_KINDS and place - first < 4:
        first -= 1
    if first < 0 or text.gap(place).strip(" '’"):
        return
    token = tokens[first]
    if token.word == "s" and first > 0:
        first -= 1
        token = tokens[first]
    named = (
        (token.capital and not token.opens and token.word not in known.usual)
        or token.word in known.plain_names
        or token.word in known.plain_places
        or known.is_unknown(token.word)
    )
    saint = first > 0 and tokens[first - 1].word in ("st", "saint")
    if (named or saint) and token.word not in FACILITIES | _NO_FACILITY_NAME:
        while (
            first > 0
            and not text.gap(first).strip(" '’.")
            and (
                tokens[first - 1].word in ("st", "saint") or (tokens[first - 1].capital and not tokens[first - 1].opens)
            )
        ):
            first -= 1
        yield Span(Category.PLACE, tokens[first].start, tokens[place].end)
