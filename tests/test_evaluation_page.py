"""The page of an evaluation and its tables: as they are written, and as Chromium shows them."""

import io
import re
import shutil
from dataclasses import replace
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from rich.console import Console

from alliance_nlp.codebook import read_codebook
from alliance_nlp.corpus_evaluation import evaluate
from alliance_nlp.evaluation import Estimate, MarkerFigures
from alliance_nlp.learning_curve import Step
from alliance_nlp.rating_files import read_ratings
from alliance_nlp.ratings import CodedSession, read_coded_sessions
from alliance_nlp.reports.evaluation_glance import told
from alliance_nlp.reports.evaluation_page import evaluation_page
from alliance_nlp.reports.evaluation_tables import evaluation_tables

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = "</script><script>document.title = 'gone'</script><img src='https://example.org/x.png' onerror='alert(1)'>"
PROVENANCE = {"files": [{"file": "test.csv", "sha256": "0" * 64}]}


@pytest.fixture(scope="module")
def evaluation(excerpt, small_bundle):
    """Of ten sessions in which somebody says something hostile in every line."""
    coded = []
    for item in read_coded_sessions([excerpt / "test.csv"], read_codebook())[:10]:
        lines = tuple(line._replace(text=f"{line.text} {HOSTILE}") for line in item.session.utterances)
        coded.append(CodedSession(replace(item.session, utterances=lines), item.client, item.codes))
    table = read_ratings([excerpt / "ratings.csv"])
    return evaluate(small_bundle, coded, read_codebook(), PROVENANCE, "speaker_role", table, ("A", "B"))


@pytest.fixture(scope="module")
def with_learning_curve(evaluation):
    """The same with the figures of two models trained on shares of it, the first too small."""
    kappa = Estimate(0.4, 0.25, 0.5)
    figures = MarkerFigures(400, 40, 10, 0.1, kappa, kappa, kappa, kappa, kappa)
    steps = (Step(2, 2, {}), Step(10, 10, {marker.scores.marker: figures for marker in evaluation.markers}))
    return replace(evaluation, learning=steps)


@pytest.fixture(scope="module")
def nothing_coded(excerpt, small_bundle):
    """Of one session in which nothing is coded 1."""
    item = read_coded_sessions([excerpt / "test.csv"], read_codebook())[0]
    codes = item.codes.copy()
    codes[codes == 1] = 0
    return evaluate(small_bundle, [CodedSession(item.session, item.client, codes)], read_codebook(), PROVENANCE)


def printed(evaluation, width):
    out = Console(file=io.StringIO(), width=width, highlight=False)
    evaluation_tables(evaluation, out)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [72, 80, 100, 150])
def test_a_narrow_terminal_gets_fewer_figures_and_is_told_which_are_missing(evaluation, width):
    text = printed(evaluation, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert ("--html only:" in text) == (width < 150)
    assert "empathy" in text
    assert HOSTILE[:20] not in text


def test_what_is_undefined_is_told_once(nothing_coded):
    text = " ".join(printed(nothing_coded, 200).split())
    assert text.count("undefined: no utterance is coded 1.") + text.count("Undefined: no utterance is coded 1.") == 1
    assert "on 1 session:" in text
    assert "ndefined: no utterance is coded 1." in evaluation_page(nothing_coded)


def test_a_page_asks_for_nothing_and_escapes_what_was_said(evaluation):
    html = evaluation_page(evaluation)
    assert HOSTILE not in html
    assert "&lt;/script&gt;&lt;script&gt;" in html
    assert "default-src 'none'" in unescape(html)
    assert "url(" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert not re.search(r"<[^>]+\sstyle=", html)


def test_every_reference_within_a_page_has_its_target(evaluation):
    html = evaluation_page(evaluation)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', html)) <= set(ids)


def test_a_learning_curve_is_told_and_drawn(evaluation, with_learning_curve):
    rows = [" ".join(line.split()) for line in printed(with_learning_curve, 150).splitlines()]
    assert "empathy too few .40 [.25–.50]" in rows
    html = evaluation_page(with_learning_curve)
    # All ten clients stand at the right edge, κ of .4 at two fifths of the height.
    assert '<circle class="dot" cx="234" cy="116.0" r="4"/>' in html.replace("234.0", "234")
    assert "Would more coding help?" not in evaluation_page(evaluation)
    assert with_learning_curve.to_dict()["learning_curve"][1]["markers"]["rupture"]["kappa"]["low"] == 0.25


def section(html, name):
    """The words of a section of the page."""
    part = html[html.index(f'<section id="{name}"') :].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())


