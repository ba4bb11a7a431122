"""spaCy's DocBin: a Doc a session, with its utterances and their codes as groups of spans.

``doc.spans["utterances"]`` has a span an utterance, labelled with the role and with the utterance's id as its
``id_``; ``doc.spans["alliance"]`` a span for each code, with the marker as its label. The Doc is the session and not
the utterance, so that whoever looks at a span finds what was said around it.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any

from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.exports import About

FILES = ("transcripts.spacy",)
CODES, UTTERANCES = "alliance", "utterances"

_BREAK = "\n"
_LONGEST_WORD = 500


class Export:
    """One file of all sessions. See `alliance_nlp.exports`."""

    def __init__(self, folder: Path, about: About) -> None:
        import spacy
        from spacy.tokens import DocBin

        self.notes: list[str] = []
        self._path = folder / FILES[0]
        self._about = about
        self._pipeline = spacy.blank("en")
        self._docs = DocBin(store_user_data=True)

    def write(self, transcript: CodedTranscript) -> None:
        """Add a session."""
        from spacy.tokens import Doc, Span

        words: list[str] = []
        spaces: list[bool] = []
        ranges: list[tuple[int, int]] = []
        # Utterance by utterance, so that no token reaches over two.
        for utterance in transcript.session.utterances:
            begin = len(words)
            for piece in _pieces(utterance.text):
                tokens = self._pipeline.make_doc(piece)
                words += [token.text for token in tokens]
                spaces += [bool(token.whitespace_) for token in tokens]
            ranges.append((begin, len(words)))
            words.append(_BREAK)
            spaces.append(False)
        doc = Doc(self._pipeline.vocab, words, spaces)
        utterances, codes = [], []
        about: list[dict[str, Any]] = []
        for place, (utterance, (begin, end)) in enumerate(zip(transcript.session.utterances, ranges, strict=True)):
            about.append({
                "utterance_id": utterance.utterance_id, "speaker": utterance.speaker,
                "speaker_role": str(utterance.speaker_role), "start": utterance.start, "end": utterance.end,
                "tokens": [begin, end],
            })  # fmt: skip
            role = str(utterance.speaker_role)
            utterances.append(Span(doc, begin, end, label=role, span_id=utterance.utterance_id))
            for marker in transcript.markers_of(place, self._about.markers):
                codes.append(Span(doc, begin, end, label=marker.name, span_id=utterance.utterance_id))
        doc.spans[UTTERANCES] = utterances
        doc.spans[CODES] = codes
        doc.user_data["session_id"] = transcript.session.session_id
        doc.user_data["utterances"] = about
        doc.user_data["coded"] = transcript.codes is not None
        self._docs.add(doc)

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._path.write_bytes(self._docs.to_bytes())


def _pieces(text: str) -> list[str]:
    """The text, cut where a stretch is no word: spaCy's time grows with the square of its length."""
    return re.findall(rf"(?:\s|\S(?!\S{{{_LONGEST_WORD}}}))+|\S{{1,{_LONGEST_WORD}}}", text)
