"""What a newcomer installs: the README's first command in a fresh checkout, and the wheel in an empty environment."""

import csv
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "alliance_nlp" / "reports" / "templates"


def run(*command, cwd, **options):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """The files that git keeps, without whatever else lies in the working tree."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    target = tmp_path_factory.mktemp("checkout")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, checkout, cwd=target)
    return next(target.glob("*.whl"))


def test_wheel_holds_the_package_the_model_the_demo_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"alliance_nlp"}
    assert {"alliance_nlp/models/default/bundle.json", "alliance_nlp/models/reference.json"} <= names
    templates = {f"alliance_nlp/reports/templates/{path.name}" for path in TEMPLATES.iterdir()}
    assert templates <= names
    corpora = {name for name in names if name.startswith("alliance_nlp/corpora/")}
    demo = {f"alliance_nlp/corpora/demo/{path.name}" for path in (ROOT / "corpora" / "demo").glob("*.txt")}
    assert corpora == {"alliance_nlp/corpora/__init__.py", *demo}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_wheel_tags_the_demo_from_another_folder_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    run(tmp_path / "env" / "bin" / "pip", "install", "--quiet", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(tmp_path / "env" / "bin" / "alliance-nlp", "tag", "--demo", "--report", "--out", "results", cwd=elsewhere)
    with (elsewhere / "results" / "sessions.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3
    page = (elsewhere / "results" / "report" / "session-bereavement-call.html").read_text("utf-8")
    assert "fictional sessions that are rich in such moments" in page


def test_first_command_of_the_readme_tags_the_demo_in_a_fresh_checkout(checkout):
    command = re.search(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]
    out = run("bash", "-c", command, cwd=checkout)
    assert "bereavement-call" in out
    assert {path.name for path in (checkout / "demo-results").iterdir()} == {
        "utterances.csv", "sessions.csv", "episodes.csv", "failures.csv", "run.json",
    }  # fmt: skip
