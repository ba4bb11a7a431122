"""The pages as people use them: in Chromium, by mouse, by keys, in the dark, on a telephone, on paper."""

import re
import shutil
import subprocess
import sys
from importlib import resources
from itertools import pairwise

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from made import REFERENCE, TALK, tagged, with_markers, write_results
from playwright.sync_api import expect, sync_playwright

from alliance_nlp.overview import session_overview
from alliance_nlp.reports.session_page import session_page
from alliance_nlp.reports.site import Selection, write_site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, such as Debian's package chromium")

HOSTILE = "</script><script>document.title = 'gone'</script><img src='https://example.org/x.png' onerror='alert(1)'>"
RUPTURES = [number for number, (_, _, marks) in enumerate(TALK, 1) if "rupture" in marks]
MARKED = [number for number, (_, _, marks) in enumerate(TALK, 1) if marks]
INFO = {
    "ann-1": {"therapist": "Ann", "date": "2026-01-07"},
    "ann-2": {"therapist": "Ann", "date": "2026-01-14"},
    "ben-1": {"therapist": "Ben", "date": "2026-01-09"},
    "long": {"date": "2026-01-21"},
}


def long_talk():
    """600 lines with as many marks as any real session has."""
    talk = []
    for number in range(300):
        marks = {0: {"empathy": (0.7, [])}, 1: {"validation": (0.6, [])}, 2: {"repair": (0.6, [])}}.get(number % 12, {})
        talk.append(("T", "It sounds as if that week took more out of you than you had to give. " * 3, marks))
        marks = {"rupture": (0.3 + number % 5 / 10, [])} if number % 11 == 3 else {}
        talk.append(("C", "I do not know, it went on, and then it did not, and I said so to them. " * 4, marks))
    return talk


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of a caseload of four: three short sessions, and a long one."""
    folder = tmp_path_factory.mktemp("pages")
    quiet = [("T", "Hello.", {}), ("C", "Hello.", {})]
    sessions = [
        tagged("ann-1"), tagged("ann-2", quiet), tagged("ben-1", TALK[:8], seconds=20.0), tagged("long", long_talk()),
    ]  # fmt: skip
    selection = Selection(info=INFO, group_by=["therapist"])
    return write_site(write_results(folder / "results", sessions), folder / "pages", REFERENCE, selection).folder


@pytest.fixture
def opened(browser, pages):
    """Opens a page; at the end of the test, nothing may have been asked for or complained of."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    noise = []

    def open_page(name, **media):
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: noise.append(request.url) if not is_page(request.url) else None)
        if media:
            page.emulate_media(**media)
        path = pages / name
        page.goto(path.as_uri())
        return page

    def is_page(url):
        return url.startswith("file://") and url.partition("#")[0].endswith(".html")

    yield open_page
    context.close()
    assert noise == []


@pytest.fixture
def session(opened):
    return opened("session-ann-1.html")


def line(page, number):
    return page.locator(f"#L{number}")


def focused(page):
    return page.evaluate("document.activeElement.id")


def shown_lines(page):
    """Numbers of the lines that are shown, without those that only give context."""
    lines = page.locator(".lines > li:not([hidden]):not(.context)")
    return [int(name[1:]) for name in lines.evaluate_all("lines => lines.map(line => line.id)")]


@pytest.mark.parametrize("name", ["session-ann-1.html", "session-long.html", "session-ann-2.html", "caseload.html"])
def test_a_page_opens_without_a_request_or_a_complaint(opened, name):
    page = opened(name)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_the_pages_of_the_demo_open_in_one_command(browser, tmp_path):
    command = [sys.executable, "-m", "alliance_nlp", "tag", "--demo", "--report", "--out", "results"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "Pages: open results/report/caseload.html" in done.stdout
    page = browser.new_page()
    noise = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("request", lambda request: noise.append(request.url))
    page.goto((tmp_path / "results" / "report" / "caseload.html").as_uri())
    page.get_by_role("link", name="bereavement-call", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("bereavement-call")
    assert [url.rpartition("/")[2] for url in noise] == ["caseload.html", "session-bereavement-call.html"]
    page.close()


@pytest.mark.parametrize(
    "attempt",
    [
        "fetch('https://example.org/').catch(() => {})",
        "new Image().src = 'https://example.org/x.png'",
        "navigator.sendBeacon('https://example.org/', 'x')",
        "new WebSocket('wss://example.org/')",
        "document.head.append(Object.assign(document.createElement('script'), {src: 'https://example.org/x.js'}))",
        "document.head.append(Object.assign(document.createElement('script'), {text: 'document.title = 1'}))",
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'p { color: red }'}))",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.org/'}))",
        "document.body.setAttribute('onclick', 'document.title = 1'); document.body.click()",
    ],
    ids=["fetch", "image", "beacon", "socket", "script file", "script", "style", "frame", "handler"],
)
def test_the_policy_of_a_page_forbids(browser, pages, attempt):
    page = browser.new_page()
    answered = []
    page.on("requestfinished", lambda request: answered.append(request.url))
    page.goto((pages / "session-ann-1.html").as_uri())
    blocked = page.evaluate(f"""() => new Promise((resolve) => {{
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), {{ once: true }});
        try {{ {attempt}; }} catch (refused) {{ }}
    }})""")
    assert re.fullmatch("(connect|img|script|style|frame)-src(-elem|-attr)?", blocked)
    assert page.title() == "ann-1 – session"
    assert len(answered) <= 1
    page.close()


