"""Which sessions to code next, and which lines in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook
from alliance_nlp.errors import UsageError
from alliance_nlp.likeness import pick_unlike, word_vectors
from alliance_nlp.surroundings import Floats
from alliance_nlp.tagging import Tagger
from alliance_nlp.tokenization import Tokenizer
from alliance_nlp.transcript import CLIENT_COLUMN, Session, SpeakerRole
from alliance_nlp.worth import expected_rates, set_worth, worth_of_lines

_SAME_CLIENT = 0.5
"""How alike two sessions of one client count at least: a model must tell the markers on clients it has not met."""
_LINES_LENT = 20
"""Average lines added to each session before its mean is taken, so that a scrap of three odd lines does not lead."""
_CANDIDATES_A_PICK = 20
_FEWEST_CANDIDATES = 200
_SHARE_NAMED = 0.25
"""A marker is named as a reason where it makes up at least this share of the worth."""
_MOST_NAMED = 2
WORTH_DECIMALS = 3


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


def plain(suggested: Sequence[SuggestedSession]) -> list[dict[str, object]]:
    """Suggestions as plain data, by ids, without anybody's words."""
    return [
        {
            "session_id": item.session.session_id,
            "rank": rank,
            "worth": round(item.worth, WORTH_DECIMALS),
            "why": item.why,
            "utterances": [
                {
                    "utterance_id": item.session.utterances[line.place].utterance_id,
                    "rank": line.rank,
                    "why": line.why,
                }
                for line in item.lines
            ],
        }
        for rank, item in enumerate(suggested, 1)
    ]


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
        To choose from. A column of a marker's, set's or code's name holds codes given already: such a line is not
        suggested for it.
    tagger : Tagger
        With the model that is to learn.
    markers : sequence of str
        Markers and sets that matter; by default all of the model.
    n_sessions, n_utterances : int
        At most so many sessions, and so many utterances in all of them together.

    Returns
    -------
    list of SuggestedSession
        Best first; empty where nothing is left to code.

    Raises
    ------
    UsageError
        Where the model has no such marker or set.
    """
    codebook = tagger.bundle.codebook
    names = codebook.variable_names
    unknown = [name for name in markers if name not in names]
    if unknown:
        raise UsageError(f"no marker {unknown[0]!r} in this model; it has {', '.join(names)}")
    if not sessions:
        return []
    chosen = [_variable(codebook, name) for name in names if not markers or name in markers]
    probabilities = [tagged.probabilities for tagged in tagger.tag_all(sessions)]
    rates = expected_rates(np.concatenate(probabilities))
    doubts = _Doubts([variable.title for variable in chosen], [_expected(variable, rates) for variable in chosen])
    worth = [
        np.column_stack([_worth(variable, session, of_session, rates) for variable in chosen])
        for session, of_session in zip(sessions, probabilities, strict=True)
    ]
    tokenizer = Tokenizer(tagger.bundle.pipeline)
    best = _best_sessions(sessions, worth, tokenizer, n_sessions)
    lines = _best_lines([(sessions[index], worth[index]) for index, _ in best], doubts, tokenizer, n_utterances)
    return [
        SuggestedSession(sessions[index], beside, doubts.of_session(beside, worth[index]), of_session)
        for (index, beside), of_session in zip(best, lines, strict=True)
    ]


class _Variable(NamedTuple):
    """What a coder decides on: a marker, or which code of a set."""

    title: str
    role: SpeakerRole
    columns: list[int]
    """Of its codes among the model's markers."""
    cells: tuple[str, ...]
    """Columns of a transcript that hold its code where one was given already."""


def _variable(codebook: Codebook, name: str) -> _Variable:
    code_set = codebook.set_of(name)
    codes = code_set.code_names if code_set else (name,)
    columns = [codebook.marker_names.index(code) for code in codes]
    entry = code_set or codebook.markers[columns[0]]
    return _Variable(entry.title.lower(), entry.role, columns, tuple({name, *codes}))


def _worth(variable: _Variable, session: Session, probabilities: Floats, rates: Floats) -> Floats:
    """Of each utterance, where it has no code yet; of shape (n_utterances,)."""
    nothing = ("",) * len(session.utterances)
    cells = [session.columns.get(name, nothing) for name in variable.cells]
    is_open = np.array([not any(cell.strip() for cell in of_line) for of_line in zip(*cells, strict=True)])
    of_variable = np.where(is_open[:, None], probabilities[:, variable.columns], np.nan)
    if len(variable.columns) > 1:
        return set_worth(of_variable, rates[variable.columns])
    return worth_of_lines(of_variable, rates[variable.columns])[:, 0]


def _expected(variable: _Variable, rates: Floats) -> str:
    if len(variable.columns) > 1:
        return f"which of {len(variable.columns)} codes"
    return _of_hundred(float(rates[variable.columns[0]]))


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
        rate = self.rates[picked_for]
        of_role = rate if rate.startswith("which") else f"expected on {rate} {role} lines"
        return f"in doubt: {self.titles[picked_for]} ({of_role}){also}"

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
