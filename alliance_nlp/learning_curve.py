"""Would more coding help? Models trained on growing shares of a corpus's clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from alliance_nlp.agreement import Figure
from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import CorpusError
from alliance_nlp.evaluation import MarkerFigures
from alliance_nlp.ratings import CodedSession, positives
from alliance_nlp.training import TrainingSettings, train

SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class SetFigures:
    """How well one code of a set is told.

    Attributes
    ----------
    utterances : int
        With a code of the set.
    figures : dict of str to Figure
        By the names of `set_scores`, rounded.
    """

    utterances: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Step:
    """A model trained on some of the clients.

    Attributes
    ----------
    clients, sessions : int
        How many it was trained on.
    figures : dict of str to MarkerFigures
        By marker, on those of these clients that each fold had not seen; without those too rare among them to learn.
    sets : dict of str to SetFigures
        By set, likewise.
    """

    clients: int
    sessions: int
    figures: Mapping[str, MarkerFigures]
    sets: Mapping[str, SetFigures] = field(default_factory=dict)

    def kappa(self, name: str) -> Figure | None:
        """κ of a marker or a set; None where it was too rare to learn."""
        if name in self.sets:
            return self.sets[name].figures["kappa"]
        return self.figures[name].kappa.as_figure() if name in self.figures else None

    def coded(self, name: str) -> int:
        """How many utterances have the marker, or a code of the set; of one that was learned."""
        return self.sets[name].utterances if name in self.sets else self.figures[name].positives

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        figures = {name: figure.to_dict() for name, figure in self.figures.items()}
        of_sets = {name: asdict(of_set) for name, of_set in self.sets.items()}
        return {"clients": self.clients, "sessions": self.sessions, "markers": figures, "sets": of_sets}


def learning_curve(
    coded: Sequence[CodedSession],
    codebook: Codebook,
    markers: Sequence[str],
    settings: TrainingSettings,
    say: Callable[[str], None] = lambda message: None,
) -> tuple[Step, ...]:
    """Train on growing shares of the clients, each holding those before.

    Parameters
    ----------
    coded : sequence of CodedSession
        The corpus.
    codebook : Codebook
        Names the columns of its codes.
    markers : sequence of str
        Those to learn; at each step, of them those that two of its clients hold.
    settings : TrainingSettings
        Of every model; its seed also orders the clients.
    say : callable
        Takes a line about the progress.
    """
    clients = np.random.default_rng(settings.seed).permutation(sorted({item.client for item in coded})).tolist()
    sizes = sorted({max(round(share * len(clients)), min(_FEWEST, len(clients))) for share in SHARES})
    steps = []
    for n_clients in sizes:
        say(f"learning curve: {n_clients} of {len(clients)} clients")
        chosen = set(clients[:n_clients])
        sessions = [item for item in coded if item.client in chosen]
        steps.append(Step(n_clients, len(sessions), *_trained(sessions, codebook, markers, settings)))
    return tuple(steps)


def _trained(
    sessions: Sequence[CodedSession], codebook: Codebook, markers: Sequence[str], settings: TrainingSettings
) -> tuple[dict[str, MarkerFigures], dict[str, SetFigures]]:
    # One marker that hardly anybody holds must not cost the others their curve; of a set it costs the whole set its.
    held = [
        name
        for column, name in enumerate(codebook.marker_names)
        if name in markers and positives(sessions, column)[1] >= _FEWEST
    ]
    learned = codebook.only(held)
    columns = [codebook.marker_names.index(name) for name in learned.marker_names]
    coded = [CodedSession(item.session, item.client, item.codes[:, columns]) for item in sessions]
    if not columns:
        return {}, {}
    try:
        bundle, figures = train(coded, learned, settings, {"files": []})
    except CorpusError:
        return {}, {}
    of_sets = {
        name: SetFigures(record["utterances"], {figure: Figure(**value) for figure, value in record["figures"].items()})
        for name, record in bundle.training.get("sets", {}).items()
    }
    return figures, of_sets