def test_at_a_glance_model_and_coders_stand_on_the_same_lines(evaluation):
    html = evaluation_page(evaluation)
    glance = section(html, "agreement")
    assert "agreement with the coders" in glance
    for item in evaluation.coders:
        assert (
            f"κ with single coders {told(item.with_model)}; coders among themselves {told(item.between_coders)}" in html
        )
        assert f"{item.utterances:,} {told(item.with_model)}" in glance
    assert "Where there is no grey" not in glance
    in_part = section(evaluation_page(replace(evaluation, coders=evaluation.coders[1:])), "agreement")
    assert "Where there is no grey, coders cannot be compared" in in_part
    assert f"– {told(evaluation.markers[0].scores.figures['kappa'])}" in in_part


def test_without_coders_the_glance_is_of_the_codes(evaluation):
    html = evaluation_page(replace(evaluation, coders=()))
    glance = section(html, "agreement")
    assert "agreement with the codes" in glance
    assert "Model and coders agree with κ from" in html
    for marker in evaluation.markers:
        assert f"{marker.scores.utterances:,} {told(marker.scores.figures['kappa'])}" in glance
    assert "single coders" not in html
    assert "Compared on" not in glance


def test_lines_left_open_are_told_where_codes_were_settled(evaluation):
    settled = {"method": "majority", "coders": 2, "adjudicated": False}
    old = evaluation_page(replace(evaluation, provenance=PROVENANCE | {"consensus": settled}))
    assert "by the method majority." in section(old, "how")
    assert "Left open" not in old
    counted = settled | {"rated": {"repair": 1217}, "open": {"repair": 107}}
    html = evaluation_page(replace(evaluation, provenance=PROVENANCE | {"consensus": counted}))
    assert "majority. Left open, since coders differ: 107 of 1,217 lines of repair." in section(html, "how")


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, such as Debian's package chromium")
def test_the_page_in_a_browser(evaluation, with_learning_curve, nothing_coded, tmp_path):
    (tmp_path / "page.html").write_text(evaluation_page(with_learning_curve), "utf-8")
    (tmp_path / "empty.html").write_text(evaluation_page(nothing_coded), "utf-8")
    noise, requests = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        # The first screen says how far model and coders agree.
        expect(page.locator(".headline")).to_contain_text("Model and single coders agree with κ from")
        expect(page.locator("#agreement")).to_be_in_viewport()
        kappa = told(evaluation.coders[3].with_model)
        expect(page.get_by_role("row", name=re.compile(f"Rupture.*{re.escape(kappa)}")).first).to_be_visible()
        assert page.locator(".plot-box").count() == 4 * len(evaluation.markers)
        expect(page.get_by_role("img", name=re.compile("Rupture, reliability"))).to_be_visible()
        # The operating point stands where precision and recall say.
        figures = evaluation.markers[3].scores.figures
        dot = page.get_by_role("img", name=re.compile("Rupture, precision")).locator("circle")
        assert float(dot.get_attribute("cx")) == pytest.approx(34 + 200 * figures["recall"].value, abs=0.1)
        assert float(dot.get_attribute("cy")) == pytest.approx(8 + 180 * (1 - figures["precision"].value), abs=0.1)
        page.locator("#errors summary").nth(3).click()
        expect(page.locator("#errors .error:visible").first).to_contain_text(HOSTILE)
        assert page.title() == "Evaluation of small"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
            problems = Axe().run(page).response["violations"]
            assert [(problem["id"], problem["nodes"][0]["html"][:150]) for problem in problems] == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.goto((tmp_path / "empty.html").as_uri())
        expect(page.locator(".headline")).to_contain_text("Too little is coded")
        browser.close()
    assert noise == []
    assert [url.rpartition("/")[2] for url in requests] == ["page.html", "empty.html"]
