"""The model's agreement with each coder, beside that between coders, on the same utterances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from alliance_nlp.agreement import Agreement, Figure, measure, rounded
from alliance_nlp.agreement.coefficients import Floats, light_kappa, nominal_distance, tables_by_session
from alliance_nlp.agreement.figure import undefined, with_interval
from alliance_nlp.errors import RatingsError
from alliance_nlp.rating_table import MARKER_LEVELS, Ratings, RatingTable, shown_value
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.scoring import Codes, draws
from alliance_nlp.tagging import TaggedSession


@dataclass(frozen=True, slots=True)
class BesideCoders:
    """One marker.

    Attributes
    ----------
    marker, coders
        Whose ratings stand beside the model.
    utterances : int
        On which all is compared: those that two coders or more coded, or, where there is one coder, he or she.
    between_coders, with_model : Figure
        Cohen's kappa, the mean over pairs of coders, and over pairs of a coder and the model.
    difference : Figure
        The second less the first, from the same resamples.
    pairs : tuple of Agreement
        Of each two coders, then of each coder and the model.
    """

    marker: str
    coders: tuple[str, ...]
    utterances: int
    between_coders: Figure
    with_model: Figure
    difference: Figure
    pairs: tuple[Agreement, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, figures rounded."""
        names = ("between_coders", "with_model", "difference")
        figures = {name: asdict(rounded(getattr(self, name))) for name in names}
        about = {"marker": self.marker, "coders": list(self.coders), "utterances": self.utterances}
        return about | figures | {"pairs": [pair.to_dict() for pair in self.pairs]}


def name_of_model(coders: Sequence[str]) -> str:
    """What the model is called among the coders."""
    name = "model"
    while name in coders:
        name = f"the {name}"
    return name


def beside_coders(
    table: RatingTable, marker: str, coders: Sequence[str], tagged: Sequence[TaggedSession], seed: int = 0
) -> BesideCoders | None:
    """Compare model and coders on one marker.

    Parameters
    ----------
    table : RatingTable
        The coders' ratings; those of other sessions are passed over.
    marker : str
        A marker, a code of a set, or a set, of the model and of the table.
    coders : sequence of str
        Of the table.
    tagged : sequence of TaggedSession
        What the model says.
    seed : int
        For the bootstrap over sessions.

    Returns
    -------
    BesideCoders or None
        None where no utterance can be compared.

    Raises
    ------
    RatingsError
        Where a rating of a marker is neither 0 nor 1.
    """
    ratings = table.ratings(marker, coders)
    if not ratings.is_marker and not table.set_of(marker):
        other = next(level for level in ratings.levels if level not in MARKER_LEVELS)
        raise RatingsError(f"{marker}: the value {shown_value(other)} is neither 1 nor 0, as a marker's must be")
    tag_of = _tags(tagged, marker)
    of_model = np.array([tag_of.get(utterance, NOT_CODED) for utterance in ratings.utterances], dtype=np.int16)
    chosen = (of_model != NOT_CODED) & ((ratings.codes != NOT_CODED).sum(axis=1) >= min(2, len(coders)))
    if not chosen.any():
        return None
    everyone = Ratings(
        marker,
        ratings.levels,
        ratings.scale,
        (*ratings.coders, name_of_model(coders)),
        tuple(utterance for utterance, is_chosen in zip(ratings.utterances, chosen, strict=True) if is_chosen),
        np.column_stack([ratings.codes, of_model])[chosen],
    )
    pairs = sorted(combinations(everyone.coders, 2), key=lambda pair: pair[1] == everyone.coders[-1])
    figures = _compared(everyone, seed)
    agreements = tuple(measure(everyone.of(pair), seed) for pair in pairs)
    return BesideCoders(marker, ratings.coders, int(chosen.sum()), *figures, agreements)


def _tags(tagged: Sequence[TaggedSession], marker: str) -> Mapping[tuple[str, str], int]:
    """What the model gave each utterance: the tag of a marker, or the place of a set's code."""
    names = [item.name for item in tagged[0].markers]
    code_set = next((entry for entry in tagged[0].sets if entry.name == marker), None)
    columns = [names.index(name) for name in (code_set.code_names if code_set else (marker,))]

    def given(tags: Codes) -> list[int]:
        of_marker = tags[:, columns]
        coded = of_marker[:, 0] != NOT_CODED
        places = of_marker.argmax(axis=1) if code_set else of_marker[:, 0]
        return [int(place) for place in np.where(coded, places, NOT_CODED)]

    return {
        (item.session.session_id, utterance.utterance_id): tag
        for item in tagged
        for utterance, tag in zip(item.session.utterances, given(item.tags), strict=True)
    }


def _compared(everyone: Ratings, seed: int) -> tuple[Figure, Figure, Figure]:
    """Kappa between coders, with the model, and the difference."""
    _, session = np.unique([session_id for session_id, _ in everyone.utterances], return_inverse=True)
    tables = tables_by_session(everyone.codes, session, len(everyone.levels))
    n_sessions, last = len(tables.contingency), len(everyone.coders) - 1
    with_model = np.array([second == last for _, second in combinations(range(last + 1), 2)])

    def kappas(weights: Floats) -> Floats:
        contingency = np.tensordot(weights, tables.contingency, axes=1)
        between, of_model = (
            light_kappa(contingency[:, chosen], nominal_distance(len(everyone.levels)))
            for chosen in (~with_model, with_model)
        )
        return np.column_stack([between, of_model, of_model - between])

    values = kappas(np.ones((1, n_sessions)))[0].tolist()
    spread = np.concatenate([kappas(weights) for weights in draws(n_sessions, seed)])
    found = []
    for place, value in enumerate(values):
        if np.isnan(value):
            one = last < 2 and place != 1
            found.append(undefined("only one coder" if one else "two of them give every utterance the same code"))
        elif n_sessions < 2:
            found.append(Figure(value, None, None, "one session only: no interval"))
        else:
            found.append(with_interval(value, spread[:, place], n_sessions))
    return found[0], found[1], found[2]
