"""WebVTT: captions as Zoom, Teams and other programs that transcribe write them.

.. code-block:: text

    WEBVTT

    1
    00:00:02.790 --> 00:00:05.190
    Ada Lovelace: How was the week?

    2
    00:00:05.430 --> 00:00:07.210
    <v Grace Hopper>Long.</v>

Follows https://www.w3.org/TR/webvtt1/ where a file does. Fragments of one speaker are joined, see `_joining`.
"""

from __future__ import annotations

from collections.abc import Iterator

from alliance_nlp.readers._captions import session_of_cues
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session

NAME = "webvtt"
TITLE = "WebVTT"
SUFFIXES = (".vtt",)


def looks_like(head: Head) -> bool:
    """Whether the file begins with ``WEBVTT``."""
    return head.text.startswith("WEBVTT") and head.text[6:7] in ("", " ", "\t", "\n")


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a WebVTT file.

    Raises
    ------
    TranscriptError
        Where there is no cue with words, or see `make_session`.
    """
    yield session_of_cues(source.path, session_id, whole_text(source), options, markup=True)
