"""Counts are those of a plain count by strings, weights those of scikit-learn, block by block."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer

from alliance_nlp.features import MEANING, BlockLengths, FeatureSpace, MeaningBlock
from alliance_nlp.ngrams import ngrams
from alliance_nlp.shapes import SHAPES, Line
from alliance_nlp.surroundings import SIDES, neighbours

LEXICON = {
    "thinking": (("sounds",), ("think",)),
    "emphasis": (("really",), ("so",)),
    "opening": (("so", "well"), ("well",)),
}
FAMILIES = tuple(f"⟨words of {family}⟩" for family in LEXICON)
FAMILY_OF = {
    word: f"⟨words of {family}⟩"
    for word, family in {
        "sounds": "thinking", "think": "thinking", "really": "emphasis", "so": "emphasis", "well": "opening"
    }.items()
}  # fmt: skip
WORDS = st.sampled_from(["i", "you", "so", "not", "well", "?", ".", "n't", "sounds"])
LINES = st.builds(
    Line,
    st.lists(WORDS, max_size=9) | st.lists(WORDS, min_size=9, max_size=60),
    st.sampled_from(["T", "C"]),
)
SESSIONS = st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=3)
LENGTHS = [(0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 12), (13, 20), (21, 33), (34, 54), (55, 10**9)]


def length_name(of, n_words):
    low, high = next(span for span in LENGTHS if n_words <= span[1])
    span = f"{low}+" if low == 55 else f"{low}" if low == high else f"{low}–{high}"
    return f"⟨{of} {span} words⟩"


def share_name(line, before):
    shared = len(set(line.words) & set(before))
    fifths = max(
        fifths for fifths in range(5) if not fifths or (line.words and 5 * shared >= fifths * len(set(line.words)))
    )
    span = "80+" if fifths == 4 else f"{20 * fifths}–{20 * fifths + 19}"
    return f"⟨{span} % of its words taken over from before⟩"


def shape_names(line, before, after):
    """What the shape of a line is, from the line and those before and after it in its session, or None."""
    around = {"before": before, "after": after}
    names = [length_name("length", len(line.words)), share_name(line, before.words if before else [])]
    questions = list(line.words).count("?")
    if questions == 1:
        names.append("⟨1 question mark⟩")
    elif questions:
        names.append("⟨2 question marks⟩" if questions == 2 else "⟨3 or more question marks⟩")
    for where, other in around.items():
        names.append(length_name(f"{where}: length", len(other.words) if other else 0))
        if other and "?" in other.words:
            names.append(f"⟨{where}: a question⟩")
        who = "nobody" if other is None else "same speaker" if other.speaker == line.speaker else "other speaker"
        names.append(f"⟨{where}: {who}⟩")
    return names


def naive_counts(sessions, vocabulary):
    for session in sessions:
        for before, line, after in zip([None, *session], session, [*session[1:], None], strict=False):
            counts = Counter(ngram for ngram in ngrams(line.words, FAMILY_OF) if ngram in vocabulary)
            families = Counter(
                f"⟨words of {family}⟩"
                for ngram in ngrams(line.words, FAMILY_OF)
                for family, phrases in LEXICON.items()
                if ngram in phrases
            )
            yield counts + Counter(shape_names(line, before, after)) + families


def begins_of(sessions):
    return np.array([place == 0 for session in sessions for place in range(len(session))])


def counts_of(space, sessions):
    return space.counts([line for session in sessions for line in session], begins_of(sessions))


def features_of(space, sessions):
    lines = [line for session in sessions for line in session]
    return space.weigh(counts_of(space, sessions), neighbours([line.speaker for line in lines], begins_of(sessions)))


@given(SESSIONS, st.integers(1, 5))
def test_counts_are_those_of_a_plain_count(sessions, every):
    vocabulary = sorted({("so",), *(ngram for line in sessions[0] for ngram in ngrams(line.words, FAMILY_OF))})[::every]
    space = FeatureSpace(vocabulary, LEXICON)
    names = [*vocabulary, *SHAPES, *FAMILIES]
    counted = [
        Counter({names[column]: int(times) for column, times in enumerate(row) if times})
        for row in counts_of(space, sessions).toarray()
    ]
    assert counted == list(naive_counts(sessions, set(vocabulary)))


def test_a_word_of_a_family_counts_though_the_model_does_not_know_the_word():
    space = FeatureSpace([("so",)], LEXICON)
    [counts] = counts_of(space, [[Line(["really"], "T")]]).toarray()
    assert counts[1 + len(SHAPES) + FAMILIES.index("⟨words of emphasis⟩")] == 1


def test_no_context_reaches_over_the_begin_of_a_session():
    space = FeatureSpace([("so",)], LEXICON)
    one, other = [Line(["so", "?"], "C")], [Line(["so"], "C"), Line(["well"], "T")]
    alone = [features_of(space, [session]).matrix().toarray() for session in (one, other)]
    together = features_of(space, [one, other]).matrix().toarray()
    assert together == pytest.approx(np.concatenate(alone))
    assert counts_of(space, [one, other]).toarray()[1, 1 + SHAPES.index("⟨before: nobody⟩")] == 1


@given(SESSIONS)
def test_each_block_is_weighed_as_by_scikit_learn_and_brought_to_its_length(sessions):
    space = FeatureSpace(
        sorted({ngram for line in sessions[0] for ngram in ngrams(line.words, FAMILY_OF)} | {("so",)}), LEXICON
    )
    counts = counts_of(space, sessions)
    space.fit_idf(counts)
    ours = features_of(space, sessions).own.toarray()
    middle = [ngram[1] if len(ngram) == 3 else "" for ngram in space.ngrams]
    of_ngrams = [{"⟨…⟩": "pairs", "⟨near⟩": "family_pairs"}.get(mark, "runs") for mark in middle]
    others = np.repeat(["shape", "families"], [len(SHAPES), len(LEXICON)])
    block_of_column = np.concatenate([of_ngrams, others])
    for name, length in {"runs": 1.5, "pairs": 1.0, "family_pairs": 1.0, "shape": 0.5, "families": 0.5}.items():
        block = np.flatnonzero(block_of_column == name)
        if len(block):
            theirs = TfidfTransformer(sublinear_tf=True, smooth_idf=True).fit_transform(counts[:, block].astype(float))
            assert ours[:, block] == pytest.approx(length * theirs.toarray(), abs=1e-6)


@given(SESSIONS)
def test_words_around_are_the_weighed_sum_of_the_lines_around(sessions):
    space = FeatureSpace([("i",), ("i", "so"), ("so",), ("you",)], LEXICON)
    features = features_of(space, sessions)
    lengths = BlockLengths(runs=0.25)
    plain = features_of(FeatureSpace([("i",), ("so",), ("you",)], {}, lengths=lengths), sessions).own[:, :3].toarray()
    for side, found in zip(
        features.around, np.split(features.matrix()[:, space.n_own :].toarray(), 4, axis=1), strict=True
    ):
        assert found == pytest.approx(side.toarray() @ plain)


@given(SESSIONS, st.integers(0, 3), st.integers(1, 9))
def test_the_quick_product_is_the_product_of_the_matrix(sessions, start, n_rows):
    space = FeatureSpace([("i",), ("i", "so"), ("so",), ("you",)], LEXICON)
    features = features_of(space, sessions).rows(slice(start, start + n_rows))
    weights = np.random.default_rng(1).normal(size=(space.n_features, 2))
    assert features @ weights == pytest.approx(features.matrix() @ weights)


def test_every_column_has_a_name_of_its_own():
    found = [("i",), ("i", "so"), ("i", "⟨…⟩", "so"), ("so",), ("⟨opens⟩", "so"), ("<s>", "so", "</s>")]
    space = FeatureSpace(found, LEXICON)
    names = [space.name(column) for column in range(space.n_features)]
    assert names[:6] == ["i", "i so", "i … so", "so", "⟨opens with⟩ so", "⟨begin⟩ so ⟨end⟩"]
    assert names[6 : 6 + len(SHAPES)] == list(SHAPES)
    assert names[6 + len(SHAPES) : space.n_own] == list(FAMILIES)
    assert names[space.n_own :] == [f"⟨{side}: {word}⟩" for side in SIDES for word in ("i", "so")]
    assert len(set(names)) == len(names)


def test_a_family_names_the_words_that_belong_to_it():
    space = FeatureSpace([("i",)], LEXICON)
    emphasis = 1 + len(SHAPES) + FAMILIES.index("⟨words of emphasis⟩")
    assert space.name(emphasis, ["so", "well", "really", "so"]) == "⟨words of emphasis⟩ so, really"


@given(SESSIONS, st.integers(0, 2**32 - 1))
def test_embeddings_are_columns_of_their_own_after_all_others(sessions, seed):
    numbers = np.random.default_rng(seed)
    plain = features_of(FeatureSpace([("i",), ("so",)], LEXICON), sessions)
    meaning = numbers.normal(size=(plain.own.shape[0], 3)).astype(np.float32)
    space = FeatureSpace([("i",), ("so",)], LEXICON, meaning=MeaningBlock(3, 0.5))
    features = space.weigh(counts_of(space, sessions), plain.around, meaning)
    matrix = features.matrix()
    assert matrix.shape[1] == space.n_features == space.n_counted + 3
    assert (matrix[:, : space.n_counted] != plain.matrix()).nnz == 0
    assert (matrix[:, space.n_counted :].toarray() == meaning / 2).all()
    weights = numbers.normal(size=(space.n_features, 2))
    assert features @ weights == pytest.approx(matrix @ weights)
    assert features.rows(slice(1, 3)) @ weights == pytest.approx(matrix[1:3] @ weights)


def test_no_dimension_of_an_embedding_has_a_name_of_its_own():
    space = FeatureSpace([("i",)], LEXICON, meaning=MeaningBlock(2))
    assert [space.name(column) for column in range(space.n_counted, space.n_features)] == [MEANING, MEANING]
