"""A document of an office program made a session: its labelled paragraphs and its tables of speakers and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._document import Document, Line, Paragraph, Piece, Table
from alliance_nlp.readers._document_columns import Columns, columns_of
from alliance_nlp.readers._document_labels import DocumentLabels
from alliance_nlp.readers._document_rows import SpokenRow, spoken_rows
from alliance_nlp.readers._labelled_lines import Gathered, LabelledLine, is_heading, is_like_a_label
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import make_session
from alliance_nlp.readers._tally import Tally, counted
from alliance_nlp.transcript import Session

UNIT = "paragraph"
_NUMBERED = re.compile(r"\s{0,8}(\d{1,6})(?:[.):]?\s{1,8}|\t)", re.ASCII)
_FEWEST_NUMBERED = 3
_LONGEST_HEADING = 8
_PLURALS = {"text box": "text boxes"}


def session_of(file: Path, session_id: str, document: Document, options: ReadOptions) -> Session:
    """Make a session of a document.

    Parameters
    ----------
    file : Path
        For the messages.
    session_id : str
        Of the session.
    document : Document
        What the file holds.
    options : ReadOptions
        What the user says about it.

    Raises
    ------
    TranscriptError
        Where nothing in it has a label, or see `make_session`.
    """
    tally = Tally(file, UNIT)
    reading = _Reading(document, options, tally)
    reading.read()
    for number in document.unread:
        tally.leave_out(f"{UNIT} {number}", "whose words are hidden")
    beside = [counted(number, name, _PLURALS.get(name)) for name, number in sorted(document.beside.items()) if number]
    if beside:
        tally.add_note(f"left out, since they stand beside the text: {', '.join(beside)}")
    for note in document.notes:
        tally.add_note(note)
    if not reading.gathered:
        raise TranscriptError(
            file,
            "",
            f"no speakers found in {counted(document.held, UNIT)}; begin each utterance with a label, such as 'T: ' "
            "and 'C: ', or put speakers and words into the columns of a table",
        )
    notes = tally.notes(document.held, reading.taken)
    raw = reading.gathered.utterances()
    by_a_machine = reading.labels.headed >= len(raw) / 2
    return make_session(file, session_id, raw, options, notes=notes, unit=UNIT, fragments=by_a_machine)


class _Reading:
    def __init__(self, document: Document, options: ReadOptions, tally: Tally) -> None:
        self._options = options
        self._tally = tally
        self._blocks = [
            (block, columns_of(block, options.roles, options.columns) if isinstance(block, Table) else None)
            for block in document.blocks
        ]
        running = [paragraph for block, columns in self._blocks for paragraph in _running(block, columns)]
        self._numbered = _numbered(running)
        self.labels = DocumentLabels((line for item in running for line in self._lines(item)), options.roles)
        self.gathered = Gathered()
        self.taken = 0
        self._below_table = False

    def read(self) -> None:
        """Go through the document."""
        for block, columns in self._blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif columns is None:
                for paragraph in block.paragraphs:
                    self._leave_out(paragraph, "in a table without a column of speakers")
            else:
                self._table(block, columns)

    def _lines(self, paragraph: Paragraph) -> list[Line]:
        return _unnumbered(paragraph).lines if paragraph.number in self._numbered else paragraph.lines

    def _leave_out(self, paragraph: Paragraph, why: str) -> None:
        for _ in range(paragraph.parts):
            self._tally.leave_out(f"{UNIT} {paragraph.number}", why)

    def _paragraph(self, paragraph: Paragraph, start: float | None = None, end: float | None = None) -> None:
        """Read running text, with the times that stand beside it."""
        used = by_the_program = doubtful = False
        for line in self._lines(paragraph):
            if self.labels.is_times(line):
                used = True
                continue
            if self.labels.is_by_the_program(line):
                by_the_program = True
                continue
            labelled = self.labels.of(line)
            if labelled and (self.gathered or not is_heading(labelled.label, self._options.roles)):
                if labelled.start is None and not used:
                    labelled = labelled._replace(start=start, end=end)
                self.gathered.begin(paragraph.number, labelled._replace(text=" ".join(labelled.text.split())))
                self._below_table = False
                used = True
            elif self.gathered and not self._below_table:
                self.gathered.go_on(" ".join(line.text.split()))
                used = True
                doubtful = doubtful or is_like_a_label(line.text) or _is_bold_heading(line)
        if used:
            self.taken += paragraph.parts
        elif by_the_program:
            self._leave_out(paragraph, "that the program adds")
        else:
            self._leave_out(
                paragraph, "below a table of utterances" if self._below_table else "above the first speaker"
            )
        if doubtful:
            self._tally.mend(
                f"{UNIT} {paragraph.number}",
                "with what looks like a label or a heading and was taken for neither (if somebody speaks there, "
                "shorten the label or give it with --role)",
            )

    def _table(self, table: Table, columns: Columns) -> None:
        speaker = ""
        for row in spoken_rows(table, columns):
            for paragraph, why in row.left_out:
                self._leave_out(paragraph, why)
            if columns.speaker is None:
                for paragraph in row.words:
                    self._paragraph(paragraph, row.start, row.end)
            elif not (row.label or speaker):
                for paragraph in (*row.words, *row.read):
                    self._leave_out(paragraph, "above the first speaker of a table")
                continue
            elif row.words:
                self._spoken(row, row.label or speaker, goes_on=not row.label and row.start is None)
                speaker = row.label or speaker
                self.taken += sum(paragraph.parts for paragraph in row.words)
            self.taken += sum(paragraph.parts for paragraph in row.read)
        self._below_table = self._below_table or columns.speaker is not None

    def _spoken(self, row: SpokenRow, speaker: str, goes_on: bool) -> None:
        words = " ".join(line.text for paragraph in row.words for line in paragraph.lines)
        words = " ".join(words.split())
        if goes_on:
            self.gathered.go_on(words)
        else:
            self.gathered.begin(row.words[0].number, LabelledLine(speaker, words, row.start, row.end))


def _running(block: Paragraph | Table, columns: Columns | None) -> list[Paragraph]:
    """Paragraphs that may begin with a label."""
    if isinstance(block, Paragraph):
        return [block]
    if columns and columns.speaker is None:
        return [paragraph for row in spoken_rows(block, columns) for paragraph in row.words]
    return []


def _is_bold_heading(line: Line) -> bool:
    text = line.text.strip()
    return line.bold.strip() == text and len(text.split()) <= _LONGEST_HEADING


def _numbered(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Paragraphs with a number typed at their begin, where most have one and they are numbered one after the other."""
    found = [(paragraph.number, int(match[1])) for paragraph in paragraphs if (match := _match(paragraph))]
    one_after_other = all(after == before + 1 for (_, before), (_, after) in pairwise(found))
    if one_after_other and len(found) >= max(_FEWEST_NUMBERED, len(paragraphs) / 2):
        return frozenset(number for number, _ in found)
    return frozenset()


def _match(paragraph: Paragraph) -> re.Match[str] | None:
    return _NUMBERED.match("".join(piece.text for piece in paragraph.pieces))


def _unnumbered(paragraph: Paragraph) -> Paragraph:
    match = _match(paragraph)
    left = match.end() if match else 0
    pieces = []
    for piece in paragraph.pieces:
        pieces.append(Piece(piece.text[left:], piece.bold))
        left = max(0, left - len(piece.text))
    return paragraph._replace(pieces=tuple(pieces))
