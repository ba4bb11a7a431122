"""What a bundle records of its sets: how one code is chosen, and how well that is told on clients it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook
from alliance_nlp.evaluation import Codes
from alliance_nlp.set_evaluation import evaluate_set
from alliance_nlp.set_fitting import FittedSet, places_of


def set_records(
    codebook: Codebook,
    fitted: Sequence[FittedSet],
    codes: Codes,
    tags: Codes,
    sessions: npt.NDArray[np.str_],
    clients: npt.NDArray[np.str_],
    seed: int,
) -> dict[str, Any]:
    """For each set its rule, figures and which code was taken for which, as plain data.

    Parameters
    ----------
    codebook : Codebook
        With any number of sets.
    fitted : sequence of FittedSet
        One for each.
    codes, tags : ndarray of shape (n_utterances, n_markers)
        Of the coders, and of models that had not seen the client.
    sessions, clients : ndarray of shape (n_utterances,)
        Where each utterance stands.
    seed : int
        For the bootstrap over sessions.
    """
    records = {}
    for code_set, of_set in zip(codebook.sets, fitted, strict=True):
        columns = codebook.columns_of(code_set)
        has_code, places = places_of(codes[:, columns])
        told = tags[has_code, columns].argmax(axis=1)
        n_clients = len(np.unique(clients[has_code]))
        evaluation = evaluate_set(code_set, places, told, sessions[has_code], n_clients, seed)
        records[code_set.name] = {
            "rule": decision_rule(of_set.exponent),
            "priorities": dict(zip(code_set.code_names, of_set.rule.priorities, strict=True)),
            **evaluation.to_dict(),
        }
    return records


def decision_rule(exponent: float) -> str:
    """How a code is chosen, in words."""
    weighted = f"probability over prevalence to the power {exponent:g}" if exponent else "probability"
    return f"the code with the highest {weighted}, for the best macro-F1 on out-of-fold probabilities"
