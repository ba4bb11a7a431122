"""A model in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.bundle import load_bundle, save_bundle
from alliance_nlp.codebook import Codebook
from alliance_nlp.evaluation import MarkerFigures
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.frames import frame
from alliance_nlp.reports.notebook import in_notebook
from alliance_nlp.shipped import default_model
from alliance_nlp.tagging import Tagger, fitting_embeddings

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console

_COLUMNS = (
    Column("marker", CellType.TEXT),
    *(Column(name, CellType.INTEGER) for name in ("utterances", "positives", "clients")),
    Column("figure", CellType.TEXT),
    *(Column(name, CellType.NUMBER) for name in ("value", "low", "high")),
)


class Model(Tagger):
    """A model bundle that can be looked at, saved, and tag; made by `train` and `load_model`."""

    @property
    def name(self) -> str:
        """Of the bundle."""
        return self.bundle.name

    @property
    def codebook(self) -> Codebook:
        """What the model tags."""
        return self.bundle.codebook

    @property
    def card(self) -> str:
        """The model card, Markdown."""
        return self.bundle.card

    @property
    def warnings(self) -> list[str]:
        """What was to be minded in training."""
        return list(self.bundle.training.get("warnings", ()))

    @property
    def figures(self) -> DataFrame:
        """How well each marker and set was told on clients that the model had not seen, a row for each figure.

        Raises
        ------
        UsageError
            Where pandas is not installed; `to_dict` holds the same.
        """
        return frame(Filled(_COLUMNS, _rows(self.bundle.training)))

    def to_dict(self) -> dict[str, Any]:
        """What the model was trained on, how, and how well, as plain data: what ``train --json`` prints."""
        return dict(self.bundle.training)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the bundle into a folder, which appears whole or not at all.

        Raises
        ------
        OutputError
            Where the folder exists and `overwrite` is not asked, or cannot be written.
        """
        save_bundle(self.bundle, folder, overwrite)
        # With its digest, as a model that was loaded has it.
        self.bundle = replace(self.bundle, digest=load_bundle(folder).digest)
        return Path(folder)

    def __repr__(self) -> str:
        names = ", ".join(self.codebook.variable_names)
        return f"<Model {self.name}: {names}>"

    def _repr_html_(self) -> str:
        from alliance_nlp.reports.terminal import figures_table, set_table

        def print_to(out: Console) -> None:
            figures = self.bundle.training["figures"]
            thresholds = zip(self.codebook.marker_names, self.bundle.thresholds, strict=True)
            figures_table(((name, MarkerFigures.from_dict(figures[name]), limit) for name, limit in thresholds), out)
            for name, of_set in self.bundle.training.get("sets", {}).items():
                set_table(name, of_set, out)
            out.print("On clients the model had not seen; 95 % intervals from a bootstrap over sessions.", style="dim")

        return in_notebook(print_to, self.warnings)


def load_model(folder: str | Path | None = None, embeddings: str | Path | None = None) -> Model:
    """A model from its folder, by default the shipped one.

    Parameters
    ----------
    folder : path, optional
        Of the model.
    embeddings : path, optional
        Folder of the sentence-embedding model that it was trained with, where it was.

    Raises
    ------
    BundleError
        Where the bundle is damaged, altered or of another format.
    EmbeddingsError, UsageError
        Where the embeddings are not those of the model, or it takes none.
    """
    bundle = load_bundle(folder or default_model())
    return Model(bundle, embeddings=fitting_embeddings(bundle, Path(embeddings) if embeddings else None))


def _rows(training: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    for name, figures in training.get("figures", {}).items():
        about: list[Cell] = [name, figures["utterances"], figures["positives"], figures["clients"]]
        for figure, value in figures.items():
            if isinstance(value, dict):
                yield [*about, figure, value["value"], value["low"], value["high"]]
        yield [*about, "prevalence", figures["prevalence"], None, None]
    for name, of_set in training.get("sets", {}).items():
        for figure, value in of_set["figures"].items():
            about = [name, of_set["utterances"], None, of_set["clients"]]
            yield [*about, figure, value["value"], value["low"], value["high"]]
