"""Texts to vectors, by ONNX Runtime or, where the weights are safetensors, by sentence-transformers.

Each text is run by itself and by one thread, so that its vector depends on nothing but the text: not on what
stands beside it in a batch, nor on how many processes work (see ``docs/decisions/0051-sentence-embeddings.md``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import metadata
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from alliance_nlp.embedding_folder import EmbeddingFolder
from alliance_nlp.errors import EmbeddingsError, UsageError, shown

Vectors = npt.NDArray[np.float32]

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class Runner(Protocol):
    """A model that is open."""

    def vectors(self, texts: Sequence[str], jobs: int) -> Vectors:
        """Of shape (n_texts, n_dimensions); `jobs` threads at most, -1 for one per core."""


def open_runner(folder: EmbeddingFolder) -> Runner:
    """Open the model.

    Raises
    ------
    UsageError
        Where the library that runs it is not installed.
    EmbeddingsError
        Where its files cannot be opened.
    """
    return OnnxRunner(folder) if folder.onnx else TorchRunner(folder)


def versions(folder: EmbeddingFolder) -> str:
    """The libraries that make the vectors, with their versions; where one is missing, empty."""
    libraries = ("onnxruntime", "tokenizers") if folder.onnx else ("sentence-transformers", "transformers", "torch")
    try:
        return " ".join(f"{name} {metadata.version(name)}" for name in libraries)
    except metadata.PackageNotFoundError:
        return ""


class OnnxRunner:
    """ONNX Runtime, with the folder's own tokenizer and pooling."""

    def __init__(self, folder: EmbeddingFolder) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise UsageError(
                f"--embeddings needs {error.name or 'onnxruntime'}, which is not installed; "
                "install it with: pip install 'alliance-nlp[embeddings]'"
            ) from error
        # On Windows ONNX Runtime would report to its maker.
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(str(folder.onnx), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder.path / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(folder.max_tokens)
        except Exception as error:
            # Both libraries raise whatever their parsers come upon.
            raise _cannot_be_opened(folder, error) from error
        self._folder = folder
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        if not {"input_ids"} <= self._inputs <= _INPUTS:
            raise EmbeddingsError(
                f"{shown(folder.onnx or folder.path)}: takes {', '.join(sorted(self._inputs))}, and not input_ids with "
                "attention_mask and token_type_ids; name a model that embeds sentences"
            )

    def vectors(self, texts: Sequence[str], jobs: int) -> Vectors:
        """See `Runner`."""
        from joblib import Parallel, delayed

        prepared = [self._folder.prompt + (text.lower() if self._folder.lowercase else text) for text in texts]
        encoded = self._tokenizer.encode_batch(prepared)
        run = Parallel(n_jobs=jobs, prefer="threads")
        try:
            return np.stack(run(delayed(self._vector)(one.ids, one.type_ids) for one in encoded))
        except Exception as error:
            # What is wrong can hold tokens of the text.
            raise EmbeddingsError(
                f"{shown(self._folder.onnx or self._folder.path)}: does not give one vector a text "
                f"({type(error).__name__}); name a model that embeds sentences"
            ) from None

    def _vector(self, ids: list[int], type_ids: list[int]) -> Vectors:
        if not ids:
            return np.zeros_like(self._vector([0], [0]))
        given = {
            "input_ids": np.array([ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(ids)), dtype=np.int64),
            "token_type_ids": np.array([type_ids], dtype=np.int64),
        }
        outputs = self._session.run(None, {name: given[name] for name in self._inputs})
        of_tokens = next((output[0] for output in outputs if output.ndim == 3), None)
        if of_tokens is None:
            return np.asarray(next(output[0] for output in outputs if output.ndim == 2), dtype=np.float32)
        # One text at a time has no padding, so that there is nothing to mask.
        if self._folder.pooling == "cls":
            return np.asarray(of_tokens[0], dtype=np.float32)
        pooled = of_tokens.max(axis=0) if self._folder.pooling == "max" else of_tokens.mean(axis=0)
        return np.asarray(pooled, dtype=np.float32)


class TorchRunner:
    """sentence-transformers, told to look at nothing but the folder."""

    def __init__(self, folder: EmbeddingFolder) -> None:
        # Read when the library is imported.
        os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            place = shown(folder.path)
            raise UsageError(
                f"--embeddings {place}: holds weights (safetensors) and no model.onnx; install what runs "
                "them with: pip install sentence-transformers, or export it to ONNX with: "
                'pip install "optimum[onnxruntime]" && '
                f"optimum-cli export onnx --model {place} --task feature-extraction {place}-onnx"
            ) from error
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            self._model: Any = SentenceTransformer(
                str(folder.path.resolve()), device="cpu", local_files_only=True, trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )  # fmt: skip
        except Exception as error:
            raise _cannot_be_opened(folder, error) from error

    def vectors(self, texts: Sequence[str], jobs: int) -> Vectors:
        """See `Runner`; one thread, since the library's tokenizers do not bear several."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            encoded = self._model.encode(list(texts), batch_size=1, show_progress_bar=False, convert_to_numpy=True)
        finally:
            torch.set_num_threads(before)
        return np.asarray(encoded, dtype=np.float32)


def _cannot_be_opened(folder: EmbeddingFolder, error: Exception) -> EmbeddingsError:
    return EmbeddingsError(
        f"--embeddings {shown(folder.path)}: its files cannot be opened ({type(error).__name__}); "
        "copy the model again from where it came"
    )
