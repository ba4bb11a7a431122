"""The whole text of a file that holds one session."""

from __future__ import annotations

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._source import TextSource

MAX_BYTES = 256 << 20
"""More than a hundred days of talk."""


def whole_text(source: TextSource) -> str:
    r"""Text of a file, every line ended by ``\n``.

    Raises
    ------
    TranscriptError
        Where it is larger than any session.
    """
    if source.size > MAX_BYTES:
        raise TranscriptError(
            source.path,
            "",
            f"a session of {source.size >> 20:,} MB (at most {MAX_BYTES >> 20}); give each session its file",
        )
    with source.open() as stream:
        text = stream.read()
    # A file that went through two programs may have its carriage returns doubled.
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
