"""Files that `alliance_nlp.exports` wrote for other tools, on their way back with corrected codes.

One module a format, named after its export. It names the ending of its files in
``SUFFIX`` and has two functions: ``is_ours(path)``, whether a file has the marks
that the export left in it, and ``read(path, codebook, options)``, which yields
`CodedTranscript`, or the `TranscriptError` of a session that fails.

The rule for all of them: a file that is handed in has been coded as a whole. On
an utterance whose role the marker is coded on, a code is 1 and no code is 0.
What cannot be placed is left out and told, in `Session.notes`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from alliance_nlp.codebook import Codebook
from alliance_nlp.coded_transcript import CodedTranscript
from alliance_nlp.errors import TranscriptError
from alliance_nlp.readers import ReadOptions

_MODULES = ("convokit", "doccano", "elan", "label_studio", "refi_qda", "workbook")


class CorrectedFormat(Protocol):
    """A module of this package."""

    SUFFIX: str

    def is_ours(self, path: Path) -> bool:
        """Whether the export of this format wrote the file."""

    def read(self, path: Path, codebook: Codebook, options: ReadOptions) -> Iterator[CodedTranscript | TranscriptError]:
        """Sessions with the codes that they came back with."""


def corrected_suffixes() -> list[str]:
    """File endings of what may come back."""
    return [importlib.import_module(f"{__name__}.{name}").SUFFIX for name in _MODULES]


def corrected_module(path: Path) -> CorrectedFormat | None:
    """The module that reads a file that came back, or None where it is no such file."""
    for name in _MODULES:
        module = importlib.import_module(f"{__name__}.{name}")
        if path.suffix.lower() == module.SUFFIX and module.is_ours(path):
            return cast(CorrectedFormat, module)
    return None
