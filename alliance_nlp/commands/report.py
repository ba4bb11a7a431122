"""``alliance-nlp report``: pages, documents and figures from tagged results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alliance_nlp.commands._options import debug_option, overwrite_option, quiet_option
from alliance_nlp.errors import UsageError

if TYPE_CHECKING:
    from alliance_nlp.reference import Reference
    from alliance_nlp.stored_results import StoredResults

_path = click.Path(path_type=Path)


@click.command("report")
@click.argument("folder", metavar="DIR", type=_path)
@click.option(
    "--format", "file_format", type=click.Choice(["html", "text", "md", "json"]), default="html", show_default=True,
    help="html writes pages into a folder; the others print the sessions' reports.",
)  # fmt: skip
@click.option("--out", metavar="FOLDER", type=_path, help="Folder for the pages.  [default: DIR/report]")
@click.option("--session", "sessions", multiple=True, metavar="ID", help="Only this session. Repeat for several.")
@click.option(
    "--only", multiple=True, metavar="COLUMN=VALUE",
    help='Only sessions of which a column says this: --only "therapist=Ann". Repeat to narrow further.',
)  # fmt: skip
@click.option(
    "--sessions-info", metavar="CSV", type=_path,
    help="Table with the column session_id and what is known of each session: date, therapist, client …",
)  # fmt: skip
@click.option("--order-by", metavar="COLUMN", help="Order of the sessions: a column of dates (2026-03-07) or numbers.")
@click.option(
    "--group-by", multiple=True, metavar="COLUMN", help="Trends for each value of this column. Repeat for several."
)
@click.option(
    "--reference", metavar="DIR", type=_path,
    help="Results of your own to set the figures beside.  [default: sessions of the shipped corpus]",
)  # fmt: skip
@click.option("--figures", is_flag=True, help="Also write each session's timeline and summary as SVG and PNG.")
@overwrite_option
@quiet_option
@debug_option
def command(
    folder: Path,
    file_format: str,
    out: Path | None,
    sessions: tuple[str, ...],
    only: tuple[str, ...],
    sessions_info: Path | None,
    order_by: str | None,
    group_by: tuple[str, ...],
    reference: Path | None,
    figures: bool,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Make pages for people from what `tag` wrote into DIR.

    Writes a page for each session and, where there are several, one for the caseload. Each page is one file that
    opens offline and can be sent to somebody.
    """
    from alliance_nlp.reference import reference_from_results, shipped_reference
    from alliance_nlp.results import PAGES
    from alliance_nlp.session_info import read_session_info
    from alliance_nlp.stored_results import StoredResults

    if file_format != "html" and (out or figures):
        raise UsageError(f"--format {file_format} prints; --out and --figures go with pages (--format html)")
    results = StoredResults(folder)
    info = read_session_info(folder / "sessions.csv", needed=False)
    if sessions_info:
        for session_id, columns in read_session_info(sessions_info).items():
            info[session_id] = info.get(session_id, {}) | columns
    digest = results.run.model_digest
    beside = reference_from_results(reference, digest) if reference else shipped_reference(digest)
    chosen = _chosen(results, info, sessions, only)
    if file_format != "html":
        _print(results, beside, chosen, file_format)
        return
    from alliance_nlp.reports.site import Selection, write_site

    selection = Selection(chosen, info, group_by, order_by)
    site = write_site(results, out or folder / PAGES, beside, selection, figures, overwrite)
    if not quiet:
        click.echo(f"{site.sessions} {'session' if site.sessions == 1 else 'sessions'}. Open {site.first_page}")
        if not results.explained:
            click.echo("The pages do not show which words carried a mark; tag with --explain for that.", err=True)


def _chosen(
    results: StoredResults, info: Mapping[str, Mapping[str, str]], sessions: tuple[str, ...], only: tuple[str, ...]
) -> list[str] | None:
    """Ids of the sessions asked for, in the results' order; None for all."""
    if not sessions and not only:
        return None
    known = [tagged.session.session_id for tagged in results.sessions()]
    for session_id in sessions:
        if session_id not in known:
            raise UsageError(f"--session {session_id}: no such session in {results.folder}; sessions.csv lists them")
    chosen = [session_id for session_id in known if not sessions or session_id in sessions]
    for condition in only:
        column, equals, value = condition.partition("=")
        if not equals:
            raise UsageError(f'--only {condition}: write COLUMN=VALUE, such as --only "therapist=Ann"')
        chosen = [session_id for session_id in chosen if info.get(session_id, {}).get(column) == value]
        if not chosen:
            raise UsageError(f"--only {condition}: no session is left; --sessions-info names the table that holds it")
    return chosen


def _print(results: StoredResults, reference: Reference | None, chosen: list[str] | None, file_format: str) -> None:
    from alliance_nlp.reports.session_text import session_data, session_markdown, session_text
    from alliance_nlp.reports.site import overviews
    from alliance_nlp.reports.terminal import console

    found = overviews(results, reference, chosen)
    if file_format == "json":
        click.echo(json.dumps([session_data(overview) for overview in found], indent=2, ensure_ascii=False))
        return
    terminal = console()
    for number, overview in enumerate(found):
        if file_format == "md":
            click.echo(("\n" if number else "") + session_markdown(overview), nl=False)
        else:
            if number:
                terminal.rule(style="dim")
            session_text(overview, terminal)
