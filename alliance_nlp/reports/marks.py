"""The sign of each marker: a shape and a colour, the same on every page and figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from alliance_nlp.codebook import CodeSet, Marker


class Sign(NamedTuple):
    """How a marker is drawn.

    The shape alone tells it, for those who do not tell the colours apart.
    """

    style: int
    """Number of its colour in ``page.css``."""
    path: str
    """Of an SVG shape around the origin, about 11 units wide."""


_RUPTURE = Sign(3, "M1.5-6.5-4.5 1H-.5L-2 6.5 4.5-1.5H.5L3.5-6.5z")
_REPAIR = Sign(4, "M-1.7-5.2h3.4v3.5h3.5v3.4H1.7v3.5h-3.4V1.7h-3.5v-3.4h3.5z")
_OTHERS = (
    Sign(0, "M0-5a5 5 0 1 1 0 10A5 5 0 1 1 0-5z"),
    Sign(1, "M-4.4-4.4h8.8v8.8h-8.8z"),
    Sign(2, "M0-5.5 5.6 4.4H-5.6z"),
    Sign(5, "M0-6 6 0 0 6-6 0z"),
    Sign(6, "M0 5.5-5.6-4.4H5.6z"),
    Sign(7, "M-2.8-5.2h5.6L5.6 0 2.8 5.2h-5.6L-5.6 0z"),
)


def signs(markers: Sequence[Marker], sets: Sequence[CodeSet] = ()) -> dict[str, Sign]:
    """Sign of each marker by name; rupture and repair have theirs, the others take turns.

    Levels of an ordered set share a colour.
    """
    taken = 0
    of_marker = {}
    for marker in markers:
        if marker.name in ("rupture", "repair"):
            of_marker[marker.name] = _RUPTURE if marker.name == "rupture" else _REPAIR
        else:
            of_marker[marker.name] = _OTHERS[taken % len(_OTHERS)]
            taken += 1
    for code_set in sets:
        if code_set.ordered:
            style = of_marker[code_set.code_names[0]].style
            of_marker |= {name: of_marker[name]._replace(style=style) for name in code_set.code_names}
    return of_marker
