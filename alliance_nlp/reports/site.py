"""The folder of pages that is made from a folder of results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.caseload import case_groups
from alliance_nlp.file_names import file_stem
from alliance_nlp.overview import SessionOverview, session_overview
from alliance_nlp.reference import Reference
from alliance_nlp.reports.caseload_page import caseload_page
from alliance_nlp.reports.figures import require_matplotlib, write_figures
from alliance_nlp.reports.session_page import session_page
from alliance_nlp.results import PAGE_FILES
from alliance_nlp.session_info import Info, session_order
from alliance_nlp.stored_results import StoredResults
from alliance_nlp.summary import SessionSummary
from alliance_nlp.whole_folder import whole_folder

CASELOAD = "caseload.html"


class Selection(NamedTuple):
    """What is reported, and how it is grouped and ordered."""

    session_ids: Sequence[str] | None = None
    """None for all."""
    info: Mapping[str, Info] = {}
    group_by: Sequence[str] = ()
    order_by: str | None = None


class Site(NamedTuple):
    """What was written."""

    folder: Path
    sessions: int
    first_page: Path
    """The caseload, or the session where there is but one."""


def overviews(
    results: StoredResults, reference: Reference | None, session_ids: Sequence[str] | None
) -> Iterator[SessionOverview]:
    """Overviews of the sessions to report, one after the other."""
    wanted = None if session_ids is None else set(session_ids)
    for tagged in results.sessions():
        if wanted is None or tagged.session.session_id in wanted:
            yield session_overview(tagged, results.run, reference)


def write_site(
    results: StoredResults,
    target: Path,
    reference: Reference | None,
    selection: Selection,
    figures: bool = False,
    overwrite: bool = False,
) -> Site:
    """Write a page for each session and, where there are several, the caseload; all appear together or not at all.

    Raises
    ------
    OutputError
        Where `target` exists and may not be replaced, or cannot be written.
    ResultsError
        Where the results cannot be read.
    UsageError
        Where the columns to group or order by do not fit, or matplotlib is missing.
    """
    if figures:
        require_matplotlib()
    summaries: dict[str, SessionSummary] = {}
    page_of: dict[str, str] = {}
    with whole_folder(target, PAGE_FILES, overwrite) as folder:
        taken: set[str] = set()
        for overview in overviews(results, reference, selection.session_ids):
            session_id = overview.summary.session_id
            stem = file_stem(session_id, taken, "session-")
            info = selection.info.get(session_id, {})
            about = [(name, info[name]) for name in ("date", *selection.group_by) if name in info]
            (folder / f"{stem}.html").write_text(session_page(overview, about), encoding="utf-8")
            if figures:
                (folder / "figures").mkdir(exist_ok=True)
                write_figures(overview, folder / "figures", stem)
            summaries[session_id] = overview.summary
            page_of[session_id] = f"{stem}.html"
        order = session_order(list(summaries), selection.info, selection.order_by)
        groups = case_groups(summaries, selection.info, order, selection.group_by)
        if len(summaries) > 1:
            text = caseload_page(groups, selection.group_by, order, results.run, page_of)
            (folder / CASELOAD).write_text(text, encoding="utf-8")
    first = CASELOAD if len(summaries) > 1 else next(iter(page_of.values()))
    return Site(target, len(summaries), target / first)
