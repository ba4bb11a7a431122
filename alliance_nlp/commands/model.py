"""``alliance-nlp model``: what a model bundle holds, and whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

import click

from alliance_nlp.commands._options import debug_option, json_option

_folder = click.argument("folder", required=False, metavar="[MODEL]", type=click.Path(path_type=Path))


@click.group("model")
def command() -> None:
    """Show and verify model bundles."""


@command.command("show")
@_folder
@json_option
@debug_option
def show(folder: Path | None, as_json: bool) -> None:
    """Print what a bundle is, what it was trained on and how well it did.

    MODEL is a bundle's folder; without one, the shipped model is shown.
    """
    from alliance_nlp.bundle import load_bundle
    from alliance_nlp.shipped import default_model

    bundle = load_bundle(folder or default_model())
    if as_json:
        about = {
            "name": bundle.name,
            "sha256": bundle.digest,
            "codebook": {"name": bundle.codebook.name, "version": bundle.codebook.version},
            "pipeline": bundle.pipeline,
            "features": bundle.features.n_features,
            "thresholds": dict(zip(bundle.codebook.marker_names, bundle.thresholds, strict=True)),
            "training": bundle.training,
        }
        click.echo(json.dumps(about, indent=2, ensure_ascii=False))
    else:
        from rich.markdown import Markdown

        from alliance_nlp.reports.terminal import console

        console().print(Markdown(bundle.card))
        click.echo(f"SHA-256 {bundle.digest}")


@command.command("verify")
@_folder
@debug_option
def verify(folder: Path | None) -> None:
    """Check that every file of a bundle is whole and unchanged.

    MODEL is a bundle's folder; without one, the shipped model is checked. Exits with 5 where it does not fit.
    """
    from alliance_nlp.bundle import FILES, load_bundle
    from alliance_nlp.shipped import default_model

    path = folder or default_model()
    bundle = load_bundle(path)
    click.echo(f"{path}: whole and unchanged ({len(FILES)} files, SHA-256 {bundle.digest})")
