"""``alliance-nlp train``: a model bundle from coded sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import (
    debug_option,
    embeddings_option,
    jobs_option,
    json_option,
    names_in,
    overwrite_option,
    pipeline_help,
    quiet_option,
    reading_options,
    require_jobs,
    seed_option,
    settling_options,
)
from alliance_nlp.errors import UsageError

if TYPE_CHECKING:
    from alliance_nlp.readers import ReadOptions


@click.command("train")
@click.argument("corpus", nargs=-1, required=True, metavar="CORPUS...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="MODEL", type=click.Path(path_type=Path), help="Folder for the bundle.")
@click.option("--codebook", "codebook_file", type=click.Path(path_type=Path),
              help="The codebook file.  [default: the alliance codebook]")  # fmt: skip
@click.option("--name", help="Name of the model.  [default: the name of MODEL]")
@click.option("--notice", type=click.Path(path_type=Path),
              help="A text file about the corpus; model card and results repeat it.")  # fmt: skip
@click.option("--min-clients", type=click.IntRange(1), default=3, show_default=True,
              help="Only words that stand in so many clients' sessions enter the model.")  # fmt: skip
@click.option("--pipeline", default="blank:en", show_default=True, help=f"Tokenizer: {pipeline_help}")
@click.option("--penalty", default="auto", show_default=True, metavar="C|auto",
              help="C of the logistic regressions; auto chooses it for each marker inside nested folds.")  # fmt: skip
@click.option("--threshold", "threshold_rules", multiple=True, metavar="RULE",
              help="From which probability on a marker is tagged: kappa, f1, precision=.8 or recall=.9; for one marker "
              "alone, rupture:recall=.9. Repeat for several.  [default: kappa]")  # fmt: skip
@click.option("--base", metavar="MODEL",
              help="A model to begin from: its folder, or default for the shipped one. It helps where few sessions are "
              "coded.")  # fmt: skip
@embeddings_option("to learn from too; it is then needed wherever MODEL is used")
@jobs_option
@click.option("--cache", metavar="DIR", type=click.Path(path_type=Path),
              help="Keep what is counted and fitted in this private folder, so that a second run is quick. It holds "
              "words that were said.")  # fmt: skip
@seed_option
@settling_options
@reading_options
@overwrite_option
@json_option
@quiet_option
@debug_option
def command(
    corpus: tuple[Path, ...],
    out: Path,
    codebook_file: Path | None,
    name: str | None,
    notice: Path | None,
    min_clients: int,
    pipeline: str,
    penalty: str,
    threshold_rules: tuple[str, ...],
    base: str | None,
    embeddings: Path | None,
    jobs: int,
    cache: Path | None,
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
    """Train a model on coded sessions.

    CORPUS is one or more coded tables (.csv, .tsv, .jsonl, .xlsx): the columns of a transcript table and a column per
    marker of the codebook with 1, 0 or, where not coded, nothing; and client_id where clients have several sessions.

    With --ratings, CORPUS is transcripts or folders of them, and the codes are what the coders' ratings settle on.
    """
    from alliance_nlp.base_model import open_base_model
    from alliance_nlp.bundle import FILES, MANIFEST, save_bundle
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.commands._progress import Steps
    from alliance_nlp.commands._ratings import read_corpus
    from alliance_nlp.embeddings import open_embeddings
    from alliance_nlp.private_cache import open_cache
    from alliance_nlp.thresholds import parse_rules
    from alliance_nlp.training import TrainingSettings, train
    from alliance_nlp.whole_folder import require_replaceable

    require_replaceable(out.resolve(), (MANIFEST, *FILES), overwrite)
    require_jobs(jobs)
    codebook = read_codebook(codebook_file)
    steps = Steps("Training", "models", quiet)
    settings = TrainingSettings(
        name or out.resolve().name,
        pipeline,
        min_clients,
        seed,
        _text_of(notice),
        _penalty(penalty),
        parse_rules(threshold_rules, [marker.name for marker in codebook.independent]),
        open_embeddings(embeddings, steps.stage("Embedding", "different utterances")) if embeddings else None,
        open_base_model(base, pipeline) if base else None,
    )
    memory = open_cache(cache)
    coded, provenance = read_corpus(corpus, codebook, reading, ratings, consensus, adjudicator, names_in(coders), quiet)
    if embeddings and not quiet:
        n_utterances = sum(len(item.codes) for item in coded)
        click.echo(f"First the sentence embeddings of {n_utterances:,} utterances", err=True)
    with steps:
        bundle, figures = train(
            coded, codebook, settings, provenance, lambda line: steps.say(f"Note: {line}"), steps.done, jobs, memory
        )
    save_bundle(bundle, out, overwrite)
    if as_json:
        click.echo(json.dumps(bundle.training, indent=2, ensure_ascii=False))
    elif not quiet:
        from alliance_nlp.reports.terminal import console, figures_table, set_table

        rows = zip(figures, figures.values(), bundle.thresholds, strict=True)
        figures_table(rows, console())
        for name, of_set in bundle.training.get("sets", {}).items():
            set_table(name, of_set, console())
        click.echo("On clients the model had not seen; 95 % intervals from a bootstrap over sessions.")
        click.echo(f"Model: {out}")


def _text_of(notice: Path | None) -> str:
    try:
        return " ".join(notice.read_text("utf-8").split()) if notice else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--notice {notice}: cannot be read as UTF-8 text ({type(error).__name__})") from error


def _penalty(text: str) -> float | None:
    """None for ``auto``."""
    if text.strip().casefold() == "auto":
        return None
    try:
        penalty = float(text)
    except ValueError:
        penalty = 0.0
    if not 0 < penalty < float("inf"):
        raise UsageError(f"--penalty {text!r}: write auto, or a number above 0 such as 1.5")
    return penalty
