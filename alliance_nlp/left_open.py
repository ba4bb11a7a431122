"""Rated lines that are left open since coders differ: how many there are, and what to say of them.

A model learns and is judged on the others alone, on which coders agree and which are therefore easier.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from alliance_nlp.codebook import Codebook
from alliance_nlp.rating_table import RatingTable
from alliance_nlp.ratings import NOT_CODED, CodedSession


def left_open(
    coded: Sequence[CodedSession], table: RatingTable, codebook: Codebook, coders: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count the lines of a corpus that are rated, and those of them that are left open.

    Parameters
    ----------
    coded : sequence of CodedSession
        What the ratings were settled to.
    table : RatingTable
        The ratings. Those of other sessions are passed over.
    codebook : Codebook
        Names the columns of the codes; all of its markers and sets are rated.
    coders : sequence of str
        Whose ratings were settled.

    Returns
    -------
    dict of str to dict
        ``rated``, lines with a code or left open, and ``open``, lines that several coders rated and that have no code;
        each by marker and set.
    """
    rated, still_open = {}, {}
    for name in codebook.variable_names:
        ratings = table.ratings(name, coders)
        by_several = (ratings.codes != NOT_CODED).sum(axis=1) > 1
        of_several = {line for line, is_so in zip(ratings.utterances, by_several, strict=True) if is_so}
        code_set = codebook.set_of(name)
        column = codebook.marker_names.index(code_set.code_names[0] if code_set else name)
        role = codebook.markers[column].role
        n_coded = n_open = 0
        for item in coded:
            for utterance, code in zip(item.session.utterances, item.codes[:, column].tolist(), strict=True):
                if code != NOT_CODED:
                    n_coded += 1
                elif utterance.speaker_role == role:
                    n_open += (item.session.session_id, utterance.utterance_id) in of_several
        rated[name], still_open[name] = n_coded + n_open, n_open
    return {"rated": rated, "open": still_open}


def lines_left_open(consensus: Mapping[str, Any], among: Collection[str] | None = None) -> str:
    """How many lines of each marker are left open, for people; empty where none is, or where it was not counted.

    Parameters
    ----------
    consensus : mapping
        How a corpus was settled, with what `left_open` counted.
    among : collection of str, optional
        Of these markers and sets alone.
    """
    return ", ".join(
        f"{number:,} of {consensus['rated'][name]:,} lines of {name}"
        for name, number in consensus.get("open", {}).items()
        if number and (among is None or name in among)
    )