def test_a_transcript_that_holds_a_script_is_shown_and_not_run(browser, tmp_path):
    talk = [("T", HOSTILE, {"empathy": (0.9, [])}), ("C", HOSTILE, {"rupture": (0.9, [])})]
    made = write_site(
        write_results(tmp_path / "results", [tagged(HOSTILE, talk)]), tmp_path / "pages", None, Selection()
    )
    page = browser.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(made.first_page.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(line(page, 1).locator("p")).to_have_text(HOSTILE)
    assert page.title().startswith("</script>")
    assert len(requests) == 1
    page.close()


def test_the_first_screen_says_how_it_went_where_it_strained_and_what_to_talk_about(session):
    expect(session.locator(".headline")).to_contain_text("Two possible rupture episodes: one taken up, one not.")
    for part in (session.locator(".headline"), session.locator("#glance"), session.locator("#start")):
        expect(part).to_be_in_viewport(ratio=1)
    moments = session.locator(".hints li")
    expect(moments).to_have_count(4)
    for number in range(4):
        expect(moments.nth(number)).to_be_in_viewport()
    expect(session.get_by_role("group", name="Ruptures above, repairs below")).to_be_in_viewport()


def test_keys_lead_from_rupture_to_rupture_and_round(session):
    found = []
    for key in "nnnpp":
        session.keyboard.press(key)
        found.append(focused(session))
    first, second = (f"L{number}" for number in RUPTURES)
    assert found == [first, second, first, second, first]
    expect(line(session, RUPTURES[0])).to_have_attribute("aria-current", "true")
    expect(line(session, RUPTURES[0])).to_be_in_viewport()


def test_keys_lead_from_line_to_line_and_from_mark_to_mark(session):
    found = []
    for key in ("j", "j", "k", "ArrowRight", "ArrowRight", "ArrowLeft"):
        session.keyboard.press(key)
        found.append(focused(session))
    assert found == ["L1", "L2", "L1", f"L{MARKED[0]}", f"L{MARKED[1]}", f"L{MARKED[0]}"]


def test_buttons_lead_from_mark_to_mark_where_no_rupture_is_coded(browser, tmp_path):
    results = write_results(tmp_path / "results", [tagged()])
    of_therapist = with_markers(tagged(), ["empathy", "validation"])
    (tmp_path / "page.html").write_text(session_page(session_overview(of_therapist, results.run)), "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    first, second = (number for number, (_, _, marks) in enumerate(TALK, 1) if {"empathy", "validation"} & {*marks})
    found = []
    for name in ("↓ Mark", "↓ Mark", "↑ Mark"):
        page.get_by_role("button", name=name).click()
        found.append(focused(page))
    assert found == [f"L{first}", f"L{second}", f"L{first}"]
    page.keyboard.press("n")
    assert focused(page) == f"L{first}"
    page.close()


def test_a_mark_of_the_timeline_leads_to_its_line(session):
    session.get_by_role("link", name="Rupture, line 4, fair evidence").click()
    assert focused(session) == "L4"
    expect(line(session, 4)).to_be_in_viewport()
    assert session.url.endswith("#L4")


def test_any_place_of_the_timeline_leads_to_a_line(session):
    lane = session.locator(".lane").first
    box = lane.bounding_box()
    lane.click(position={"x": box["width"] - 2, "y": 5})
    assert focused(session) == f"L{len(TALK)}"


def test_the_marks_are_one_stop_for_the_tab_key_and_arrows_lead_among_them(session):
    session.keyboard.press("t")
    labels = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        labels.append(session.evaluate("document.activeElement.getAttribute('aria-label')"))
        session.keyboard.press(key)
    assert labels == [
        "Empathy, line 3, strong evidence", "Rupture, line 4, fair evidence", "Repair, line 5, strong evidence",
        "Rupture, line 4, fair evidence", "Empathy, line 3, strong evidence",
    ]  # fmt: skip
    session.keyboard.press("Enter")
    assert focused(session) == "L3"
    assert session.locator("a.mark[tabindex='0']").count() == 1


def test_a_link_to_a_line_opens_there(opened):
    page = opened("session-ann-1.html")
    page.goto(page.url + "#L20")
    page.reload()
    assert focused(page) == "L20"


def test_filters_by_mark_speaker_and_evidence(session):
    tools = session.get_by_role("form", name="Filter the transcript")
    tools.get_by_role("checkbox", name="Rupture").check()
    assert shown_lines(session) == RUPTURES
    expect(tools.get_by_role("status")).to_have_text(f"2 of {len(TALK)} lines")
    # The line before gives the context.
    expect(line(session, RUPTURES[0] - 1)).to_be_visible()
    tools.get_by_label("Evidence").select_option("fair or strong")
    assert shown_lines(session) == RUPTURES[:1]
    tools.get_by_role("button", name="Show all").click()
    expect(tools.get_by_role("status")).to_have_text(f"{len(TALK)} lines")
    tools.get_by_label("Speaker").select_option("Client")
    assert shown_lines(session) == [number for number, (who, _, _) in enumerate(TALK, 1) if who == "C"]


def test_search_finds_words_across_highlighted_pieces(session):
    session.keyboard.press("w")
    session.keyboard.press("/")
    session.keyboard.type("NOT LISTENING TO")
    assert shown_lines(session) == [4]
    assert session.evaluate("[...CSS.highlights.get('found')].map(String)") == ["not listening to"]
    session.keyboard.press("Enter")
    assert focused(session) == "L4"
    session.keyboard.press("Escape")
    assert len(shown_lines(session)) == len(TALK)


def test_a_search_in_vain_says_so(session):
    session.get_by_label("Search").fill("no such words")
    expect(session.get_by_text("No line fits these filters.")).to_be_visible()
    session.locator(".none").get_by_role("button", name="Show all").click()
    assert len(shown_lines(session)) == len(TALK)


def test_a_rupture_that_is_filtered_away_is_found_by_key_nonetheless(session):
    session.get_by_label("Speaker").select_option("Therapist")
    session.locator("h1").click()
    session.keyboard.press("n")
    assert focused(session) == f"L{RUPTURES[0]}"
    expect(line(session, RUPTURES[0])).to_be_visible()


def test_the_words_that_carried_a_mark_are_shown_on_demand(session):
    words = line(session, 4).locator(".w")
    assert words.all_text_contents() == ["not listening"]
    plain = words.evaluate("word => getComputedStyle(word).backgroundColor")
    expect(line(session, 4).locator(".why")).to_be_hidden()
    session.get_by_role("checkbox", name="Why").check()
    expect(line(session, 4).locator(".why")).to_have_text("“not listening”")
    assert words.evaluate("word => getComputedStyle(word).backgroundColor") != plain
    expect(line(session, 19).locator(".why")).to_have_text("its length (3-6 words)")


def test_the_keys_are_listed_on_a_question_mark(session):
    session.keyboard.press("?")
    dialog = session.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    session.keyboard.press("n")
    assert focused(session) == ""
    session.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_typing_a_search_is_no_command(session):
    session.get_by_label("Search").click()
    session.keyboard.type("npjkw?t")
    expect(session.get_by_label("Search")).to_have_value("npjkw?t")
    expect(session.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("name", ["session-ann-1.html", "caseload.html"])
def test_everything_is_reached_by_the_tab_key_and_shows_that_it_has_the_focus(opened, name):
    page = opened(name)
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        what = page.evaluate("""() => {
            const at = document.activeElement;
            const ring = (element) => element && getComputedStyle(element).outlineStyle !== "none";
            const sign = at.querySelector?.("use");
            const stroked = sign && getComputedStyle(sign).strokeWidth === "5px";
            return [at.tagName, at.textContent.trim().slice(0, 30) || at.name || "",
                    Boolean(ring(at) || ring(at.closest(".chip")) || stroked)];
        }""")
        if what[0] == "BODY":
            break
        reached.append(what)
    assert reached[0][1] == "To the content"
    assert [what for what in reached if not what[2]] == []
    controls = page.locator("button:visible, input:visible, select:visible, summary:visible").count()
    assert sum(what[0] in ("BUTTON", "INPUT", "SELECT", "SUMMARY") for what in reached) == controls


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["session-ann-1.html", "session-ben-1.html", "caseload.html"])
def test_a_page_is_accessible(opened, name, scheme):
    page = opened(name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.keyboard.press("w")
    found = Axe().run(page).response
    assert [
        f"{problem['id']}: {node['html'][:150]} {node['any'][:1]}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ] == []


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_a_mark_stands_out_from_its_ground(scheme):
    style = (resources.files("alliance_nlp.reports") / "templates" / "page.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))
    for name in ("ink", "quiet", "link", "therapist", "client", *(f"m{number}" for number in range(8))):
        for ground in ("card", "page"):
            high, low = sorted((luminance(colours[name]), luminance(colours[ground])), reverse=True)
            contrast = (high + 0.05) / (low + 0.05)
            assert contrast >= 4.5, f"{name} on {ground}: {contrast:.2f}"


@pytest.mark.parametrize("name", ["session-ann-1.html", "session-long.html", "caseload.html"])
def test_a_narrow_screen_needs_no_scrolling_sideways(opened, name):
    page = opened(name)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    hints = page.locator("#start" if "session" in name else "h1")
    expect(hints).to_be_in_viewport()


@pytest.mark.parametrize("name", ["session-ann-1.html", "session-long.html", "session-ann-2.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_session_is_printed_on_two_pages(opened, tmp_path, name, scheme):
    page = opened(name, color_scheme=scheme, media="print")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    first, second = (sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    assert "At a glance" in first
    assert "Timeline" in first
    assert "What to talk about" in second
    assert "How sure is this?" in second
    for words in ("Filter", "Transcript", "Search", "To the content", "Click"):
        assert words not in first + second
    # White paper, whatever the screen is.
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def rows(page):
    return page.locator(".sessions tbody tr:visible th").all_text_contents()


def test_the_caseload_sorts_by_every_column(opened):
    page = opened("caseload.html")
    for heading in page.get_by_role("columnheader").all():
        if heading.get_by_role("button").count() == 0:
            continue
        column = heading.evaluate("heading => heading.cellIndex")
        for _ in range(2):
            heading.get_by_role("button").click()
            direction = heading.get_attribute("aria-sort")
            values = page.locator(f".sessions tbody tr > :nth-child({column + 1})").evaluate_all(
                "cells => cells.map(cell => cell.dataset.value)"
            )
            known = [value for value in values if value != ""]
            assert values == known + [""] * (len(values) - len(known))
            keys = [(float(value), "") if re.fullmatch(r"[\d.]+", value) else (0.0, value) for value in known]
            ordered = [a <= b if direction == "ascending" else a >= b for a, b in pairwise(keys)]
            assert all(ordered), (heading.text_content(), direction, values)


def test_the_caseload_filters_by_group_words_and_open_ruptures(opened):
    page = opened("caseload.html")
    page.get_by_role("combobox", name="Therapist").select_option("Ann")
    assert rows(page) == ["ann-1", "ann-2"]
    assert page.locator(".group:visible h3").all_text_contents()[0].startswith("Therapist: Ann")
    assert page.locator(".group:visible").count() == 1
    page.get_by_role("checkbox", name="Only with a rupture not taken up").check()
    assert rows(page) == ["ann-1"]
    expect(page.get_by_role("status")).to_have_text("1 of 4 sessions")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("status")).to_have_text("4 sessions")
    assert len(rows(page)) == 4
    page.keyboard.press("/")
    page.keyboard.type("ben")
    assert rows(page) == ["ben-1"]
    page.keyboard.type("xyz")
    expect(page.get_by_text("No session fits these filters.")).to_be_visible()


def test_the_caseload_leads_to_the_session_pages(opened):
    page = opened("caseload.html")
    page.get_by_role("row", name="ann-1").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ann-1")


def test_the_caseload_can_be_printed(opened, tmp_path):
    page = opened("caseload.html", media="print")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    assert "Over time" in text
    assert "ben-1" in text
    assert "Show all" not in text


def test_every_column_of_the_caseload_is_on_paper(opened, tmp_path):
    page = opened("caseload.html", media="print")
    headings = [heading.split() for heading in page.locator(".sessions thead button").all_text_contents()]
    assert len(headings) == 12
    assert page.locator(".scroll").evaluate("box => getComputedStyle(box).overflowX") == "visible"
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    found = {}
    for sheet in pypdf.PdfReader(tmp_path / "page.pdf").pages:
        margin = 13 / 25.4 * 72

        def note(text, matrix, of_text, *_, last=float(sheet.mediabox.width) - margin):
            left = of_text[4] * matrix[0] + of_text[5] * matrix[2] + matrix[4]
            found.update(dict.fromkeys(text.split(), left))
            assert not text.strip() or left < last, text

        sheet.extract_text(visitor_text=note)
    # Of a heading that breaks between syllables the first word is enough.
    assert {heading[0] for heading in headings} - {"Self-disclosure"} <= set(found)
    assert found["Empathy"] < found["Episodes"] < found["Not"]
