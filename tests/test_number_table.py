"""What a table of numbers gives is what a dictionary gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.number_table import NumberTable

KEYS = st.integers(0, 2**62) | st.integers(0, 50)


@given(st.dictionaries(KEYS, st.integers(1, 2**40), max_size=80), st.lists(KEYS, max_size=80))
def test_values_are_those_of_a_dictionary(held, others):
    table = NumberTable(np.array(list(held), dtype=np.int64), np.array(list(held.values()), dtype=np.int64))
    keys = [*held, *others]
    found = table.values_of(np.array(keys, dtype=np.int64))
    assert found.tolist() == [held.get(key, 0) for key in keys]


def test_keys_that_want_one_place_are_all_found():
    # In a table of 16 places or more the upper bits of their products are alike.
    spread = pow(0x9E3779B97F4A7C15, -1, 2**64)
    keys = [key for key in (spread * upper % 2**64 for upper in range(4000)) if key < 2**63][:7]
    table = NumberTable(np.array(keys), np.arange(1, 8))
    assert table.values_of(np.array(keys[::-1])).tolist() == [7, 6, 5, 4, 3, 2, 1]
