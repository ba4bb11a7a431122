"""The sheet for the consensus meeting: every utterance on which coders differ, with what was said before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alliance_nlp.errors import RatingsError
from alliance_nlp.exports import Cell, CellType, Column, Filled
from alliance_nlp.natural_order import natural
from alliance_nlp.rating_files import DECISION
from alliance_nlp.rating_table import Ratings, shown_value
from alliance_nlp.ratings import NOT_CODED
from alliance_nlp.transcript import Session, Utterance


class Disagreement(NamedTuple):
    """An utterance on which coders gave a marker different levels."""

    session_id: str
    utterance_id: str
    marker: str
    codes: Mapping[str, str]
    """Each coder's level; empty where not coded."""


def find_disagreements(ratings: Iterable[Ratings]) -> list[Disagreement]:
    """Every utterance with two different codes, by session, in the order in which utterances and markers come.

    Parameters
    ----------
    ratings : iterable of Ratings
        One for each marker.
    """
    ratings = list(ratings)
    order: dict[tuple[str, str], int] = {}
    for of_marker in ratings:
        for utterance in of_marker.utterances:
            order.setdefault(utterance, len(order))
    found = []
    for of_marker in ratings:
        for (session_id, utterance_id), row in zip(of_marker.utterances, of_marker.codes.tolist(), strict=True):
            if len({code for code in row if code != NOT_CODED}) > 1:
                codes = {
                    coder: "" if code == NOT_CODED else of_marker.levels[code]
                    for coder, code in zip(of_marker.coders, row, strict=True)
                }
                found.append(Disagreement(session_id, utterance_id, of_marker.marker, codes))
    return sorted(found, key=lambda item: (natural(item.session_id), order[item.session_id, item.utterance_id]))


def write_sheet(
    path: Path,
    disagreements: Sequence[Disagreement],
    coders: Sequence[str],
    sessions: Sequence[Session] = (),
    context: int = 3,
) -> list[str]:
    """Write disagreements as CSV, formulas made inert.

    Parameters
    ----------
    path : Path
        The file; replaced where it is there.
    disagreements : sequence of Disagreement
        In this order.
    coders : sequence of str
        A column each.
    sessions : sequence of Session
        Transcripts, for what was said.
    context : int
        How many utterances before the one in question to show.

    Returns
    -------
    list of str
        Sessions with disagreements for which there is no transcript; their texts stay empty.

    Raises
    ------
    RatingsError
        Where a rated utterance is not in its transcript.
    """
    from alliance_nlp.exports.csv_table import Table

    filled = sheet_table(disagreements, coders, sessions, context)
    with Table(path, filled.columns) as table:
        table.write(filled.rows)
    there = {session.session_id for session in sessions}
    concerned = dict.fromkeys(item.session_id for item in disagreements)
    return [session_id for session_id in concerned if session_id not in there]


def sheet_table(
    disagreements: Sequence[Disagreement], coders: Sequence[str], sessions: Sequence[Session] = (), context: int = 3
) -> Filled:
    """Disagreements as a table; see `write_sheet`."""
    names = ["session_id", "utterance_id", "marker", "context", "speaker", "text"]
    names += [*(f"code_{coder}" for coder in coders), DECISION, "note"]
    transcript_of = {session.session_id: session for session in sessions}
    rows = _rows(disagreements, coders, transcript_of, context)
    return Filled([Column(name, CellType.TEXT) for name in names], rows)


def _rows(
    disagreements: Sequence[Disagreement], coders: Sequence[str], transcript_of: Mapping[str, Session], context: int
) -> Iterator[list[Cell]]:
    place_of: dict[str, dict[str, int]] = {}
    for item in disagreements:
        said: list[Cell] = ["", "", ""]
        session = transcript_of.get(item.session_id)
        if session:
            places = place_of.setdefault(
                item.session_id, {one.utterance_id: place for place, one in enumerate(session.utterances)}
            )
            if item.utterance_id not in places:
                raise RatingsError(
                    f"session {item.session_id}: the rated utterance {shown_value(item.utterance_id)} is not in the "
                    "transcript; were its lines renumbered after the rating?"
                )
            place = places[item.utterance_id]
            before = session.utterances[max(place - context, 0) : place]
            utterance = session.utterances[place]
            said = ["\n".join(map(_line, before)), utterance.speaker, utterance.text]
        codes = [item.codes.get(coder, "") for coder in coders]
        yield [item.session_id, item.utterance_id, item.marker, *said, *codes, "", ""]


def _line(utterance: Utterance) -> str:
    return f"{utterance.speaker}: {utterance.text}"
