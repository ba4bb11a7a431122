"""``alliance-nlp evaluate``: how well a model does on coded sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    debug_option,
    embeddings_option,
    json_option,
    names_in,
    overwrite_option,
    quiet_option,
    reading_options,
    seed_option,
    settling_options,
)
from alliance_nlp.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliance_nlp.corpus_evaluation import Evaluation
    from alliance_nlp.readers import ReadOptions

_SHIPPED = Path("default")


@click.command("evaluate")
@click.argument("model", metavar="MODEL", type=click.Path(path_type=Path))
@click.argument("corpus", nargs=-1, required=True, metavar="CORPUS...", type=click.Path(path_type=Path))
@click.option("--by", metavar="COLUMN",
              help="Give figures for each value of this column of CORPUS too, such as site.")  # fmt: skip
@click.option("--codebook", "codebook_file", type=click.Path(path_type=Path),
              help="The codebook by which CORPUS was coded.  [default: the model's]")  # fmt: skip
@click.option("--html", "html_file", type=click.Path(path_type=Path), metavar="FILE",
              help="Write a page with plots. It shows what was said where the model errs.")  # fmt: skip
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="FILE",
              help="Write every figure into a CSV table, a row each.")  # fmt: skip
@click.option("--errors", "sheet", type=click.Path(path_type=Path), metavar="FILE",
              help="Write where model and codes differ into a CSV sheet, with what was said.")  # fmt: skip
@click.option("--context", type=click.IntRange(0), default=3, show_default=True,
              help="How many utterances before, in that sheet.")  # fmt: skip
@click.option("--learning-curve", "with_learning", is_flag=True,
              help="Train anew on growing shares of CORPUS's clients; as slow as three runs of train.")  # fmt: skip
@embeddings_option("the one that MODEL was trained with")
@seed_option
@settling_options
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    model: Path,
    corpus: tuple[Path, ...],
    by: str | None,
    codebook_file: Path | None,
    html_file: Path | None,
    csv_file: Path | None,
    sheet: Path | None,
    context: int,
    with_learning: bool,
    embeddings: Path | None,
    seed: int,
    ratings: tuple[str, ...],
    consensus: str | None,
    adjudicator: str | None,
    coders: str | None,
    reading: ReadOptions,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell how well a model does on coded sessions.

    MODEL is a bundle's folder, or "default" for the shipped model. CORPUS is as for train: coded tables with a column
    per marker, or, with --ratings, transcripts; then the model is set beside the coders too. Markers that CORPUS
    has no codes of are left out. Exits with 5 where the model does not fit.
    """
    from alliance_nlp.bundle import load_bundle
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.commands._ratings import read_rated_corpus, require_no_settling, say_notes
    from alliance_nlp.corpus_evaluation import evaluate, with_learning_curve
    from alliance_nlp.ratings import read_coded_sessions
    from alliance_nlp.shipped import default_model
    from alliance_nlp.tagging import fitting_embeddings
    from alliance_nlp.transcript_files import digest
    from alliance_nlp.whole_file import require_writable

    targets = [target for target in (html_file, csv_file, sheet) if target]
    if len({target.resolve() for target in targets}) < len(targets):
        raise UsageError("--html, --csv and --errors name the same file; give each its own")
    for target in targets:
        require_writable(target, overwrite)
    bundle = load_bundle(default_model() if model == _SHIPPED and not model.exists() else model)
    opened = fitting_embeddings(bundle, embeddings)
    codebook = read_codebook(codebook_file) if codebook_file else bundle.codebook
    column = (by or "").strip().casefold()
    keep = (column,) if column else ()
    if ratings:
        rated = read_rated_corpus(
            corpus, codebook, reading, ratings, consensus, adjudicator, names_in(coders), quiet, keep, True
        )
        coded, codebook = rated.coded, rated.codebook
        evaluation = evaluate(
            bundle, coded, codebook, rated.provenance, column, rated.table, rated.coders, seed, opened
        )
    else:
        require_no_settling(consensus, adjudicator, names_in(coders))
        coded = read_coded_sessions(corpus, codebook, reading, keep, some_markers=True)
        if not quiet:
            say_notes([item.session for item in coded])
        files = {"files": [digest(path) for path in corpus]}
        evaluation = evaluate(bundle, coded, codebook, files, column, seed=seed, embeddings=opened)
    if with_learning:
        say: Callable[[str], None] = (lambda message: None) if quiet else lambda message: click.echo(message, err=True)
        evaluation = with_learning_curve(evaluation, coded, codebook, say, opened)
    for warning in evaluation.warnings:
        click.echo(f"Note: {warning}", err=True)
    _write(evaluation, html_file, csv_file, sheet, context, overwrite)
    if as_json:
        click.echo(json.dumps(evaluation.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    elif not quiet:
        _print(evaluation)
    if not quiet:
        for what, written in (("Page", html_file), ("Figures", csv_file), ("Errors", sheet)):
            if written:
                click.echo(f"{what}: {written}", err=as_json)
        if html_file or sheet:
            click.echo("Page and sheet of errors hold what was said; keep them where the transcripts are.", err=True)


def _write(
    evaluation: Evaluation,
    html_file: Path | None,
    csv_file: Path | None,
    sheet: Path | None,
    context: int,
    overwrite: bool,
) -> None:
    from alliance_nlp.confident_errors import write_errors
    from alliance_nlp.evaluation_csv import write_figures
    from alliance_nlp.whole_file import whole_file

    if html_file:
        from alliance_nlp.reports.evaluation_page import evaluation_page

        with whole_file(html_file, overwrite) as partial:
            partial.write_text(evaluation_page(evaluation), "utf-8")
    if csv_file:
        write_figures(csv_file, evaluation, overwrite)
    if sheet:
        write_errors(sheet, [error for errors in evaluation.errors.values() for error in errors], context, overwrite)


def _print(evaluation: Evaluation) -> None:
    from alliance_nlp.reports.evaluation_tables import evaluation_tables
    from alliance_nlp.reports.terminal import console
    from alliance_nlp.scoring import N_RESAMPLES

    evaluation_tables(evaluation, console())
    click.echo(
        f"Below each figure its 95 % interval: bootstrap over sessions ({N_RESAMPLES:,} resamples); "
        "for the ICC, F distribution."
    )
