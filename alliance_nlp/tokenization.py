"""Words of an utterance, by spaCy's tokenizer. The only place that loads spaCy.

The same few thousand stretches between white space make up nearly all talk, so
each is given to spaCy's rule tokenizer once and its tokens are remembered: the
same tokens as from ``nlp.pipe`` but for rare emoticons, many times faster (see
``docs/decisions/0002-tokens-by-stretch.md``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_PIPELINE = "blank:en"

_REMEMBERED_STRETCHES = 75_000
_LONGEST_PIECE = 500
_APOSTROPHES = str.maketrans("’ʼ‘", "'''")


class Tokenizer:
    """Tokens in lower case, punctuation kept, white space dropped.

    Parameters
    ----------
    pipeline : str
        ``blank:LANG`` for the rules of a language (``blank:en``), or the name or
        the folder of an installed spaCy pipeline, of which only the tokenizer
        is used. Nothing is ever downloaded.

    Raises
    ------
    UsageError
        Where the pipeline is not installed.
    """

    def __init__(self, pipeline: str = DEFAULT_PIPELINE) -> None:
        self.pipeline = pipeline
        self._nlp = _load(pipeline)
        self._tokens_of = _TokensOfStretch(self._nlp) if _is_rule_tokenizer(self._nlp) else None

    def tokens(self, texts: Iterable[str]) -> list[list[str]]:
        """Tokens of each text.

        Parameters
        ----------
        texts : iterable of str
            Utterances; typographic apostrophes count as plain ones.

        Returns
        -------
        list of list of str
            One list per text; empty for an empty text.
        """
        if self._tokens_of is None:
            docs = (self._nlp.make_doc(text.translate(_APOSTROPHES)) for text in texts)
            return [[token.lower_ for token in doc if not token.is_space] for doc in docs]
        if len(self._tokens_of) > _REMEMBERED_STRETCHES:
            # A fresh pipeline, since spaCy too keeps every word it met: a long batch must not grow.
            self._nlp = _load(self.pipeline)
            self._tokens_of = _TokensOfStretch(self._nlp)
        known = self._tokens_of
        plain = (text if text.isascii() else text.translate(_APOSTROPHES) for text in texts)
        return [[token for stretch in text.split() for token in known[stretch]] for text in plain]


class _TokensOfStretch(dict[str, list[str]]):
    """Tokens of each stretch that was met; spaCy is asked for those of a new one."""

    def __init__(self, nlp: Language) -> None:
        super().__init__()
        _keep_only_lower_case(nlp)
        self._tokenizer = nlp.tokenizer

    def __missing__(self, stretch: str) -> list[str]:
        # One by one: in a longer text, spaCy can split an emoticon by what else stands there.
        # In pieces where a stretch is no word: spaCy's time grows with the square of its length.
        pieces = (stretch[start : start + _LONGEST_PIECE] for start in range(0, len(stretch), _LONGEST_PIECE))
        tokens = self[stretch] = [token.lower_ for piece in pieces for token in self._tokenizer(piece)]
        return tokens


def tokenizer_digest(pipeline: str) -> str:
    """What tells one tokenizer from another, its rules included.

    Raises
    ------
    UsageError
        Where the pipeline is not installed, or its tokenizer does not tell its rules.
    """
    if pipeline.startswith("blank:"):
        # The rules of a language change with spaCy alone.
        return pipeline
    tokenizer: Any = _load(pipeline).tokenizer
    if not hasattr(tokenizer, "to_bytes"):
        raise UsageError(f"the tokenizer of {pipeline!r} does not tell its rules, so nothing of it can be kept: "
                         "leave --cache out")  # fmt: skip
    return hashlib.sha256(tokenizer.to_bytes()).hexdigest()


def _is_rule_tokenizer(nlp: Language) -> bool:
    from spacy.tokenizer import Tokenizer as RuleTokenizer

    # Rules with a space in them reach across stretches.
    tokenizer: Any = nlp.tokenizer
    return type(tokenizer) is RuleTokenizer and not any(" " in rule.strip() for rule in tokenizer.rules or ())


def _keep_only_lower_case(nlp: Language) -> None:
    """Let spaCy work out no other attribute of a new word: shape, likeness to a number and so on take half its time."""
    from spacy.attrs import LOWER

    vocab: Any = nlp.vocab
    vocab.lex_attr_getters = {LOWER: vocab.lex_attr_getters[LOWER]}


@contextmanager
def _no_plug_ins() -> Iterator[None]:
    """Keep spaCy from importing every installed package that offers components, which a tokenizer has no use for.

    Presidio is one, and would take a second of each start.
    """
    from spacy.util import registry

    components: Any = registry._entry_point_factories
    components.entry_points = False
    try:
        yield
    finally:
        components.entry_points = True


def _load(pipeline: str) -> Language:
    import spacy

    blank, _, language = pipeline.partition(":")
    try:
        if blank == "blank":
            with _no_plug_ins():
                return spacy.blank(language)
        return spacy.load(Path(pipeline) if Path(pipeline).is_dir() else pipeline)
    except (ImportError, OSError, ValueError) as error:
        raise UsageError(
            f"the spaCy pipeline {pipeline!r} cannot be loaded ({type(error).__name__}); "
            "name blank:LANG, an installed package or a pipeline folder"
        ) from error
