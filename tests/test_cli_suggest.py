"""The command suggest, and the whole way: suggest, fill in, train."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from alliance_nlp.bundle import save_bundle
from alliance_nlp.codebook import read_codebook
from alliance_nlp.commands._ratings import read_corpus
from alliance_nlp.ratings import read_coded_sessions
from alliance_nlp.readers import ReadOptions
from alliance_nlp.training import TrainingSettings, train

CORPUS = Path(__file__).parents[1] / "corpora" / "alliance" / "train.csv"
MARKERS = ["empathy", "validation", "self_disclosure", "rupture", "repair"]


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write(path, rows, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)


def without_codes(row):
    return {name: cell for name, cell in row.items() if name not in MARKERS}


@pytest.fixture(scope="module")
def study(tmp_path_factory, small_model):
    """A coded table, transcripts of these sessions and others, and the sheet that is suggested."""
    folder = tmp_path_factory.mktemp("study")
    rows = read(CORPUS)
    sessions = list(dict.fromkeys(row["session_id"] for row in rows))[:15]
    write(folder / "coded.csv", [row for row in rows if row["session_id"] in sessions[:9]])
    write(folder / "transcripts.csv", [without_codes(row) for row in rows if row["session_id"] in sessions])
    called = run("suggest", "transcripts.csv", "--coded", "coded.csv", "--model", small_model, "--sessions", "3",
                 "--utterances", "60", "--out", "sheet.csv", cwd=folder)  # fmt: skip
    assert called.returncode == 0, called.stderr
    return folder, called


@pytest.fixture(scope="module")
def filled(study):
    """The sheet as a coder gives it back: what was pointed out coded, sorted by rank, saved with semicolons."""
    folder, _ = study
    code_of = {(row["session_id"], row["utterance_id"]): row for row in read(CORPUS)}
    rows = read(folder / "sheet.csv")
    for row in rows:
        if row["line rank"]:
            row |= {name: code_of[row["session_id"], row["utterance_id"]][name] for name in MARKERS}
    rows.sort(key=lambda row: int(row["line rank"] or 999))
    write(folder / "filled.csv", rows, delimiter=";")
    return rows


def test_the_terminal_says_which_and_why_and_how_to_fill_it_in(study):
    folder, called = study
    assert "6 sessions to choose from" in called.stderr
    assert "most in doubt: " in called.stdout
    assert "write 1 or, where you looked and found nothing, 0" in called.stdout
    assert "Sheet: sheet.csv" in called.stdout
    rows = read(folder / "sheet.csv")
    assert len({row["session_id"] for row in rows}) == 3
    assert not {row["session_id"] for row in rows} & {row["session_id"] for row in read(folder / "coded.csv")}
    assert sorted(int(row["line rank"]) for row in rows if row["line rank"]) == list(range(1, 61))


def test_train_takes_the_sheet_back_and_sees_each_line_where_it_was_said(study, filled):
    folder, _ = study
    trained = run("train", "coded.csv", "filled.csv", "--penalty", "1.5", "--out", "from-sheet", "--quiet", cwd=folder)
    assert trained.returncode == 0, trained.stderr
    # The same codes in tables of the transcripts, as if no sheet had ever been sorted.
    codes = {(row["session_id"], row["utterance_id"]): [row[name] for name in MARKERS] for row in filled}
    order = list(dict.fromkeys(row["session_id"] for row in read_ends(filled)))
    of_session = {
        name: [row for row in read(folder / "transcripts.csv") if row["session_id"] == name] for name in order
    }
    plain = [
        row | dict(zip(MARKERS, codes[row["session_id"], row["utterance_id"]], strict=True))
        for name in order
        for row in of_session[name]
    ]
    write(folder / "plain.csv", plain)
    codebook = read_codebook()
    coded = read_coded_sessions([folder / "coded.csv", folder / "plain.csv"], codebook)
    save_bundle(train(coded, codebook, TrainingSettings(), {"files": []})[0], folder / "from-plain")
    for name in ("ngrams.json", "settings.json", "idf.npy", "weights.npy", "second_look.npy"):
        assert (folder / "from-sheet" / name).read_bytes() == (folder / "from-plain" / name).read_bytes(), name
    training = json.loads((folder / "from-sheet" / "training.json").read_text("utf-8"))
    assert training["corpus"]["sessions"] == 12
    for marker in MARKERS:
        coded = [row[marker] for row in [*read(folder / "coded.csv"), *filled] if row[marker]]
        # Lines that stayed empty are not coded; they are no zeros.
        assert training["figures"][marker]["utterances"] == len(coded)
        assert training["figures"][marker]["positives"] == coded.count("1")


def read_ends(rows):
    """Rows of each session by where the session ends in the sheet: the order in which readers give sessions."""
    last = {row["session_id"]: place for place, row in enumerate(rows)}
    return [rows[place] for place in sorted(last.values())]


def test_a_sheet_with_the_other_rows_deleted_goes_back_as_ratings(study, filled):
    folder, _ = study
    kept = [row for row in filled if row["line rank"]]
    write(folder / "kept.csv", kept)
    refused = run("train", "coded.csv", "kept.csv", "--out", "refused", cwd=folder)
    assert refused.returncode == 1
    assert "rows of the sheet are gone" in refused.stderr
    assert "--ratings NAME=kept.csv" in refused.stderr
    assert not (folder / "refused").exists()
    # What train reads with: CORPUS transcripts.csv, --ratings first=coded.csv --ratings ana=kept.csv
    ratings = [f"first={folder / 'coded.csv'}", f"ana={folder / 'kept.csv'}"]
    coded, _ = read_corpus([folder / "transcripts.csv"], read_codebook(), ReadOptions(), ratings, None, None, (), True)
    assert len(coded) == 12
    codes = np.concatenate([item.codes for item in coded])
    for column, marker in enumerate(MARKERS):
        given = [row[marker] for row in [*read(folder / "coded.csv"), *kept] if row[marker]]
        assert np.sum(codes[:, column] == 0) == given.count("0")
        assert np.sum(codes[:, column] == 1) == given.count("1")


def test_json_names_ids_ranks_and_reasons_but_no_words(study, small_model):
    folder, _ = study
    called = run("suggest", "transcripts.csv", "--model", small_model, "--markers", "rupture, repair",
                 "--sessions", "2", "--utterances", "5", "--out", "json.csv", "--json", cwd=folder)  # fmt: skip
    told = json.loads(called.stdout)
    assert told["sessions_to_choose_from"] == 15
    assert [item["rank"] for item in told["sessions"]] == [1, 2]
    assert sum(len(item["utterances"]) for item in told["sessions"]) == 5
    texts = [row["text"] for row in read(folder / "transcripts.csv") if len(row["text"]) > 20]
    assert not any(text in called.stdout for text in texts)


def test_what_is_wrong_is_said_and_nothing_is_written(study):
    folder, _ = study
    for arguments, code, message in (
        (("transcripts.csv", "--out", "new.xlsx"), 2, "choose a name that ends in .csv"),
        (("coded.csv", "--out", "new.csv"), 2, "none of 9 sessions has a line left to code"),
        (("transcripts.csv", "--out", "new.csv", "--coded", "transcripts.csv"), 1, "no column 'empathy'"),
    ):
        called = run("suggest", *arguments, cwd=folder)
        assert called.returncode == code, called.stderr
        assert message in called.stderr
        assert not (folder / "new.csv").exists()


def test_a_file_that_cannot_be_read_stops_nothing(study):
    folder, _ = study
    (folder / "broken").mkdir()
    (folder / "broken" / "half.csv").write_text("speaker,words\nT,Hello\n", "utf-8")
    called = run("suggest", "transcripts.csv", "broken", "--out", "despite.csv", "--quiet", cwd=folder)
    assert called.returncode == 3
    assert "Left out: broken/half.csv" in called.stderr
    assert read(folder / "despite.csv")
