"""The logistic function, from log odds to probability."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def sigmoid(log_odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probability from log odds, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * log_odds)))
