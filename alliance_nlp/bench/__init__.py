"""What the commands do, in a notebook: tables in, tables out.

A table is a pandas DataFrame, a list of dictionaries, or the path of a file. The functions bear the names of the
commands and do the same by the same code; results have a DataFrame for each table that the command would write.

>>> from alliance_nlp import bench
>>> model = bench.train(coded, codebook="study.toml")
>>> model.figures
"""

from __future__ import annotations

from alliance_nlp.bench._agreement import AgreementResult, agreement
from alliance_nlp.bench._consensus import ConsensusResult, consensus
from alliance_nlp.bench._evaluate import EvaluationResult, evaluate
from alliance_nlp.bench._given import AllianceWarning
from alliance_nlp.bench._model import Model, load_model
from alliance_nlp.bench._suggest import Suggestions, suggest
from alliance_nlp.bench._tag import TagResult, tag
from alliance_nlp.bench._train import train

__all__ = [
    "AgreementResult",
    "AllianceWarning",
    "ConsensusResult",
    "EvaluationResult",
    "Model",
    "Suggestions",
    "TagResult",
    "agreement",
    "consensus",
    "evaluate",
    "load_model",
    "suggest",
    "tag",
    "train",
]
