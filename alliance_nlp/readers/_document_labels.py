"""Who speaks in a paragraph of a document: labels with a colon, bold ones, and lines with a name and a time.

Beside the rules of `_labelled_lines`, a line begins an utterance where it begins with

- bold text that ends in a colon or has one behind it: ``**Ada Marsh:** How was the week?``;
- bold text alone on the line, where its role is known or it stands so twice or more: the words follow below;
- a name and a time, as Teams, Otter, Rev and Word's own transcription write them: ``Ada Marsh   0:05``,
  ``Ada Marsh (00:05):``, ``00:00:05 Speaker 1``; or an older Teams file's ``0:0:5.1 --> 0:0:8.2`` with the name below;
- a label and a tab: ``T	How was the week?``, where its role is known, or it is bold and stands so twice or more;
- a bold label whose role is known, twice or more: ``**Client** Long.``
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from alliance_nlp.clock import parse_seconds
from alliance_nlp.readers._document import Line
from alliance_nlp.readers._labelled_lines import LabelledLine, labelled_line
from alliance_nlp.readers._labels import CODE_OR_NAME
from alliance_nlp.roles import RoleNames

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}"
_NAME = r"(?P<speaker>[^\s:(\[\d][^:\t\n]{0,80}?)"
_HEADED = [
    re.compile(form, re.ASCII)
    for form in (
        rf"{_NAME}(?: {{2,8}}|\t)(?P<time>{_CLOCK})",
        rf"{_NAME} ?\((?P<time>{_CLOCK})\):?",
        rf"(?P<time>\d{{2}}:\d{{2}}:\d{{2}})[ \t]{{1,8}}{_NAME}",
    )
]
_ARROW = re.compile(r"(\d{1,3}:\d{1,2}:\d{1,2}(?:\.\d{1,3})?) ?--> ?(\d{1,3}:\d{1,2}:\d{1,2}(?:\.\d{1,3})?)", re.ASCII)
_BY_THE_PROGRAM = re.compile(r"\S.{0,80} (?:started|stopped) transcription|Transcribed by https?://otter\.ai/?")
_LONGEST = 60
_LONGEST_OF_SPEECH = 40
_LONGEST_HEADED = 100
_TWICE = 2
_NO_LABEL = frozenset(".?!,;…")


class DocumentLabels:
    """Labels of one document.

    Parameters
    ----------
    lines : iterable of Line
        All lines of running text.
    roles : RoleNames
        Tells the role of a label.

    Attributes
    ----------
    headed : int
        How many utterances with a name and a time on a line of their own were found so far: by them the transcript of a
        machine is known.
    """

    def __init__(self, lines: Iterable[Line], roles: RoleNames) -> None:
        self._roles = roles
        self.headed = 0
        self._times: tuple[float, float] | None = None
        self._by_a_machine = False
        counts: Counter[str] = Counter()
        for line in lines:
            text, bold = line.text.strip(), line.bold.strip()
            self._by_a_machine = self._by_a_machine or bool(_ARROW.fullmatch(text) or self._heading(text))
            if bold and _may_be_label(bold):
                counts[bold] += 1
        self._often = frozenset(label for label, count in counts.items() if count >= _TWICE)

    def of(self, line: Line) -> LabelledLine | None:
        """The line's label, and what is said behind it; None where it has none."""
        text = line.text.strip().replace("\u00a0", " ")
        times, self._times = self._times, None
        if times and text and len(text) <= _LONGEST:
            self.headed += 1
            return LabelledLine(text.rstrip(":").rstrip(), "", *times)
        return (
            self._headed(text) or self._before_colon(line) or self._bold_alone(line, text) or self._before_space(line)
        )

    def is_times(self, line: Line) -> bool:
        """Whether the line holds the times of an utterance whose speaker stands on the next."""
        match = _ARROW.fullmatch(line.text.strip())
        if match:
            self._times = parse_seconds(match[1]), parse_seconds(match[2])
        return match is not None

    def is_by_the_program(self, line: Line) -> bool:
        """Whether the line is one that a program adds, in a file that one made."""
        return self._by_a_machine and _BY_THE_PROGRAM.fullmatch(line.text.strip()) is not None

    def _headed(self, text: str) -> LabelledLine | None:
        match = self._heading(text)
        if not match:
            return None
        self.headed += 1
        return LabelledLine(" ".join(match["speaker"].split()), "", parse_seconds(match["time"]))

    def _heading(self, text: str) -> re.Match[str] | None:
        if len(text) > _LONGEST_HEADED:
            return None
        match = next(filter(None, (form.fullmatch(text) for form in _HEADED)), None)
        return match if match and (match.re is not _HEADED[2] or self._is_name(match["speaker"])) else None

    def _is_name(self, label: str) -> bool:
        return self._roles.role_of(label) is not None or CODE_OR_NAME.fullmatch(label) is not None

    def _before_colon(self, line: Line) -> LabelledLine | None:
        bold = line.bold.strip()
        if bold and len(bold) <= _LONGEST and bold[0].isalnum():
            label, colon, rest = line.text.partition(":")
            label = label.strip()
            # The colon may be bold or not; nothing but the label may be.
            if colon and label and bold.rstrip(": ") == label and not label.isdigit():
                return LabelledLine(label, rest.strip())
        return labelled_line(line.text, self._roles)

    def _bold_alone(self, line: Line, text: str) -> LabelledLine | None:
        bold = line.bold.strip().rstrip(":").rstrip()
        if bold and bold == text.rstrip(":").rstrip() and _may_be_label(bold):
            known = self._roles.role_of(bold) is not None
            if known or (bold in self._often and CODE_OR_NAME.fullmatch(bold)):
                return LabelledLine(bold, "")
        return None

    def _before_space(self, line: Line) -> LabelledLine | None:
        label, tab, rest = line.text.strip().partition("\t")
        label, bold = label.strip(), line.bold.strip()
        if tab and label and len(label) <= _LONGEST_OF_SPEECH and rest.strip():
            known = self._roles.role_of(label) is not None
            if known or (label == bold and label in self._often and CODE_OR_NAME.fullmatch(label)):
                return LabelledLine(label, rest.strip())
        # An emphasised "I" is no interviewer.
        if bold in self._often and len(bold) > 1 and self._roles.role_of(bold) is not None:
            behind = line.text.strip()[len(bold) :]
            if behind[:1].isspace():
                return LabelledLine(bold, behind.strip())
        return None


def _may_be_label(text: str) -> bool:
    return len(text) <= _LONGEST_OF_SPEECH and text[0].isalpha() and text[-1] not in _NO_LABEL and "\t" not in text
