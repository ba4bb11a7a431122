"""Names, places and ordinary words that the screen knows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain
from string import ascii_lowercase

_SHORTEST_SURE, _SHORTEST_RARE = 3, 5


@dataclass(frozen=True)
class Vocabulary:
    """Words in lower case, by what they are.

    Attributes
    ----------
    words : frozenset of str
        Ordinary ones, spoken ones among them.
    names : frozenset of str
        Given names and surnames, common and rare ones.
    given : frozenset of str
        Given names.
    plain_names, plain_given, plain_places : frozenset of str
        Those that are no ordinary words.
    sure_names : frozenset of str
        Those that are a name wherever they stand, in lower case too, and their plurals.
    ambiguous_given : frozenset of str
        Common given names that are ordinary words as well: will, grace, mark.
    usual : frozenset of str
        Written with a capital, and no identifiers: languages, medicines, approaches, countries.
    relations : frozenset of str
        Words for people that a name may follow: sister, boss.
    places : mapping of str to tuple of tuple of str
        By the first word of a place's name, the words that follow it; longest first.
    place_words : frozenset of str
        Words of places that are no ordinary ones.
    place_names : frozenset of str
        Those of one word.
    sure_places : frozenset of str
        Those of one word that are neither ordinary words nor names.
    word_places : frozenset of str
        Those of one word that are ordinary words as well: bath, reading.
    place_cues : frozenset of str
        Last words of places whose words are all ordinary ones: salt lake city.
    plain : frozenset of str
        All words that are no reason to look closer.
    """

    words: frozenset[str]
    names: frozenset[str]
    given: frozenset[str]
    plain_names: frozenset[str]
    plain_given: frozenset[str]
    plain_places: frozenset[str]
    sure_names: frozenset[str]
    ambiguous_given: frozenset[str]
    usual: frozenset[str]
    relations: frozenset[str]
    places: Mapping[str, tuple[tuple[str, ...], ...]]
    place_words: frozenset[str]
    place_names: frozenset[str]
    sure_places: frozenset[str]
    word_places: frozenset[str]
    place_cues: frozenset[str]
    plain: frozenset[str]

    def is_known_word(self, word: str) -> bool:
        """Whether a word is one that needs no explanation: ordinary, or usual with a capital."""
        return word in self.words or word in self.usual

    def is_unknown(self, word: str) -> bool:
        """Whether a word is on no list."""
        return not (word in self.words or word in self.usual or word in self.names) and len(word) >= _SHORTEST_SURE


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The lists that come with the program."""
    folder = resources.files("alliance_nlp.screening.lists")

    def listed(name: str) -> frozenset[str]:
        return frozenset((folder / f"{name}.txt").read_text("utf-8").splitlines())

    own = {
        name: frozenset(words.split())
        for name, words in tomllib.loads((folder / "own.toml").read_text("utf-8")).items()
    }
    words = listed("words") | own["colloquial"]
    usual = listed("usual") | own["usual"]
    given_common, surnames_common = listed("given-common"), listed("surnames-common")
    given = given_common | listed("given-rare")
    names = given | surnames_common | listed("surnames-rare")
    doubtful = (words - own["foremost_names"]) | own["weak_names"] | usual
    sure = frozenset(name for name in given_common | surnames_common if len(name) >= _SHORTEST_SURE)
    sure = (sure | frozenset(name for name in given if len(name) >= _SHORTEST_RARE)) - doubtful
    places = _by_first_word([*listed("places"), *own["uk_counties"]])
    place_names = frozenset(first for first, rests in places.items() if () in rests)
    return Vocabulary(
        words=words,
        names=names,
        given=given,
        plain_names=names - words,
        plain_given=given - words,
        plain_places=place_names - words,
        sure_names=sure | (frozenset(f"{name}s" for name in sure) - doubtful),
        ambiguous_given=frozenset((given_common & doubtful) - usual - own["colloquial"] - own["weak_names"])
        | {"may", "april", "june"},
        usual=usual,
        relations=own["relations"],
        places=places,
        place_words=frozenset(word for first, rests in places.items() for word in (first, *chain(*rests))) - words,
        place_names=place_names,
        sure_places=place_names - words - names - usual,
        word_places=place_names & words,
        place_cues=frozenset(
            rest[-1] for first, rests in places.items() for rest in rests if rest and words.issuperset((first, *rest))
        ),
        plain=words | usual | frozenset(ascii_lowercase),
    )


def _by_first_word(places: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for place in places:
        first, *rest = place.replace("-", " ").replace(".", " ").replace("'", " ").split()
        found.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in found.items()}
