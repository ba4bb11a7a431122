"""doccano: a document an utterance for a project of the kind text classification, with the codes as its labels.

Labels on whole utterances, and no spans, since the utterance is what is coded. `alliance_nlp.corrected.doccano` is
the way back.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About
from alliance_nlp.exports._colours import colours

DOCUMENTS, LABELS = "documents.jsonl", "labels.json"
FILES = (DOCUMENTS, LABELS)
MARKERS = "markers"
"""In a document: which markers it was made for."""

_BEFORE = 3
_WHITE = "#ffffff"


class Export:
    """The documents, and the labels to import before them. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        self.notes: list[str] = []
        self._about = about
        labels = [
            {"text": marker.name, "prefix_key": None, "suffix_key": str(number) if number < 10 else None,
             "background_color": colour, "text_color": _WHITE}
            for number, (marker, colour) in enumerate(zip(about.markers, colours(about.markers), strict=True), 1)
        ]  # fmt: skip
        (folder / LABELS).write_text(json.dumps(labels, indent=2) + "\n", encoding="utf-8")
        self._file = (folder / DOCUMENTS).open("w", encoding="ascii", newline="\n")

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        session = transcript.session
        n_empty = 0
        for place, utterance in enumerate(session.utterances):
            if not utterance.text.strip():
                n_empty += 1
                continue
            before = session.utterances[max(place - _BEFORE, 0) : place]
            document: dict[str, Any] = {
                "text": utterance.text,
                "label": [marker.name for marker in transcript.markers_of(place, self._about.markers)],
                "session_id": session.session_id,
                "utterance_id": utterance.utterance_id,
                "speaker": utterance.speaker,
                "speaker_role": str(utterance.speaker_role),
                MARKERS: " ".join(marker.name for marker in self._about.markers),
                "before": "\n".join(f"{each.speaker}: {each.text}" for each in before),
            }
            if utterance.start is not None or utterance.end is not None:
                document |= {"start": utterance.start, "end": utterance.end}
            # In ASCII: doccano guesses the encoding.
            self._file.write(json.dumps(document) + "\n")
        if n_empty:
            self.notes.append(
                f"session {session.session_id}: {n_empty} utterances without words are left out; doccano takes none"
            )

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
