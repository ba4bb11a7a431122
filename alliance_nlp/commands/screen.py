"""``alliance-nlp screen``: identifiers that were left in transcripts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    debug_option,
    json_option,
    names_in,
    overwrite_option,
    quiet_option,
    reading_options,
)
from alliance_nlp.errors import UsageError, shown
from alliance_nlp.screening.categories import DESCRIPTIONS, Category

if TYPE_CHECKING:
    from alliance_nlp.batch import TranscriptFile
    from alliance_nlp.errors import TranscriptError
    from alliance_nlp.readers import ReadOptions
    from alliance_nlp.screening.sessions import Finding

    Found = list[tuple[Path, Finding]]

_SOME_FAILED, _REFUSED = 3, 4
_ROWS_SHOWN = 40
_COLUMNS = ("file", "session_id", "place", "utterance_id", "category", "words")
_NOTICE = (
    "A screen, not a guarantee: it overlooks some identifiers and points at words that are none. Whether a transcript "
    "is de-identified is for a person to say."
)


@click.command(
    "screen", epilog="Categories: " + "; ".join(f"{name}: {what}" for name, what in DESCRIPTIONS.items()) + "."
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--only", metavar="A,B", help="These categories only.")
@click.option("--ignore", metavar="A,B", help="All but these categories.")
@click.option(
    "--allow", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="A text file of words that are no findings, one a line. Repeat for several.",
)  # fmt: skip
@click.option(
    "--presidio", metavar="PIPELINE",
    help="Have Presidio look too, with this spaCy pipeline for names: one that is installed, or the folder of one.",
)  # fmt: skip
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Also write all findings as CSV.")
@click.option("--refuse", is_flag=True, help="Exit with code 4 where anything is found.")
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    paths: tuple[Path, ...],
    only: str | None,
    ignore: str | None,
    allow: tuple[Path, ...],
    presidio: str | None,
    out: Path | None,
    refuse: bool,
    reading: ReadOptions,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Look for identifiers left in transcripts: names, places, dates, numbers, addresses.

    PATH is a transcript or a folder of them. Looked at are the words, the speakers' labels, the names of files and
    sessions, and of Word, Excel and OpenDocument files author, company, comments, tracked changes, headers and footers.
    The words of a finding are shown masked. It is a screen, not a guarantee.

    Exits with 0 where everything was looked at, whatever was found; 3 where a file could not be read; with --refuse, 4
    where anything was found.
    """
    from alliance_nlp.batch import find_transcripts
    from alliance_nlp.screened_files import counts_in_words, screen_files
    from alliance_nlp.screening.allowed import read_allowed
    from alliance_nlp.screening.presidio import PresidioFinder
    from alliance_nlp.screening.screen import Screen
    from alliance_nlp.whole_file import require_writable

    if out and out.suffix.lower() != ".csv":
        raise UsageError(f"--out {out}: the findings are a CSV file; choose a name that ends in .csv")
    if out:
        require_writable(out, overwrite)
    screen = Screen(_categories(only, ignore), read_allowed(allow), PresidioFinder(presidio) if presidio else None)
    files, passed_over = find_transcripts(paths)
    found: Found = []
    failures: list[TranscriptError] = []
    utterances = 0
    for file, findings, n, failure in screen_files([*files, *_documents(passed_over)], screen, reading):
        found += [(file, finding) for finding in findings]
        utterances += n
        if failure:
            failures.append(failure)
            click.echo(f"Not screened: {failure}", err=True)
    if out:
        _write(out, found, overwrite)
    counts = Counter(finding.category for _, finding in found)
    if as_json:
        about = {
            "files": len(files),
            "utterances": utterances,
            "counts": {category: counts[category] for category in Category if counts[category]},
            "findings": [dict(zip(_COLUMNS, row, strict=True)) for row in _rows(found)],
            "failures": [
                {"file": shown(error.file), "place": error.place, "reason": error.reason} for error in failures
            ],
            "notice": _NOTICE,
        }
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    elif not quiet:
        _print(found, counts_in_words(counts) if found else "No identifiers found", len(files), utterances, out)
    if refuse and found:
        return _REFUSED
    return _SOME_FAILED if failures else 0


def _categories(only: str | None, ignore: str | None) -> Sequence[Category]:
    if only and ignore:
        raise UsageError("--only and --ignore contradict each other; give one of them")
    named = names_in(only or ignore)
    unknown = [name for name in named if name not in set(Category)]
    if unknown:
        raise UsageError(f"no category {unknown[0]!r}; there are {', '.join(Category)}")
    return [category for category in Category if not named or (category in named) == bool(only)]


def _documents(passed_over: Sequence[Path]) -> Iterator[TranscriptFile]:
    """Office documents beside the transcripts that no reader takes: their names and properties tell as much."""
    from alliance_nlp.batch import TranscriptFile
    from alliance_nlp.screening.documents import SUFFIXES

    for path in passed_over:
        if path.suffix.lower() in SUFFIXES:
            yield TranscriptFile(path, path.stem, 0)


def _rows(found: Found) -> Iterator[tuple[str, str, str, str, str, str]]:
    for file, finding in found:
        yield (
            shown(file),
            finding.session_id,
            finding.place,
            finding.utterance_id,
            finding.category.value,
            finding.words,
        )


def _write(out: Path, found: Found, overwrite: bool) -> None:
    from alliance_nlp.exports import CellType, Column, Filled
    from alliance_nlp.exports.csv_table import write_csv

    write_csv(out, Filled([Column(name, CellType.TEXT) for name in _COLUMNS], _rows(found)), overwrite)


def _print(found: Found, counts: str, files: int, utterances: int, out: Path | None) -> None:
    from alliance_nlp.reports.screen_table import screen_table
    from alliance_nlp.reports.terminal import console

    terminal = console()
    if found:
        screen_table(found[:_ROWS_SHOWN], terminal)
    if len(found) > _ROWS_SHOWN:
        click.echo(f"… and {len(found) - _ROWS_SHOWN:,} more{'' if out else '; --out FILE.csv lists them all'}\n")
    click.echo(f"{counts} in {files:,} file{'s' if files != 1 else ''}, {utterances:,} utterances.")
    terminal.print(_NOTICE, style="dim", markup=False)
    if out:
        click.echo(f"Findings: {out}")
