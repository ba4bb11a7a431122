"""A folder with a sentence-embedding model on the user's own disk: which files count, and how they are to be run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from alliance_nlp.errors import EmbeddingsError, UsageError, shown

_ONNX_PLACES = ("model.onnx", "onnx/model.onnx")
_DESCRIBING = (
    "modules.json", "config.json", "config_sentence_transformers.json", "sentence_bert_config.json", "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt",
    "sentencepiece.bpe.model", "spiece.model",
)  # fmt: skip
_MODULES = ("Transformer", "Pooling", "Normalize")
_POOLING_OF_FLAG = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean",  # the same direction, and only the direction is used
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_POOLINGS = ("mean", "cls", "max")
_TOKENS = 512
_LFS_POINTER = b"version https://git-lfs"


class EmbeddingFolder(NamedTuple):
    """What a folder in the layout of sentence-transformers, or with an ONNX export, says of its model.

    Attributes
    ----------
    path : Path
        The folder.
    onnx : Path or None
        The ONNX file; None where the weights are safetensors.
    sha256 : str
        Over the names and digests of all files that bear on the vectors.
    max_tokens : int
        What of an utterance is longer is cut off.
    pooling : str
        How the vectors of tokens become one: ``mean``, ``cls`` or ``max``.
    lowercase : bool
        Whether texts are put into small letters first.
    prompt : str
        Stands before every text.
    """

    path: Path
    onnx: Path | None
    sha256: str
    max_tokens: int
    pooling: str
    lowercase: bool
    prompt: str

    @property
    def name(self) -> str:
        """The folder's own name."""
        return shown(Path(self.path.resolve().name))


def read_embedding_folder(path: Path) -> EmbeddingFolder:
    """Look at a folder without opening its model.

    Parameters
    ----------
    path : Path
        With ``model.onnx`` or ``onnx/model.onnx`` and ``tokenizer.json``, or with safetensors in the layout of
        sentence-transformers (https://sbert.net).

    Raises
    ------
    UsageError
        Where there is no such folder.
    EmbeddingsError
        Where it holds no model that can be run, or one with parts that are not known.
    """
    if not path.is_dir():
        raise UsageError(f"--embeddings {shown(path)}: no such folder; name the one that holds the model's files")
    pooling_folders = _known_modules(path)
    onnx = next((path / place for place in _ONNX_PLACES if (path / place).is_file()), None)
    weights = sorted(onnx.parent.glob("model.onnx*") if onnx else path.glob("*.safetensors"))
    if not weights:
        raise EmbeddingsError(f"--embeddings {shown(path)}: {_why_no_weights(path)}")
    if onnx and not (path / "tokenizer.json").is_file():
        raise EmbeddingsError(
            f"--embeddings {shown(path)}: holds no tokenizer.json; export the model again with its tokenizer"
        )
    for file in weights:
        _require_no_pointer(file)
    pooling_configs = [folder / "config.json" for folder in pooling_folders]
    counting = [*(path / name for name in _DESCRIBING), *pooling_configs, *weights]
    described = _mapping(path / "sentence_bert_config.json")
    return EmbeddingFolder(
        path,
        onnx,
        _digest(path, [file for file in counting if file.is_file()]),
        _max_tokens(path, described),
        # Without modules.json sentence-transformers takes the mean as well.
        _pooling(pooling_configs[0]) if pooling_configs else "mean",
        described.get("do_lower_case") is True,
        _prompt(_mapping(path / "config_sentence_transformers.json")),
    )


def _known_modules(path: Path) -> list[Path]:
    """Folders of the poolings; other modules than those known would be code of a stranger's, or change the vectors."""
    modules = _json(path / "modules.json", [])
    poolings = []
    for module in modules if isinstance(modules, list) else [None]:
        package, _, kind = str(module.get("type") if isinstance(module, dict) else "").rpartition(".")
        place = str(module.get("path", "")) if isinstance(module, dict) else ""
        if not package.startswith("sentence_transformers.") or kind not in _MODULES or Path(place).name != place:
            raise EmbeddingsError(
                f"{shown(path / 'modules.json')}: names a module other than {', '.join(_MODULES)} of "
                "sentence-transformers; such a model is not supported, name another"
            )
        if kind == "Pooling":
            poolings.append(path / place)
    return poolings


def _why_no_weights(path: Path) -> str:
    if any(path.glob("*.bin")):
        return (
            "holds its weights as .bin alone, which can run code when opened; get the model with model.safetensors or "
            "model.onnx, or save it so"
        )
    return "holds neither model.onnx nor *.safetensors; name the folder of a sentence-embedding model"


def _require_no_pointer(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            begin = opened.read(len(_LFS_POINTER))
    except OSError as error:
        raise EmbeddingsError(f"{shown(file)}: cannot be read ({error.strerror or error})") from error
    if begin == _LFS_POINTER:
        raise EmbeddingsError(f"{shown(file)}: stands for a file that Git did not fetch; fetch it with: git lfs pull")


def _digest(path: Path, files: list[Path]) -> str:
    digests = {}
    for file in files:
        try:
            with file.open("rb") as opened:
                digests[file.relative_to(path).as_posix()] = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise EmbeddingsError(f"{shown(file)}: cannot be read ({error.strerror or error})") from error
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def _max_tokens(path: Path, described: dict[str, Any]) -> int:
    own = described.get("max_seq_length")
    if isinstance(own, int) and own > 0:
        return own
    stated = (
        _mapping(path / "config.json").get("max_position_embeddings"),
        _mapping(path / "tokenizer_config.json").get("model_max_length"),
    )
    return min([_TOKENS, *(limit for limit in stated if isinstance(limit, int) and limit > 0)])


def _pooling(file: Path) -> str:
    config = _mapping(file)
    named = {of_flag for flag, of_flag in _POOLING_OF_FLAG.items() if config.get(flag) is True}
    pooling = config.get("pooling_mode", named.pop() if len(named) == 1 else None)
    if pooling not in _POOLINGS:
        raise EmbeddingsError(
            f"{shown(file)}: asks for a pooling other than {', '.join(_POOLINGS)}; name another model"
        )
    return str(pooling)


def _prompt(config: dict[str, Any]) -> str:
    prompts, name = config.get("prompts"), config.get("default_prompt_name")
    return str(prompts.get(name, "")) if isinstance(prompts, dict) and isinstance(name, str) else ""


def _mapping(file: Path) -> dict[str, Any]:
    data = _json(file, {})
    return data if isinstance(data, dict) else {}


def _json(file: Path, otherwise: object) -> object:
    """What a JSON file holds, or something else where there is no such file."""
    if not file.is_file():
        return otherwise
    try:
        content: object = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise EmbeddingsError(f"{shown(file)}: damaged or cut off; copy the model again from where it came") from error
    return content
