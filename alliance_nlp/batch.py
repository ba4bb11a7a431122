"""Many transcripts: found, read and tagged, in order, by one process or several."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import TranscriptError, UsageError, shown
from alliance_nlp.natural_order import natural
from alliance_nlp.readers import OpenedTranscript, ReadOptions, is_taken, suffixes
from alliance_nlp.results import MANIFEST as RESULTS_MANIFEST
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.screen import Screen
from alliance_nlp.screening.sessions import count_in_session
from alliance_nlp.side_files import side_files
from alliance_nlp.tagging import TaggedSession, Tagger, load_tagger
from alliance_nlp.transcript import Session

_UTTERANCES_A_TASK = 1000


class TranscriptFile(NamedTuple):
    """A file to read, and what its session is called where the file names none."""

    path: Path
    session_name: str
    size: int
    """In bytes, for the progress bar; 0 where it cannot be told."""


class Outcome(NamedTuple):
    """What became of one session, or of one file that could not be read."""

    result: TaggedSession | TranscriptError
    bytes_read: int
    """Of all files, up to here: how far the batch has come."""
    identifiers: Mapping[Category, int] = {}
    """How many the screen found in the session, where it was asked to look."""


class Settings(NamedTuple):
    """What tagging depends on besides the transcripts."""

    model: Path
    pipeline: str | None = None
    """None for the model's own."""
    explain: int = 0
    screen: bool = False
    """Whether to count identifiers that were left in the transcripts."""
    embeddings: Path | None = None
    """Folder of the sentence embeddings that the model was trained with."""


class _Read(NamedTuple):
    result: Session | TranscriptError
    bytes_read: int
    has_own_id: bool = False
    """Whether the session has its id from within the file, not from the file's name."""


def find_transcripts(
    paths: Sequence[str | Path], further_suffixes: Sequence[str] = ()
) -> tuple[list[TranscriptFile], list[Path]]:
    """Transcript files in order, and the files in folders that are no transcripts.

    Folders are searched through in natural order, ``2.txt`` before ``10.txt``;
    hidden entries, side files and folders that hold tagged results are passed
    over. A session takes its name from the file; where two files share a name,
    from as much of the path as tells them apart.

    Parameters
    ----------
    paths : sequence of str or Path
        Files and folders.
    further_suffixes : sequence of str
        File endings to look for in folders, beside those of `readers`.

    Raises
    ------
    UsageError
        Where a path does not exist, or no transcript is found.
    """
    endings = sorted({*suffixes(), *further_suffixes})
    found: list[tuple[Path, Path]] = []
    passed_over: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            for file in _files_below(path):
                if is_taken(file) or file.suffix.lower() in further_suffixes:
                    found.append((file, file.relative_to(path)))
                else:
                    passed_over.append(file)
        elif path.exists() or path.is_symlink():
            found.append((path, Path(path.name)))
        else:
            raise UsageError(f"{path}: no such file or folder")
    if not found:
        raise UsageError(
            f"no transcript found in {', '.join(map(str, paths))}; looked for files that end in "
            f"{', '.join(endings)}" + (f" and passed over {len(passed_over)} others" if passed_over else "")
        )
    first_of_file: dict[str, tuple[Path, Path]] = {}
    for file, place in found:
        first_of_file.setdefault(os.path.realpath(file), (file, place))
    kept = list(first_of_file.values())
    files = [TranscriptFile(file, name, _size(file)) for (file, _), name in zip(kept, _names(kept), strict=True)]
    return files, passed_over


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _files_below(folder: Path, above: frozenset[str] = frozenset()) -> Iterator[Path]:
    real = os.path.realpath(folder)
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural(entry.name))
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be searched ({error.strerror or error}); name the folders one by one"
        ) from error
    # A link can lead back to a folder above; results of an earlier run are no transcripts.
    if real in above or _hold_results([entry.name for entry in entries]):
        return
    beside = side_files(entry.name for entry in entries)
    for entry in entries:
        if entry.name.startswith(".") or entry.name in beside:
            continue
        if entry.is_dir():
            yield from _files_below(entry, above | {real})
        else:
            yield entry


def _hold_results(names: Sequence[str]) -> bool:
    return RESULTS_MANIFEST in names and any(name.startswith("utterances.") for name in names)


def _names(found: Sequence[tuple[Path, Path]]) -> list[str]:
    """For each file and its place below the folder given, the shortest of several names that no other file shares."""
    choices = [
        (
            place.stem,
            place.with_suffix("").as_posix(),
            place.as_posix(),
            file.with_suffix("").as_posix(),
            file.as_posix(),
        )
        for file, place in found
    ]
    times = Counter(name for choice in choices for name in set(choice))
    return [shown(Path(next((name for name in choice if times[name] == 1), choice[-1]))) for choice in choices]


