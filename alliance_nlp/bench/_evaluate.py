"""``evaluate`` in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.bench._corpus import corpus_of
from alliance_nlp.bench._given import Names, Ratings, Roles, Table, codebook_of, options_of, tagger_of, warn
from alliance_nlp.codebook import Codebook
from alliance_nlp.confident_errors import error_table
from alliance_nlp.corpus_evaluation import Evaluation, with_learning_curve
from alliance_nlp.corpus_evaluation import evaluate as evaluate_bundle
from alliance_nlp.errors import UsageError
from alliance_nlp.evaluation_csv import figure_table
from alliance_nlp.frames import frame
from alliance_nlp.reports.notebook import in_notebook
from alliance_nlp.tagging import Tagger
from alliance_nlp.whole_file import whole_file

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """How well a model does on a corpus.

    Attributes
    ----------
    evaluation : Evaluation
        All there is.
    """

    evaluation: Evaluation
    _context: int

    @property
    def figures(self) -> DataFrame:
        """Every figure with its interval, a row each: what ``evaluate --csv`` writes."""
        return frame(figure_table(self.evaluation))

    @property
    def errors(self) -> DataFrame:
        """Where model and codes differ, the surest first, with what was said: what ``evaluate --errors`` writes."""
        listed = [error for errors in self.evaluation.errors.values() for error in errors]
        return frame(error_table(listed, self._context))

    @property
    def warnings(self) -> list[str]:
        """What is to be minded, the gravest first."""
        return list(self.evaluation.warnings)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, without anybody's words: what ``evaluate --json`` prints."""
        return self.evaluation.to_dict()

    def write_html(self, file: str | Path, overwrite: bool = False) -> Path:
        """Write the page with plots, which shows what was said where the model errs.

        Raises
        ------
        OutputError
            Where the file exists and `overwrite` is not asked, or cannot be written.
        """
        from alliance_nlp.reports.evaluation_page import evaluation_page

        with whole_file(Path(file), overwrite) as partial:
            partial.write_text(evaluation_page(self.evaluation), "utf-8")
        return Path(file)

    def __repr__(self) -> str:
        return f"<EvaluationResult of {self.evaluation.bundle.name} on {self.evaluation.sessions} sessions>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.evaluation_tables import Elsewhere, evaluation_tables

        elsewhere = Elsewhere("figures", "errors, or write_html(FILE)")
        return in_notebook(lambda out: evaluation_tables(self.evaluation, out, elsewhere), self.warnings)


def evaluate(
    model: Tagger | str | Path | None,
    corpus: Table,
    *,
    by: str = "",
    codebook: Codebook | str | Path | None = None,
    ratings: Ratings | None = None,
    consensus: str | None = None,
    adjudicator: str = "",
    coders: Names = (),
    context: int = 3,
    learning_curve: bool = False,
    seed: int = 0,
    roles: Roles = None,
    columns: Mapping[str, str] | None = None,
) -> EvaluationResult:
    """Tell how well a model does on coded sessions, as the command of that name does.

    Parameters
    ----------
    model : Model, Tagger or path, optional
        Or its folder; None for the shipped model.
    corpus, ratings, consensus, adjudicator, coders, roles, columns
        As for `train`; with ratings, the model is set beside the coders too. Markers that the corpus has no codes of
        are left out.
    by : str
        A column of the corpus; every figure is given for each of its values too.
    codebook : Codebook or path, optional
        By which the corpus was coded; the model's where none is given.
    context : int
        How many utterances before to show beside each error.
    learning_curve : bool
        Whether to train models anew on growing shares of the corpus's clients, which tells whether more coding would
        help. It takes several times as long as `train`.
    seed : int
        Of the bootstrap over sessions.

    Raises
    ------
    BundleError
        Where the model does not fit the corpus.
    CorpusError, RatingsError, TranscriptError, UsageError
        As for `train`.

    Warns
    -----
    AllianceWarning
        Of what is to be minded; see `EvaluationResult.warnings`.
    """
    if context < 0:
        raise UsageError("context must be at least 0")
    tagger = tagger_of(model)
    bundle = tagger.bundle
    book = bundle.codebook if codebook is None else codebook_of(codebook)
    column = by.strip().casefold()
    options = options_of(roles, columns, (column,) if column else ())
    given = corpus_of(corpus, book, options, ratings, consensus, adjudicator, coders, some_markers=True)
    evaluation = evaluate_bundle(
        bundle, given.coded, given.codebook, given.provenance, column, given.table, given.coders, seed,
        embeddings=tagger.embeddings,
    )  # fmt: skip
    if learning_curve:
        evaluation = with_learning_curve(evaluation, given.coded, given.codebook, embeddings=tagger.embeddings)
    warn(evaluation.warnings)
    return EvaluationResult(evaluation, context)
