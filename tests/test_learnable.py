"""Too few codes are told before the work begins, with their number."""

import numpy as np

from alliance_nlp.codebook import parse_codebook
from alliance_nlp.decisions import Laid
from alliance_nlp.learnable import FEW_CLIENTS, FEW_POSITIVES, too_few_to_nest, warn_of_few
from alliance_nlp.ratings import CodedSession
from alliance_nlp.transcript import Session

ONE = parse_codebook('name = "one"\nversion = "1"\n[[marker]]\nname = "x"\nrole = "client"\ndefinition = "X."\n')


def held(*of_clients):
    """Sessions of clients with so many utterances coded 1."""
    return [
        CodedSession(Session(f"S{n}", ()), f"client {n}", np.array([[1]] * ones + [[0]], dtype=np.int8))
        for n, ones in enumerate(of_clients)
    ]


def laid(codes, fold_of):
    return Laid(np.array(codes, dtype=np.int8)[:, np.newaxis], np.empty(0), np.empty(0), np.array(fold_of))


def test_thirty_of_eight_clients_are_enough():
    assert (FEW_POSITIVES, FEW_CLIENTS) == (30, 8)
    assert warn_of_few(held(*[4] * 7, 2), ONE) == []


def test_fewer_utterances_or_clients_are_told():
    (line,) = warn_of_few(held(*[4] * 7, 1), ONE)
    assert "x (29 utterances coded 1, of 8 clients)" in line
    (line,) = warn_of_few(held(*[9] * 7), ONE)
    assert "x (63 utterances coded 1, of 7 clients)" in line


def test_folds_that_hold_a_code_between_two_of_them_cannot_choose():
    spread = laid([0, 1] * 5, np.repeat(range(5), 2))
    assert too_few_to_nest(spread, ONE, [2] * 5, 3) == ""
    together = laid([0, 1, 0, 1, 0, 0, 0, 0, 0, 0], np.repeat(range(5), 2))
    assert "x is too rare" in too_few_to_nest(together, ONE, [2] * 5, 3)


def test_too_few_clients_cannot_choose():
    assert "2 clients are left (at least 3" in too_few_to_nest(
        laid([0, 1] * 4, np.repeat(range(4), 2)), ONE, [1] * 4, 2
    )
    assert "6 clients are left (at least 7" in too_few_to_nest(
        laid([0, 1] * 5, np.repeat(range(5), 2)), ONE, [2] * 5, 7
    )
