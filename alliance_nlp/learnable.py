"""Whether there is enough to learn a marker from, told before the long work begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from alliance_nlp.classifier import PENALTY_C
from alliance_nlp.codebook import Codebook
from alliance_nlp.decisions import Laid
from alliance_nlp.errors import CorpusError
from alliance_nlp.ratings import CodedSession, positives

FEW_POSITIVES, FEW_CLIENTS = 30, 8
"""Below these, few models are of use: measured on parts of the shipped corpus (docs/decisions/0044)."""
_FEWEST_LEFT = 3
"""Clients that two folds must leave, so that a penalty can be chosen."""


def require_learnable(coded: Sequence[CodedSession], codebook: Codebook) -> None:
    """Raise a `CorpusError` where a marker has no 0, or no 1 in the sessions of two clients."""
    for index, marker in enumerate(codebook.markers):
        n_positive, n_clients = positives(coded, index)
        zeros = sum(int((item.codes[:, index] == 0).sum()) for item in coded)
        if n_clients < 2 or not zeros:
            raise CorpusError(
                f"{marker.name} is too rare to learn: {n_positive} utterances coded 1 in the sessions of {n_clients} "
                f"clients, {zeros} coded 0; code it in sessions of at least 2 clients (30 utterances and 10 clients "
                f"are a sound beginning), or {_instead(codebook, marker.name)}"
            )


def _instead(codebook: Codebook, name: str) -> str:
    code_set = codebook.set_of(name)
    return f"join it with another code of the set {code_set.name}" if code_set else "leave it out of the codebook"


def warn_of_few(coded: Sequence[CodedSession], codebook: Codebook) -> list[str]:
    """A line, if any, on the markers with so few codes that a model can seldom tell them."""
    held = {marker.name: positives(coded, index) for index, marker in enumerate(codebook.markers)}
    few = [
        f"{name} ({n_positive} utterances coded 1, of {n_clients} clients)"
        for name, (n_positive, n_clients) in held.items()
        if n_positive < FEW_POSITIVES or n_clients < FEW_CLIENTS
    ]
    if not few:
        return []
    return [
        f"few codes of {', '.join(few)}. Trained on parts of the shipped corpus, a marker was told hardly better than "
        "chance in 63 % of cases with fewer than 20 utterances coded 1, in 39 % with 20 to 29, in 2 % with 50 or more. "
        f"Code at least {FEW_POSITIVES}, of {FEW_CLIENTS} clients or more"
    ]


def require_folds(laid: Laid, codebook: Codebook) -> None:
    """Raise a `CorpusError` where the other folds do not hold both codes of a marker."""
    for marker in _lacking(laid, codebook, 1):
        raise CorpusError(
            f"{marker} is too rare to learn: without the clients of one fold, nothing is left that is "
            "coded 1, or nothing that is coded 0; code it in sessions of more clients"
        )


def too_few_to_nest(laid: Laid, codebook: Codebook, clients_of_folds: Sequence[int], min_clients: int) -> str:
    """Why a penalty cannot be chosen inside nested folds; empty where it can be.

    Parameters
    ----------
    laid : Laid
        The corpus.
    codebook : Codebook
        Its markers.
    clients_of_folds : sequence of int
        How many clients each fold holds.
    min_clients : int
        In how many clients' sessions a word must stand.
    """
    left = sum(sorted(clients_of_folds)[:-2])
    if left < max(min_clients, _FEWEST_LEFT):
        return (
            f"C is {PENALTY_C:g} and not chosen: without two folds, {left} clients are left "
            f"(at least {max(min_clients, _FEWEST_LEFT)} are needed)"
        )
    for marker in _lacking(laid, codebook, 2):
        return (
            f"C is {PENALTY_C:g} and not chosen: {marker} is too rare; two folds hold all that is coded 1, or coded 0"
        )
    return ""


def _lacking(laid: Laid, codebook: Codebook, n_left_out: int) -> Iterator[str]:
    """Markers of which a code is not left without so many folds."""
    for index, marker in enumerate(codebook.markers):
        for left_out in combinations(np.unique(laid.fold_of).tolist(), n_left_out):
            left = laid.codes[~np.isin(laid.fold_of, left_out), index]
            if not {0, 1} <= set(left.tolist()):
                yield marker.name
                break
