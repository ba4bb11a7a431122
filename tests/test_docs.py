"""Every command and every example in the README and the docs is run; every option is explained."""

import csv
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import spacy
from exchanged import came_back, coded, written
from made import tagged, write_results
from made_embeddings import write_embeddings
from made_sets import write_coders, write_corpus
from public_files import write_annomi, write_epitome, write_esconv

from alliance_nlp.commands.main import program

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "formats").glob("*.md"))]
RECORDINGS = {
    "zoom.vtt": "webvtt/zoom.vtt", "session.srt": "srt/labelled.srt", "otter.txt": "otter/plain.txt",
    "zoom.txt": "zoom/transcript.txt", "whisperx.json": "whisper/whisperx.json",
    "utterances.jsonl": "convokit/utterances.jsonl", "maxqda.txt": "maxqda/marks-at-ends.txt",
    "nvivo.txt": "nvivo/with-speaker.txt", "redcap.csv": "csv/redcap.csv", "export.dat": "csv/plain.csv",
    "elan.eaf": "eaf/elan-6.eaf", "session.cha": "chat/clan.cha", "session.TextGrid": "textgrid/long.TextGrid",
    "project.qdpx": "qdpx/nvivo.qdpx",
    "session.docx": "docx/word.docx", "teams.docx": "docx/teams.docx", "session.odt": "odt/libreoffice.odt",
    "sessions.xlsx": "xlsx/google-sheets.xlsx", "other-names.xlsx": "xlsx/other-names.xlsx",
}  # fmt: skip


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def shell_commands(page):
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line]
    # The two commands that set up an environment are run by tests/test_wheel.py and by CI, and the shipped model is
    # trained anew by tests/test_training.py.
    return [line for line in lines if not line.startswith("python3 -m venv") and "--out models/default" not in line]


@pytest.fixture
def workplace(excerpt, tmp_path):
    """A folder as the docs take it for granted: corpora (a part of them) and models, and transcripts of one's own."""
    shutil.copytree(ROOT / "corpora" / "demo", tmp_path / "corpora" / "demo")
    shutil.copytree(excerpt, tmp_path / "corpora" / "alliance")
    shutil.copytree(ROOT / "models", tmp_path / "models")
    shutil.copytree(ROOT / "corpora" / "demo", tmp_path / "transcripts")
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "first.txt").write_text(
        "SPEAKER_00: How was the week?\nSPEAKER_01: Long, to be honest.\n", "utf-8"
    )
    (tmp_path / "recordings").mkdir()
    for name, sample in RECORDINGS.items():
        shutil.copy(ROOT / "tests" / "data" / "readers" / sample, tmp_path / "recordings" / name)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler")
    pipeline.to_disk(tmp_path / "my-pipeline")
    write_embeddings(tmp_path / "all-MiniLM-L6-v2")
    write_coded_tables(tmp_path)
    (tmp_path / "study").mkdir()
    write_corpus(tmp_path / "study")
    write_coders(tmp_path / "study")
    # Small files of the shape of public corpora, in the places where the docs take the real ones to be.
    write_annomi(tmp_path)
    write_esconv(tmp_path)
    (tmp_path / "epitome-files").mkdir()
    write_epitome(tmp_path / "epitome-files")
    # What Label Studio and doccano export of sessions that were coded there.
    talk = coded((("T", "You sound tired.", ("empathy",)), ("C", "Whatever.", ("rupture",))))
    came_back(tmp_path / "exported", "label-studio", [talk]).rename(tmp_path / "project-export.json")
    came_back(tmp_path / "doccano-export", "doccano", [talk])
    written(tmp_path / "docs-of-mine", "docbin", [talk])
    # As if the README's example of tagging had been run.
    write_results(tmp_path / "results", [tagged()])
    (tmp_path / "sessions-info.csv").write_text(
        "session_id,date,therapist\nalcohol-service,2026-01-05,Ann\nbereavement-call,2026-01-12,Ben\n"
        "staff-support,2026-01-19,Ann\n", "utf-8"
    )  # fmt: skip
    return tmp_path


def write_coded_tables(folder):
    """Tables of three coders of the demo sessions who differ here and there."""
    with (ROOT / "corpora" / "alliance" / "demo.csv").open(encoding="utf-8", newline="") as file:
        coded = list(csv.DictReader(file))
    for every, coder in ((9, "ana"), (11, "ben"), (14, "cleo")):
        with (folder / f"{coder}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, coded[0])
            table.writeheader()
            for number, row in enumerate(coded):
                slip = {"empathy": "1"} if row["empathy"] == "0" and number % every == 0 else {}
                table.writerow(row | slip)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shell_commands_of_a_page_run(page, workplace):
    for command in shell_commands(page):
        words = shlex.split(command)
        assert words[0] == "alliance-nlp", command
        # A page may use one folder name for several examples.
        overwrite = ["--overwrite"] if "--out" in words and "--overwrite" not in words else []
        run = subprocess.run(
            [sys.executable, "-m", "alliance_nlp", *words[1:], *overwrite],
            cwd=workplace, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, f"{command}\n{run.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_of_a_page_run(page, workplace, monkeypatch):
    monkeypatch.chdir(workplace)
    names = {}
    for block in blocks(page, "python"):
        exec(block, names)


def commands(group=program, path=()):
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_has_help(name, command):
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]}"


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_shown_in_the_docs(name):
    assert any(f"alliance-nlp {name}" in page.read_text("utf-8") for page in PAGES)


def test_links_between_pages_lead_somewhere():
    for page in [*PAGES, *(ROOT / "docs" / "decisions").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
