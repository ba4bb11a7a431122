"""What public corpora have in common: where they are published, labels of one or more annotators, and how they code."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliance_nlp.codebook import Codebook, CodeSet
from alliance_nlp.errors import CorpusError, shown
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.transcript import Session

ANNOTATOR = "annotator_id"
"""Among the labels of an utterance: who gave them, where that is published."""
_COLUMNS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a corpus is published.

    Attributes
    ----------
    title : str
        As people call it.
    files : tuple of str
        Names of its files as published.
    url : str
        Of the page that has them.
    notice : str
        Source and licence in a line, for model cards and results.
    sessions : int, optional
        How many conversations it has as published, where the authors say so.
    """

    title: str
    files: tuple[str, ...]
    url: str
    notice: str
    sessions: int | None = None

    def mistake(self, path: Path, place: str, reason: str) -> CorpusError:
        """An error about a file that is not as published."""
        where = f"{shown(path)}, {place}" if place else shown(path)
        return CorpusError(f"{where}: {reason}. {self._right_files()}")

    def _right_files(self) -> str:
        *others, last = self.files
        listed = f"{', '.join(others)} and {last}" if others else last
        return f"{self.title} is read from {listed} as published at {self.url}"

    def find(self, path: Path) -> list[Path]:
        """The corpus's files: `path` is the one file, one of several that lie side by side, or their folder.

        Raises
        ------
        CorpusError
            Where one of them is not there.
        """
        if not path.exists():
            raise self.mistake(path, "", "there is no such file")
        if not path.is_dir() and len(self.files) == 1:
            return [path]
        folder = path if path.is_dir() else path.parent
        found = [folder / name for name in self.files]
        missing = [file.name for file in found if not file.is_file()]
        if missing:
            raise self.mistake(folder, "", f"no {', '.join(missing)} there")
        if not path.is_dir() and path.name not in self.files:
            raise self.mistake(path, "", "name the folder of the files, since only their names tell them apart")
        return found


class PublishedSession(NamedTuple):
    """A conversation as published."""

    session: Session
    """What is published about the conversation or the utterance stands in its columns."""
    client: str
    """Whose it is; conversations of one client never part in folds."""
    labels: tuple[tuple[Mapping[str, str], ...], ...]
    """For each utterance, the labels that each annotator gave it, by name."""


class Code(NamedTuple):
    """The labels that stand for a marker."""

    label: str
    values: Collection[str]
    """Of the label; any of them is a 1."""


def coded_sessions(
    published: Sequence[PublishedSession], codes: Mapping[str, Code], codebook: Codebook
) -> list[CodedSession]:
    """Code conversations by their labels.

    Several annotators' labels are settled by majority; a tie is not coded, and so is an utterance without the label.

    Parameters
    ----------
    published : sequence of PublishedSession
        The corpus.
    codes : mapping of str to Code
        What stands for each marker of the codebook; the codes of a set are values of one label.
    codebook : Codebook
        The markers and sets.
    """
    independent = [
        (codebook.marker_names.index(marker.name), marker.role, codes[marker.name]) for marker in codebook.independent
    ]
    coded = []
    for item in published:
        table = np.full((len(item.labels), len(codebook.markers)), NOT_CODED, dtype=np.int8)
        for row, (utterance, labels) in enumerate(zip(item.session.utterances, item.labels, strict=True)):
            for column, role, code in independent:
                if role == utterance.speaker_role:
                    table[row, column] = _majority(votes(labels, code))
            for code_set in codebook.sets:
                name = set_code(labels, code_set, codes) if code_set.role == utterance.speaker_role else ""
                if name:
                    table[row, codebook.columns_of(code_set)] = [one == name for one in code_set.code_names]
        coded.append(CodedSession(item.session, item.client, table))
    return coded


def set_code(labels: Sequence[Mapping[str, str]], code_set: CodeSet, codes: Mapping[str, Code]) -> str:
    """The code of a set that most annotators gave; empty where two are level, or none gave it."""
    label = codes[code_set.code_names[0]].label
    value = settled_label(labels, label)
    return next((name for name in code_set.code_names if value in codes[name].values), "")


def votes(labels: Sequence[Mapping[str, str]], code: Code) -> list[bool]:
    """Whether each annotator's label stands for the marker."""
    return [of_annotator[code.label] in code.values for of_annotator in labels if code.label in of_annotator]


def _majority(given: Sequence[bool]) -> int:
    balance = 2 * sum(given) - len(given)
    return NOT_CODED if balance == 0 else int(balance > 0)


def settled_label(labels: Sequence[Mapping[str, str]], name: str) -> str:
    """The value of a label that most annotators gave; empty where two are level, or none gave it."""
    given = Counter(of_annotator[name] for of_annotator in labels if name in of_annotator).most_common(2)
    if not given or (len(given) == 2 and given[0][1] == given[1][1]):
        return ""
    return given[0][0]


def read_table(path: Path, columns: Collection[str], publication: Publication) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a published CSV table, each with its place for messages.

    Raises
    ------
    CorpusError
        Where the file is not such a table.
    """
    place = "line 1"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, strict=True)
            missing = [name for name in columns if name not in (table.fieldnames or ())]
            if missing:
                more = f" and {len(missing) - _COLUMNS_SHOWN} more" if len(missing) > _COLUMNS_SHOWN else ""
                raise publication.mistake(path, place, f"no column {', '.join(missing[:_COLUMNS_SHOWN])}{more}")
            place = f"line {table.line_num + 1}"
            for row in table:
                # DictReader fills a short row with None and puts what is too much under None.
                if None in row or None in row.values():
                    raise publication.mistake(path, place, "not as many cells as the first line has")
                yield place, row
                place = f"line {table.line_num + 1}"
            if table.line_num < 2:
                raise publication.mistake(path, "", "no rows")
    except OSError as error:
        raise CorpusError(f"{shown(path)}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise publication.mistake(path, "", "not UTF-8 text") from error
    except csv.Error as error:
        raise publication.mistake(path, place, f"the quotes do not match from here on ({error})") from error


def require_label(value: str, known: Collection[str], name: str, path: Path, place: str, source: Publication) -> None:
    """Raise a `CorpusError` where a label is none of the known; it is not shown, since it can be somebody's words."""
    if value not in known:
        raise source.mistake(path, place, f"{name} is none of {', '.join(known)}")
