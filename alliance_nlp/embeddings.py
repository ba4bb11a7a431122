"""Sentence embeddings from a model folder on the user's own disk; nothing is ever downloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliance_nlp.embedding_folder import EmbeddingFolder, read_embedding_folder
from alliance_nlp.embedding_runners import Runner, Vectors, open_runner, versions
from alliance_nlp.errors import EmbeddingsError, shown

DECIMALS = 4
"""Of vectors of length 1: finer differences come from the machine's arithmetic, not from what was said."""
_KEPT = 20_000
_AT_ONCE = 200


class EmbeddingModel(NamedTuple):
    """Which model made the vectors."""

    name: str
    """Of its folder."""
    sha256: str
    """Over its files."""

    def __str__(self) -> str:
        return f"{self.name}, SHA-256 {self.sha256[:12]}…"


class SentenceEmbeddings:
    """Texts to vectors; the model is opened when the first text comes.

    Parameters
    ----------
    folder : EmbeddingFolder
        See `read_embedding_folder`.
    done : callable
        Called with the number of texts that were run and of those to run, now and then.
    """

    def __init__(self, folder: EmbeddingFolder, done: Callable[[int, int], None] = lambda number, of: None) -> None:
        self.folder = folder
        self._done = done
        self._known: dict[str, Vectors] = {}

    @property
    def model(self) -> EmbeddingModel:
        """Name and digest of the model."""
        return EmbeddingModel(self.folder.name, self.folder.sha256)

    @property
    def key(self) -> str:
        """Stands for all that makes a vector of a text."""
        return f"{self.folder.sha256} {versions(self.folder)}"

    @cached_property
    def _runner(self) -> Runner:
        return open_runner(self.folder)

    def vectors(self, texts: Sequence[str], jobs: int = 1) -> Vectors:
        """Vectors of length 1, rounded to `DECIMALS`; the same for a text whatever else is asked for.

        Parameters
        ----------
        texts : sequence of str
            Utterances; each different one is run once.
        jobs : int
            Threads; -1 for one per core.

        Returns
        -------
        ndarray of float32, shape (n_texts, n_dimensions)

        Raises
        ------
        UsageError
            Where a library is not installed.
        EmbeddingsError
            Where the model cannot be opened, or gives no numbers.
        """
        if len(self._known) > _KEPT:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for begin in range(0, len(new), _AT_ONCE):
            part = new[begin : begin + _AT_ONCE]
            self._known.update(zip(part, self._units(part, jobs), strict=True))
            self._done(begin + len(part), len(new))
        return np.stack([self._known[text] for text in texts])

    def _units(self, texts: Sequence[str], jobs: int) -> Vectors:
        found = self._runner.vectors(texts, jobs)
        if not np.isfinite(found).all():
            raise EmbeddingsError(f"--embeddings {shown(self.folder.path)}: gives vectors that are no numbers")
        lengths = np.linalg.norm(found.astype(np.float64), axis=1, keepdims=True)
        units = (found / np.maximum(lengths, np.finfo(np.float32).tiny)).round(DECIMALS)
        return np.asarray(units, dtype=np.float32)


def open_embeddings(path: Path, done: Callable[[int, int], None] = lambda number, of: None) -> SentenceEmbeddings:
    """Sentence embeddings by the model in a folder; `done` as of `SentenceEmbeddings`, errors as of the folder."""
    return SentenceEmbeddings(read_embedding_folder(path), done)
