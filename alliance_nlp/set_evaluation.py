"""A set against coders' codes: every figure with its interval, and which code was taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.agreement import Figure, rounded
from alliance_nlp.agreement.figure import undefined, with_interval
from alliance_nlp.codebook import Codebook, CodeSet
from alliance_nlp.ratings import CodedSession
from alliance_nlp.scoring import draws
from alliance_nlp.set_fitting import places_of
from alliance_nlp.set_scoring import Places, confusion_by_session, set_scores
from alliance_nlp.tagging import TaggedSession


@dataclass(frozen=True, slots=True)
class SetEvaluation:
    """How well one code of a set is told on some utterances.

    Attributes
    ----------
    name, codes, ordered
        Of the set; the codes by name.
    utterances, sessions, clients : int
        With a code.
    confusion : tuple of tuple of int
        How often each code of the coders (row) met each of the model (column).
    figures : dict of str to Figure
        By the names of `set_scores`.
    """

    name: str
    codes: tuple[str, ...]
    ordered: bool
    utterances: int
    sessions: int
    clients: int
    confusion: tuple[tuple[int, ...], ...]
    figures: dict[str, Figure]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        return asdict(self) | {"figures": {name: asdict(rounded(figure)) for name, figure in self.figures.items()}}


def evaluate_set(
    code_set: CodeSet,
    coded: Places,
    told: Places,
    sessions: npt.NDArray[np.str_],
    n_clients: int,
    seed: int = 0,
) -> SetEvaluation:
    """Evaluate a set.

    Parameters
    ----------
    code_set : CodeSet
        The set.
    coded, told : ndarray of int, shape (n_utterances,)
        Place of the coders' code and of the model's among the set's; at least one utterance.
    sessions : ndarray of shape (n_utterances,)
        The session of each utterance.
    n_clients : int
        How many clients they come from.
    seed : int
        For the bootstrap over sessions that gives the 95 % intervals.
    """
    tables = confusion_by_session(coded, told, sessions, len(code_set.codes))
    in_all = tables.sum(axis=0)
    resampled = [np.tensordot(weights, tables, axes=1) for weights in draws(len(tables), seed)]
    figures = {}
    for name, score in set_scores(code_set.ordered).items():
        value = float(score(in_all))
        if np.isnan(value):
            figures[name] = undefined("every utterance has the same code from coders and model")
        elif len(tables) < 2:
            figures[name] = Figure(value, None, None, "one session only: no interval")
        else:
            spread = np.concatenate([score(part) for part in resampled])
            figures[name] = with_interval(value, spread, len(tables))
    return SetEvaluation(
        code_set.name,
        code_set.code_names,
        code_set.ordered,
        len(coded),
        len(tables),
        n_clients,
        tuple(tuple(map(int, row)) for row in in_all.tolist()),
        figures,
    )


def evaluate_sets(
    of_model: Codebook,
    of_corpus: Codebook,
    coded: Sequence[CodedSession],
    tagged: Sequence[TaggedSession],
    markers: Sequence[str],
    seed: int = 0,
) -> tuple[SetEvaluation, ...]:
    """Evaluate each set that a model and a corpus have in common and that has codes.

    Parameters
    ----------
    of_model, of_corpus : Codebook
        A set is the same where it has the same codes in the same order, on the same role.
    coded, tagged : sequence of CodedSession and of TaggedSession
        The same sessions in the same order.
    markers : sequence of str
        The columns of the codes in `coded`.
    seed : int
        For the bootstrap over sessions.
    """
    lengths = [len(item.codes) for item in coded]
    sessions = np.repeat([item.session.session_id for item in coded], lengths)
    clients = np.repeat([item.client for item in coded], lengths)
    codes, tags = np.concatenate([item.codes for item in coded]), np.concatenate([item.tags for item in tagged])
    theirs = {(entry.name, entry.code_names, entry.role) for entry in of_corpus.sets}
    found = []
    for code_set in of_model.sets:
        if (code_set.name, code_set.code_names, code_set.role) not in theirs:
            continue
        has_code, places = places_of(codes[:, [markers.index(name) for name in code_set.code_names]])
        if has_code.any():
            told = tags[has_code, of_model.columns_of(code_set)].argmax(axis=1)
            n_clients = len(np.unique(clients[has_code]))
            found.append(evaluate_set(code_set, places, told, sessions[has_code], n_clients, seed))
    return tuple(found)
