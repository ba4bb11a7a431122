"""Agreement between coders: coefficients, intervals, and what is undefined and why."""

from __future__ import annotations

from alliance_nlp.agreement.figure import Figure
from alliance_nlp.agreement.measure import N_RESAMPLES, Agreement, measure, rounded

__all__ = ["N_RESAMPLES", "Agreement", "Figure", "measure", "rounded"]
