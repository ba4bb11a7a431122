"""Nothing is lost silently: what a file holds beside what was taken from it."""

from __future__ import annotations

from pathlib import Path

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
        self._file = file
        self._unit = unit
        self._left_out: dict[str, list[str]] = {}

    def leave_out(self, place: str, why: str) -> None:
        """Note that a unit is not read; `why` goes on after "3 cues …"."""
        self._left_out.setdefault(why, []).append(place)

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
            f"{self._file}: {self._counted(len(places))} {why} left out ({_listed(places)})"
            for why, places in self._left_out.items()
        ]
        if held != taken + self.left_out:
            known = f"{taken:,} were read" + (f" and {self.left_out:,} left out" if self.left_out else "")
            notes.append(
                f"{self._file}: holds {self._counted(held)}, but {known}; compare the result with the file before "
                "you rely on it"
            )
        return notes

    def _counted(self, number: int) -> str:
        return f"{number:,} {self._unit}{'' if number == 1 else 's'}"


def _listed(places: list[str]) -> str:
    shown = ", ".join(places[:_PLACES_SHOWN])
    return shown + (f" and {len(places) - _PLACES_SHOWN:,} more" if len(places) > _PLACES_SHOWN else "")
