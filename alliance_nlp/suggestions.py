"""Which sessions to code next, and which lines in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Marker
from alliance_nlp.errors import UsageError
from alliance_nlp.likeness import pick_unlike, word_vectors
from alliance_nlp.surroundings import Floats
from alliance_nlp.tagging import Tagger
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import CLIENT_COLUMN, Session, SpeakerRole
from alliance_nlp.worth import expected_rates, worth_of_lines

_SAME_CLIENT = 0.5
"""How alike two sessions of one client count at least: a model must tell the markers on clients it has not met."""
_LINES_LENT = 20
"""Average lines added to each session before its mean is taken, so that a scrap of three odd lines does not lead."""
_CANDIDATES_A_PICK = 20
_FEWEST_CANDIDATES = 200
_SHARE_NAMED = 0.25
"""A marker is named as a reason where it makes up at least this share of the worth."""
_MOST_NAMED = 2


class SuggestedLine(NamedTuple):
    """An utterance that is worth coding."""

    place: int
    """In the session, from 0."""
    rank: int
    """Among all lines suggested, from 1."""
    why: str


class SuggestedSession(NamedTuple):
    """A session that is worth coding, and lines in it; ranked from 1 by its place in the list."""

    session: Session
    worth: float
    """Of a line on average, beside the average line of all sessions: 1.3 is 30 % more."""
    why: str
    lines: tuple[SuggestedLine, ...]
    """In the transcript's order."""


def suggest(
    sessions: Sequence[Session],
    tagger: Tagger,
    markers: Sequence[str] = (),
    n_sessions: int = 5,
    n_utterances: int = 50,
) -> list[SuggestedSession]:
    """Rank sessions, and utterances in the best of them, by what coding them would teach.

    A line is worth the model's doubt about each marker, the rarer the marker the more (`worth_of_lines`); a session is
    worth what its lines are on average, for all markers together. Sessions, and then lines, are picked one by one, each
    by its worth and by how unlike it is to those before (`pick_unlike`); lines for one marker after the other.

    Parameters
    ----------
    sessions : sequence of Session
        To choose from. A column of a marker's name holds codes given already: such a line is not suggested for it.
    tagger : Tagger
        With the model that is to learn.
    markers : sequence of str
        That matter; by default all of the model.
    n_sessions, n_utterances : int
        At most so many sessions, and so many utterances in all of them together.

    Returns
    -------
    list of SuggestedSession
        Best first; empty where nothing is left to code.

    Raises
    ------
    UsageError
        Where the model has no such marker.
    """
    of_model = tagger.bundle.codebook.markers
    names = tagger.bundle.codebook.marker_names
    unknown = [name for name in markers if name not in names]
    if unknown:
        raise UsageError(f"no marker {unknown[0]!r} in this model; it has {', '.join(names)}")
    if not sessions:
        return []
    chosen = [index for index, name in enumerate(names) if not markers or name in markers]
    probabilities = [tagged.probabilities[:, chosen] for tagged in tagger.tag_all(sessions)]
    rates = expected_rates(np.concatenate(probabilities))
    chosen_markers = [of_model[index] for index in chosen]
    doubts = _Doubts(
        [marker.title.lower() for marker in chosen_markers], [_of_hundred(rate) for rate in rates.tolist()]
    )
    open_cells = [_open(session, chosen_markers) for session in sessions]
    worth = [
        worth_of_lines(np.where(is_open, of_session, np.nan), rates)
        for of_session, is_open in zip(probabilities, open_cells, strict=True)
    ]
    tokenizer = Tokenizer(tagger.bundle.pipeline)
    best = _best_sessions(sessions, worth, tokenizer, n_sessions)
    lines = _best_lines([(sessions[index], worth[index]) for index, _ in best], doubts, tokenizer, n_utterances)
    return [
        SuggestedSession(sessions[index], beside, doubts.of_session(beside, worth[index]), of_session)
        for (index, beside), of_session in zip(best, lines, strict=True)
    ]


def _open(session: Session, markers: Sequence[Marker]) -> npt.NDArray[np.bool_]:
    """Mask of shape (n_utterances, n_markers): no code given yet."""
    nothing = ("",) * len(session.utterances)
    return np.array([[not cell.strip() for cell in session.columns.get(one.name, nothing)] for one in markers]).T


