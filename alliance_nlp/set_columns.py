"""The codes of a set in a coded table: one column with the code's name, or a column per code with 1 and 0."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alliance_nlp.codebook import CodeSet
from alliance_nlp.errors import CorpusError
from alliance_nlp.transcript import Session, Utterance

_NOT_CODED = -1
_SHOWN = 24


def set_codes(path: str | Path, session: Session, code_set: CodeSet) -> npt.NDArray[np.int8] | None:
    """Codes of a set from a session's columns.

    Parameters
    ----------
    path : str or Path
        The session's file, for messages.
    session : Session
        With the columns of the set, its codes, or both.
    code_set : CodeSet
        The set.

    Returns
    -------
    ndarray of shape (n_utterances, n_codes) or None
        One 1 and else 0, or -1 in a whole row that is not coded; None where the columns are not there.

    Raises
    ------
    CorpusError
        Where a cell names no code of the set, none or two of the codes are 1, a code stands on another role, or the
        set's column says another code than those of its codes.
    """
    n = len(session.utterances)
    by_name = session.columns.get(code_set.name)
    per_code = [session.columns.get(name) for name in code_set.code_names]
    missing = [name for name, cells in zip(code_set.code_names, per_code, strict=True) if cells is None]
    if by_name is None and missing:
        if len(missing) < len(per_code):
            raise CorpusError(
                f"{path}: no column {missing[0]!r}; the set {code_set.name} needs one column {code_set.name!r} with "
                f"the code's name, or a column for each of its codes ({', '.join(code_set.code_names)})"
            )
        return None
    codes = np.full((n, len(code_set.codes)), _NOT_CODED, dtype=np.int8)
    flags_of = list(zip(*per_code, strict=True)) if not missing else [()] * n
    for row, (utterance, flags) in enumerate(zip(session.utterances, flags_of, strict=True)):
        where = f"{path}, session {session.session_id}, utterance {utterance.utterance_id}"
        named = _named(by_name[row], code_set, where) if by_name is not None else None
        flagged = flagged_code(flags, code_set, where) if flags else None
        if None not in (named, flagged) and named != flagged:
            raise CorpusError(
                f"{where}: the column {code_set.name} says {code_set.code_names[named or 0]}, the column "
                f"{code_set.code_names[flagged or 0]} has the 1; correct one, or delete the set's column or those of "
                "its codes"
            )
        code = flagged if named is None else named
        if code is not None:
            _require_role(utterance, code_set, code, where)
            codes[row] = 0
            codes[row, code] = 1
    return codes


def _named(cell: str, code_set: CodeSet, where: str) -> int | None:
    if not cell.strip():
        return None
    place = code_set.code_of(cell)
    if place is None:
        raise CorpusError(
            f"{where}: the {code_set.name} code is {_shown(cell)}, which is none of "
            f"{', '.join(code_set.code_names)}; correct it, or add it to the codebook (also = [...] of a code)"
        )
    return place


def _shown(cell: str) -> str:
    # What stands in a code's place can be somebody's words.
    text = cell.strip()
    short = len(text) <= _SHOWN and len(text.split()) <= 2 and text.isprintable()
    return repr(text) if short else f"a text of {len(text)} characters"


def flagged_code(flags: Sequence[str], code_set: CodeSet, where: str) -> int | None:
    """Which of a set's codes has the 1, of cells that hold 1, 0 or nothing.

    Returns
    -------
    int or None
        Place of the code; None where every cell is empty.

    Raises
    ------
    CorpusError
        Where a cell holds something else, or not exactly one of them is 1.
    """
    cells = [cell.strip().removesuffix(".0") for cell in flags]
    for name, cell in zip(code_set.code_names, cells, strict=True):
        if cell not in ("", "0", "1"):
            shown = repr(cell) if len(cell) <= 4 else f"a text of {len(cell)} characters"
            raise CorpusError(f"{where}: the {name} code is {shown}; write 1, 0 or nothing")
    given = [place for place, cell in enumerate(cells) if cell == "1"]
    if len(given) == 1:
        return given[0]
    if given:
        names = " and ".join(code_set.code_names[place] for place in given)
        raise CorpusError(
            f"{where}: {names} are both 1, and exactly one code of the set {code_set.name} applies; keep one"
            if len(given) == 2
            else f"{where}: {names} are all 1, and exactly one code of the set {code_set.name} applies; keep one"
        )
    if any(cells):
        raise CorpusError(
            f"{where}: no code of the set {code_set.name} is 1, and exactly one applies "
            f"({', '.join(code_set.code_names)}); give it one, or leave all its cells empty where it was not coded"
        )
    return None


def _require_role(utterance: Utterance, code_set: CodeSet, code: int, where: str) -> None:
    if utterance.speaker_role != code_set.role:
        raise CorpusError(
            f"{where}: {code_set.code_names[code]} is coded on a {utterance.speaker_role} line; it is a code for the "
            f"{code_set.role}"
        )
