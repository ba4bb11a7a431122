"""Nothing is lost silently: what a file holds beside what was taken from it."""

from __future__ import annotations

from pathlib import Path

from alliance_nlp.errors import shown

_PLACES_SHOWN = 3


class Tally:
    """Counts what a reader leaves out, and says where the file holds more than was read.

    Parameters
    ----------
    file : Path
        For the notes.
    unit : str
        What the file is made of, in the singular: ``"cue"``, ``"paragraph"``, ``"row"``.

    Examples
    --------
    >>> tally = Tally(Path("s1.vtt"), "cue")
    >>> tally.leave_out("line 12", "with a broken arrow between its times")
    >>> tally.notes(held=120, taken=119)
    ['s1.vtt: 1 cue with a broken arrow between its times left out (line 12)']
    """

    def __init__(self, file: Path, unit: str) -> None:
        self._name = shown(file)
        self._unit = unit
        self._left_out: dict[str, list[str]] = {}
        self._mended: dict[str, list[str]] = {}
        self._notes: list[str] = []

    def leave_out(self, place: str, why: str) -> None:
        """Note that a unit is not read; `why` goes on after "3 cues …"."""
        self._left_out.setdefault(why, []).append(place)

    def mend(self, place: str, what: str) -> None:
        """Note that a unit is damaged and read all the same; `what` goes on after "3 cues …"."""
        self._mended.setdefault(what, []).append(place)

    def add_note(self, note: str) -> None:
        """Note anything else."""
        self._notes.append(f"{self._name}: {note}")

    @property
    def left_out(self) -> int:
        """How many units were left out so far."""
        return sum(map(len, self._left_out.values()))

    def notes(self, held: int, taken: int) -> list[str]:
        """For `Session.notes`: what was left out, and what is unaccounted for.

        Parameters
        ----------
        held : int
            Units in the file, counted in another way than by reading them.
        taken : int
            Units that became utterances or parts of them.
        """
        notes = [
            f"{self._name}: {self._counted(len(places))} {what} {became} ({_listed(places)})"
            for became, of_kind in (("left out", self._left_out), ("read all the same", self._mended))
            for what, places in of_kind.items()
        ]
        notes += self._notes
        if held != taken + self.left_out:
            known = f"{taken:,} were read" + (f" and {self.left_out:,} left out" if self.left_out else "")
            notes.append(
                f"{self._name}: holds {self._counted(held)}, but {known}; compare the result with the file before "
                "you rely on it"
            )
        return notes

    def _counted(self, number: int) -> str:
        return counted(number, self._unit)


def counted(number: int, unit: str, plural: str | None = None) -> str:
    """``1 cue``, ``1,200 cues``."""
    return f"{number:,} {unit if number == 1 else plural or f'{unit}s'}"


def _listed(places: list[str]) -> str:
    shown = ", ".join(places[:_PLACES_SHOWN])
    return shown + (f" and {len(places) - _PLACES_SHOWN:,} more" if len(places) > _PLACES_SHOWN else "")
