"""Where the model, its reference ranges and the demo that come with the program are."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def default_model() -> Path:
    """Folder of the shipped model bundle."""
    return _folder("models") / "default"


def default_reference() -> Path:
    """File with the reference ranges of the shipped model."""
    return _folder("models") / "reference.json"


def demo_transcripts() -> Path:
    """Folder of the shipped demo sessions."""
    return _folder("corpora") / "demo"


def _folder(name: str) -> Path:
    try:
        package = import_module(f"alliance_nlp.{name}")
    except ModuleNotFoundError:
        # A checkout that is run without being installed has the folder beside the package.
        return Path(__file__).parents[1] / name
    return Path(str(package.__file__)).parent
