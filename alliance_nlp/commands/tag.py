"""``alliance-nlp tag``: the main job."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from alliance_nlp import __version__
from alliance_nlp.commands._options import (
    debug_option,
    embeddings_option,
    jobs_option,
    json_option,
    model_option,
    overwrite_option,
    pipeline_help,
    quiet_option,
    reading_options,
    require_jobs,
)  # fmt: skip
from alliance_nlp.errors import AllianceError, IdentifiersError, TranscriptError, UsageError, shown

if TYPE_CHECKING:
    from alliance_nlp.batch import Batch, TranscriptFile
    from alliance_nlp.bundle import Bundle
    from alliance_nlp.commands._progress import Progress
    from alliance_nlp.readers import ReadOptions
    from alliance_nlp.results import ResultsWriter
    from alliance_nlp.screening.categories import Category
    from alliance_nlp.summary import SessionSummary

_SOME_FAILED = 3
_FAILURES_SHOWN = 10
_SESSIONS_SHOWN = 40
_REASONS = 5
_PATHS_SHOWN = 3


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
@jobs_option
@reading_options
@click.option(
    "--screen", type=click.Choice(["warn", "refuse", "off"]), default="warn", show_default=True,
    help="What to do about identifiers left in the transcripts: say how many, write nothing, or do not look.",
)  # fmt: skip
@model_option
@embeddings_option("the one that the model was trained with")
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
    screen: str,
    model: Path | None,
    embeddings: Path | None,
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
    from alliance_nlp.batch_notes import few_words_known, one_role_only, read_twice
    from alliance_nlp.bundle import load_bundle
    from alliance_nlp.commands._progress import Progress
    from alliance_nlp.results import open_results
    from alliance_nlp.shipped import default_model, demo_transcripts
    from alliance_nlp.tagging import fitting_embeddings

    if demo == bool(paths):
        raise UsageError("name the transcripts to tag, or give --demo for those that come with the program, not both")
    require_jobs(jobs)
    explain = explain or report
    files, passed_over = find_transcripts([demo_transcripts()] if demo else paths)
    model = model or default_model()
    bundle = load_bundle(model)
    # Asked here as well as by each worker: whatever does not fit is said before anything is read.
    fitting_embeddings(bundle, embeddings)
    settings = Settings(model, pipeline, _REASONS if explain else 0, screen == "warn", embeddings)
    batch = Batch(files, settings, reading, jobs)
    progress = Progress(sum(file.size for file in files), quiet)
    if passed_over and not quiet:
        progress.say(f"Passed over {len(passed_over)} files that are no transcripts, such as {passed_over[0]}")
    if screen == "refuse":
        _refuse_identifiers(files, reading)
    found: Counter[Category] = _count_outside(files) if screen == "warn" else Counter()
    with open_results(out, bundle.codebook.markers, file_format, explain, overwrite, bundle.codebook.sets) as results:
        with progress:
            summaries, failures, notes = _tag(batch, results, progress, found, quiet)
        if not summaries:
            raise AllianceError(f"none of {len(files)} files could be tagged; nothing was written")
        about = {
            "pipeline": pipeline or bundle.pipeline,
            "format": file_format,
            "explain": explain,
            "roles": [f"{label}={role}" for label, role in reading.roles.given.items()],
            "reading": reading.settings(),
            "screen": screen,
            "threshold_rule": bundle.training.get("settings", {}).get("threshold_rule"),
            "thresholds": bundle.threshold_of,
            **({"embeddings": bundle.embeddings._asdict()} if bundle.embeddings else {}),
        }
        of_all = [*read_twice(_tagged(batch, failures)), *one_role_only(summaries), *few_words_known(summaries)]
        for note in [] if quiet else of_all:
            progress.say(f"Note: {note}")
        run = _run(bundle, about, batch, summaries, failures, [*notes, *of_all])
        results.describe(run)
    if found and not quiet:
        _warn(found, [str(path) for path in paths])
    first_page = _report(out) if report else None
    if as_json:
        where = {"out": str(out)} | ({"first_page": str(first_page)} if first_page else {})
        click.echo(json.dumps({**where, **run}, indent=2, ensure_ascii=False))
    elif not quiet:
        _print(summaries, failures, bundle, out)
        if first_page:
            click.echo(f"Pages: open {first_page}")
    return _SOME_FAILED if failures else 0


class _Done(NamedTuple):
    summaries: list[SessionSummary]
    failures: list[TranscriptError]
    notes: list[str]


def _tag(
    batch: Batch, results: ResultsWriter, progress: Progress, identifiers: Counter[Category], quiet: bool
) -> _Done:
    from alliance_nlp.summary import summarise

    summaries, failures, notes = done = _Done([], [], [])
    for result, bytes_read, found in batch:
        identifiers.update(found)
        if isinstance(result, TranscriptError):
            failures.append(result)
            results.add_failure(result)
            if len(failures) <= _FAILURES_SHOWN:
                progress.say(f"Left out: {result}")
            continue
        notes += result.session.notes
        for note in [] if quiet else result.session.notes:
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
    return done


def _tagged(batch: Batch, failures: Sequence[TranscriptError]) -> dict[str, str]:
    """Digests of the files in which nothing failed."""
    failed = {shown(failure.file) for failure in failures}
    return {file: digest for file, digest in batch.digests.items() if file not in failed}


def _refuse_identifiers(files: Sequence[TranscriptFile], reading: ReadOptions) -> None:
    from alliance_nlp.screened_files import counts_in_words, screen_files
    from alliance_nlp.screening.screen import Screen

    found: Counter[Category] = Counter()
    for screened in screen_files(files, Screen(), reading):
        # What cannot be read will not be tagged either.
        found.update(finding.category for finding in screened.findings)
    if found:
        raise IdentifiersError(
            f"{counts_in_words(found)} in the transcripts; nothing was written. alliance-nlp screen shows where; "
            "take them out, or tag with --screen warn"
        )


def _count_outside(files: Sequence[TranscriptFile]) -> Counter[Category]:
    """Identifiers in the files' names and properties; those inside are counted as the files are tagged."""
    from alliance_nlp.screened_files import screen_outside
    from alliance_nlp.screening.screen import Screen

    screen = Screen()
    return Counter(
        finding.category for file in files for one in screen_outside(file, screen) for finding in one.findings
    )


