"""``alliance-nlp codebook``: what each marker is; a codebook of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from alliance_nlp.commands._options import debug_option, json_option, model_option
from alliance_nlp.errors import UsageError


@click.group("codebook")
def command() -> None:
    """Show codebooks; begin and check one of your own."""


@command.command("show")
@click.argument("marker", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="A codebook file.  [default: the alliance codebook]")
@model_option
@json_option
@debug_option
def show(marker: str | None, file: Path | None, model: Path | None, as_json: bool) -> None:
    """Print a codebook, or one MARKER, set or code of it, with rules and examples."""
    from alliance_nlp.codebook import read_codebook

    if file and model:
        raise UsageError("--file and --model are two codebooks; give one")
    if model:
        from alliance_nlp.bundle import load_bundle

        codebook = load_bundle(model).codebook
    else:
        codebook = read_codebook(file)
    asked = next((entry.code_names for entry in codebook.sets if entry.name == marker), (marker,))
    markers = [entry for entry in codebook.markers if marker is None or entry.name in asked]
    if not markers:
        known = dict.fromkeys((*codebook.variable_names, *codebook.marker_names))
        raise UsageError(f"no marker {marker!r} in this codebook; it has {', '.join(known)}")
    if as_json:
        import json
        from dataclasses import asdict

        entry = asdict(codebook) | {"markers": [asdict(shown) for shown in markers]}
        entry["sets"] = [asdict(code_set) | {"codes": code_set.code_names} for code_set in codebook.sets]
        del entry["source"]
        click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
    else:
        from alliance_nlp.reports.terminal import codebook_text, console

        codebook_text(codebook, markers, console())


@command.command("init")
@click.argument("file", type=click.Path(path_type=Path))
@debug_option
def init(file: Path) -> None:
    """Write a commented example to FILE, to begin a codebook of your own from."""
    from importlib import resources

    from alliance_nlp.errors import OutputError

    example = (resources.files("alliance_nlp.codebooks") / "example.toml").read_text("utf-8")
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(example)
    except FileExistsError:
        raise OutputError(f"{file}: is there already; name another file") from None
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror or error})") from error
    click.echo(f"{file}: an example with a marker and two sets. Change it, then: alliance-nlp codebook check {file}")


@command.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@debug_option
def check(file: Path | None) -> None:
    """List every mistake in a codebook FILE, and what a coder would miss in it.

    Without FILE, the alliance codebook is checked.
    """
    from alliance_nlp.codebook import codebook_gaps, codebook_mistakes, codebook_source, parse_codebook
    from alliance_nlp.errors import CodebookError

    source, where = codebook_source(file), str(file or "codebook")
    mistakes = codebook_mistakes(source, where)
    for mistake in mistakes[:-1]:
        click.echo(mistake, err=True)
    if mistakes:
        raise CodebookError(mistakes[-1])
    codebook = parse_codebook(source, where)
    gaps = codebook_gaps(codebook)
    for gap in gaps:
        click.echo(f"{where}: {gap}")
    verdict = "no mistakes" if not gaps else f"no mistakes, {len(gaps)} {'gap' if len(gaps) == 1 else 'gaps'}"
    sets = [f"{entry.name} ({', '.join(entry.code_names)})" for entry in codebook.sets]
    coded = ", ".join([*(entry.name for entry in codebook.independent), *sets])
    click.echo(f"{codebook.name} {codebook.version}: {coded}; {verdict}")
