"""SubRip (.srt): captions with numbers, times and text.

.. code-block:: text

    1
    00:00:02,790 --> 00:00:05,190
    THERAPIST: How was the week?

    2
    00:00:05,430 --> 00:00:07,210
    - CLIENT: Long.

There is no standard; numbers may be missing, times may have a point, and text may have ``<i>`` or ``{\\an8}``.
Fragments of one speaker are joined, see `_joining`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.readers._captions import session_of_cues
from alliance_nlp.readers._head import Head
from alliance_nlp.readers._options import ReadOptions
from alliance_nlp.readers._source import TextSource
from alliance_nlp.readers._whole_text import whole_text
from alliance_nlp.transcript import Session

NAME = "srt"
TITLE = "SubRip captions"
SUFFIXES = (".srt",)

_FIRST_CUE = re.compile(
    r"\s*(?:\d{1,9}\s+)?(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?\s*-->\s*\d{1,4}:\d{1,2}", re.ASCII
)


def looks_like(head: Head) -> bool:
    """Whether the file begins with a cue's times, a number before them or not."""
    return bool(_FIRST_CUE.match(head.text))


def read(source: TextSource, session_id: str, options: ReadOptions) -> Iterator[Session]:
    """Read the one session of a SubRip file.

    Raises
    ------
    TranscriptError
        Where there is no cue with words, or see `make_session`.
    """
    yield session_of_cues(source.path, session_id, whole_text(source), options, markup=False)
