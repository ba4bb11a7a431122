"""What a codebook is made of: independent markers, and sets of codes of which exactly one applies."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.transcript import SpeakerRole


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that a marker comes in, such as withdrawal for rupture."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Marker:
    """One code of a codebook: there or not, or one of a set.

    Attributes
    ----------
    also : tuple of str
        Of a code in a set: other ways in which coders' tables write it, such as ``1``.
    """

    name: str
    title: str
    role: SpeakerRole
    definition: str
    kinds: tuple[Kind, ...] = ()
    codes: tuple[str, ...] = ()
    does_not_code: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Codes of which exactly one applies to every utterance of a role.

    Attributes
    ----------
    name : str
        Also that of the column that holds the code's name.
    codes : tuple of Marker
        At least two, all on `role`; those of an ordered set are its levels, the lowest first.
    ordered : bool
        Whether the codes are levels.
    lowest : int
        What the lowest level counts in a mean; the next counts one more.
    """

    name: str
    title: str
    role: SpeakerRole
    definition: str
    codes: tuple[Marker, ...]
    ordered: bool = False
    lowest: int = 1
    rulings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def code_names(self) -> tuple[str, ...]:
        """Names of the codes, in order."""
        return tuple(code.name for code in self.codes)

    def code_of(self, cell: str) -> int | None:
        """Place of the code that a cell of a coder's table names; None where it names none.

        Capitals, and spaces or hyphens for ``_``, make no difference.
        """
        return self._written().get(as_written(cell))

    def _written(self) -> dict[str, int]:
        return {as_written(text): place for place, code in enumerate(self.codes) for text in (code.name, *code.also)}


def as_written(text: str) -> str:
    """A cell without what makes no difference in it."""
    # A column of numbers with gaps comes out of pandas as 1.0 and 2.0.
    return "_".join(text.strip().removesuffix(".0").casefold().replace("-", " ").replace("_", " ").split())
