"""The model bundle: a folder of plain data that holds all that tagging needs.

Files, each with its SHA-256 in ``bundle.json``:

- ``codebook.toml``: the codebook's file, unchanged;
- ``settings.json``: tokenizer, how much each block of features weighs, whether
  punctuation counts around an utterance, calibration and threshold of each
  marker, priorities of the codes of each set, and which sentence embeddings are wanted, if any;
- ``ngrams.json``, ``lexicon.json``: the n-grams that have a column, and the families of words;
- ``idf.npy``, ``weights.npy``, ``second_look.npy``: arrays;
- ``training.json``: what it was trained on, and how well it did;
- ``MODEL_CARD.md``: the same for people.

Opening a bundle runs no code: JSON, TOML and arrays without objects.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.classifier import Calibration, MarkerClassifier
from alliance_nlp.codebook import Codebook, CodeSet, parse_codebook
from alliance_nlp.embeddings import EmbeddingModel
from alliance_nlp.errors import BundleError
from alliance_nlp.features import NO_MEANING, BlockLengths, FeatureSpace, MeaningBlock
from alliance_nlp.second_look import VIEWS, SecondLook
from alliance_nlp.set_rule import SetRule
from alliance_nlp.shapes import SHAPES
from alliance_nlp.whole_folder import whole_folder

FORMAT = 6
"""Raised whenever a bundle written now could not be read by an earlier program."""
_OLDEST_FORMAT = 2
"""Bundles from here on are brought up to date as they are read."""
_VIEWS_OF_FORMAT_2 = 3
"""It saw no single lines; see `VIEWS`."""
_LENGTHS_TO_FORMAT_4 = BlockLengths(runs=1.0, shape=0.5, families=0.5, side=0.2)
"""There were no pairs, and nothing was said of lengths."""
_LENGTHS_OF_FORMAT_5 = {"family_pairs": BlockLengths().family_pairs}
"""There were no pairs of families."""

MANIFEST = "bundle.json"
FILES = (
    "codebook.toml", "settings.json", "ngrams.json", "lexicon.json", "idf.npy", "weights.npy", "second_look.npy",
    "training.json", "MODEL_CARD.md",
)  # fmt: skip
_GET_ANOTHER = "copy the bundle again from where it came, or train it anew"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A trained model with everything that explains it.

    Attributes
    ----------
    name : str
        What the bundle is called.
    codebook : Codebook
        The markers, in the order of the classifier's columns.
    pipeline : str
        The spaCy pipeline whose tokenizer the model was trained with.
    features : FeatureSpace
        Utterances to numbers.
    classifier : MarkerClassifier
        Numbers to probabilities.
    thresholds : tuple of float or None
        The probability from which on a marker is tagged; None for a code of a set.
    training : mapping
        Provenance and figures, as plain data.
    card : str
        The model card, Markdown.
    digest : str
        SHA-256 over the manifest; empty before it was saved.
    set_rules : tuple of SetRule
        How one code of each set of the codebook is chosen.
    embeddings : EmbeddingModel, optional
        The sentence embeddings that utterances must have.
    """

    name: str
    codebook: Codebook
    pipeline: str
    features: FeatureSpace
    classifier: MarkerClassifier
    thresholds: tuple[float | None, ...]
    training: Mapping[str, Any]
    card: str
    digest: str = ""
    set_rules: tuple[SetRule, ...] = ()
    embeddings: EmbeddingModel | None = None

    @property
    def threshold_of(self) -> dict[str, float]:
        """The threshold of each marker that has one."""
        of_markers = zip(self.codebook.marker_names, self.thresholds, strict=True)
        return {name: threshold for name, threshold in of_markers if threshold is not None}


