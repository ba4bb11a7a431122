"""The bytes of a file whose format names its encoding itself."""

from __future__ import annotations

from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers._source import BinarySource

MAX_BYTES = 64 << 20
"""An hour of talk with a dozen tiers takes 2 MB."""


def whole_bytes(source: BinarySource) -> bytes:
    """Content of a file.

    Raises
    ------
    TranscriptError
        Where it is larger than any session.
    """
    if source.size > MAX_BYTES:
        raise TranscriptError(
            source.path,
            "",
            f"a session of {source.size >> 20:,} MB (at most {MAX_BYTES >> 20}); export it as text",
        )
    with source.open() as stream:
        return stream.read()
