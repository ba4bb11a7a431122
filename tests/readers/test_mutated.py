"""Whatever is done to a file, only whole sessions and one-line errors come out. Long runs: tests/fuzz/readers.py."""

import time
from dataclasses import replace

import pytest
from fuzz.mutation import COLUMNS, formats_with_samples, mutate, options_for, read_checked, samples, seeded, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.readers import Head, format_of, formats
from alliance_nlp.transcript import Session

NAMES = formats_with_samples()
SAMPLES = [(name, path) for name in NAMES for path in samples(name)]


def sample_id(value):
    return value if isinstance(value, str) else value.name


def test_every_format_has_samples():
    assert [item.name for item in formats()] == NAMES


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=sample_id)
def test_a_sample_is_taken_for_its_own_format_and_for_no_other(name, path):
    head = Head.of(path)
    taken = [item.name for item in formats() if item.looks_like and item.looks_like(head)]
    assert taken in ([name], [])
    assert format_of(path)[0].name == name
    assert format_of(path)[1] == []


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=sample_id)
def test_a_sample_is_read_whole(name, path):
    options = replace(options_for(name, seeded(1)), columns=COLUMNS.get(path.name, {}))
    outcomes = read_checked(path, name, options, set())
    assert all(isinstance(item, Session) for item in outcomes)


@pytest.fixture(scope="module")
def words():
    return {name: words_of(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_gives_sessions_or_errors_of_one_line(name, seed, words, tmp_path_factory):
    chance = seeded(seed)
    sample = chance.choice(samples(name))
    path = tmp_path_factory.getbasetemp() / f"mutated{sample.suffix}"
    path.write_bytes(mutate(sample.read_bytes(), name, chance))
    read_checked(path, name, options_for(name, chance), words[name])


@pytest.mark.parametrize("filler", [" ", "\t", "9", "a", "-", " a", "a:"])
@pytest.mark.parametrize("name", NAMES)
def test_long_runs_are_read_in_bounded_time(name, filler, tmp_path):
    for sample in samples(name)[:2]:
        data = sample.read_bytes()
        places = [place for place, byte in enumerate(data) if byte in b" >:\n"]
        for place in places[:: max(1, len(places) // 8)]:
            path = tmp_path / sample.name
            path.write_bytes(data[: place + 1] + filler.encode() * (30_000 // len(filler)) + data[place + 1 :])
            began = time.process_time()
            read_checked(path, name, options_for(name, seeded(place)), set())
            # A pattern that goes back over the run for each of its letters takes a minute.
            assert time.process_time() - began < 3, f"{filler!r} at {place}"
