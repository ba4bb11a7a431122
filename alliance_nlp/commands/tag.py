"""``alliance-nlp tag``: the main job."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alliance_nlp import __version__
from alliance_nlp.commands._options import (
    debug_option,
    json_option,
    model_option,
    overwrite_option,
    pipeline_help,
    quiet_option,
    reading_options,
)  # fmt: skip
from alliance_nlp.errors import AllianceError, TranscriptError, UsageError

if TYPE_CHECKING:
    from alliance_nlp.batch import Batch
    from alliance_nlp.bundle import Bundle
    from alliance_nlp.commands._progress import Progress
    from alliance_nlp.readers import ReadOptions
    from alliance_nlp.results import ResultsWriter
    from alliance_nlp.summary import SessionSummary

_SOME_FAILED = 3
_FAILURES_SHOWN = 10
_SESSIONS_SHOWN = 40
_REASONS = 5


@click.command("tag")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--demo", is_flag=True, help="Tag the three demo sessions that come with the program.")
@click.option("--report", is_flag=True, help="Also write pages for people into DIR/report; takes --explain along.")
@click.option("--explain", is_flag=True, help="Add a column per marker: the words that carried the decision.")
@click.option(
    "--as", "file_format", type=click.Choice(["csv", "jsonl", "parquet", "xlsx"]), default="csv", show_default=True,
    help="Format of the utterances.",
)  # fmt: skip
@click.option(
    "--jobs", "-j", type=click.IntRange(-1), default=1, show_default=True, help="Processes; -1 for one per core."
)
@reading_options
@model_option
@click.option("--pipeline", help=f"Another tokenizer than the model's own: {pipeline_help}")
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    paths: tuple[Path, ...],
    out: Path,
    demo: bool,
    report: bool,
    explain: bool,
    file_format: str,
    jobs: int,
    reading: ReadOptions,
    model: Path | None,
    pipeline: str | None,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Tag transcripts and summarise each session.

    PATH is a transcript or a folder of them: text with speaker labels, captions, the output of programs that
    transcribe, or a table with the columns speaker and text, one session a file or, with a column session_id, many.

    Writes utterances.csv, sessions.csv, episodes.csv, failures.csv and run.json into DIR.
    """
    from alliance_nlp.batch import Batch, Settings, find_transcripts
    from alliance_nlp.bundle import load_bundle
    from alliance_nlp.commands._progress import Progress
    from alliance_nlp.results import open_results
    from alliance_nlp.shipped import default_model, demo_transcripts

    if demo == bool(paths):
        raise UsageError("name the transcripts to tag, or give --demo for those that come with the program, not both")
    if jobs == 0:
        raise UsageError("--jobs 0: at least one process is needed; -1 takes one per core")
    explain = explain or report
    files, passed_over = find_transcripts([demo_transcripts()] if demo else paths)
    model = model or default_model()
    bundle = load_bundle(model)
    batch = Batch(files, Settings(model, pipeline, _REASONS if explain else 0), reading, jobs)
    progress = Progress(sum(file.size for file in files), quiet)
    if passed_over and not quiet:
        progress.say(f"Passed over {len(passed_over)} files that are no transcripts, such as {passed_over[0]}")
    with open_results(out, bundle.codebook.markers, file_format, explain, overwrite) as results:
        with progress:
            summaries, failures = _tag(batch, results, progress, quiet)
        if not summaries:
            raise AllianceError(f"none of {len(files)} files could be tagged; nothing was written")
        settings = {
            "pipeline": pipeline or bundle.pipeline,
            "format": file_format,
            "explain": explain,
            "roles": [f"{label}={role}" for label, role in reading.roles.given.items()],
            "reading": reading.settings(),
            "thresholds": dict(zip(bundle.codebook.marker_names, bundle.thresholds, strict=True)),
        }
        run = _run(bundle, settings, batch, summaries, failures)
        results.describe(run)
    first_page = _report(out) if report else None
    if as_json:
        where = {"out": str(out)} | ({"first_page": str(first_page)} if first_page else {})
        click.echo(json.dumps({**where, **run}, indent=2, ensure_ascii=False))
    elif not quiet:
        _print(summaries, failures, bundle, out)
        if first_page:
            click.echo(f"Pages: open {first_page}")
    return _SOME_FAILED if failures else 0