def _best_sessions(
    sessions: Sequence[Session], worth: Sequence[Floats], tokenizer: Tokenizer, how_many: int
) -> list[tuple[int, float]]:
    """Places of the best sessions, best first, each with its worth beside the average line."""
    totals = np.array([of_session.sum(axis=0) for of_session in worth])
    lengths = np.array([[len(of_session)] for of_session in worth])
    average = totals.sum(axis=0) / lengths.sum()
    if not average.any():
        return []
    lent = np.where(totals > 0, _LINES_LENT, 0)
    # A session is coded on every marker, so their worths add up.
    means = ((totals + lent * average) / (lengths + lent)).sum(axis=1, keepdims=True)
    candidates = _candidates(means, how_many)
    words = [
        list(chain.from_iterable(tokenizer.tokens(line.text for line in sessions[index].utterances)))
        for index in candidates
    ]
    clients = [_client(sessions[index]) for index in candidates]
    picked = pick_unlike(means[candidates], word_vectors(words), how_many, clients, _SAME_CLIENT)
    places = candidates[[pick.place for pick in picked]].tolist()
    return [(place, float(means[place, 0] / average.sum())) for place in places]


def _client(session: Session) -> str:
    return next(iter(session.columns.get(CLIENT_COLUMN, ())), "").strip() or session.session_id


def _best_lines(
    sessions: Sequence[tuple[Session, Floats]], doubts: _Doubts, tokenizer: Tokenizer, how_many: int
) -> list[tuple[SuggestedLine, ...]]:
    places = [(index, place) for index, (session, _) in enumerate(sessions) for place in range(len(session.utterances))]
    found: list[list[SuggestedLine]] = [[] for _ in sessions]
    if places:
        worth = np.concatenate([of_session for _, of_session in sessions])
        candidates = _candidates(worth, how_many)
        texts = [sessions[index][0].utterances[place].text for index, place in (places[row] for row in candidates)]
        picked = pick_unlike(worth[candidates], word_vectors(tokenizer.tokens(texts)), how_many)
        for rank, pick in enumerate(picked, 1):
            row = candidates[pick.place]
            index, place = places[row]
            why = doubts.of_line(pick.marker, worth[row], sessions[index][0].utterances[place].speaker_role)
            found[index].append(SuggestedLine(place, rank, why))
    return [tuple(sorted(of_session)) for of_session in found]


def _candidates(worth: Floats, how_many: int) -> npt.NDArray[np.int64]:
    """Places of those worth most for each marker, so that comparing all with all stays quick."""
    of_each = max(_CANDIDATES_A_PICK * how_many, _FEWEST_CANDIDATES)
    return np.unique(np.argsort(-worth, axis=0, kind="stable")[:of_each])


class _Doubts(NamedTuple):
    """Reasons in plain words. They name markers, never which way the model leans: that would sway the coder."""

    titles: Sequence[str]
    rates: Sequence[str]

    def of_line(self, picked_for: int, worth: Floats, role: SpeakerRole) -> str:
        others = [marker for marker in self._most(worth) if marker != picked_for][: _MOST_NAMED - 1]
        also = "".join(f", {self.titles[marker]} ({self.rates[marker]})" for marker in others)
        return f"in doubt: {self.titles[picked_for]} (expected on {self.rates[picked_for]} {role} lines){also}"

    def of_session(self, beside: float, worth: Floats) -> str:
        share = round(100 * (beside - 1))
        than = f"{abs(share)} % {'more' if share > 0 else 'less'} than" if share else "as much as"
        most = " and ".join(self.titles[index] for index in self._most(worth.sum(axis=0)))
        return f"a line of it would teach {than} the average line; most in doubt: {most}"

    def _most(self, worth: Floats) -> list[int]:
        order = np.argsort(-worth, kind="stable")[:_MOST_NAMED].tolist()
        return [index for index in order if worth[index] >= _SHARE_NAMED * worth.sum()] or order[:1]


def _of_hundred(rate: float) -> str:
    return f"about {rate * 100:.0f} of 100" if rate >= 0.01 else "fewer than 1 of 100"