def _warn(found: Counter[Category], paths: Sequence[str]) -> None:
    from alliance_nlp.screened_files import counts_in_words

    where = shlex.join(paths) if 0 < len(paths) <= _PATHS_SHOWN else "PATH..."
    click.echo(
        f"Warning: {counts_in_words(found)} in the transcripts; to see where: alliance-nlp screen {where}", err=True
    )


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
    notes: list[str],
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
        "notes": notes,
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
        **_sets(bundle),
        "inputs": [
            {"file": file, "format": batch.formats[file], "sha256": digest} for file, digest in batch.digests.items()
        ],
    }


def _sets(bundle: Bundle) -> dict[str, Any]:
    """The sets of the model's codebook; nothing where it has none."""
    of_sets = [
        {
            "name": code_set.name,
            "title": code_set.title,
            "role": code_set.role,
            "definition": code_set.definition,
            "codes": code_set.code_names,
            "ordered": code_set.ordered,
            "lowest": code_set.lowest,
            "priorities": rule.priorities,
            "measured": bundle.training.get("sets", {}).get(code_set.name, {}).get("figures"),
        }
        for code_set, rule in zip(bundle.codebook.sets, bundle.set_rules, strict=True)
    ]
    return {"sets": of_sets} if of_sets else {}


def _print(summaries: list[SessionSummary], failures: list[TranscriptError], bundle: Bundle, out: Path) -> None:
    from alliance_nlp.reports.terminal import console, session_table

    terminal = console()
    session_table(summaries[:_SESSIONS_SHOWN], bundle.codebook.markers, terminal, bundle.codebook.sets)
    if len(summaries) > _SESSIONS_SHOWN:
        click.echo(f"… and {len(summaries) - _SESSIONS_SHOWN} more sessions in sessions.csv")
    if bundle.training.get("notice"):
        terminal.print(bundle.training["notice"], style="dim", markup=False)
    click.echo(f"\nResults: {out}{os.sep} (utterances, sessions, episodes, failures, run.json)")
    if failures:
        click.echo(f"{len(failures)} could not be read; failures.csv says why.", err=True)
