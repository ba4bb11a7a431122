"""A session and a model bundle make a tagged session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance_nlp.bundle import Bundle, load_bundle
from alliance_nlp.codebook import CodeSet, Marker
from alliance_nlp.embeddings import SentenceEmbeddings, open_embeddings
from alliance_nlp.errors import EmbeddingsError, UsageError
from alliance_nlp.features import Features
from alliance_nlp.second_look import second_look_names
from alliance_nlp.shapes import lines_of
from alliance_nlp.shipped import default_model
from alliance_nlp.surroundings import REACH, Floats, Matrix, neighbours, session_begins
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import Session, Utterance

NOT_CODED = -1
"""Stands for a tag where a marker is not coded on the speaker's role."""

_UTTERANCES_AT_ONCE = 2048


class _Judged(NamedTuple):
    """Utterances as the model sees them.

    Attributes
    ----------
    features : Features
        A row for each.
    tokens, known : ndarray of int64, shape (n_utterances,)
        How many words and marks there are, and how many of them the model has a column for.
    """

    features: Features
    tokens: npt.NDArray[np.int64]
    known: npt.NDArray[np.int64]


class Reason(NamedTuple):
    """A feature that bore on a decision."""

    feature: str
    contribution: float
    """What it adds to the calibrated log odds of the marker."""


@dataclass(frozen=True, slots=True)
class TaggedSession:
    """A session with what the model says of each utterance.

    Attributes
    ----------
    session : Session
        The transcript.
    markers : tuple of Marker
        Columns of the arrays.
    probabilities : ndarray of float64, shape (n_utterances, n_markers)
        Calibrated; NaN where the marker is not coded on the speaker's role.
    tags : ndarray of int8, shape (n_utterances, n_markers)
        1 tagged, 0 not, `NOT_CODED` where not coded on that role.
    reasons : tuple of tuple of tuple of Reason, optional
        Per utterance and marker the features that bore most on the decision,
        strongest first; None unless asked for.
    sets : tuple of CodeSet
        The sets among the markers; exactly one code of each is tagged where it is coded.
    tokens, known_tokens : int
        How many words and marks were said, and how many of them the model knows; 0 where it was not counted.
    """

    session: Session
    markers: tuple[Marker, ...]
    probabilities: npt.NDArray[np.float64]
    tags: npt.NDArray[np.int8]
    reasons: tuple[tuple[tuple[Reason, ...], ...], ...] | None = None
    sets: tuple[CodeSet, ...] = ()
    tokens: int = 0
    known_tokens: int = 0

    @property
    def code_of_set(self) -> dict[str, list[str | None]]:
        """For each set the name of the code of every utterance; None where the set is not coded on the role."""
        place_of = {marker.name: place for place, marker in enumerate(self.markers)}
        found = {}
        for code_set in self.sets:
            of_set = self.tags[:, [place_of[name] for name in code_set.code_names]]
            names = [code_set.code_names[place] for place in of_set.argmax(axis=1).tolist()]
            has_code = (of_set == 1).any(axis=1).tolist()
            found[code_set.name] = [name if has else None for name, has in zip(names, has_code, strict=True)]
        return found

    def to_records(self) -> list[dict[str, str | float | int | None]]:
        """One dictionary per utterance, ready for ``pandas.DataFrame``; the columns of ``utterances.csv``."""
        records = []
        code_of_set = self.code_of_set
        for place, (utterance, probabilities, tags) in enumerate(
            zip(self.session.utterances, self.probabilities.tolist(), self.tags.tolist(), strict=True)
        ):
            record: dict[str, str | float | int | None] = {
                "session_id": self.session.session_id,
                "utterance_id": utterance.utterance_id,
                "start": utterance.start,
                "end": utterance.end,
                "speaker": utterance.speaker,
                "speaker_role": str(utterance.speaker_role),
                "text": utterance.text,
            }
            for marker, probability, tag in zip(self.markers, probabilities, tags, strict=True):
                coded = tag != NOT_CODED
                record[f"p_{marker.name}"] = probability if coded else None
                record[marker.name] = tag if coded else None
            record |= {name: of_set[place] for name, of_set in code_of_set.items()}
            records.append(record)
        return records


