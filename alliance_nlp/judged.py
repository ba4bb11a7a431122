"""What a model and coders say of the same utterances, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.scoring import Codes, Floats
from alliance_nlp.tagging import TaggedSession


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model and the coders say of the coded utterances of one marker; arrays of shape (n_utterances,).

    Attributes
    ----------
    marker : str
        Its name.
    probabilities, tags, codes : ndarray
        Of the model; of the model; of the coders.
    sessions, clients, groups : ndarray of str
        Where each utterance stands.
    """

    marker: str
    probabilities: Floats
    tags: Codes
    codes: Codes
    sessions: npt.NDArray[np.str_]
    clients: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]

    def only(self, rows: npt.NDArray[np.bool_]) -> Judged:
        """Some of the utterances."""
        return Judged(
            self.marker,
            self.probabilities[rows],
            self.tags[rows],
            self.codes[rows],
            self.sessions[rows],
            self.clients[rows],
            self.groups[rows],
        )


def judged(
    coded: Sequence[CodedSession], tagged: Sequence[TaggedSession], markers: Sequence[str], groups: Sequence[str] = ()
) -> list[Judged]:
    """Model and coders side by side, for each marker of which any utterance is coded.

    Parameters
    ----------
    coded, tagged : sequence of CodedSession and of TaggedSession
        The same sessions in the same order.
    markers : sequence of str
        The columns of the codes in `coded`; all must be markers of the model.
    groups : sequence of str
        The group of each utterance, if there are any.
    """
    names = [marker.name for marker in tagged[0].markers]
    lengths = [len(item.codes) for item in coded]
    sessions = np.repeat([item.session.session_id for item in coded], lengths)
    clients = np.repeat([item.client for item in coded], lengths)
    group_of = np.array(groups) if groups else np.full(len(sessions), "")
    codes = np.concatenate([item.codes for item in coded])
    probabilities = np.concatenate([item.probabilities for item in tagged])
    tags = np.concatenate([item.tags for item in tagged])
    found = []
    for column, marker in enumerate(markers):
        rows = codes[:, column] != NOT_CODED
        of_model = names.index(marker)
        in_all = Judged(
            marker, probabilities[:, of_model], tags[:, of_model], codes[:, column], sessions, clients, group_of
        )
        if rows.any():
            found.append(in_all.only(rows))
    return found
