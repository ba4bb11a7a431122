"""The folder that ``tag`` writes: five files that appear together or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from alliance_nlp.codebook import CodeSet, Marker
from alliance_nlp.errors import TranscriptError, shown
from alliance_nlp.exports import FORMATS, Cell, CellType, Column, open_table
from alliance_nlp.summary import SessionSummary, session_columns, session_row
from alliance_nlp.tagging import NOT_CODED, Reason, TaggedSession
from alliance_nlp.transcript import SpeakerRole
from alliance_nlp.whole_folder import whole_folder

MANIFEST = "run.json"
PAGES = "report"
"""Folder for the pages made from the results, within theirs."""
PAGE_FILES = ("caseload.html", "session-*.html", "figures/session-*.svg", "figures/session-*.png")
_FILES = frozenset({
    MANIFEST, "sessions.csv", "episodes.csv", "failures.csv", *(f"utterances.{f}" for f in FORMATS),
    *(f"{PAGES}/{name}" for name in PAGE_FILES),
})  # fmt: skip

_REASON = re.compile(r'(?:"(?P<words>.+?)"|(?P<other>⟨.+?)) (?P<contribution>[+-]\d+\.\d\d)(?:, |$)')

_UTTERANCE_COLUMNS = (
    Column("session_id", CellType.TEXT),
    Column("utterance_id", CellType.TEXT),
    Column("start", CellType.NUMBER),
    Column("end", CellType.NUMBER),
    Column("speaker", CellType.TEXT),
    Column("speaker_role", CellType.TEXT),
    Column("text", CellType.TEXT),
)
EPISODE_COLUMNS = (
    Column("session_id", CellType.TEXT),
    Column("episode", CellType.INTEGER),
    Column("first_utterance_id", CellType.TEXT),
    Column("last_utterance_id", CellType.TEXT),
    Column("start", CellType.NUMBER),
    Column("end", CellType.NUMBER),
    Column("ruptures", CellType.INTEGER),
    Column("addressed", CellType.INTEGER),
    Column("repair_utterance_id", CellType.TEXT),
    Column("repair_distance", CellType.INTEGER),
)
FAILURE_COLUMNS = tuple(Column(name, CellType.TEXT) for name in ("file", "place", "reason"))


class ResultsWriter:
    """Takes tagged sessions one after the other; made by `open_results`."""

    def __init__(
        self,
        folder: Path,
        markers: Sequence[Marker],
        sets: Sequence[CodeSet],
        file_format: str,
        explain: bool,
        files: ExitStack,
    ) -> None:
        columns = utterance_columns(markers, sets, explain)
        self._folder = folder
        self._utterances = files.enter_context(open_table(folder, "utterances", file_format, columns))
        session_types = typed_session_columns(markers, sets)
        self._sessions = files.enter_context(open_table(folder, "sessions", "csv", session_types))
        self._episodes = files.enter_context(open_table(folder, "episodes", "csv", EPISODE_COLUMNS))
        self._failures = files.enter_context(open_table(folder, "failures", "csv", FAILURE_COLUMNS))

    def add(self, tagged: TaggedSession, summary: SessionSummary) -> None:
        """Write a tagged session."""
        self._utterances.write(utterance_rows(tagged))
        self._sessions.write([session_row(summary)])
        self._episodes.write(episode_rows(tagged, summary))

    def add_failure(self, failure: TranscriptError) -> None:
        """Write that a file or session could not be read."""
        self._failures.write([failure_row(failure)])

    def describe(self, run: Mapping[str, Any]) -> None:
        """Write what was done, and with what."""
        text = json.dumps(run, indent=2, ensure_ascii=False)
        (self._folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


@contextmanager
def open_results(
    target: str | Path,
    markers: Sequence[Marker],
    file_format: str = "csv",
    explain: bool = False,
    overwrite: bool = False,
    sets: Sequence[CodeSet] = (),
) -> Iterator[ResultsWriter]:
    """Write results that appear in `target` when the block ends, and not at all when it fails.

    Parameters
    ----------
    target : str or Path
        The folder.
    markers : sequence of Marker
        Those that the sessions are tagged with.
    file_format : str
        Format of the utterances, one of `alliance_nlp.exports.FORMATS`.
    explain : bool
        Whether to add a column per marker with the reasons.
    overwrite : bool
        Whether earlier results may be replaced.
    sets : sequence of CodeSet
        Those among the markers; a column each.

    Raises
    ------
    OutputError
        Where `target` exists and may not be replaced, or cannot be written.
    """
    with whole_folder(target, _FILES, overwrite) as folder, ExitStack() as files:
        yield ResultsWriter(folder, markers, sets, file_format, explain, files)


def utterance_columns(markers: Sequence[Marker], sets: Sequence[CodeSet], explain: bool) -> list[Column]:
    """Columns of ``utterances.csv``."""
    names = [marker.name for marker in markers]
    columns = list(_UTTERANCE_COLUMNS)
    for name in names:
        columns += [Column(f"p_{name}", CellType.NUMBER), Column(name, CellType.INTEGER)]
    columns += [Column(code_set.name, CellType.TEXT) for code_set in sets]
    return columns + [Column(f"why_{name}", CellType.TEXT) for name in names if explain]


def typed_session_columns(markers: Sequence[Marker], sets: Sequence[CodeSet]) -> list[Column]:
    """Columns of ``sessions.csv``."""
    first, *others = session_columns([marker.name for marker in markers], sets)
    whole = {f"{unit}_{role}" for unit in ("utterances", "words") for role in SpeakerRole}
    whole |= {f"{marker.name}_count" for marker in markers}
    whole |= {f"rupture_episodes{which}" for which in ("", "_addressed", "_unaddressed")}
    types = ((name, CellType.INTEGER if name in whole else CellType.NUMBER) for name in others)
    return [Column(first, CellType.TEXT), *(Column(*typed) for typed in types)]


def utterance_rows(tagged: TaggedSession) -> Iterator[list[Cell]]:
    """Rows of ``utterances.csv``."""
    session_id = tagged.session.session_id
    probabilities, tags = tagged.probabilities.tolist(), tagged.tags.tolist()
    code_of_set = tagged.code_of_set
    for place, utterance in enumerate(tagged.session.utterances):
        row: list[Cell] = [
            session_id, utterance.utterance_id, utterance.start, utterance.end,
            utterance.speaker, utterance.speaker_role.value, utterance.text,
        ]  # fmt: skip
        for probability, tag in zip(probabilities[place], tags[place], strict=True):
            row += (None, None) if tag == NOT_CODED else (probability, tag)
        row += [of_set[place] for of_set in code_of_set.values()]
        if tagged.reasons is not None:
            row += [reasons_as_text(reasons) for reasons in tagged.reasons[place]]
        yield row


def reasons_as_text(reasons: Sequence[Reason]) -> str | None:
    """Reasons for a person to read, strongest first: ``"sounds like" +0.61, ⟨length 1 words⟩ -0.30``."""
    shown = [
        f"{feature} {contribution:+.2f}" if feature.startswith("⟨") else f'"{feature}" {contribution:+.2f}'
        for feature, contribution in reasons
    ]
    return ", ".join(shown) or None


def reasons_from_text(text: str) -> tuple[Reason, ...]:
    """Undo `reasons_as_text`, but for the decimals that it leaves out."""
    return tuple(
        Reason(found["words"] or found["other"], float(found["contribution"])) for found in _REASON.finditer(text)
    )


def failure_row(failure: TranscriptError) -> list[Cell]:
    """A row of ``failures.csv``."""
    return [shown(failure.file), failure.place, failure.reason]


def episode_rows(tagged: TaggedSession, summary: SessionSummary) -> Iterator[list[Cell]]:
    """Rows of ``episodes.csv``."""
    utterances = tagged.session.utterances
    for number, episode in enumerate(summary.episodes, 1):
        first, last = utterances[episode.ruptures[0]], utterances[episode.ruptures[-1]]
        yield [
            summary.session_id, number, first.utterance_id, last.utterance_id, first.start, last.end,
            len(episode.ruptures), int(episode.addressed),
            None if episode.repair is None else utterances[episode.repair].utterance_id, episode.distance,
        ]  # fmt: skip
