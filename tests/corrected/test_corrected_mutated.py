"""Damaged files, a few hundred of each format; ``tests/fuzz/corrected.py`` reads as many as one has time for."""

import pytest
from fuzz.corrected import FORMATS, read_checked, sample
from fuzz.mutation import mutate, seeded

INPUTS = {"xlsx": 60}


@pytest.mark.parametrize("file_format", FORMATS)
def test_damaged_files_give_transcripts_or_errors(tmp_path, file_format):
    sound = sample(tmp_path / "sound", file_format)
    data = sound.read_bytes()
    path = tmp_path / f"mutated{sound.suffix}"
    for number in range(INPUTS.get(file_format, 250)):
        path.write_bytes(mutate(data, "jsonl", seeded(number)))
        read_checked(path, file_format)
