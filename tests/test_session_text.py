"""A session's report for the terminal, for a document, and for other programs.

Where an intended change turns the golden files red, renew them and look at what changed with ``git diff``:

    python tests/test_session_text.py
"""

import io
import json
from pathlib import Path

import pytest
from made import REFERENCE, RUN, TALK, tagged, write_results
from rich.console import Console

from alliance_nlp.overview import session_overview
from alliance_nlp.reports.session_text import session_data, session_markdown, session_text

GOLDEN = Path(__file__).parent / "data" / "reports"
HOSTILE = "<script>alert(1)</script> *bold* [link](x) | cell | `code` \x1b[31mred\x07"


def overview_of(folder, talk=TALK, reference=REFERENCE):
    results = write_results(folder / "results", [tagged("made", talk)])
    return session_overview(next(results.sessions()), results.run, reference)


def printed(overview, width=100):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    session_text(overview, console)
    return console.file.getvalue()


def reports(overview):
    return {
        "made.txt": printed(overview),
        "made.md": session_markdown(overview),
        "made.json": json.dumps(session_data(overview), indent=2, ensure_ascii=False) + "\n",
    }


@pytest.fixture
def overview(tmp_path):
    return overview_of(tmp_path)


@pytest.mark.parametrize("name", ["made.txt", "made.md", "made.json"])
def test_a_report_is_the_golden_one(overview, name):
    assert reports(overview)[name] == (GOLDEN / name).read_text("utf-8")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_terminal_report_is_no_wider_than_the_window(overview, width):
    assert max(map(len, printed(overview, width).splitlines())) <= width


def test_what_a_terminal_or_a_document_would_run_is_made_plain(tmp_path):
    overview = overview_of(tmp_path, [("C", HOSTILE, {"rupture": (0.6, [])})])
    assert "\x1b" not in printed(overview)
    assert "\x07" not in printed(overview)
    markdown = session_markdown(overview)
    assert "\x1b" not in markdown
    assert "<script>" not in markdown.replace("\\<", "")
    assert "\\*bold\\*" in markdown
    assert "\\| cell \\|" in markdown


def test_data_hold_the_words_unchanged(tmp_path):
    data = session_data(overview_of(tmp_path, [("C", HOSTILE, {"rupture": (0.6, [])})]))
    assert data["moments"][0]["lines"][0]["text"] == HOSTILE


def test_without_a_reference_that_is_said(tmp_path):
    assert "no other sessions marked by this model" in " ".join(printed(overview_of(tmp_path, reference=None)).split())


def test_a_session_without_marks_says_so(tmp_path):
    overview = overview_of(tmp_path, [("T", "Hello.", {}), ("C", "Hello.", {})])
    assert "No rupture was marked." in printed(overview)
    assert "Nothing stands out" in session_markdown(overview)


def test_a_silent_therapist_is_no_zero(tmp_path):
    overview = overview_of(tmp_path, [("C", "Hello.", {})])
    row = next(line for line in printed(overview).splitlines() if line.strip().startswith("Empathy"))
    assert row.split()[1:3] == ["0", "–"]


@pytest.mark.parametrize(
    ("talk", "headline"),
    [
        (TALK, "Two possible rupture episodes: one taken up, one not."),
        ([("T", "Hm.", {}), ("C", "No.", {"rupture": (0.6, [])})], "One possible rupture episode, not taken up."),
        ([("C", "No.", {"rupture": (0.6, [])})],
         "One possible rupture episode. There are no lines of the therapist in this transcript, so nothing of theirs "
         "could be marked."),
        ([("C", "Well.", {})],
         "No rupture was marked. There are no lines of the therapist in this transcript, so nothing of theirs could be "
         "marked."),
        ([("T", "Well.", {})],
         "There are no lines of the client in this transcript, so nothing of theirs could be marked."),
        ([("M", "Well.", {})],
         "There are no lines of the therapist or the client in this transcript, so nothing could be marked."),
        ([("C", "No.", {"rupture": (0.6, [])}), ("T", "Sorry.", {"repair": (0.6, [])})],
         "One possible rupture episode, taken up."),
        ([("T", "How are we doing?", {"repair": (0.6, [])}), ("C", "Well.", {})],
         "No rupture was marked. One repair without a rupture before."),
    ],
)  # fmt: skip
def test_the_headline_says_how_it_went(tmp_path, talk, headline):
    assert session_data(overview_of(tmp_path, talk))["headline"] == headline


def test_a_rupture_near_the_end_is_told_apart(tmp_path):
    text = printed(overview_of(tmp_path))
    assert "Rupture, not taken up before the session ends" in text


def test_the_figures_are_those_of_the_run(overview):
    (told,) = {json.dumps(marker["measured"]) for marker in session_data(overview)["markers"]}
    assert json.loads(told)["precision"] == RUN["markers"][0]["measured"]["precision"]


if __name__ == "__main__":
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in reports(overview_of(Path(folder))).items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
