"""Label Studio: a task a session, shown as a dialogue, with the codes as pre-annotations, and the labelling interface.

After the pages on the tags Paragraphs and ParagraphLabels and on pre-annotations in Label Studio's documentation
(https://labelstud.io). `alliance_nlp.corrected.label_studio` is the way back.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About
from alliance_nlp.exports._colours import colours
from alliance_nlp.exports._ids import guid
from alliance_nlp.exports._xml import plain
from alliance_nlp.rating_table import shown_value

TASKS, CONFIG = "tasks.json", "labelling-interface.xml"
FILES = (TASKS, CONFIG)
DIALOGUE, MARKER = "dialogue", "marker"
"""Names of the transcript and of the labels in the interface."""
MARKERS = "markers"
"""In a task's data: which markers it was made for."""

_ID_LENGTH = 10
_DECIMALS = 6


class Export:
    """The tasks, and the interface to be pasted into the project's settings. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._about = about
        (folder / CONFIG).write_text(_interface(about), encoding="utf-8")
        self._file = (folder / TASKS).open("w", encoding="utf-8", newline="\n")
        self._file.write("[")
        self._separator = "\n"

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        self._file.write(self._separator + json.dumps(self._task(transcript), ensure_ascii=False))
        self._separator = ",\n"

    def _task(self, transcript: CodedTranscript) -> dict[str, Any]:
        session = transcript.session
        dialogue = []
        for utterance in session.utterances:
            paragraph: dict[str, Any] = {
                "author": utterance.speaker, "text": utterance.text,
                "utterance_id": utterance.utterance_id, "role": str(utterance.speaker_role),
            }  # fmt: skip
            paragraph |= {} if utterance.start is None else {"start": utterance.start}
            dialogue.append(paragraph | ({} if utterance.end is None else {"end": utterance.end}))
        names = [marker.name for marker in self._about.markers]
        task: dict[str, Any] = {"data": {"session_id": session.session_id, MARKERS: names, DIALOGUE: dialogue}}
        if transcript.codes is not None:
            task["predictions"] = [{"model_version": self._about.coder, "result": self._results(transcript)}]
        return task

    def _results(self, transcript: CodedTranscript) -> list[dict[str, Any]]:
        results = []
        session_id = transcript.session.session_id
        for place, utterance in enumerate(transcript.session.utterances):
            for column, marker in enumerate(self._about.markers):
                if not transcript.codes or transcript.codes[place][column] != 1:
                    continue
                if not utterance.text:
                    self.notes.append(
                        f"session {session_id}, utterance {shown_value(utterance.utterance_id)}: codes on an empty "
                        "text, which cannot be selected, are left out"
                    )
                    break
                result: dict[str, Any] = {
                    "id": guid("region", session_id, utterance.utterance_id, marker.name)[-_ID_LENGTH:],
                    "from_name": MARKER, "to_name": DIALOGUE, "type": "paragraphlabels",
                    "value": {
                        "start": str(place), "end": str(place), "startOffset": 0, "endOffset": units(utterance.text),
                        "text": utterance.text, "paragraphlabels": [marker.name],
                    },
                }  # fmt: skip
                probability = transcript.probabilities[place][column] if transcript.probabilities else None
                if probability is not None:
                    result["score"] = round(probability, _DECIMALS)
                results.append(result)
        return results

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.write("\n]\n")
        self._file.close()


def units(text: str) -> int:
    """Length of a text as a browser counts it, in UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _interface(about: About) -> str:
    view = Element("View")
    SubElement(view, "Header", value="Mark every utterance to which a code applies, and take wrong marks away.")
    labels = SubElement(view, "ParagraphLabels", name=MARKER, toName=DIALOGUE, choice="multiple", showInline="true")
    for marker, colour in zip(about.markers, colours(about.markers), strict=True):
        hint = f"{marker.title} ({marker.role}): {marker.definition}"
        SubElement(labels, "Label", value=marker.name, background=colour, hint=plain(hint))
    SubElement(
        view, "Paragraphs", name=DIALOGUE, value=f"${DIALOGUE}", layout="dialogue", nameKey="author", textKey="text",
        granularity="paragraph",
    )  # fmt: skip
    indent(view)
    return tostring(view, encoding="unicode") + "\n"
