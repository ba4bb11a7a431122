"""One code an utterance from several coders': majority, a named adjudicator, or Dawid and Skene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import Codebook
from alliance_nlp.dawid_skene import DawidSkene, dawid_skene
from alliance_nlp.errors import RatingsError, UsageError
from alliance_nlp.rating_table import MARKER_LEVELS, Codes, Ratings, RatingTable, shown_value
from alliance_nlp.ratings import NOT_CODED, CodedSession
from alliance_nlp.transcript import CLIENT_COLUMN, Session, SpeakerRole

_FEWEST_FOR_DAWID_SKENE = 3
_DECIMALS = 6


class Method(StrEnum):
    """How differences between coders are settled."""

    MAJORITY = "majority"
    ADJUDICATOR = "adjudicator"
    DAWID_SKENE = "dawid-skene"


@dataclass(frozen=True, slots=True)
class Consensus:
    """The settled codes of one marker.

    Attributes
    ----------
    ratings : Ratings
        Of the coders, without the adjudicator; its utterances and levels are those of `codes`.
    codes : ndarray of int16, shape (n_utterances,)
        Place in ``ratings.levels``, or `NOT_CODED` where left open.
    agreed : ndarray of bool, shape (n_utterances,)
        Where all who coded gave the same code.
    estimate : DawidSkene or None
        By that method only: class probabilities and coders' errors.
    """

    ratings: Ratings
    codes: Codes
    agreed: npt.NDArray[np.bool_]
    estimate: DawidSkene | None = None

    @property
    def utterances_agreed(self) -> int:
        """Number of utterances on which all who coded gave the same code."""
        return int(self.agreed.sum())

    @property
    def utterances_open(self) -> int:
        """Number of utterances left not coded."""
        return int((self.codes == NOT_CODED).sum())

    @property
    def utterances_settled(self) -> int:
        """Number of utterances on which coders differed and that have a code now."""
        return int(((self.codes != NOT_CODED) & ~self.agreed).sum())

    def to_dict(self) -> dict[str, object]:
        """How many were settled and, by Dawid and Skene, what was estimated, as plain data."""
        plain: dict[str, object] = {
            "marker": self.ratings.marker,
            "levels": self.ratings.levels,
            "utterances": len(self.codes),
            "agreed": self.utterances_agreed,
            "settled": self.utterances_settled,
            "open": self.utterances_open,
        }
        if self.estimate:
            plain["dawid_skene"] = {
                "converged": self.estimate.converged,
                "steps": self.estimate.steps,
                "prevalence": self.estimate.prevalence.round(_DECIMALS).tolist(),
                "confusion": {
                    coder: matrix.round(_DECIMALS).tolist()
                    for coder, matrix in zip(self.ratings.coders, self.estimate.confusion, strict=True)
                },
            }
        return plain


def voters(table: RatingTable, coders: Sequence[str] = (), adjudicator: str = "") -> tuple[str, ...]:
    """The coders whose codes are to be settled: those named, or all who are coders of their own but the adjudicator.

    Raises
    ------
    UsageError
        Where a name is not among the coders of the table, or nobody is left.
    """
    if adjudicator:
        table.choose_coders([adjudicator])
    chosen = tuple(coder for coder in table.choose_coders(coders) if coder != adjudicator)
    if not chosen:
        raise UsageError(f"no coder beside {adjudicator} in the ratings; there is nothing to settle")
    return chosen


def settle(ratings: Ratings, method: Method, adjudicator: str = "") -> Consensus:
    """Settle one marker.

    Parameters
    ----------
    ratings : Ratings
        Of the coders and, where one is named, the adjudicator.
    method : Method
        Majority: the level that most coders gave; a tie is left not coded, or to the adjudicator where one is named.
        Adjudicator: where he or she coded, that code; elsewhere the code on which all others agree. Dawid and Skene:
        the level most probable by the model, see `dawid_skene`; a tie is left not coded.
    adjudicator : str
        One of the coders; never counted among those who vote.

    Raises
    ------
    UsageError
        Where the method needs an adjudicator and none is named, or takes none.
    RatingsError
        Where Dawid and Skene has fewer than three coders.
    """
    if method == Method.ADJUDICATOR and not adjudicator:
        raise UsageError("the method adjudicator needs a name: --adjudicator NAME")
    if method == Method.DAWID_SKENE and adjudicator:
        raise UsageError("the method dawid-skene takes no adjudicator; leave --adjudicator out")
    decisions = np.full(len(ratings.utterances), NOT_CODED, dtype=np.int16)
    if adjudicator:
        decisions = ratings.codes[:, ratings.coders.index(adjudicator)]
    others = [coder for coder in ratings.coders if coder != adjudicator]
    codes = ratings.codes[:, [ratings.coders.index(coder) for coder in others]]
    votes = np.stack([(codes == level).sum(axis=1) for level in range(len(ratings.levels))], axis=1)
    agreed = (votes > 0).sum(axis=1) == 1
    estimate = None
    if method == Method.DAWID_SKENE:
        if len(others) < _FEWEST_FOR_DAWID_SKENE:
            raise RatingsError(
                f"{ratings.marker}: Dawid and Skene needs at least {_FEWEST_FOR_DAWID_SKENE} coders, since two do not "
                f"tell who of them errs; there are {len(others)}: use majority or adjudicator"
            )
        counts = np.stack([codes == level for level in range(len(ratings.levels))], axis=2).astype(np.int16)
        estimate = dawid_skene(counts)
        settled = _highest(estimate.probabilities.round(9))
    elif method == Method.MAJORITY:
        settled = _highest(votes)
        settled = np.where(settled == NOT_CODED, decisions, settled)
    else:
        settled = np.where(decisions == NOT_CODED, np.where(agreed, _highest(votes), NOT_CODED), decisions)
    kept = Ratings(ratings.marker, ratings.levels, ratings.scale, tuple(others), ratings.utterances, codes)
    return Consensus(kept, settled.astype(np.int16), agreed, estimate)


def settled_by(method: Method, coders: Sequence[str], adjudicator: str = "") -> dict[str, object]:
    """How a corpus was settled, for a model's record: how many coders, not who, since a model is passed on."""
    return {"method": str(method), "coders": len(coders), "adjudicated": bool(adjudicator)}


