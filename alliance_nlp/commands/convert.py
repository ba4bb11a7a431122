"""``alliance-nlp convert``: transcripts and codes to other tools, and back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alliance_nlp.commands._options import debug_option, json_option, overwrite_option, quiet_option, reading_options
from alliance_nlp.errors import AllianceError, TranscriptError, UnfitError, UsageError
from alliance_nlp.exports import TRANSCRIPTS

if TYPE_CHECKING:
    from alliance_nlp.conversion import Transcripts
    from alliance_nlp.exports import TranscriptExport
    from alliance_nlp.readers import ReadOptions

_SOME_FAILED = 3
_SHOWN = 20
_NOTES = "notes.log"  # an ending that no transcript has, since the folder may be read again


_TOOLS = {"elan": "eaf", "refi-qda": "qdpx", "excel": "xlsx", "spacy": "docbin"}


class _Format(click.Choice[str]):
    """A format, by its own name or by that of the tool."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(_TOOLS.get(str(value).casefold(), value), param, ctx)


@click.command("convert")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--to", "file_format", required=True, type=_Format(list(TRANSCRIPTS), case_sensitive=False),
              help="What to write.")  # fmt: skip
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the files.")
@click.option("--coder", metavar="NAME", help="With --to ratings: whose codes these are.")
@click.option("--codebook", "codebook_file", type=click.Path(path_type=Path),
              help="A codebook file that names the codes.  [default: the alliance codebook]")  # fmt: skip
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    paths: tuple[Path, ...],
    file_format: str,
    out: Path,
    coder: str | None,
    codebook_file: Path | None,
    reading: ReadOptions,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Convert transcripts and codes to another tool's format, and back.

    PATH is a transcript or a folder of them, a folder that tag wrote, or a file that comes back from another tool.

    \b
    csv, jsonl, parquet  the utterances as a table
    xlsx                 an Excel workbook: utterances, sessions, codebook
    eaf                  ELAN: a tier per speaker, with tiers for the markers
    qdpx                 a REFI-QDA project: NVivo, ATLAS.ti, MAXQDA, QualCoder
    label-studio         tasks with pre-annotations, and the labelling interface
    doccano              labelled documents, one an utterance
    convokit             a ConvoKit corpus
    docbin               spaCy Docs with spans
    ratings              the codes as a table for agreement, consensus and train --ratings

    To bring corrections back: convert FILE... --to ratings --coder NAME --out DIR.
    """
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.conversion import Transcripts
    from alliance_nlp.exports import files_of, open_transcripts
    from alliance_nlp.whole_folder import require_replaceable, whole_folder

    if coder is not None and file_format != "ratings":
        raise UsageError("--coder says whose codes go into a ratings table; it goes with --to ratings")
    ours = (_NOTES, *(name for each in TRANSCRIPTS for name in files_of(each)))
    require_replaceable(out.resolve(), ours, overwrite)
    transcripts = Transcripts(
        paths, read_codebook(codebook_file), reading, (coder or "").strip(), file_format == "ratings"
    )
    if transcripts.are_results and codebook_file:
        raise UsageError("results bring the markers of their model; leave --codebook out")
    if transcripts.passed_over and not quiet:
        click.echo(
            f"Passed over {len(transcripts.passed_over)} files that are no transcripts, such as "
            f"{transcripts.passed_over[0]}",
            err=True,
        )
    with whole_folder(out, ours, overwrite) as folder:
        with open_transcripts(folder, file_format, transcripts.about) as export:
            counts, failures, notes = _convert(transcripts, export)
        if not counts["sessions"]:
            raise _nothing_left(failures)
        notes += export.notes
        if notes or failures:
            lines = [f"Left out: {failure}" for failure in failures] + [f"Note: {note}" for note in notes]
            (folder / _NOTES).write_text("\n".join(lines) + "\n", "utf-8")
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    _say("Left out", failures, quiet=False)
    _say("Note", notes, quiet)
    if as_json:
        about = {
            "out": str(out), "format": file_format, **counts, "failures": len(failures), "notes": notes, "files": files,
        }  # fmt: skip
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    elif not quiet:
        click.echo(
            f"{counts['sessions']:,} sessions, {counts['utterances']:,} utterances, {counts['codes']:,} codes: "
            f"{out / files[0] if len(files) == 1 else out}"
        )
    return _SOME_FAILED if failures else 0


def _convert(
    transcripts: Transcripts, export: TranscriptExport
) -> tuple[Counter[str], list[TranscriptError | UnfitError], list[str]]:
    counts: Counter[str] = Counter(sessions=0, utterances=0, codes=0)
    failures: list[TranscriptError | UnfitError] = []
    notes: list[str] = []
    for item in transcripts:
        if isinstance(item, TranscriptError):
            failures.append(item)
            continue
        notes += item.session.notes
        try:
            export.write(item)
        except UnfitError as error:
            failures.append(error)
            continue
        counts["sessions"] += 1
        counts["utterances"] += len(item.session.utterances)
        counts["codes"] += sum(row.count(1) for row in item.codes or ())
    return counts, failures, notes


def _nothing_left(failures: list[TranscriptError | UnfitError]) -> AllianceError:
    if len(failures) == 1:
        return failures[0]
    _say("Left out", failures, quiet=False)
    return AllianceError(f"none of {len(failures)} sessions could be converted; nothing was written")


def _say(what: str, items: list[TranscriptError | UnfitError] | list[str], quiet: bool) -> None:
    if quiet:
        return
    for item in items[:_SHOWN]:
        click.echo(f"{what}: {item}", err=True)
    if len(items) > _SHOWN:
        click.echo(f"{what}: {len(items) - _SHOWN} more; all are in {_NOTES}", err=True)
