"""Features counted once are, fold by fold, those that counting anew would give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.corpus_features import CorpusFeatures
from alliance_nlp.errors import CorpusError
from alliance_nlp.features import FeatureSpace
from alliance_nlp.ngrams import several_clients_only
from alliance_nlp.shapes import Line
from alliance_nlp.surroundings import neighbours, session_begins

LEXICON = {"calm": (("so",), ("no", "well")), "odd": (("never", "held"), ("well",))}
FAMILY_OF = {"so": "⟨words of calm⟩", "well": "⟨words of odd⟩"}
WORDS = st.lists(st.sampled_from(["so", "well", "no", "?", "i"]), max_size=5)
SESSION = st.lists(st.builds(Line, WORDS, st.sampled_from("TC")), min_size=1, max_size=4)


def counted_anew(lines, clients, training_sessions, min_clients):
    chosen = [[line.words for line in session] for session, kept in zip(lines, training_sessions, strict=True) if kept]
    kept = several_clients_only(chosen, clients[training_sessions], min_clients, FAMILY_OF)
    space = FeatureSpace(kept, LEXICON)
    lengths = [len(session) for session in lines]
    all_lines, begins = [line for session in lines for line in session], session_begins(lengths)
    counts = space.counts(all_lines, begins)
    space.fit_idf(counts[np.repeat(training_sessions, lengths)])
    return space, space.weigh(counts, neighbours([line.speaker for line in all_lines], begins)).matrix()


@given(st.lists(st.tuples(SESSION, st.sampled_from("abc")), min_size=3, max_size=6), st.sets(st.sampled_from("abc")))
def test_a_fold_is_to_the_byte_what_counting_anew_gives(sessions, left_out):
    lines, clients = [lines for lines, _ in sessions], np.array([client for _, client in sessions])
    training = ~np.isin(clients, list(left_out))
    try:
        space, expected = counted_anew(lines, clients, training, 2)
    except CorpusError as refused:
        with pytest.raises(CorpusError) as raised:
            CorpusFeatures(lines, LEXICON, clients, 2).fit(np.repeat(training, [len(session) for session in lines]))
        assert "no word stands in the sessions of 2 clients" in str(raised.value)
        assert "no word stands in the sessions of 2 clients" in str(refused)
        return
    fitted = CorpusFeatures(lines, LEXICON, clients, 2).fit(np.repeat(training, [len(session) for session in lines]))
    assert fitted.space.ngrams == space.ngrams
    assert (fitted.space.idf == space.idf).all()
    found = fitted.features.matrix()
    for part in ("data", "indices", "indptr"):
        assert (getattr(found, part) == getattr(expected, part)).all()
