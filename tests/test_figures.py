import re
import sys

import pytest
from made import REFERENCE, TALK, tagged, write_results

from alliance_nlp.errors import UsageError
from alliance_nlp.overview import session_overview
from alliance_nlp.reports.figures import write_figures

PNG = b"\x89PNG\r\n\x1a\n"
NAMES = ["made-summary.png", "made-summary.svg", "made-timeline.png", "made-timeline.svg"]


def figures(folder, talk=TALK, reference=REFERENCE):
    folder.mkdir()
    results = write_results(folder / "results", [tagged("made", talk)])
    (folder / "figures").mkdir()
    write_figures(session_overview(next(results.sessions()), results.run, reference), folder / "figures", "made")
    return folder / "figures"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return figures(tmp_path_factory.mktemp("figures") / "one")


def texts(path):
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text("utf-8"))


def test_both_figures_are_written_as_svg_and_png(folder):
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for path in folder.glob("*.png"):
        content = path.read_bytes()
        assert content.startswith(PNG)
        # Wide enough for a column of a journal at 300 dots per inch.
        assert int.from_bytes(content[16:20], "big") > 1500


def test_svg_text_can_be_edited_and_names_the_markers(folder):
    for name in ("timeline", "summary"):
        found = texts(folder / f"made-{name}.svg")
        assert {"Empathy", "Validation", "Self-disclosure", "Rupture", "Repair"} <= set(found)


def test_figures_say_what_their_axes_are(folder):
    assert "expected per 100 utterances nearby" in texts(folder / "made-timeline.svg")
    assert "per 100 utterances of the speaker, with 95 % interval" in texts(folder / "made-summary.svg")


def test_the_same_session_gives_the_same_bytes(folder, tmp_path):
    again = figures(tmp_path / "two")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


@pytest.mark.parametrize("talk", [[("C", "No.", {})], [("M", "Hello.", {})]])
def test_odd_sessions_have_figures(tmp_path, talk):
    assert len(list(figures(tmp_path / "odd", talk, None).iterdir())) == 4


def test_a_missing_library_is_told_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"pip install 'alliance-nlp\[figures\]'"):
        figures(tmp_path / "none")
