"""Ratings of the codes of a set become ratings of the set: which one of its codes a coder gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.codebook import Codebook, CodeSet
from alliance_nlp.errors import CorpusError, RatingsError, shown
from alliance_nlp.rating_table import shown_value
from alliance_nlp.set_columns import flagged_code

MISSING = frozenset(("", "NA", "NaN", "nan", "."))
"""Values that mean: not coded."""


class Origin(NamedTuple):
    """The table that ratings come from."""

    path: Path
    """Its file, or the name of a table in memory."""
    unit: str = "line"
    """What its rows are called."""

    def at(self, line: int) -> str:
        """A row, for a message."""
        return f"{shown(self.path)}, {self.unit} {line}"


class Rating(NamedTuple):
    """One value that a coder gave."""

    line: int
    session_id: str
    utterance_id: str
    coder: str
    marker: str
    value: str


class SetRatings:
    """Takes ratings one after the other; those of sets and their codes are held to the codebook."""

    def __init__(self, codebook: Codebook | None) -> None:
        self._set_of: dict[str, CodeSet] = {}
        for code_set in codebook.sets if codebook else ():
            self._set_of |= dict.fromkeys((code_set.name, *code_set.code_names), code_set)
        self._of_codes: dict[tuple[str, str, str, str], dict[str, tuple[Rating, Origin]]] = {}

    def take(self, rating: Rating, origin: Origin) -> Rating | None:
        """The rating, its value one of the set's codes by name; None where it is put by until `whole`."""
        code_set = self._set_of.get(rating.marker)
        if code_set is None or (rating.marker == code_set.name and rating.value in MISSING):
            return rating
        where = origin.at(rating.line)
        if rating.marker == code_set.name:
            place = code_set.code_of(rating.value)
            if place is None:
                raise RatingsError(
                    f"{where}: the {code_set.name} code is {shown_value(rating.value)}, which is none of "
                    f"{', '.join(code_set.code_names)}; correct it, or add it to the codebook (also = [...] of a code)"
                )
            return rating._replace(value=code_set.code_names[place])
        key = rating.session_id, rating.utterance_id, rating.coder, code_set.name
        of_codes = self._of_codes.setdefault(key, {})
        if rating.marker in of_codes:
            first, first_origin = of_codes[rating.marker]
            raise RatingsError(
                f"{where}: coder {shown_value(rating.coder)} has rated {rating.marker} on this utterance before "
                f"({first_origin.at(first.line)}); keep one of the two"
            )
        of_codes[rating.marker] = rating, origin
        return None

    def whole(self) -> Iterator[tuple[Rating, Origin]]:
        """A rating of the set for each utterance whose codes a coder gave one by one.

        Raises
        ------
        RatingsError
            Where not exactly one of the codes is 1.
        """
        for (*_, set_name), of_codes in self._of_codes.items():
            code_set = self._set_of[set_name]
            rating, origin = next(iter(of_codes.values()))
            values = [of_codes[name][0].value if name in of_codes else "" for name in code_set.code_names]
            try:
                place = flagged_code(
                    ["" if value in MISSING else value for value in values],
                    code_set,
                    origin.at(rating.line),
                )
            except CorpusError as error:
                raise RatingsError(str(error)) from None
            value = "" if place is None else code_set.code_names[place]
            yield rating._replace(marker=set_name, value=value), origin
