"""What ``convert`` reads: transcripts of any format, tagged results, and files that come back from other tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.batch import find_transcripts
from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript, from_columns, from_tagged
from alliance_nlp.corrected import corrected_module, corrected_suffixes
from alliance_nlp.errors import TranscriptError, UsageError, shown
from alliance_nlp.exports import About
from alliance_nlp.rating_table import shown_name, shown_value
from alliance_nlp.readers import OpenedTranscript, ReadOptions
from alliance_nlp.results import MANIFEST
from alliance_nlp.stored_results import StoredResults


class Place(NamedTuple):
    """A session and, where coders are kept apart, who coded it: of each, one is converted."""

    session_id: str
    coder: str


class Transcripts:
    """Transcripts to be converted; iterate over them as often as need be.

    A session that fails comes as its error, and so does one that another file held before.

    Parameters
    ----------
    paths : sequence of Path
        Transcripts and folders of them, or one folder that ``tag`` wrote.
    codebook : Codebook
        Names the codes. Tagged results bring their own markers.
    options : ReadOptions
        What the user says about the transcripts.
    coder : str
        Who gave the codes; empty for whom the files name.
    coders_apart : bool
        Whether a session may come once for each coder.

    Attributes
    ----------
    passed_over : list of Path
        Files in the folders that are no transcripts.

    Raises
    ------
    UsageError
        Where a path does not exist, nothing is found, or results are mixed with transcripts.
    ResultsError
        Where results cannot be read.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        codebook: Codebook,
        options: ReadOptions,
        coder: str = "",
        coders_apart: bool = False,
    ) -> None:
        self.passed_over: list[Path] = []
        self._codebook = codebook
        self._options = replace(options, keep=codebook.marker_names)
        self._coder = coder
        self._coders_apart = coders_apart
        self._results: StoredResults | None = None
        folders = [path for path in paths if (path / MANIFEST).is_file()]
        if folders and len(paths) > 1:
            raise UsageError(f"{shown(folders[0])}: is a folder of results; convert it by itself")
        if folders:
            self._results = StoredResults(folders[0])
        else:
            self._files, self.passed_over = find_transcripts(paths, corrected_suffixes())

    @property
    def are_results(self) -> bool:
        """Whether they are what ``tag`` wrote, with the markers of its model."""
        return self._results is not None

    @cached_property
    def about(self) -> About:
        """What holds for all of them; looks through the files for codes."""
        if self._results:
            run = self._results.run
            return About(run.markers, run.codebook, self._coder or f"model {run.model}", True, True)
        coded = any(isinstance(item, CodedTranscript) and item.codes is not None for item in self)
        codebook = f"{self._codebook.name} {self._codebook.version}"
        return About(self._codebook.markers, codebook, self._coder, coded)

    def __iter__(self) -> Iterator[CodedTranscript | TranscriptError]:
        if self._results:
            yield from map(from_tagged, self._results.sessions())
            return
        file_of: dict[Place, Path] = {}
        for file in self._files:
            try:
                for item in self._read(file.path, file.session_name):
                    yield self._unless_taken(item, file.path, file_of)
            except TranscriptError as error:
                yield error
            except Exception as error:
                # Whatever a strange file does to a reader, the others are converted.
                reason = f"could not be read ({type(error).__name__}); please report this, without the transcript"
                yield TranscriptError(file.path, "", reason)

    def _read(self, path: Path, session_name: str) -> Iterator[CodedTranscript | TranscriptError]:
        corrected = None if self._options.format_name else corrected_module(path)
        if corrected:
            yield from corrected.read(path, self._codebook, self._options)
            return
        for item in OpenedTranscript(path, self._options).sessions(session_name):
            if isinstance(item, TranscriptError):
                yield item
            else:
                try:
                    yield from_columns(item, self._codebook.markers, path)
                except TranscriptError as error:
                    yield error

    def _unless_taken(
        self, item: CodedTranscript | TranscriptError, path: Path, file_of: dict[Place, Path]
    ) -> CodedTranscript | TranscriptError:
        if isinstance(item, TranscriptError):
            return item
        session_id = item.session.session_id
        which = Place(session_id, (self._coder or item.coder) if self._coders_apart else "")
        if which not in file_of:
            file_of[which] = path
            return item
        if file_of[which] != path:
            remedy = f"is also in {shown(file_of[which])}; give each session an id of its own"
        elif self._coder:
            remedy = "is there for several coders; leave --coder out, so that the file says whose codes are whose"
        else:
            remedy = "is there more than once; --to ratings keeps several coders apart"
        place, name = f"session {shown_name(session_id)}", shown_value(session_id)
        return TranscriptError(path, place, f"the session id {name} {remedy}")
