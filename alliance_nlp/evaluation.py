"""How well a marker is told: figures with intervals and the prevalence beside them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

N_RESAMPLES = 1000
KAPPA_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval from a bootstrap over sessions."""

    value: float
    low: float
    high: float


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


def client_folds(codes: Codes, clients: npt.NDArray[np.str_], n_folds: int, seed: int) -> Iterator[Codes]:
    """Test masks of folds that keep each client's utterances together.

    Parameters
    ----------
    codes : ndarray of shape (n_utterances,)
        0 or 1; spread as evenly as the clients allow.
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
    """The highest probability from which on tags agree with the codes as well as can be, of those that occur.

    As well as can be: Cohen's kappa within `KAPPA_TOLERANCE` of the best. The curve is flat there, and of two
    thresholds that are as good the higher one makes fewer wrong tags. Where none agrees better than chance, 1:
    nothing is tagged.
    """
    order = np.argsort(-probabilities, kind="stable")
    last_of_ties = np.append(np.diff(probabilities[order]) != 0, True)
    tagged = np.arange(1, len(codes) + 1)[last_of_ties]
    both = np.cumsum(codes[order])[last_of_ties]
    n, coded = len(codes), int(codes.sum())
    # Kappa is 2 (ad - bc) over the sum of the products of opposite margins.
    kappa = 2 * (both * n - tagged * coded) / (tagged * (n - coded) + coded * (n - tagged))
    best = int(np.argmax(kappa >= kappa.max() - KAPPA_TOLERANCE))
    return float(probabilities[order][last_of_ties][best]) if kappa[best] > 0 else 1.0


def auc(probabilities: Floats, codes: Codes) -> float:
    """Area under the ROC curve: how often a positive ranks above a negative; ties count half."""
    ranks = _mid_ranks(probabilities)
    n_positive = int(codes.sum())
    n_negative = len(codes) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    return float((ranks[codes == 1].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def _mid_ranks(values: Floats) -> Floats:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(times) - (times - 1) / 2)[place]


def decision_figures(tags: Codes, codes: Codes) -> dict[str, float]:
    """Cohen's kappa, F1, precision and recall of tags against codes; NaN where undefined."""
    n = len(codes)
    both, tagged, coded = int((tags & codes).sum()), int(tags.sum()), int(codes.sum())
    observed = (n - tagged - coded + 2 * both) / n
    expected = (tagged * coded + (n - tagged) * (n - coded)) / n**2
    return {
        "kappa": _ratio(observed - expected, 1 - expected),
        "f1": _ratio(2 * both, tagged + coded),
        "precision": _ratio(both, tagged),
        "recall": _ratio(both, coded),
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


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

    def figures(rows: npt.NDArray[np.int64] | slice) -> dict[str, float]:
        return {"auc": auc(probabilities[rows], codes[rows]), **decision_figures(tags[rows], codes[rows])}

    rows_of_session = [np.flatnonzero(sessions == session) for session in np.unique(sessions)]
    random = np.random.default_rng(seed)
    resampled = []
    for _ in range(N_RESAMPLES):
        drawn = random.integers(len(rows_of_session), size=len(rows_of_session))
        resampled.append(figures(np.concatenate([rows_of_session[index] for index in drawn])))
    estimates = {}
    for name, value in figures(slice(None)).items():
        spread = np.array([figure[name] for figure in resampled])
        low, high = np.nanpercentile(spread, [2.5, 97.5]) if not np.isnan(spread).all() else (np.nan, np.nan)
        estimates[name] = Estimate(round(value, 4), round(float(low), 4), round(float(high), 4))
    n_positive = int(codes.sum())
    return MarkerFigures(len(codes), n_positive, n_clients, round(n_positive / len(codes), 4), **estimates)
