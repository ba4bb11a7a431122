"""Plain text with a speaker label before each utterance.

.. code-block:: text

    T: How was the week?
    C: Long. I wrote it down, like you
       said, but then
    [00:01:12] T: But then?

A line without a label goes on with the utterance above it. A label is a role's
usual name (``T``, ``Client``, ``Counsellor 2``), one given by ``--role``, or any one
to three capitalised words or codes before a colon (``SPEAKER_00``, ``Dr Smith``). An
indented line starts an utterance only with a label whose role is known, so
that text with a colon in it can be kept apart by indenting it. What stands above the first utterance, such as
``Date: 3 May``, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._labelled_lines import Gathered, is_heading, is_like_a_label, labelled_line
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._session import make_session
from alliance_nlp.readers._source import TextSource
from alliance_nlp.transcript import Session

NAME = "text"
TITLE = "text with speaker labels"
SUFFIXES = (".txt", ".text")
PLAIN = True


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a labelled text file.

    Raises
    ------
    TranscriptError
        Where no line has a label, or see `make_session`.
    """
    gathered = Gathered()
    lines_before = 0
    doubtful: list[int] = []
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            labelled = labelled_line(line, options.roles)
            if labelled and (gathered or not is_heading(labelled.label, options.roles)):
                gathered.begin(number, labelled)
            elif line.strip():
                if gathered:
                    gathered.go_on(line.strip())
                    doubtful += [number] if is_like_a_label(line) else []
                else:
                    lines_before += 1
    if not gathered:
        raise TranscriptError(
            source.path,
            "",
            "no speaker labels found; begin each utterance with one, such as 'T: ' and 'C: ', "
            "or give the session as a table with the columns speaker and text",
        )
    notes = []
    if lines_before:
        lines = "1 line" if lines_before == 1 else f"{lines_before} lines"
        notes.append(f"{source.path}: {lines} above the first speaker label left out")
    if doubtful:
        notes.append(
            f"{source.path}, line {doubtful[0]}: begins with words and a colon that were not taken for a speaker label "
            f"({len(doubtful)} such lines); if somebody speaks there, shorten the label or give it with --role"
        )
    yield make_session(source.path, session_id, gathered.utterances(), options, notes=notes)