class Tagger:
    """Tags sessions with a model bundle.

    Parameters
    ----------
    bundle : Bundle
        The model.
    pipeline : str, optional
        Another spaCy pipeline than the one the model was trained with; the
        model's measured figures do not hold for it.
    embeddings : SentenceEmbeddings, optional
        Those that the model was trained with, where it was.

    Raises
    ------
    UsageError
        Where the spaCy pipeline is not installed, or the model takes no sentence embeddings.
    EmbeddingsError
        Where the model was trained with other sentence embeddings than those given.
    """

    def __init__(
        self, bundle: Bundle, pipeline: str | None = None, embeddings: SentenceEmbeddings | None = None
    ) -> None:
        _require_fitting(bundle, embeddings)
        self.bundle = bundle
        self.embeddings = embeddings
        self._tokenizer = Tokenizer(pipeline or bundle.pipeline)

    def tag(self, session: Session, explain: int = 0) -> TaggedSession:
        """Tag one session.

        Parameters
        ----------
        session : Session
            The transcript.
        explain : int
            How many reasons to give per utterance and marker.
        """
        return self.tag_all([session], explain)[0]

    def tag_all(self, sessions: Sequence[Session], explain: int = 0) -> list[TaggedSession]:
        """Tag several sessions, quicker than one by one and with the same outcome; see `tag`."""
        if not sessions:
            return []
        utterances = [utterance for session in sessions for utterance in session.utterances]
        lengths = [len(session.utterances) for session in sessions]
        ends = np.cumsum(lengths)
        begins = session_begins(lengths)
        coded = np.array(self.bundle.codebook.coded_on(utterance.speaker_role for utterance in utterances))
        classifier = self.bundle.classifier
        parts = [
            (classifier.first_scores(judged.features), judged.tokens, judged.known)
            for judged in self._judged(utterances, begins)
        ]
        first_scores, tokens, known = map(np.concatenate, zip(*parts, strict=True))
        scores = classifier.scores(first_scores, coded, begins)
        probabilities = scores.probabilities
        # A code of a set has no threshold: its rule decides.
        thresholds = np.array([np.nan if limit is None else limit for limit in self.bundle.thresholds])
        reached = probabilities >= thresholds
        for rule in self.bundle.set_rules:
            rule.apply(scores.log_odds, probabilities, reached)
        tags = np.where(coded, reached, NOT_CODED).astype(np.int8)
        probabilities[~coded] = np.nan
        reasons = self._reasons(utterances, begins, scores.inputs, coded, explain) if explain else []
        tagged = []
        for session, start, end in zip(sessions, ends - lengths, ends, strict=True):
            of_session = tuple(reasons[start:end]) if explain else None
            tagged.append(
                TaggedSession(
                    session, self._markers, probabilities[start:end], tags[start:end], of_session,
                    self.bundle.codebook.sets, int(tokens[start:end].sum()), int(known[start:end].sum()),
                )
            )  # fmt: skip
        return tagged

    @property
    def _markers(self) -> tuple[Marker, ...]:
        return self.bundle.codebook.markers

    def _judged(self, utterances: Sequence[Utterance], begins: npt.NDArray[np.bool_]) -> Iterator[_Judged]:
        space = self.bundle.features
        for start in range(0, len(utterances), _UTTERANCES_AT_ONCE):
            # Some lines above and below are needed for what stands around, and taken off again.
            first = max(start - REACH, 0)
            part = utterances[first : start + _UTTERANCES_AT_ONCE + REACH]
            lines = lines_of(part, self._tokenizer)
            part_begins = begins[first : first + len(part)].copy()
            part_begins[0] = True
            around = neighbours([line.speaker for line in lines], part_begins)
            meaning = self.embeddings.vectors([line.text for line in part]) if self.embeddings else None
            counts = space.counts(lines, part_begins)
            rows = slice(start - first, start - first + _UTTERANCES_AT_ONCE)
            tokens = np.array([len(line.words) for line in lines], dtype=np.int64)
            yield _Judged(
                space.weigh(counts, around, meaning).rows(rows), tokens[rows], space.known_tokens(counts)[rows]
            )

    def _reasons(
        self,
        utterances: Sequence[Utterance],
        begins: npt.NDArray[np.bool_],
        inputs: Floats,
        coded: npt.NDArray[np.bool_],
        how_many: int,
    ) -> list[tuple[tuple[Reason, ...], ...]]:
        names = second_look_names(self.bundle.codebook.marker_names)
        space, classifier = self.bundle.features, self.bundle.classifier
        reasons: list[list[tuple[Reason, ...]]] = [[() for _ in self._markers] for _ in utterances]
        done = 0
        for judged in self._judged(utterances, begins):
            matrix = judged.features.matrix()
            words = self._tokenizer.tokens(line.text for line in utterances[done : done + matrix.shape[0]])
            for marker, role in enumerate(marker.role for marker in self._markers):
                rows = np.flatnonzero(coded[done : done + matrix.shape[0], marker])
                [of_role] = np.array(self.bundle.codebook.coded_on([role]))
                contributions = classifier.contributions(matrix[rows], inputs[done + rows], marker, of_role)
                if space.meaning.dimensions:
                    contributions = _meaning_as_one(contributions, space.n_counted, space.n_features)
                for row, start, end in zip(rows, contributions.indptr[:-1], contributions.indptr[1:], strict=True):
                    values, columns = contributions.data[start:end], contributions.indices[start:end]
                    strongest = np.argsort(-np.abs(values), kind="stable")[:how_many]
                    reasons[done + row][marker] = tuple(
                        Reason(
                            names[column - space.n_features]
                            if column >= space.n_features
                            else space.name(column, words[row]),
                            float(values[index]),
                        )
                        for index, column in zip(strongest, columns[strongest].tolist(), strict=True)
                    )
            done += matrix.shape[0]
        return [tuple(of_utterance) for of_utterance in reasons]


