"""A colour for each marker, dark enough to read white on it: those of the pages."""

from __future__ import annotations

from collections.abc import Sequence

from alliance_nlp.codebook import Marker

_RUPTURE, _REPAIR = "#B84300", "#3B4557"
_OTHERS = ("#0B6FB0", "#0A7552", "#94458E", "#775F00", "#A8324A", "#4B5FC1")


def colours(markers: Sequence[Marker]) -> list[str]:
    """Hexadecimal colours, the same for a marker as on the pages of a report."""
    own = {"rupture": _RUPTURE, "repair": _REPAIR}
    others = [marker.name for marker in markers if marker.name not in own]
    own |= {name: _OTHERS[number % len(_OTHERS)] for number, name in enumerate(others)}
    return [own[marker.name] for marker in markers]
