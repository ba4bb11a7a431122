"""The pages as files: what they hold, how large they are, where they are written. In a browser: test_browser.py."""

import base64
import hashlib
import os
import re
from html.parser import HTMLParser

import pytest
from made import REFERENCE, TALK, tagged, with_markers, write_results

from alliance_nlp.errors import OutputError, UsageError
from alliance_nlp.overview import session_overview
from alliance_nlp.reports.session_page import session_page
from alliance_nlp.reports.site import Selection, write_site
from alliance_nlp.results import open_results

HOSTILE = "</script><script>document.title = 'gone'</script> <img src=x onerror=alert(1)> {{ 7 * 7 }} \" ' &amp;"


class Page(HTMLParser):
    """A page's text and what it refers to."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags, self.attributes, self.scripts, self.styles = "", [], [], [], []
        self._inside = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data):
        kept = {"script": self.scripts, "style": self.styles}.get(self._inside[-1] if self._inside else "")
        if kept is None:
            self.text += data
        else:
            kept.append(data)


def page_of(folder, talk=TALK, session_id="made", about=(), **options):
    results = write_results(folder / "results", [tagged(session_id, talk, **options)])
    return session_page(session_overview(next(results.sessions()), results.run, REFERENCE), about)


def site(folder, names=("a", "b"), selection=None, **options):
    results = write_results(folder / "results", [tagged(name) for name in names])
    return write_site(results, folder / "pages", REFERENCE, selection or Selection(), **options)


def test_a_transcript_that_holds_a_script_is_shown_and_not_run(tmp_path):
    talk = [("T", HOSTILE, {"empathy": (0.9, [])}), ("C", HOSTILE, {"rupture": (0.9, [])}), ("M", HOSTILE, {})]
    page = Page(page_of(tmp_path, talk, session_id=HOSTILE, about=[(HOSTILE, HOSTILE)]))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert page.text.count(HOSTILE) >= 7


def test_no_page_has_an_event_handler_or_a_style_of_its_own(tmp_path):
    folder = site(tmp_path).folder
    for path in folder.iterdir():
        attributes = Page(path.read_text("utf-8")).attributes
        assert not [name for _, name, _ in attributes if name.startswith("on") or name == "style"]


def test_no_page_refers_to_anything_but_itself_and_its_neighbours(tmp_path):
    folder = site(tmp_path).folder
    names = {path.name for path in folder.iterdir()}
    for path in folder.iterdir():
        for _, name, value in Page(path.read_text("utf-8")).attributes:
            if name in ("href", "src", "action", "data", "srcset", "poster"):
                assert value.startswith("#") or value in names
        assert "url(" not in path.read_text("utf-8")
        assert "@import" not in path.read_text("utf-8")


def test_the_policy_of_a_page_allows_its_style_and_script_and_nothing_else(tmp_path):
    page = Page(page_of(tmp_path))
    (policy,) = (value for tag, _, value in page.attributes if tag == "meta" and "default-src" in value)
    digests = [
        "sha256-" + base64.b64encode(hashlib.sha256("".join(part).encode()).digest()).decode()
        for part in (page.styles, page.scripts)
    ]
    assert policy == (
        f"default-src 'none'; style-src '{digests[0]}'; script-src '{digests[1]}'; base-uri 'none'; form-action 'none'"
    )


def test_every_reference_within_a_page_has_its_target(tmp_path):
    for path in site(tmp_path).folder.iterdir():
        attributes = Page(path.read_text("utf-8")).attributes
        ids = [value for _, name, value in attributes if name == "id"]
        assert len(ids) == len(set(ids))
        wanted = [value[1:] for _, name, value in attributes if name == "href" and value.startswith("#")]
        wanted += [value for _, name, value in attributes if name in ("aria-labelledby", "for")]
        assert set(wanted) <= set(ids)


def test_a_page_of_600_utterances_is_under_400_kilobytes(tmp_path):
    talk = []
    for line in range(300):
        marks = {"empathy": (0.7, [])} if line % 4 == 0 else {"repair": (0.6, [])} if line % 9 == 0 else {}
        talk += [("T", "It sounds as if that week took more out of you than you had. " * 2, marks)]
        talk += [("C", "I do not know. " * 12, {"rupture": (0.5, [])} if line % 4 == 1 else {})]
    assert len(page_of(tmp_path, talk, seconds=6.0).encode()) < 400_000


def test_the_words_of_a_page_are_those_of_the_clinic(tmp_path):
    folder = site(tmp_path).folder
    for path in folder.iterdir():
        # "precision" and "recall" are named once, for the researcher who looks for them.
        text = Page(path.read_text("utf-8")).text.casefold()
        for word in ("probabilit", "threshold", "classif", "token", "feature", "logit", "auc", "kappa", "predict"):
            assert not re.search(rf"\b{word}", text), (path.name, word)


def test_a_page_shows_the_words_of_every_utterance_once_in_its_transcript(tmp_path):
    html = page_of(tmp_path)
    transcript = Page(html[html.index('<ol class="lines">') :]).text
    for text in {text for _, text, _ in TALK}:
        assert transcript.count(text) == sum(text == other for _, other, _ in TALK)


def test_a_page_without_reasons_says_where_they_are_to_be_had(tmp_path):
    results = write_results(tmp_path / "results", [tagged(explain=False)], explain=False)
    html = session_page(session_overview(next(results.sessions()), results.run))
    assert 'name="why"' not in html
    assert "tag --explain" in html


@pytest.mark.parametrize(
    "talk", [[("C", "", {})], [("M", "Hello.", {})], [("T", "?", {})]], ids=["no words", "other", "no client"]
)
def test_odd_sessions_have_a_page(tmp_path, talk):
    assert "Nothing stands out" in page_of(tmp_path, talk)


@pytest.mark.parametrize(
    ("names", "goal"), [(["empathy", "validation"], "mark"), (["empathy", "repair"], "mark"), (["rupture"], "rupture")]
)
def test_a_page_leads_to_ruptures_where_they_are_coded_and_else_to_marks(tmp_path, names, goal):
    results = write_results(tmp_path / "results", [tagged()])
    html = session_page(session_overview(with_markers(tagged(), names), results.run))
    assert set(re.findall(r'data-go="(?:next|previous)-(\w+)"', html)) == {goal}
    assert ("next, previous rupture" in html) == (goal == "rupture")


@pytest.mark.parametrize(
    ("names", "said"), [(["empathy"], "Nothing stands out: no mark with"), (["rupture"], "Nothing stands out: no rup")]
)
def test_a_page_does_not_speak_of_ruptures_where_none_were_looked_for(tmp_path, names, said):
    quiet = tagged(talk=[("T", "Hello.", {}), ("C", "Hello.", {})])
    results = write_results(tmp_path / "results", [quiet])
    assert said in session_page(session_overview(with_markers(quiet, names), results.run))


def test_one_session_makes_one_page(tmp_path):
    made = site(tmp_path, ["only"])
    assert [path.name for path in made.folder.iterdir()] == ["session-only.html"]
    assert made.first_page.name == "session-only.html"


def test_several_sessions_make_a_caseload_that_links_to_them(tmp_path):
    made = site(tmp_path, ["a", "b"])
    assert made.first_page.name == "caseload.html"
    assert 'href="session-a.html"' in made.first_page.read_text("utf-8")


def test_sessions_whose_names_differ_in_case_or_signs_have_a_page_each(tmp_path):
    names = ["a/b", "a b", "A-B", "..", "é" * 90, "é" * 91, "𝒜" * 90]
    made = site(tmp_path, names)
    pages = [path.name for path in made.folder.iterdir() if path.name != "caseload.html"]
    assert len({name.casefold() for name in pages}) == len(names)
    assert all(len(os.fsencode(name)) < 256 for name in pages)


def test_some_sessions_can_be_chosen(tmp_path):
    made = site(tmp_path, ["a", "b", "c"], Selection(session_ids=["a", "c"]))
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "caseload.html", "session-a.html", "session-c.html",
    ]  # fmt: skip


def test_pages_are_grouped_and_dated_by_columns(tmp_path):
    info = {"a": {"therapist": "Ann", "date": "2026-02-01"}, "b": {"therapist": "<Ben>", "date": "2026-01-01"}}
    made = site(tmp_path, ["a", "b"], Selection(info=info, group_by=["therapist"]))
    caseload = Page(made.first_page.read_text("utf-8")).text
    assert "Therapist: Ann" in caseload
    assert "Therapist: <Ben>" in caseload
    assert "therapist Ann" in Page((made.folder / "session-a.html").read_text("utf-8")).text


def test_a_caseload_in_the_order_of_names_says_how_to_give_another_instead_of_a_trend(tmp_path):
    names = [f"session-{number}" for number in range(1, 7)]
    numbers = {name: {"session_number": name[-1]} for name in names}
    pages = []
    for folder, info in (("named", {}), ("numbered", numbers)):
        (tmp_path / folder).mkdir()
        pages.append(site(tmp_path / folder, names, Selection(info=info)).first_page.read_text("utf-8"))
    named, numbered = (" ".join(Page(html).text.split()) for html in pages)
    assert "Session by session" in named
    assert "--sessions-info" in named
    assert "No clear change" not in named
    assert "A trend is" not in named
    assert not re.search('class="(band|trend)" d="M', pages[0])
    assert "Over time" in numbered
    assert "--sessions-info" not in numbered
    assert re.search(r"No clear change; the fitted line runs from \d+ to \d+\.", numbered)
    assert "Share taken up, in %, no clear change; the fitted line runs from" in numbered
    assert re.search('class="trend" d="M', pages[1])


def caseload_of(folder, sessions):
    """The page of sessions of which the first few lines are kept, in the order given."""
    numbers = {f"s{number}": {"session_number": str(number)} for number in range(len(sessions))}
    made = [tagged(name, TALK[:lines]) for name, lines in zip(numbers, sessions, strict=True)]
    selection = Selection(info=numbers)
    return write_site(write_results(folder / "results", made), folder / "pages", None, selection).first_page.read_text()


def test_of_few_sessions_every_whisker_is_shown_whole(tmp_path):
    html = caseload_of(tmp_path, [4, 22, 22])
    assert 'class="cut"' not in html
    assert "go on beyond" not in html


def test_a_whisker_that_goes_on_beyond_the_axis_ends_in_an_arrow_head(tmp_path):
    html = caseload_of(tmp_path, [4] + [22] * 19)
    assert html.count('class="cut"') >= 1
    assert "Arrow heads: whiskers that go on beyond" in Page(html).text


def test_charts_of_very_many_sessions_have_points_alone(tmp_path):
    html = caseload_of(tmp_path, [4] * 61)
    assert "whisker thin" not in html
    assert "no whiskers for more than 60" in Page(html).text
    assert html.count('class="chart small"') == 7


def test_a_wrong_column_leaves_no_pages(tmp_path):
    with pytest.raises(UsageError, match="no session has a column 'therapist'"):
        site(tmp_path, selection=Selection(group_by=["therapist"]))
    assert not (tmp_path / "pages").exists()


def test_pages_are_replaced_only_where_that_is_asked_for(tmp_path):
    results = write_results(tmp_path / "results", [tagged("a"), tagged("b")])
    write_site(results, tmp_path / "pages", None, Selection())
    with pytest.raises(OutputError, match="add --overwrite"):
        write_site(results, tmp_path / "pages", None, Selection())
    (tmp_path / "pages" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write_site(results, tmp_path / "pages", None, Selection(), overwrite=True)
    (tmp_path / "pages" / "notes.txt").unlink()
    write_site(results, tmp_path / "pages", None, Selection(session_ids=["a"]), overwrite=True)
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["session-a.html"]


def test_results_that_hold_pages_and_figures_can_be_replaced_and_others_not(tmp_path):
    results = write_results(tmp_path / "results", [tagged("a"), tagged("b")])
    write_site(results, tmp_path / "results" / "report", None, Selection(), figures=True)
    with open_results(tmp_path / "results", results.run.markers, overwrite=True):
        pass
    write_results(tmp_path / "other", [tagged("a")])
    (tmp_path / "other" / "report").mkdir()
    (tmp_path / "other" / "report" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"report/notes\.txt"), open_results(tmp_path / "other", [], overwrite=True):
        pass


def test_the_same_results_give_the_same_pages(tmp_path):
    pages = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        pages.append({path.name: path.read_bytes() for path in site(tmp_path / run).folder.iterdir()})
    assert pages[0] == pages[1]
