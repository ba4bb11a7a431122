"""A figure with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval.

    Attributes
    ----------
    value : float or None
        None where it is undefined.
    low, high : float or None
        None where there is no interval.
    note : str
        Why value or interval are missing, or what to mind; empty where there is nothing to say.
    """

    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def undefined(reason: str) -> Figure:
    """A figure that has no value, and why."""
    return Figure(None, None, None, f"undefined: {reason}")
