"""How well a marker is told: figures with intervals and the prevalence beside them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from alliance_nlp.agreement import Figure
from alliance_nlp.scoring import SCORES, Codes, Floats, bootstrap, session_tables

__all__ = [
    "KAPPA_TOLERANCE", "Codes", "Estimate", "Floats", "MarkerFigures", "best_kappa_threshold", "client_folds",
    "marker_figures",
]  # fmt: skip

KAPPA_TOLERANCE = 0.005


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval from a bootstrap over sessions."""

    value: float
    low: float
    high: float

    def as_figure(self) -> Figure:
        """The same with None for what is undefined."""
        value, low, high = (None if np.isnan(number) else number for number in (self.value, self.low, self.high))
        return Figure(value, low, high)


@dataclass(frozen=True, slots=True)
class MarkerFigures:
    """How well one marker was told on utterances that the model had not seen."""

    utterances: int
    positives: int
    clients: int
    prevalence: float
    auc: Estimate
    kappa: Estimate
    f1: Estimate
    precision: Estimate
    recall: Estimate

    def to_dict(self) -> dict[str, object]:
        """The figures as plain data; None where one is undefined."""
        return {
            name: {part: None if np.isnan(number) else number for part, number in value.items()}
            if isinstance(value, dict)
            else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> MarkerFigures:
        """Undo `to_dict`."""
        parts: dict[str, Any] = {
            name: Estimate(**{part: np.nan if number is None else number for part, number in value.items()})
            if isinstance(value, dict)
            else value
            for name, value in plain.items()
        }
        return cls(**parts)


def client_folds(
    codes: npt.NDArray[np.integer[Any]], clients: npt.NDArray[Any], n_folds: int, seed: int
) -> Iterator[Codes]:
    """Test masks of folds that keep each client's utterances together.

    Parameters
    ----------
    codes : ndarray of shape (n_utterances,)
        0 or 1, or the place of a code in its set; spread as evenly as the clients allow.
    clients : ndarray of shape (n_utterances,)
        The client of each utterance.
    n_folds : int
        At most the number of clients.
    seed : int
        For the order of the clients.

    Yields
    ------
    ndarray of bool, shape (n_utterances,)
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # Fewer positives than folds: they are spread as far as they go.
        warnings.simplefilter("ignore", UserWarning)
        tests = [test for _, test in folds.split(codes, codes, clients)]
    for test in tests:
        mask = np.zeros(len(codes), dtype=bool)
        mask[test] = True
        yield mask


def best_kappa_threshold(probabilities: Floats, codes: Codes) -> float:
    """The highest probability from which on tags can be trusted to agree as well as can be, of those that occur.

    As well as can be: Cohen's kappa within `KAPPA_TOLERANCE` of the best. The curve is flat there, and of two
    thresholds that are as good the higher one makes fewer wrong tags. An utterance counts as coded half by its code
    and half by its calibrated probability: where few are coded 1, codes alone make a curve whose peak is chance.
    Where none agrees with the codes better than chance, 1: nothing is tagged.
    """
    order = np.argsort(-probabilities, kind="stable")
    last_of_ties = np.append(np.diff(probabilities[order]) != 0, True)
    tagged = np.arange(1, len(codes) + 1)[last_of_ties]

    def kappa(coded: Floats) -> Floats:
        both, n_coded, n = np.cumsum(coded[order])[last_of_ties], coded.sum(), len(coded)
        # Kappa is 2 (ad - bc) over the sum of the products of opposite margins.
        by_threshold: Floats = 2 * (both * n - tagged * n_coded) / (tagged * (n - n_coded) + n_coded * (n - tagged))
        return by_threshold

    trusted = kappa((codes + probabilities) / 2)
    best = int(np.argmax(trusted >= trusted.max() - KAPPA_TOLERANCE))
    return float(probabilities[order][last_of_ties][best]) if kappa(codes.astype(np.float64))[best] > 0 else 1.0


def marker_figures(
    probabilities: Floats, tags: Codes, codes: Codes, sessions: npt.NDArray[np.str_], n_clients: int, seed: int
) -> MarkerFigures:
    """Figures of one marker, with intervals from a bootstrap over sessions (percentile, `N_RESAMPLES`).

    Parameters
    ----------
    probabilities, tags, codes : ndarray of shape (n_utterances,)
        What the model said of utterances it had not seen, and what the coders said.
    sessions : ndarray of shape (n_utterances,)
        The session of each utterance.
    n_clients : int
        How many clients the utterances come from.
    seed : int
        For the resampling.
    """

    tables = session_tables(probabilities, tags, codes, sessions)
    scores = {name: SCORES[name] for name in ("auc", "kappa", "f1", "precision", "recall")}
    resampled, in_all = bootstrap(tables, scores, seed), tables.in_all()
    estimates = {}
    for name, score in scores.items():
        spread = resampled[name]
        low, high = np.nanpercentile(spread, [2.5, 97.5]) if not np.isnan(spread).all() else (np.nan, np.nan)
        estimates[name] = Estimate(round(float(score(in_all)[0]), 4), round(float(low), 4), round(float(high), 4))
    n_positive = int(codes.sum())
    return MarkerFigures(len(codes), n_positive, n_clients, round(n_positive / len(codes), 4), **estimates)
