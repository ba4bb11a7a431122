"""What can go wrong, and the exit code that each kind carries.

Every message names the file, the place and what to do, and never holds a
word that a client or therapist said.
"""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """A path as text that can be written anywhere: a file name need not be valid Unicode."""
    return str(path).encode("utf-8", "replace").decode()


class AllianceError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_code = 1


class TranscriptError(AllianceError):
    """A transcript, or one session in it, cannot be read.

    Parameters
    ----------
    file : Path
        The transcript file.
    place : str
        Where in the file: ``"line 7"``, ``"session S12, line 40"``, or empty for the whole file.
    reason : str
        What is wrong and what to do about it.
    """

    def __init__(self, file: Path, place: str, reason: str) -> None:
        super().__init__(file, place, reason)
        self.file = file
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        where = f"{shown(self.file)}, {self.place}" if self.place else shown(self.file)
        return f"{where}: {self.reason}"


class UsageError(AllianceError):
    """The call itself is wrong: an option, a path, a name."""

    exit_code = 2


class OutputError(AllianceError):
    """Results cannot be written where they were asked for."""


class UnfitError(AllianceError):
    """A session cannot be put into the format that was asked for, or not whole.

    Parameters
    ----------
    place : str
        ``"session S1"``, ``"session S1, utterance 7"``.
    reason : str
        What does not fit and what to do about it.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class ResultsError(AllianceError):
    """A folder of results cannot be read, or is not as ``tag`` writes it."""


class CodebookError(AllianceError):
    """A codebook file does not follow the schema."""


class CorpusError(AllianceError):
    """A coded corpus cannot be learned from."""


class RatingsError(AllianceError):
    """Coders' ratings cannot be read or compared."""


class BundleError(AllianceError):
    """A model bundle is damaged, altered, or made by a newer program."""

    exit_code = 5


class EmbeddingsError(AllianceError):
    """A folder of sentence embeddings cannot be used, or is not the one that the model was trained with."""

    exit_code = 5


class IdentifiersError(AllianceError):
    """Identifiers were left in the transcripts, and the user had asked to refuse them."""

    exit_code = 4