class Batch:
    """Reads and tags transcripts; iterate over it once for the outcomes, in order.

    Parameters
    ----------
    files : sequence of TranscriptFile
        What to read.
    settings : Settings
        What tagging depends on.
    options : ReadOptions
        What the user says about the transcripts.
    jobs : int
        Processes; the outcomes are the same for any number.

    Attributes
    ----------
    digests : dict of str to str
        SHA-256 of each file read so far.
    formats : dict of str to str
        Name of the format in which each file was read.
    """

    def __init__(
        self, files: Sequence[TranscriptFile], settings: Settings, options: ReadOptions, jobs: int = 1
    ) -> None:
        self.digests: dict[str, str] = {}
        self.formats: dict[str, str] = {}
        self._files = files
        self._settings = settings
        self._options = options
        self._jobs = jobs

    def __iter__(self) -> Iterator[Outcome]:
        groups = _groups(self._read())
        if self._jobs == 1:
            tasks: Iterable[list[Outcome]] = (_tag(group, self._settings) for group in groups)
        else:
            from joblib import Parallel, delayed

            # Said by joblib when a run is stopped, which the command says in its own words.
            warnings.filterwarnings("ignore", message=".*tasks which were still being processed")
            workers = Parallel(n_jobs=self._jobs, return_as="generator", pre_dispatch="2*n_jobs")
            with _interrupts_ignored():
                tasks = workers(delayed(_tag)(group, self._settings) for group in groups)
        for outcomes in tasks:
            yield from outcomes

    def _read(self) -> Iterator[_Read]:
        file_of_session: dict[str, Path] = {}
        before = 0
        for file in self._files:
            try:
                opened = OpenedTranscript(file.path, self._options)
                self.digests[shown(file.path)] = opened.source.sha256
                self.formats[shown(file.path)] = opened.format.name
                for item in opened.sessions(file.session_name):
                    if isinstance(item, Session):
                        item = _unless_taken(item, file.path, file_of_session)
                    has_own_id = isinstance(item, Session) and item.session_id != file.session_name
                    yield _Read(item, before + opened.source.bytes_read, has_own_id)
            except TranscriptError as error:
                yield _Read(error, before)
            except Exception as error:
                # Whatever a strange file does to a reader, the rest of the batch is done.
                reason = f"could not be read ({type(error).__name__}); please report this, without the transcript"
                yield _Read(TranscriptError(file.path, "", reason), before)
            before += file.size


def _unless_taken(session: Session, path: Path, file_of_session: dict[str, Path]) -> Session | TranscriptError:
    first = file_of_session.setdefault(session.session_id, path)
    if first == path:
        return session
    return TranscriptError(
        path,
        f"session {session.session_id}",
        f"the session id {session.session_id!r} is also in {first}; give each session an id of its own",
    )


def _groups(items: Iterable[_Read]) -> Iterator[list[_Read]]:
    group: list[_Read] = []
    utterances = 0
    for item in items:
        group.append(item)
        utterances += len(item.result.utterances) if isinstance(item.result, Session) else 0
        if utterances >= _UTTERANCES_A_TASK:
            yield group
            group, utterances = [], 0
    if group:
        yield group


def _tag(items: Sequence[_Read], settings: Settings) -> list[Outcome]:
    sessions = [item.result for item in items if isinstance(item.result, Session)]
    tagged = iter(_tagger_of(settings).tag_all(sessions, settings.explain) if sessions else ())
    return [
        Outcome(next(tagged), item.bytes_read, _identifiers(item.result, item.has_own_id) if settings.screen else {})
        if isinstance(item.result, Session)
        else Outcome(item.result, item.bytes_read)
        for item in items
    ]


def _identifiers(session: Session, with_id: bool) -> Mapping[Category, int]:
    return count_in_session(_screen(), session, with_id)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it reaches the one that started them, and that ends them quietly."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@lru_cache(maxsize=1)
def _screen() -> Screen:
    return Screen()


def _tagger_of(settings: Settings) -> Tagger:
    return _tagger(settings.model, settings.pipeline, settings.embeddings)


@lru_cache(maxsize=1)
def _tagger(model: Path, pipeline: str | None, embeddings: Path | None) -> Tagger:
    """The process's own tagger: each worker loads the model once."""
    return load_tagger(model, pipeline, embeddings)
