"""A session and a model bundle make a tagged session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.bundle import Bundle, load_bundle
from alliance_nlp.codebook import CodeSet, Marker
from alliance_nlp.features import Features, Line
from alliance_nlp.second_look import second_look_names
from alliance_nlp.shipped import default_model
from alliance_nlp.surroundings import REACH, Floats, neighbours, session_begins
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import Session, Utterance

NOT_CODED = -1
"""Stands for a tag where a marker is not coded on the speaker's role."""

_UTTERANCES_AT_ONCE = 2048


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
    """

    session: Session
    markers: tuple[Marker, ...]
    probabilities: npt.NDArray[np.float64]
    tags: npt.NDArray[np.int8]
    reasons: tuple[tuple[tuple[Reason, ...], ...], ...] | None = None
    sets: tuple[CodeSet, ...] = ()

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

    Raises
    ------
    UsageError
        Where the spaCy pipeline is not installed.
    """

    def __init__(self, bundle: Bundle, pipeline: str | None = None) -> None:
        self.bundle = bundle
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
        first_scores = np.concatenate(
            [classifier.first_scores(features) for features in self._features(utterances, begins)]
        )
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
                    self.bundle.codebook.sets,
                )
            )  # fmt: skip
        return tagged

    @property
    def _markers(self) -> tuple[Marker, ...]:
        return self.bundle.codebook.markers

    def _features(self, utterances: Sequence[Utterance], begins: npt.NDArray[np.bool_]) -> Iterator[Features]:
        space = self.bundle.features
        for start in range(0, len(utterances), _UTTERANCES_AT_ONCE):
            # Some lines above and below are needed for what stands around, and taken off again.
            first = max(start - REACH, 0)
            part = utterances[first : start + _UTTERANCES_AT_ONCE + REACH]
            words = self._tokenizer.tokens(utterance.text for utterance in part)
            lines = [Line(of_line, utterance.speaker) for of_line, utterance in zip(words, part, strict=True)]
            part_begins = begins[first : first + len(part)].copy()
            part_begins[0] = True
            around = neighbours([line.speaker for line in lines], part_begins)
            features = space.weigh(space.counts(lines, part_begins), around)
            yield features.rows(slice(start - first, start - first + _UTTERANCES_AT_ONCE))

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
        for features in self._features(utterances, begins):
            matrix = features.matrix()
            words = self._tokenizer.tokens(line.text for line in utterances[done : done + matrix.shape[0]])
            for marker, role in enumerate(marker.role for marker in self._markers):
                rows = np.flatnonzero(coded[done : done + matrix.shape[0], marker])
                [of_role] = np.array(self.bundle.codebook.coded_on([role]))
                contributions = classifier.contributions(matrix[rows], inputs[done + rows], marker, of_role)
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


def load_tagger(model: str | Path | None = None, pipeline: str | None = None) -> Tagger:
    """A tagger from a model bundle's folder, by default with the shipped model.

    Raises
    ------
    BundleError
        Where the bundle is damaged, altered or of a newer format.
    UsageError
        Where the spaCy pipeline is not installed.
    """
    return Tagger(load_bundle(model or default_model()), pipeline)
