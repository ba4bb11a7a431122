"""Presidio beside the screen's own patterns: names and places by an entity recogniser, numbers by check digits.

Presidio's own configuration downloads a model. Here it takes a spaCy pipeline that is on the disk already, and none of
its recognisers that look something up on a network.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alliance_nlp.errors import UsageError
from alliance_nlp.screening.categories import Category
from alliance_nlp.screening.span import Span

_LANGUAGE = "en"
_CATEGORIES = {
    "PERSON": Category.NAME,
    "LOCATION": Category.PLACE,
    "CREDIT_CARD": Category.ACCOUNT,
    "IBAN_CODE": Category.ACCOUNT,
    "PHONE_NUMBER": Category.PHONE,
    "US_SSN": Category.NATIONAL_ID,
    "UK_NHS": Category.NATIONAL_ID,
}
_LOWEST_SCORE = 0.4
"""Below it, Presidio reports numbers of the right length with nothing else that speaks for them."""


class PresidioFinder:
    """Finds identifiers by Presidio.

    Parameters
    ----------
    pipeline : str
        Name of an installed spaCy pipeline with an entity recogniser, or the folder of one.

    Raises
    ------
    UsageError
        Where Presidio is not installed, or there is no such pipeline, or it finds no entities.
    """

    def __init__(self, pipeline: str) -> None:
        if find_spec("presidio_analyzer") is None:
            raise UsageError("--presidio needs Presidio: pip install 'alliance-nlp[presidio]'")
        # Presidio downloads a pipeline that it does not find.
        if not Path(pipeline).is_dir() and (not pipeline.isidentifier() or find_spec(pipeline) is None):
            raise UsageError(
                f"--presidio {pipeline}: no such folder, and no installed spaCy pipeline of this name; "
                "nothing is downloaded, so install one first"
            )
        self._analyzer = _analyzer(pipeline)

    def find(self, text: str) -> Iterator[Span]:
        """Identifiers in a text, the surest first."""
        results = self._analyzer.analyze(text, _LANGUAGE, list(_CATEGORIES), score_threshold=_LOWEST_SCORE)
        for result in sorted(results, key=lambda result: (-result.score, result.start)):
            yield Span(_CATEGORIES[result.entity_type], result.start, result.end)


def _analyzer(pipeline: str) -> Any:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        IbanRecognizer,
        NhsRecognizer,
        PhoneRecognizer,
        SpacyRecognizer,
        UsSsnRecognizer,
    )

    engine: Any = SpacyNlpEngine([{"lang_code": _LANGUAGE, "model_name": pipeline}])
    try:
        engine.load()
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"--presidio {pipeline}: spaCy cannot load it ({type(error).__name__})") from error
    if not {"ner", "entity_ruler"} & set(engine.nlp[_LANGUAGE].pipe_names):
        raise UsageError(f"--presidio {pipeline}: this pipeline has no entity recogniser; name one that has")
    registry = RecognizerRegistry(supported_languages=[_LANGUAGE])
    for recognizer in (
        SpacyRecognizer(), CreditCardRecognizer(), IbanRecognizer(), NhsRecognizer(), PhoneRecognizer(),
        UsSsnRecognizer(),
    ):  # fmt: skip
        registry.add_recognizer(recognizer)
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[_LANGUAGE])
