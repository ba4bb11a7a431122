"""Tagging gives the bytes that it gave when the golden files were made.

Where an intended change of the results turns this red, renew them from the folder ``tests/data`` and look at what
changed with ``git diff``:

    alliance-nlp tag tiny-session.txt --explain --model bundle-format-2 --out golden --overwrite

The bundle stays as it is, since it also shows that bundles of format 2 are read as what they are.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alliance_nlp import __version__

DATA = Path(__file__).parent / "data"
FILES = ("utterances.csv", "sessions.csv", "episodes.csv", "failures.csv", "run.json")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("golden") / "results"
    arguments = ["tag", "tiny-session.txt", "--explain", "--model", "bundle-format-2", "--out", out]
    subprocess.run([sys.executable, "-m", "alliance_nlp", *arguments], cwd=DATA, check=True, capture_output=True)
    return out


def expected(name):
    content = (DATA / "golden" / name).read_bytes()
    if name == "run.json":
        # The one line that a new version of the program changes.
        line = '"tool": "alliance_nlp",\n  "version": "{}"'
        content = content.replace(
            line.format(json.loads(content)["version"]).encode(), line.format(__version__).encode()
        )
    return content


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_results_is_the_golden_one(results, name):
    assert (results / name).read_bytes() == expected(name)


def test_there_are_no_other_files(results):
    assert sorted(path.name for path in results.iterdir()) == sorted(FILES)
    assert sorted(path.name for path in (DATA / "golden").iterdir()) == sorted(FILES)
