"""Ratings: which code each coder gave which utterance, and the ratings of one marker as a matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import CodeSet
from alliance_nlp.errors import RatingsError, UsageError
from alliance_nlp.ratings import NOT_CODED

CONSENSUS = "consensus"
"""Name of the coder that stands for what was settled between the others."""
ADJUDICATOR = "adjudicator"
"""Name of the coder of the decisions in a sheet that names nobody."""
MARKER_LEVELS = ("0", "1")
"""Of a marker that is there or not."""
MOST_LEVELS = 100

_WHOLE_NUMBER = re.compile(r"-?\d+")
_SHOWN_WIDTH = 40
_SHOWN_WORDS = 3

Codes = npt.NDArray[np.int16]


class Scale(StrEnum):
    """What the distance between two levels means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of one marker.

    Attributes
    ----------
    marker : str
        Its name.
    levels : tuple of str
        The values it can take, in order.
    scale : Scale
        Of the levels.
    coders : tuple of str
        A name for each column of `codes`.
    utterances : tuple of (str, str)
        Session id and utterance id for each row of `codes`.
    codes : ndarray of int16, shape (n_utterances, n_coders)
        Place in `levels`, or `NOT_CODED`.
    """

    marker: str
    levels: tuple[str, ...]
    scale: Scale
    coders: tuple[str, ...]
    utterances: tuple[tuple[str, str], ...]
    codes: Codes

    @property
    def is_marker(self) -> bool:
        """Whether the levels are 0 and 1: not there, there."""
        return self.levels == MARKER_LEVELS

    def of_level(self, level: str) -> Ratings:
        """Whether each coder gave this level or another: the ratings of a marker by the level's name."""
        given = (self.codes == self.levels.index(level)).astype(np.int16)
        codes = np.where(self.codes == NOT_CODED, np.int16(NOT_CODED), given)
        return Ratings(level, MARKER_LEVELS, Scale.NOMINAL, self.coders, self.utterances, codes)

    def of(self, coders: Sequence[str]) -> Ratings:
        """The ratings of some of the coders, on the utterances that at least one of them coded."""
        codes = self.codes[:, [self.coders.index(coder) for coder in coders]]
        coded = (codes != NOT_CODED).any(axis=1)
        utterances = tuple(utterance for utterance, is_coded in zip(self.utterances, coded, strict=True) if is_coded)
        return Ratings(self.marker, self.levels, self.scale, tuple(coders), utterances, codes[coded])


