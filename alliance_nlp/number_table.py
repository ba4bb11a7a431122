"""A table of whole numbers in which many are looked up at once: several times as quick as a binary search of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FREE = -1


class NumberTable:
    """Hashing with open addressing (Knuth, The Art of Computer Programming 3, 6.4, algorithm L), over whole arrays.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Each once, none below 0.
    values : ndarray of int64, shape (n,)
        None below 1; 0 stands for what has none.
    """

    def __init__(self, keys: Numbers, values: Numbers) -> None:
        bits = max((2 * len(keys)).bit_length(), 1)
        self._unused_bits = np.uint64(64 - bits)
        self._last = (1 << bits) - 1
        self._keys = np.full(1 << bits, _FREE, dtype=np.int64)
        self._values = np.zeros(1 << bits, dtype=np.int64)
        left, place = np.arange(len(keys)), self._places(keys)
        while len(left):
            free = self._keys[place] == _FREE
            self._keys[place[free]] = keys[left[free]]
            # Where several wanted one place the last has it.
            settled = self._keys[place] == keys[left]
            self._values[place[settled]] = values[left[settled]]
            left, place = left[~settled], (place[~settled] + 1) & self._last

    def values_of(self, keys: Numbers) -> Numbers:
        """The value of each key, 0 where it has none."""
        place = self._places(keys)
        # `take` gathers in two thirds of the time that indexing takes.
        held = self._keys.take(place)
        found = held == keys
        values: Numbers = self._values.take(place) * found
        left = np.flatnonzero(~found & (held != _FREE))
        place = place.take(left)
        while len(left):
            place = (place + 1) & self._last
            held = self._keys.take(place)
            found = held == keys.take(left)
            values[left] = self._values.take(place) * found
            elsewhere = ~found & (held != _FREE)
            left, place = left[elsewhere], place[elsewhere]
        return values

    def _places(self, keys: Numbers) -> Numbers:
        """Where to look first: the upper bits of a product that runs over (Fibonacci hashing)."""
        return ((keys.astype(np.uint64) * _SPREAD) >> self._unused_bits).astype(np.int64)