def _tag(
    batch: Batch, results: ResultsWriter, progress: Progress, quiet: bool
) -> tuple[list[SessionSummary], list[TranscriptError]]:
    from alliance_nlp.summary import summarise

    summaries: list[SessionSummary] = []
    failures: list[TranscriptError] = []
    for result, bytes_read in batch:
        if isinstance(result, TranscriptError):
            failures.append(result)
            results.add_failure(result)
            if len(failures) <= _FAILURES_SHOWN:
                progress.say(f"Left out: {result}")
            continue
        for note in result.session.notes:
            if not quiet:
                progress.say(f"Note: {note}")
        summary = summarise(result)
        summaries.append(summary)
        results.add(result, summary)
        progress.advance(bytes_read, len(result.session.utterances))
    if summaries and len(failures) > _FAILURES_SHOWN:
        progress.say(f"Left out: {len(failures) - _FAILURES_SHOWN} more; all are in failures.csv")
    if not summaries:
        for failure in failures[_FAILURES_SHOWN:]:
            progress.say(f"Left out: {failure}")
    return summaries, failures


def _report(out: Path) -> Path:
    from alliance_nlp.reference import shipped_reference
    from alliance_nlp.reports.site import Selection, write_site
    from alliance_nlp.results import PAGES
    from alliance_nlp.stored_results import StoredResults

    results = StoredResults(out)
    return write_site(results, out / PAGES, shipped_reference(results.run.model_digest), Selection()).first_page


def _run(
    bundle: Bundle,
    settings: Mapping[str, Any],
    batch: Batch,
    summaries: list[SessionSummary],
    failures: list[TranscriptError],
) -> dict[str, Any]:
    """What was done, without times or numbers of processes, so that the same input gives the same file."""
    return {
        "tool": "alliance_nlp",
        "version": __version__,
        "bundle": {"name": bundle.name, "sha256": bundle.digest},
        "codebook": {"name": bundle.codebook.name, "version": bundle.codebook.version},
        "settings": settings,
        "counts": {
            "files": len(batch.digests),
            "sessions": len(summaries),
            "utterances": sum(sum(summary.utterances.values()) for summary in summaries),
            "failures": len(failures),
        },
        "notice": bundle.training.get("notice", ""),
        "trained_on": {
            name: bundle.training.get("corpus", {}).get(name) for name in ("sessions", "clients", "utterances")
        },
        "markers": [
            {
                "name": marker.name,
                "title": marker.title,
                "role": marker.role,
                "definition": marker.definition,
                "measured": bundle.training.get("figures", {}).get(marker.name),
            }
            for marker in bundle.codebook.markers
        ],
        "inputs": [
            {"file": file, "format": batch.formats[file], "sha256": digest} for file, digest in batch.digests.items()
        ],
    }


def _print(summaries: list[SessionSummary], failures: list[TranscriptError], bundle: Bundle, out: Path) -> None:
    from alliance_nlp.reports.terminal import console, session_table

    terminal = console()
    session_table(summaries[:_SESSIONS_SHOWN], bundle.codebook.markers, terminal)
    if len(summaries) > _SESSIONS_SHOWN:
        click.echo(f"… and {len(summaries) - _SESSIONS_SHOWN} more sessions in sessions.csv")
    if bundle.training.get("notice"):
        terminal.print(bundle.training["notice"], style="dim", markup=False)
    click.echo(f"\nResults: {out}{os.sep} (utterances, sessions, episodes, failures, run.json)")
    if failures:
        click.echo(f"{len(failures)} could not be read; failures.csv says why.", err=True)