@dataclass(frozen=True, slots=True)
class RatingTable:
    """Ratings of any number of coders, markers and sessions, a row each.

    Attributes
    ----------
    utterances : tuple of (str, str)
        Session id and utterance id, in the order in which they were first met.
    coders, markers, values : tuple of str
        That occur, in the order in which they were first met.
    rows : ndarray of int64, shape (n_ratings, 4)
        Places in `utterances`, `coders`, `markers` and `values`; no rating twice.
    sets : tuple of CodeSet
        Of the codebook by which they were read; their values are names of codes.
    notes : tuple of str
        What was not there to read, or was passed over.
    """

    utterances: tuple[tuple[str, str], ...]
    coders: tuple[str, ...]
    markers: tuple[str, ...]
    values: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    sets: tuple[CodeSet, ...] = ()
    notes: tuple[str, ...] = ()

    def set_of(self, name: str) -> CodeSet | None:
        """The rated set of that name, or the one that a code of that name is in."""
        rated = (entry for entry in self.sets if entry.name in self.markers)
        return next((entry for entry in rated if name in (entry.name, *entry.code_names)), None)

    @property
    def sessions(self) -> list[str]:
        """Session ids, in the order in which they were first met."""
        return list(dict.fromkeys(session_id for session_id, _ in self.utterances))

    def choose_coders(self, wanted: Sequence[str] = ()) -> tuple[str, ...]:
        """The coders named, or all but those who are none of their own: see `is_own_coder`.

        Raises
        ------
        UsageError
            Where a name is not among the coders.
        """
        _require_known(wanted, self.coders, "coder")
        others = tuple(coder for coder in self.coders if is_own_coder(coder))
        return tuple(dict.fromkeys(wanted)) or others or self.coders

    def choose_markers(self, wanted: Sequence[str] = ()) -> tuple[str, ...]:
        """The markers named, or all.

        Raises
        ------
        UsageError
            Where a name is not among the markers.
        """
        _require_known(wanted, self.markers, "marker")
        return tuple(dict.fromkeys(wanted)) or self.markers

    def ratings(
        self, marker: str, coders: Sequence[str], scale: Scale | None = None, levels: Sequence[str] = ()
    ) -> Ratings:
        """The ratings of one marker by some coders.

        Parameters
        ----------
        marker : str
            One of `markers`, or a code of a set among them.
        coders : sequence of str
            Of `coders`.
        scale : Scale, optional
            Nominal where none is given. A set has its own scale and levels.
        levels : sequence of str
            All values that the marker can take, in order. Where none are given they are 0 and 1 where nothing else
            occurs; otherwise the values that occur, sorted, and, on an ordinal scale of whole numbers, those between.

        Raises
        ------
        RatingsError
            Where a value is not among the levels, the levels of an ordered scale have no order,
            or there are more than `MOST_LEVELS`.
        """
        code_set = self.set_of(marker)
        if code_set and marker != code_set.name:
            return self.ratings(code_set.name, coders).of_level(marker)
        if code_set:
            scale, levels = Scale.ORDINAL if code_set.ordered else Scale.NOMINAL, code_set.code_names
        utterance, coder, marker_of, value = self.rows.T
        place_of_coder = np.full(len(self.coders), -1)
        for column, name in enumerate(coders):
            place_of_coder[self.coders.index(name)] = column
        chosen = (marker_of == self.markers.index(marker)) & (place_of_coder[coder] >= 0)
        of_marker = self.rows[chosen]
        present = [self.values[index] for index in np.unique(of_marker[:, 3])]
        scale = scale or Scale.NOMINAL
        in_order = tuple(levels) or _levels(marker, present, scale)
        unknown = [text for text in present if text not in in_order]
        if unknown:
            raise RatingsError(
                f"{marker}: the value {shown_value(unknown[0])} is not among the levels {', '.join(in_order)}; "
                "correct the ratings or name all levels"
            )
        if scale == Scale.INTERVAL and not all(is_number(level) for level in in_order):
            raise RatingsError(f"{marker}: an interval scale needs numbers; choose ordinal or nominal")
        place_of_value = np.array([in_order.index(text) if text in in_order else NOT_CODED for text in self.values])
        rows, place = np.unique(utterance[chosen], return_inverse=True)
        codes = np.full((len(rows), len(coders)), NOT_CODED, dtype=np.int16)
        codes[place, place_of_coder[coder[chosen]]] = place_of_value[value[chosen]]
        return Ratings(marker, in_order, scale, tuple(coders), tuple(self.utterances[row] for row in rows), codes)


def _levels(marker: str, present: Sequence[str], scale: Scale) -> tuple[str, ...]:
    if set(present) <= set(MARKER_LEVELS):
        return MARKER_LEVELS
    if all(is_number(text) for text in present):
        numbers = sorted(present, key=float)
        if scale == Scale.ORDINAL and all(_WHOLE_NUMBER.fullmatch(text) for text in numbers):
            first, last = int(numbers[0]), int(numbers[-1])
            numbers = [str(level) for level in range(first, last + 1)] if last - first < MOST_LEVELS else numbers
        in_order = tuple(numbers)
    elif scale == Scale.NOMINAL:
        in_order = tuple(sorted(present))
    else:
        raise RatingsError(f"{marker}: its values are words; say in which order, for example --levels low,medium,high")
    if len(in_order) > MOST_LEVELS:
        raise RatingsError(
            f"{marker}: {len(in_order)} different values, more than a code has (at most {MOST_LEVELS}); "
            "is the column a measurement or a text?"
        )
    return in_order


def is_own_coder(name: str) -> bool:
    """Whether a coder of that name coded for themselves: not what was settled, nor who decided where others differ."""
    return name.casefold() not in (CONSENSUS, ADJUDICATOR)


def is_number(text: str) -> bool:
    """Whether a value is a finite number."""
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def shown_value(text: str) -> str:
    """A value, id or name for a message: what stands in its place can be somebody's words."""
    short = len(text) <= _SHOWN_WIDTH and len(text.split()) <= _SHOWN_WORDS and text.isprintable()
    return repr(text) if short else f"a text of {len(text)} characters"


def shown_name(text: str) -> str:
    """As `shown_value`, a name that may be shown without quotation marks."""
    return text if shown_value(text) == repr(text) else shown_value(text)


def _require_known(wanted: Sequence[str], known: Sequence[str], what: str) -> None:
    for name in wanted:
        if name not in known:
            raise UsageError(f"no ratings of a {what} {name!r}; there are those of {', '.join(known)}")
