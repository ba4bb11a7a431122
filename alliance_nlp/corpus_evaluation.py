"""A whole evaluation: a model on a coded corpus, beside its coders, with what a reader must mind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from alliance_nlp.base_model import require_unseen, shipped_base
from alliance_nlp.bundle import Bundle
from alliance_nlp.cautions import cautions
from alliance_nlp.codebook import Codebook
from alliance_nlp.confident_errors import ConfidentError, find_errors
from alliance_nlp.embeddings import SentenceEmbeddings
from alliance_nlp.errors import BundleError, CorpusError, UsageError
from alliance_nlp.judged import judged
from alliance_nlp.learning_curve import Step, learning_curve
from alliance_nlp.model_and_coders import BesideCoders, beside_coders
from alliance_nlp.model_evaluation import MarkerEvaluation, evaluate_marker
from alliance_nlp.rating_table import RatingTable
from alliance_nlp.ratings import CodedSession
from alliance_nlp.scoring import N_RESAMPLES
from alliance_nlp.set_evaluation import SetEvaluation, evaluate_sets
from alliance_nlp.tagging import Tagger
from alliance_nlp.training import TrainingSettings
from alliance_nlp.transcript import CLIENT_COLUMN, TABLE_COLUMNS

MOST_GROUPS = 50
NO_VALUE = "(empty)"

_LONGEST_VALUE = 60
_ERRORS_LISTED = 10
_ALWAYS_THERE = ("session_id", CLIENT_COLUMN, "speaker", "speaker_role")
"""Columns of the table that a session holds by itself."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What there is to say of a model on a corpus.

    Attributes
    ----------
    bundle : Bundle
        The model.
    provenance : mapping
        Files of the corpus, and how its codes were settled.
    sessions, clients, utterances : int
        Of the corpus.
    seed : int
        Of the bootstrap.
    by : str
        The column that made the groups; empty where there are none.
    markers : tuple of MarkerEvaluation
        Those of the model that the corpus has codes of.
    coders : tuple of BesideCoders
        The same markers and sets, where ratings are given and can be compared.
    errors : mapping of str to list of ConfidentError
        By marker, the most confident first.
    warnings : tuple of str
        The gravest first.
    sets : tuple of SetEvaluation
        The sets that model and corpus have in common.
    learning : tuple of Step
        Models trained anew on shares of the corpus, where that is asked for.
    """

    bundle: Bundle
    provenance: Mapping[str, Any]
    sessions: int
    clients: int
    utterances: int
    seed: int
    by: str
    markers: tuple[MarkerEvaluation, ...]
    coders: tuple[BesideCoders, ...]
    errors: Mapping[str, list[ConfidentError]]
    warnings: tuple[str, ...]
    sets: tuple[SetEvaluation, ...] = ()
    learning: tuple[Step, ...] = ()

    @property
    def variables(self) -> list[str]:
        """Its markers, then its sets."""
        return [*(marker.scores.marker for marker in self.markers), *(item.name for item in self.sets)]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded, without anybody's words."""
        codebook = self.bundle.codebook
        return {
            "model": {
                "name": self.bundle.name,
                "sha256": self.bundle.digest,
                "codebook": {"name": codebook.name, "version": codebook.version},
            },
            "corpus": {
                **self.provenance,
                "sessions": self.sessions,
                "clients": self.clients,
                "utterances": self.utterances,
            },
            "warnings": list(self.warnings),
            "resamples": N_RESAMPLES,
            "seed": self.seed,
            "by": self.by or None,
            "markers": [
                marker.to_dict() | {"errors": [_plain(error) for error in self.most_confident(marker.scores.marker)]}
                for marker in self.markers
            ],
            "sets": [item.to_dict() for item in self.sets],
            "coders": [item.to_dict() for item in self.coders],
            "learning_curve": [step.to_dict() for step in self.learning],
        }

    def most_confident(
        self, marker: str, code: int | None = None, how_many: int = _ERRORS_LISTED
    ) -> list[ConfidentError]:
        """The most confident errors of a marker: those tagged and not coded (code 0), missed (1), or both kinds."""
        kinds = (0, 1) if code is None else (code,)
        return [
            error
            for kind in kinds
            for error in islice((error for error in self.errors[marker] if error.code == kind), how_many)
        ]


def _plain(error: ConfidentError) -> dict[str, object]:
    return {
        "session_id": error.session.session_id,
        "utterance_id": error.utterance.utterance_id,
        "code": error.code,
        "tag": 1 - error.code,
        "probability": error.probability,
    }


