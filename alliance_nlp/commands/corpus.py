"""``alliance-nlp corpus``: public corpora as coded corpora."""

from __future__ import annotations

from pathlib import Path

import click

from alliance_nlp.commands._options import debug_option, json_option, overwrite_option, quiet_option
from alliance_nlp.public_corpora import NAMES


@click.group("corpus")
def command() -> None:
    """Make coded corpora of public ones."""


@command.command("import")
@click.argument("name", type=click.Choice(NAMES))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path),
              help="Folder for the coded table, its codebook and a README.")  # fmt: skip
@overwrite_option
@json_option
@quiet_option
@debug_option
def import_(name: str, file: Path, out: Path, overwrite: bool, as_json: bool, quiet: bool) -> None:
    """Make a coded corpus of a public one, from the FILE that its authors publish.

    \b
    annomi   AnnoMI-full.csv       motivational interviewing: reflections, questions, change talk
    epitome  folder of three .csv  peers' responses: three dimensions of empathy
    esconv   ESConv.json           support chats: eight strategies

    Nothing is downloaded: get the file from its authors (a wrong FILE is told where). FILE can be its folder, too.
    """
    from alliance_nlp.public_corpora.folder import (
        CODEBOOK,
        NOTICE,
        read_public_corpus,
        require_place,
        write_public_corpus,
    )

    require_place(name, out, overwrite)
    corpus = read_public_corpus(name, file)
    write_public_corpus(corpus, out, overwrite)
    if corpus.part and not quiet:
        click.echo(f"Note: {corpus.part}", err=True)
    if as_json:
        import json

        plain = {
            "corpus": name,
            "out": str(out),
            "sessions": len(corpus.coded),
            "utterances": corpus.n_utterances,
            "unsettled": corpus.n_unsettled,
            "markers": {
                marker: {"utterances": coded, "clients": clients} for marker, (coded, clients) in corpus.counts.items()
            },
            "files": corpus.digests,
        }
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    elif not quiet:
        width = max(len(marker) for marker in corpus.counts)
        title, n_sessions = corpus.publication.title, len(corpus.coded)
        click.echo(f"{title}: {n_sessions:,} conversations, {corpus.n_utterances:,} utterances")
        for marker, (coded, clients) in corpus.counts.items():
            click.echo(f"  {marker:<{width}}  {coded:>7,} coded 1, of {clients:,} clients")
        click.echo(f"Written to {out}; its README.md has source, licence and how to cite. Next:")
        folder = out.as_posix()
        click.echo(
            f"  alliance-nlp train {folder}/{name}.csv --codebook {folder}/{CODEBOOK} --notice {folder}/{NOTICE} "
            "--out MODEL"
        )
