"""``alliance-nlp report`` and ``tag --report`` as they are run."""

import csv
import json
import subprocess
import sys

import pytest
from made import TALK, tagged, write_results

INFO = "session_id,date,therapist\na,2026-02-01,Ann\nb,2026-01-01,Ann\nc,2026-01-05,Ben\n"


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "alliance_nlp", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def work(tmp_path):
    """A folder with results of three sessions, and a table of what is known of them."""
    write_results(tmp_path / "results", [tagged(name) for name in "abc"])
    (tmp_path / "info.csv").write_text(INFO, "utf-8")
    return tmp_path


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_pages_are_written_beside_the_results_and_named(work):
    done = run("report", "results", cwd=work)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 sessions. Open results/report/caseload.html\n"
    assert names(work / "results" / "report") == [
        "caseload.html", "session-a.html", "session-b.html", "session-c.html",
    ]  # fmt: skip


def test_pages_go_elsewhere_and_figures_with_them(work):
    done = run("report", "results", "--out", "pages", "--session", "a", "--figures", cwd=work)
    assert (done.returncode, done.stdout) == (0, "1 session. Open pages/session-a.html\n")
    figures = [f"figures/session-a-{name}.{suffix}" for name in ("summary", "timeline") for suffix in ("png", "svg")]
    assert names(work / "pages") == [*figures, "session-a.html"]


def test_sessions_are_ordered_grouped_and_chosen_by_a_table(work):
    options = ("--sessions-info", "info.csv", "--group-by", "therapist", "--only", "therapist=Ann")
    done = run("report", "results", *options, cwd=work)
    assert done.returncode == 0, done.stderr
    page = (work / "results" / "report" / "caseload.html").read_text("utf-8")
    assert "session-c.html" not in page
    assert page.index('href="session-b.html"') < page.index('href="session-a.html"')
    assert "by the column date" in page


@pytest.mark.parametrize("file_format", ["text", "md", "json"])
def test_documents_are_printed(work, file_format):
    done = run("report", "results", "--format", file_format, "--session", "a", "--session", "c", cwd=work)
    assert (done.returncode, done.stderr) == (0, "")
    if file_format == "json":
        assert [session["session_id"] for session in json.loads(done.stdout)] == ["a", "c"]
    else:
        assert done.stdout.count("Two possible rupture episodes: one taken up, one not.") == 2
    assert not (work / "results" / "report").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no"], 1, "Error: no: no such folder; name the folder that tag wrote its results into\n"),
        (["."], 1, "Error: .: holds no run.json; name the folder that tag wrote its results into\n"),
        (["results", "--session", "x"], 2,
         "Error: --session x: no such session in results; sessions.csv lists them\n"),
        (["results", "--only", "therapist"], 2,
         'Error: --only therapist: write COLUMN=VALUE, such as --only "therapist=Ann"\n'),
        (["results", "--only", "therapist=Ann"], 2,
         "Error: --only therapist=Ann: no session is left; --sessions-info names the table that holds it\n"),
        (["results", "--sessions-info", "no.csv"], 2, "Error: no.csv: no such file\n"),
        (["results", "--order-by", "week"], 2,
         "Error: --order-by week: the session a has no week; fill the column in\n"),
        (["results", "--format", "md", "--figures"], 2,
         "Error: --format md prints; --out and --figures go with pages (--format html)\n"),
        (["results", "--reference", "results"], 2,
         "Error: 3 sessions of your own: 3 sessions make no reference range; at least 5 do\n"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_in_one_line_and_leaves_nothing(work, arguments, code, message):
    before = names(work)
    done = run("report", *arguments, cwd=work)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", message)
    assert names(work) == before


def test_a_second_report_asks_before_it_replaces_the_first(work):
    assert run("report", "results", "--quiet", cwd=work).returncode == 0
    again = run("report", "results", cwd=work)
    assert again.returncode == 1
    assert "add --overwrite" in again.stderr
    assert run("report", "results", "--overwrite", cwd=work).returncode == 0


def test_results_without_reasons_are_reported_with_a_hint(work):
    write_results(work / "plain", [tagged(explain=False)], explain=False)
    done = run("report", "plain", cwd=work)
    assert done.returncode == 0
    assert "tag with --explain" in done.stderr


def test_own_results_are_the_reference(work):
    write_results(work / "own", [tagged(f"s{number}", TALK[: 6 + number]) for number in range(6)])
    done = run("report", "results", "--reference", "own", cwd=work)
    assert done.returncode == 0, done.stderr
    assert "6 sessions of your own" in (work / "results" / "report" / "session-a.html").read_text("utf-8")


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_tag_makes_pages_at_once_and_again(work, file_format, small_model):
    (work / "in").mkdir()
    for name in ("good", "better"):
        (work / "in" / f"{name}.txt").write_text("T: How was the week?\nC: You do not listen to me.\n", "utf-8")
    (work / "in" / "bad.txt").write_text("no labels in here\n", "utf-8")
    command = ("tag", "in", "--report", "--out", "out", "--model", small_model, "--as", file_format, "--overwrite")
    for _ in range(2):
        done = run(*command, cwd=work)
        assert done.returncode == 3, done.stderr
        assert done.stdout.endswith("Pages: open out/report/caseload.html\n")
    page = (work / "out" / "report" / "session-good.html").read_text("utf-8")
    assert 'name="why"' in page
    assert "A test." in page
    # The shipped ranges are of another model.
    assert "no other sessions marked by this model" in page
    caseload = (work / "out" / "report" / "caseload.html").read_text("utf-8")
    assert "1 file or session could not be read and is not in here; failures.csv says why." in caseload


def test_tag_as_json_names_the_first_page(work, small_model):
    (work / "in.txt").write_text("T: How was the week?\nC: Long.\n", "utf-8")
    done = run("tag", "in.txt", "--report", "--out", "out", "--model", small_model, "--json", cwd=work)
    assert json.loads(done.stdout)["first_page"] == "out/report/session-in.html"


def test_the_figures_of_a_page_are_those_of_the_model(work, small_model):
    (work / "in.txt").write_text("T: How was the week?\nC: You do not listen to me.\n", "utf-8")
    assert run("tag", "in.txt", "--report", "--out", "out", "--model", small_model, cwd=work).returncode == 0
    measured = json.loads((small_model / "training.json").read_text("utf-8"))["figures"]["rupture"]["precision"]
    shown = f"{100 * measured['value']:.0f} of 100 ({100 * measured['low']:.0f}–{100 * measured['high']:.0f})"
    assert shown in (work / "out" / "report" / "session-in.html").read_text("utf-8")


def test_sessions_csv_keeps_its_columns_when_a_spreadsheet_adds_some(work):
    path = work / "results" / "sessions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = [[*row, therapist] for row, therapist in zip(rows, ("therapist", "Ann", "Ann", "Ben"), strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    done = run("report", "results", "--group-by", "therapist", cwd=work)
    assert done.returncode == 0, done.stderr
    assert "Therapist: Ben" in (work / "results" / "report" / "caseload.html").read_text("utf-8")
