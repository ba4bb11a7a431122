"""``train`` in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from alliance_nlp.base_model import open_base_model
from alliance_nlp.bench._corpus import corpus_of
from alliance_nlp.bench._given import Names, Ratings, Roles, Table, codebook_of, options_of, warn
from alliance_nlp.bench._model import Model
from alliance_nlp.codebook import Codebook
from alliance_nlp.embeddings import open_embeddings
from alliance_nlp.errors import UsageError
from alliance_nlp.private_cache import open_cache
from alliance_nlp.thresholds import parse_rules
from alliance_nlp.tokenization import DEFAULT_PIPELINE
from alliance_nlp.training import TrainingSettings
from alliance_nlp.training import train as train_bundle


def train(
    corpus: Table,
    codebook: Codebook | str | Path | None = None,
    *,
    name: str = "model",
    ratings: Ratings | None = None,
    consensus: str | None = None,
    adjudicator: str = "",
    coders: Names = (),
    notice: str = "",
    min_clients: int = 3,
    pipeline: str = DEFAULT_PIPELINE,
    penalty: float | str = "auto",
    threshold: str | Sequence[str] = "kappa",
    seed: int = 0,
    jobs: int = 1,
    cache: str | Path | None = None,
    embeddings: str | Path | None = None,
    base: str | Path | None = None,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda models, of: None,
) -> Model:
    """Train a model on coded sessions, as the command of that name does.

    Parameters
    ----------
    corpus : DataFrame, list of dict, path or list of paths
        A coded corpus: ``session_id``, ``speaker`` or ``speaker_role``, ``text``, and a column per marker of the
        codebook with 1, 0 or, where not coded, nothing; ``client_id`` where clients have several sessions. With
        `ratings`, transcripts.
    codebook : Codebook or path, optional
        The alliance codebook where none is given.
    name : str
        Of the model.
    ratings : DataFrame, list of dict, path, or mapping of str to one of them, optional
        Coders' ratings, as `agreement` takes them; what they settle on is learned.
    consensus : str, optional
        How: ``"majority"``, the default, ``"adjudicator"`` or ``"dawid-skene"``.
    adjudicator : str
        One of the coders.
    coders : str or sequence of str
        Whose ratings count; all where none is named.
    notice : str
        About the corpus; model card and results repeat it.
    min_clients : int
        Only words that stand in so many clients' sessions enter the model.
    pipeline : str
        Tokenizer, of spaCy.
    penalty : float or "auto"
        C of the logistic regressions; ``"auto"`` chooses it for each marker inside nested folds.
    threshold : str or sequence of str
        ``"kappa"``, ``"f1"``, ``"precision=.8"`` or ``"recall=.9"``; for one marker ``"rupture:recall=.9"``.
    seed : int
        Of folds, resampling and optimiser.
    jobs : int
        Processes; the model is the same for any number.
    cache : path, optional
        A private folder for what was counted and fitted. It holds words that were said.
    embeddings : path, optional
        Folder of a sentence-embedding model to learn from too; `load_model` needs it again.
    base : path or "default", optional
        A model to begin from, which helps where few sessions are coded; ``"default"`` is the shipped one.
    roles : mapping of str to str, optional
        Speaker labels beyond the usual ones: ``{"SPEAKER_00": "therapist"}``.
    columns : mapping of str to str, optional
        Columns that go by other names: ``{"text": "Utterance"}``.
    progress : callable
        Takes how many models are fitted, and of how many.

    Raises
    ------
    CorpusError, RatingsError, TranscriptError
        Where the corpus cannot be read, or a marker in it is too rare to learn.
    UsageError
        Where an option is not as it must be.
    EmbeddingsError
        Where the folder holds no embeddings that can be opened.
    BundleError
        Where the base model cannot be opened.

    Warns
    -----
    AllianceWarning
        Of what is to be minded; see `Model.warnings`.
    """
    book = codebook_of(codebook)
    options = options_of(roles, columns)
    rules = parse_rules(
        [threshold] if isinstance(threshold, str) else threshold, [marker.name for marker in book.independent]
    )
    if jobs < 1 or min_clients < 1:
        raise UsageError("jobs and min_clients must be at least 1")
    opened = open_embeddings(Path(embeddings)) if embeddings else None
    settings = TrainingSettings(
        name,
        pipeline,
        min_clients,
        seed,
        " ".join(notice.split()),
        _penalty(penalty),
        rules,
        opened,
        open_base_model(base, pipeline) if base else None,
    )
    given = corpus_of(corpus, book, options, ratings, consensus, adjudicator, coders)
    memory = open_cache(Path(cache) if cache else None)
    bundle, _ = train_bundle(given.coded, book, settings, given.provenance, done=progress, jobs=jobs, memory=memory)
    model = Model(bundle, embeddings=opened)
    warn(model.warnings)
    return model


def _penalty(penalty: float | str) -> float | None:
    if penalty == "auto":
        return None
    if isinstance(penalty, str) or not 0 < penalty < float("inf"):
        raise UsageError(f"penalty {penalty!r}: give 'auto', or a number above 0 such as 1.5")
    return float(penalty)