def _highest(values: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Level with the highest value in each row, or `NOT_CODED` where several share it."""
    best = values.max(axis=1, keepdims=True)
    alone = (values == best).sum(axis=1) == 1
    return np.where(alone, values.argmax(axis=1), NOT_CODED)


def settle_sessions(
    sessions: Sequence[Session],
    table: RatingTable,
    codebook: Codebook,
    method: Method = Method.MAJORITY,
    coders: Sequence[str] = (),
    adjudicator: str = "",
) -> list[CodedSession]:
    """Transcripts and ratings to a coded corpus.

    Parameters
    ----------
    sessions : sequence of Session
        The transcripts; a column ``client_id``, where kept, says whose session it is.
    table : RatingTable
        The ratings. Those of other sessions are passed over.
    codebook : Codebook
        Its markers and sets are settled; all must be rated.
    method, adjudicator
        See `settle`.
    coders : sequence of str
        See `voters`.

    Returns
    -------
    list of CodedSession
        Of the sessions that are rated, in the order of `sessions`.

    Raises
    ------
    RatingsError
        Where a rated utterance is not in its transcript, a marker is coded on another role than its own or is not
        rated at all, or a marker's value is neither 0 nor 1.
    """
    chosen = voters(table, coders, adjudicator)
    settled = settle_markers(table, codebook.variable_names, method, chosen, adjudicator, must_be_markers=True)
    return coded_sessions(sessions, settled, codebook)


def settle_markers(
    table: RatingTable,
    markers: Sequence[str],
    method: Method,
    coders: Sequence[str],
    adjudicator: str = "",
    must_be_markers: bool = False,
) -> list[Consensus]:
    """Settle several markers of a table.

    Parameters
    ----------
    table, method, adjudicator
        See `settle_sessions`.
    markers : sequence of str
        And of sets; all must be rated.
    coders : sequence of str
        As `voters` gives them.
    must_be_markers : bool
        Whether other values than 0 and 1 are an error.

    Raises
    ------
    RatingsError
        Where a marker is not rated, cannot be settled by the method, or a decision is neither 0 nor 1 though all
        others' codes are.
    """
    unrated = [name for name in markers if name not in table.markers]
    if unrated:
        raise RatingsError(f"no ratings of {unrated[0]}; those of the codebook are needed: {', '.join(markers)}")
    settled = []
    for name in markers:
        ratings = table.ratings(name, (*coders, adjudicator) if adjudicator else coders)
        if must_be_markers and not ratings.is_marker and not table.set_of(name):
            other = next(level for level in ratings.levels if level not in MARKER_LEVELS)
            raise RatingsError(f"{name}: the value {shown_value(other)} is neither 1 nor 0, as a marker's must be")
        if adjudicator:
            _require_likely_decisions(ratings, adjudicator)
        settled.append(settle(ratings, method, adjudicator))
    return settled


def _require_likely_decisions(ratings: Ratings, adjudicator: str) -> None:
    """Where all others gave 0 and 1, another value in a decision is a slip of the hand."""
    others = ratings.codes[:, [coder != adjudicator for coder in ratings.coders]]
    given = {ratings.levels[code] for code in np.unique(others[others != NOT_CODED])}
    if not given <= set(MARKER_LEVELS):
        return
    decisions = ratings.codes[:, ratings.coders.index(adjudicator)].tolist()
    for (session_id, utterance_id), code in zip(ratings.utterances, decisions, strict=True):
        if code != NOT_CODED and ratings.levels[code] not in MARKER_LEVELS:
            raise RatingsError(
                f"{ratings.marker}, session {shown_value(session_id)}, utterance {shown_value(utterance_id)}: "
                f"{adjudicator} decided on {shown_value(ratings.levels[code])}, where the others gave 0 and 1 alone; "
                "correct it"
            )


def coded_sessions(sessions: Sequence[Session], settled: Sequence[Consensus], codebook: Codebook) -> list[CodedSession]:
    """Transcripts and the settled codes of each marker and set of the codebook to a coded corpus.

    See `settle_sessions`.
    """
    code_of = [dict(zip(consensus.ratings.utterances, consensus.codes.tolist(), strict=True)) for consensus in settled]
    rated: dict[str, dict[str, None]] = {}
    for codes in code_of:
        for session_id, utterance_id in codes:
            rated.setdefault(session_id, {})[utterance_id] = None
    coded = []
    for session in sessions:
        session_id = session.session_id
        if session_id not in rated:
            continue
        present = {utterance.utterance_id for utterance in session.utterances}
        absent = [utterance_id for utterance_id in rated[session_id] if utterance_id not in present]
        if absent:
            raise RatingsError(
                f"session {session_id}: {len(absent)} rated utterances are not in the transcript, such as "
                f"{shown_value(absent[0])}; were its lines renumbered after the rating?"
            )
        of_session = np.full((len(session.utterances), len(codebook.markers)), NOT_CODED, dtype=np.int8)
        for of_variable, consensus in zip(code_of, settled, strict=True):
            name = consensus.ratings.marker
            columns, role = _columns_of(codebook, name)
            for row, utterance in enumerate(session.utterances):
                code = of_variable.get((session_id, utterance.utterance_id), NOT_CODED)
                if code == NOT_CODED:
                    continue
                if utterance.speaker_role == role:
                    of_session[row, columns] = _one_code(code, len(columns))
                elif code or len(columns) > 1:
                    raise RatingsError(
                        f"session {session_id}, utterance {utterance.utterance_id}: {name} is rated "
                        f"{consensus.ratings.levels[code]} on a {utterance.speaker_role} line; it is a code for the "
                        f"{role}"
                    )
        coded.append(CodedSession(session, _client(session), of_session))
    if not coded:
        raise RatingsError(
            f"none of the {len(sessions)} transcripts is rated: no session id of theirs stands in the ratings; the "
            f"first transcript is session {shown_value(sessions[0].session_id)}, and ratings are of session "
            f"{shown_value(next(iter(rated), ''))}"
        )
    return coded


def _columns_of(codebook: Codebook, name: str) -> tuple[list[int], SpeakerRole]:
    """Where the codes of a set, or a marker, stand among the codebook's markers, and on whom they are coded."""
    code_set = codebook.set_of(name)
    names = code_set.code_names if code_set else (name,)
    columns = [codebook.marker_names.index(one) for one in names]
    return columns, codebook.markers[columns[0]].role


def _one_code(code: int, n_codes: int) -> list[int]:
    """The codes of an utterance: those of a set, of which one is 1, or a marker's, which is the code itself."""
    return [int(place == code) for place in range(n_codes)] if n_codes > 1 else [code]


def _client(session: Session) -> str:
    clients = {client.strip() for client in session.columns.get(CLIENT_COLUMN, ())}
    if len(clients) > 1:
        raise RatingsError(f"session {session.session_id}: more than one {CLIENT_COLUMN}; give one")
    return next(iter(clients), "") or session.session_id
