"""Tags therapy transcripts for markers of the working alliance.

>>> import alliance_nlp
>>> session = alliance_nlp.read_session("session.txt")
>>> tagger = alliance_nlp.load_tagger()
>>> tagged = tagger.tag(session)
>>> records = tagged.to_records()  # pandas.DataFrame(records)

`alliance_nlp.bench` holds what the commands do, for a notebook.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from alliance_nlp import bench
    from alliance_nlp.code_classifier import CodeClassifier
    from alliance_nlp.codebook import read_codebook
    from alliance_nlp.marker_features import MarkerFeatures
    from alliance_nlp.readers import read_session, read_sessions
    from alliance_nlp.roles import RoleNames
    from alliance_nlp.summary import summarise
    from alliance_nlp.tagging import load_tagger

__all__ = [
    "CodeClassifier",
    "MarkerFeatures",
    "RoleNames",
    "bench",
    "load_tagger",
    "read_codebook",
    "read_session",
    "read_sessions",
    "summarise",
]

_MODULE_OF = {
    "CodeClassifier": "code_classifier",
    "MarkerFeatures": "marker_features",
    "load_tagger": "tagging",
    "read_codebook": "codebook",
    "read_session": "readers",
    "read_sessions": "readers",
    "RoleNames": "roles",
    "summarise": "summary",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is used, so that the command line starts at once."""
    if name == "bench":
        return import_module(f"{__name__}.bench")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