def save_bundle(bundle: Bundle, folder: str | Path, overwrite: bool = False) -> None:
    """Write a bundle; the folder appears whole or not at all.

    Raises
    ------
    OutputError
        Where the folder exists and `overwrite` is not asked, or cannot be written.
    """
    contents = {
        "codebook.toml": bundle.codebook.source.encode(),
        "settings.json": _json(
            {
                "pipeline": bundle.pipeline,
                "shapes": SHAPES,
                "marks_around": bundle.features.marks_around,
                "lengths": bundle.features.lengths._asdict(),
                "usual": bundle.classifier.second_look.usual.tolist(),
                "markers": _settings(bundle),
                **_set_settings(bundle),
                **_embedding_settings(bundle),
            }
        ),
        "ngrams.json": _json(bundle.features.ngrams),
        "lexicon.json": _json(bundle.features.lexicon),
        "idf.npy": _array(bundle.features.idf),
        "weights.npy": _array(bundle.classifier.weights),
        "second_look.npy": _array(bundle.classifier.second_look.weights),
        "training.json": _json(bundle.training),
        "MODEL_CARD.md": bundle.card.encode(),
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": bundle.name,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    manifest["digest"] = _digest(manifest)
    with whole_folder(folder, (MANIFEST, *FILES), overwrite) as partial:
        for name, content in contents.items():
            (partial / name).write_bytes(content)
        (partial / MANIFEST).write_bytes(_json(manifest))


def load_bundle(folder: str | Path) -> Bundle:
    """Read and verify a bundle.

    Raises
    ------
    BundleError
        Where a file is missing, damaged or altered, or the format is newer
        than this program knows; the message names the file and the remedy.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    contents = {name: _verified(folder, name, manifest["files"]) for name in FILES}
    try:
        settings = json.loads(contents["settings.json"])
        codebook = parse_codebook(contents["codebook.toml"].decode(), str(folder / "codebook.toml"))
        markers = [settings["markers"][name] for name in codebook.marker_names]
        training = json.loads(contents["training.json"])
        ngrams = [tuple(ngram) for ngram in json.loads(contents["ngrams.json"]) if isinstance(ngram, list)]
        lexicon = {
            str(family): tuple(tuple(map(str, phrase)) for phrase in phrases)
            for family, phrases in json.loads(contents["lexicon.json"]).items()
        }
        embeddings, meaning = _embeddings(settings.get("embeddings"))
        # Up to format 3 punctuation counted among the words around, and nothing was said of it.
        marks_around = bool(settings.get("marks_around", True))
        lengths = _lengths(settings.get("lengths"))
        features = FeatureSpace(ngrams, lexicon, _loaded_array(contents["idf.npy"]), meaning, marks_around, lengths)
        classifier = MarkerClassifier(
            _loaded_array(contents["weights.npy"]),
            np.array([float(marker["intercept"]) for marker in markers]),
            _second_look(contents["second_look.npy"], settings["usual"], markers, manifest["format"]),
            tuple(Calibration(float(marker["slope"]), float(marker["offset"])) for marker in markers),
        )
        thresholds = tuple(
            None if codebook.set_of(name) else float(marker["threshold"])
            for name, marker in zip(codebook.marker_names, markers, strict=True)
        )
        rules = tuple(_rule(codebook, code_set, settings["sets"][code_set.name]) for code_set in codebook.sets)
        fits = (
            isinstance(training, dict)
            and tuple(settings["shapes"]) == SHAPES
            and features.idf.shape == (features.n_own,)
            and classifier.weights.shape == (features.n_features, len(markers))
            and classifier.second_look.weights.shape == (len(VIEWS) * len(markers), len(markers))
            and classifier.second_look.usual.shape == (len(VIEWS) * len(markers),)
            and all(len(rule.priorities) == len(entry.codes) for rule, entry in zip(rules, codebook.sets, strict=True))
            and all(priority > 0 for rule in rules for priority in rule.priorities)
        )
        pipeline = str(settings["pipeline"])
        card = contents["MODEL_CARD.md"].decode()
    except Exception as error:
        # Whatever a stranger's files hold: parsers fail in more ways than can be listed.
        what = f"{type(error).__name__}: {error}"
        raise BundleError(f"{folder}: the files are not those of a model bundle ({what}); {_GET_ANOTHER}") from error
    if not fits:
        raise BundleError(f"{folder}: its files do not fit together; {_GET_ANOTHER}")
    return Bundle(
        manifest["name"], codebook, pipeline, features, classifier, thresholds, training,
        card, manifest["digest"], rules, embeddings,
    )  # fmt: skip


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        format_number = manifest["format"]
    except FileNotFoundError:
        what = "is not a model bundle (it holds no bundle.json)" if folder.is_dir() else "no such model folder"
        raise BundleError(f"{folder}: {what}; name the folder that `train` made") from None
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(f"{path}: damaged or cut off; {_GET_ANOTHER}") from error
    if not isinstance(format_number, int) or format_number > FORMAT:
        raise BundleError(
            f"{path}: bundle format {format_number} is newer than this program knows ({FORMAT}); "
            "upgrade with: pip install --upgrade alliance-nlp"
        )
    if format_number < _OLDEST_FORMAT:
        raise BundleError(
            f"{path}: bundle format {format_number} is that of an earlier program (now {FORMAT}); "
            "train the model anew from its corpus, or use the program that made it"
        )
    if _digest(manifest) != manifest.get("digest") or not (
        isinstance(manifest.get("files"), dict) and isinstance(manifest.get("name"), str)
    ):
        raise BundleError(f"{path}: altered since it was written; {_GET_ANOTHER}")
    return dict(manifest)


def _verified(folder: Path, name: str, files: Mapping[str, str]) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror or error}); {_GET_ANOTHER}") from error
    if hashlib.sha256(content).hexdigest() != files.get(name):
        raise BundleError(f"{path}: altered or cut off (its SHA-256 is not the recorded one); {_GET_ANOTHER}")
    return content


def _second_look(
    content: bytes, usual: Sequence[float], markers: Sequence[Mapping[str, Any]], format_number: int
) -> SecondLook:
    weights, usual_values = _loaded_array(content), np.array([float(value) for value in usual])
    if format_number == _OLDEST_FORMAT:
        unseen = (len(VIEWS) - _VIEWS_OF_FORMAT_2) * len(markers)
        weights, usual_values = np.pad(weights, [(0, unseen), (0, 0)]), np.pad(usual_values, (0, unseen))
    intercepts = np.array([float(marker["second_intercept"]) for marker in markers])
    return SecondLook(weights, intercepts, usual_values)


def _set_settings(bundle: Bundle) -> dict[str, object]:
    # Where there is no set there is no entry, so that such a bundle is what it was before there were sets.
    rules = zip(bundle.codebook.sets, bundle.set_rules, strict=True)
    of_sets = {code_set.name: {"priorities": rule.priorities} for code_set, rule in rules}
    return {"sets": of_sets} if of_sets else {}


def _embedding_settings(bundle: Bundle) -> dict[str, object]:
    # Likewise no entry where there are none.
    if bundle.embeddings is None:
        return {}
    return {"embeddings": {**bundle.embeddings._asdict(), **bundle.features.meaning._asdict()}}


def _embeddings(entry: Mapping[str, Any] | None) -> tuple[EmbeddingModel | None, MeaningBlock]:
    if entry is None:
        return None, NO_MEANING
    block = MeaningBlock(int(entry["dimensions"]), float(entry["length"]))
    if not (block.dimensions > 0 and 0 < block.length < float("inf")):
        raise ValueError("sentence embeddings without a dimension or a length")
    return EmbeddingModel(str(entry["name"]), str(entry["sha256"])), block


def _lengths(entry: Mapping[str, Any] | None) -> BlockLengths:
    if entry is None:
        return _LENGTHS_TO_FORMAT_4
    said = {**_LENGTHS_OF_FORMAT_5, **entry}
    lengths = BlockLengths(**{name: float(said[name]) for name in BlockLengths._fields})
    if not all(0 < length < float("inf") for length in lengths):
        raise ValueError("a block without a length")
    return lengths


def _rule(codebook: Codebook, code_set: CodeSet, entry: Mapping[str, Any]) -> SetRule:
    priorities = tuple(float(priority) for priority in entry["priorities"])
    return SetRule(codebook.columns_of(code_set), priorities)


def _settings(bundle: Bundle) -> dict[str, dict[str, float | None]]:
    return {
        name: {
            "threshold": threshold,
            "intercept": float(intercept),
            "second_intercept": float(second_intercept),
            **calibration._asdict(),
        }
        for name, threshold, intercept, second_intercept, calibration in zip(
            bundle.codebook.marker_names,
            bundle.thresholds,
            bundle.classifier.intercepts,
            bundle.classifier.second_look.intercepts,
            bundle.classifier.calibrations,
            strict=True,
        )
    }


def _digest(manifest: Mapping[str, Any]) -> str:
    signed = {key: value for key, value in manifest.items() if key != "digest"}
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _array(array: npt.NDArray[np.float32]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array.astype("<f4"), allow_pickle=False)
    return buffer.getvalue()


def _loaded_array(content: bytes) -> npt.NDArray[np.float32]:
    array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    if array.dtype != np.dtype("<f4"):
        raise ValueError("an array of another type than float32")
    return np.asarray(array)
