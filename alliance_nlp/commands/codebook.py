"""``alliance-nlp codebook``: what each marker is."""

from __future__ import annotations

from pathlib import Path

import click

from alliance_nlp.commands._options import debug_option, json_option, model_option
from alliance_nlp.errors import UsageError


@click.group("codebook")
def command() -> None:
    """Show codebooks."""


@command.command("show")
@click.argument("marker", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="A codebook file.  [default: the alliance codebook]")
@model_option
@json_option
@debug_option
def show(marker: str | None, file: Path | None, model: Path | None, as_json: bool) -> None:
    """Print a codebook, or one MARKER of it, with rules and examples."""
    from alliance_nlp.codebook import read_codebook

    if file and model:
        raise UsageError("--file and --model are two codebooks; give one")
    if model:
        from alliance_nlp.bundle import load_bundle

        codebook = load_bundle(model).codebook
    else:
        codebook = read_codebook(file)
    markers = [entry for entry in codebook.markers if marker in (None, entry.name)]
    if not markers:
        raise UsageError(f"no marker {marker!r} in this codebook; it has {', '.join(codebook.marker_names)}")
    if as_json:
        import json
        from dataclasses import asdict

        entry = asdict(codebook) | {"markers": [asdict(shown) for shown in markers]}
        del entry["source"]
        click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
    else:
        from alliance_nlp.reports.terminal import codebook_text, console

        codebook_text(codebook, markers, console())