def _meaning_as_one(contributions: Matrix, start: int, end: int) -> Matrix:
    """What all dimensions of an embedding add, summed in the first of their columns; the others stay where they are."""
    n_rows = contributions.shape[0]
    whole = sparse.csr_matrix(contributions[:, start:end].sum(axis=1))
    emptied = sparse.csr_matrix((n_rows, end - start - 1))
    return sparse.hstack([contributions[:, :start], whole, emptied, contributions[:, end:]], format="csr")


def fitting_embeddings(bundle: Bundle, folder: Path | None) -> SentenceEmbeddings | None:
    """The sentence embeddings in a folder, where they are those that the model was trained with.

    Raises
    ------
    UsageError
        Where there is no such folder, or the model takes none.
    EmbeddingsError
        Where the model was trained with others, or the folder holds none.
    """
    embeddings = open_embeddings(folder) if folder else None
    _require_fitting(bundle, embeddings)
    return embeddings


def _require_fitting(bundle: Bundle, embeddings: SentenceEmbeddings | None) -> None:
    wanted = bundle.embeddings
    if wanted is None:
        if embeddings is not None:
            raise UsageError(f"the model {bundle.name} was trained without sentence embeddings; leave --embeddings out")
    elif embeddings is None:
        raise EmbeddingsError(
            f"the model {bundle.name} was trained with sentence embeddings; name the folder that holds them with "
            f"--embeddings FOLDER ({wanted})"
        )
    elif embeddings.model.sha256 != wanted.sha256:
        raise EmbeddingsError(
            f"--embeddings: the model {bundle.name} was trained with other sentence embeddings ({wanted}) than these "
            f"({embeddings.model}); name the folder it was trained with"
        )


def load_tagger(
    model: str | Path | None = None, pipeline: str | None = None, embeddings: str | Path | None = None
) -> Tagger:
    """A tagger from a model bundle's folder, by default with the shipped model.

    Parameters
    ----------
    model : str or Path, optional
        The bundle's folder.
    pipeline : str, optional
        Another spaCy pipeline than the model's own.
    embeddings : str or Path, optional
        The folder of the sentence embeddings that the model was trained with, where it was.

    Raises
    ------
    BundleError
        Where the bundle is damaged, altered or of a newer format.
    UsageError
        Where the spaCy pipeline is not installed, or the model takes no sentence embeddings.
    EmbeddingsError
        Where the model was trained with other sentence embeddings.
    """
    bundle = load_bundle(model or default_model())
    return Tagger(bundle, pipeline, fitting_embeddings(bundle, Path(embeddings) if embeddings else None))