def evaluate(
    bundle: Bundle,
    coded: Sequence[CodedSession],
    codebook: Codebook,
    provenance: Mapping[str, Any],
    by: str = "",
    table: RatingTable | None = None,
    coders: Sequence[str] = (),
    seed: int = 0,
    embeddings: SentenceEmbeddings | None = None,
) -> Evaluation:
    """Evaluate a model on coded sessions.

    Parameters
    ----------
    bundle : Bundle
        The model.
    coded : sequence of CodedSession
        The corpus, a column of codes for each marker of `codebook`.
    codebook : Codebook
        By which it was coded.
    provenance : mapping
        Where it came from: ``files``, each with its name, ``file``, and its ``sha256``.
    by : str
        A column of the corpus; every figure is given for each of its values too.
    table : RatingTable, optional
        Ratings by several coders, to set the model beside them.
    coders : sequence of str
        Of the table.
    seed : int
        For the bootstrap over sessions.
    embeddings : SentenceEmbeddings, optional
        Those that the model was trained with, where it was.

    Raises
    ------
    BundleError
        Where the corpus has no code of any of the model's markers.
    EmbeddingsError
        Where the model was trained with other sentence embeddings.
    UsageError
        Where the column is not there, or makes no groups.
    """
    groups = group_of_utterances(coded, by) if by else []
    roles = {marker.name: marker.role for marker in bundle.codebook.markers}
    columns = [place for place, marker in enumerate(codebook.markers) if roles.get(marker.name) == marker.role]
    names = [codebook.markers[place].name for place in columns]
    coded = [CodedSession(item.session, item.client, item.codes[:, columns]) for item in coded]
    tagged = Tagger(bundle, embeddings=embeddings).tag_all([item.session for item in coded])
    of_markers = judged(coded, tagged, names, groups)
    if not of_markers:
        raise BundleError(
            f"the model {bundle.name} does not fit: the corpus has no code of any of its markers "
            f"({', '.join(bundle.codebook.marker_names)}); name a model for the corpus's codebook, or train one"
        )
    markers = tuple(evaluate_marker(item, bundle.threshold_of.get(item.marker), seed) for item in of_markers)
    evaluated = [item.marker for item in of_markers]
    of_sets = evaluate_sets(bundle.codebook, codebook, coded, tagged, names, seed)
    rated = [*evaluated, *(item.name for item in of_sets)]
    compared = [
        beside_coders(table, name, coders, tagged, seed)
        for name in rated
        if table and (name in table.markers or table.set_of(name))
    ]
    return Evaluation(
        bundle,
        provenance,
        len(coded),
        len({item.client for item in coded}),
        sum(len(item.codes) for item in coded),
        seed,
        by,
        markers,
        tuple(item for item in compared if item),
        find_errors(coded, tagged, names),
        tuple(
            cautions(
                bundle,
                codebook,
                provenance,
                [item.scores for item in markers],
                [name for name in bundle.codebook.marker_names if name not in evaluated],
                [item.session for item in coded],
            )
        ),
        of_sets,
    )


def with_learning_curve(
    evaluation: Evaluation,
    coded: Sequence[CodedSession],
    codebook: Codebook,
    say: Callable[[str], None] = lambda message: None,
    embeddings: SentenceEmbeddings | None = None,
) -> Evaluation:
    """The same, with what models trained anew on growing shares of its corpus do; see `learning_curve`."""
    bundle = evaluation.bundle
    trained = bundle.training.get("settings", {})
    base, warnings = _base_for_curve(bundle, coded), evaluation.warnings
    if bundle.training.get("bases") and not base:
        warnings += (
            "The learning curve is one of models without the base model, which is not the shipped one or learned from "
            "some of these sessions.",
        )
    settings = TrainingSettings(
        bundle.name, bundle.pipeline, trained.get("min_clients", TrainingSettings().min_clients), evaluation.seed,
        embeddings=embeddings, base=base,
    )  # fmt: skip
    markers = [marker.scores.marker for marker in evaluation.markers]
    return replace(evaluation, learning=learning_curve(coded, codebook, markers, settings, say), warnings=warnings)


def _base_for_curve(bundle: Bundle, coded: Sequence[CodedSession]) -> Bundle | None:
    base = shipped_base(bundle)
    try:
        if base:
            require_unseen(base, coded)
    except CorpusError:
        return None
    return base


def group_of_utterances(coded: Sequence[CodedSession], column: str) -> list[str]:
    """The value of a column for each utterance of a corpus.

    Raises
    ------
    UsageError
        Where the column is not there, or its values are texts, or too many.
    """
    values: list[str] = []
    found = column in _ALWAYS_THERE
    if column in TABLE_COLUMNS and not found:
        raise UsageError(f"--by {column}: tells single utterances apart; name a column that sorts them into groups")
    for item in coded:
        n = len(item.codes)
        match column:
            case "session_id":
                of_session = [item.session.session_id] * n
            case "client_id":
                of_session = [item.client] * n
            case "speaker" | "speaker_role":
                of_session = [str(getattr(utterance, column)) for utterance in item.session.utterances]
            case _:
                of_session = list(item.session.columns.get(column, ("",) * n))
                found = found or column in item.session.columns
        values += [value.strip() or NO_VALUE for value in of_session]
    if not found:
        raise UsageError(f"--by {column}: the corpus has no such column")
    longest, n_values = max(map(len, values)), len(set(values))
    if longest > _LONGEST_VALUE:
        raise UsageError(
            f"--by {column}: holds texts of up to {longest} characters; name a column of groups, with names of at most "
            f"{_LONGEST_VALUE}"
        )
    if n_values > MOST_GROUPS:
        raise UsageError(f"--by {column}: makes {n_values} groups (at most {MOST_GROUPS}); name one with fewer values")
    return values
