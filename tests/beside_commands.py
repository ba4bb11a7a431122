"""The command line beside the notebook: running a command, and whether a DataFrame is the table that it wrote."""

import subprocess
import sys

import pandas as pd


def run(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def same(table, path):
    """Whether a DataFrame has the cells of a CSV file."""
    # Names of sessions and the like are texts; what is missing is an empty cell.
    written = pd.read_csv(path, dtype=str, keep_default_na=False).map(lambda cell: cell.removeprefix("'"))
    assert list(table.columns) == list(written.columns)
    for name in table.columns:
        given = ["" if pd.isna(cell) else str(cell) for cell in table[name]]
        assert given == written[name].tolist(), name
