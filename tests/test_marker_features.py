"""Features as a transformer of scikit-learn's."""

import pickle
from pathlib import Path

import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from alliance_nlp import CodeClassifier, MarkerFeatures
from alliance_nlp.errors import CorpusError, TranscriptError

TRAIN = Path(__file__).parents[1] / "corpora" / "alliance" / "train.csv"


@pytest.fixture(scope="module")
def lines():
    """Utterances of eight sessions."""
    table = pd.read_csv(TRAIN)
    return table[table["session_id"].isin(table["session_id"].unique()[:8])].reset_index(drop=True)


# parametrize_with_checks runs but the first of its checks on an estimator that takes no arrays of numbers. The others
# that need none are run here one by one; those that feed arrays have counterparts below that feed utterances.
WITHOUT_DATA = (
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_tags_renamed,
    estimator_checks.check_valid_tag_types,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_set_params,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
    estimator_checks.check_mixin_order,
)


@pytest.mark.parametrize("check", WITHOUT_DATA, ids=lambda check: check.__name__)
def test_it_passes_the_checks_of_scikit_learn_that_feed_no_arrays(check):
    check("MarkerFeatures", MarkerFeatures())


@pytest.fixture(scope="module")
def fitted(lines):
    return MarkerFeatures().fit(lines)


def equal(one, other):
    return one.shape == other.shape and abs(one - other).max() < 1e-12


def test_fitting_gives_itself_and_alters_neither_parameters_nor_data(lines):
    given = lines.copy()
    features = MarkerFeatures(min_clients=2, columns={})
    before = features.get_params()
    assert features.fit(given) is features
    assert features.get_params() == before
    pd.testing.assert_frame_equal(given, lines)


def test_fitting_and_transforming_at_once_or_twice_is_the_same(lines, fitted):
    at_once = MarkerFeatures().fit_transform(lines)
    assert equal(at_once, fitted.transform(lines))
    assert equal(at_once, clone(fitted).fit(lines).fit(lines).transform(lines))
    assert at_once.shape == (len(lines), fitted.n_features_out_)


def test_it_comes_whole_through_pickle(lines, fitted):
    assert equal(pickle.loads(pickle.dumps(fitted)).transform(lines), fitted.transform(lines))


def test_rows_come_in_the_order_given(lines, fitted):
    shuffled = lines.sample(frac=1, random_state=0)
    whole = MarkerFeatures(transcripts=lines).fit(lines)
    assert equal(whole.transform(shuffled), whole.transform(lines)[shuffled.index])
    assert equal(whole.transform(lines), fitted.transform(lines))


def test_what_stands_around_a_line_is_looked_up_in_the_transcripts(lines):
    some = lines[lines["empathy"].notna()]
    whole = MarkerFeatures(transcripts=lines).fit(some)
    assert equal(whole.transform(some[:20]), whole.transform(some)[:20])
    alone = clone(whole).set_params(transcripts=None).fit(lines)
    assert not equal(alone.transform(some[:20]), whole.transform(some[:20]))


def test_what_a_fold_leaves_out_is_not_learned_from(lines):
    *_, left_out = lines["session_id"].unique()
    kept = lines[lines["session_id"] != left_out]
    held = lines.assign(text=lines["text"].mask(lines["session_id"] == left_out, "Quixotic zeugma."))
    ours, theirs = MarkerFeatures(transcripts=held).fit(kept), MarkerFeatures(transcripts=kept).fit(kept)
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    assert equal(ours.transform(kept), theirs.transform(kept))


def test_names_say_what_the_columns_are(fitted):
    names = fitted.get_feature_names_out()
    assert names.shape == (fitted.n_features_out_,)
    assert len(set(names)) == len(names)


def test_tables_dictionaries_and_columns_of_other_names_are_the_same(lines, fitted):
    renamed = lines.rename(columns={"text": "Utterance"})
    other = MarkerFeatures(columns={"text": "Utterance"}).fit(renamed)
    assert equal(other.transform(renamed), fitted.transform(lines.to_dict("records")))


def test_a_pipeline_is_searched_over_folds_by_client(lines):
    coded = lines[lines["validation"].notna()]
    pipeline = make_pipeline(MarkerFeatures(transcripts=lines, min_clients=2), CodeClassifier(folds=2))
    grid = {"codeclassifier__C": [0.1, 1.5]}
    search = GridSearchCV(pipeline, grid, scoring="roc_auc", cv=GroupKFold(2), error_score="raise")
    search.fit(coded, coded["validation"].astype(int), groups=coded["session_id"])
    assert search.best_score_ > 0.5
    assert search.predict_proba(coded[:3]).shape == (3, 2)


def test_what_it_cannot_use_is_named_without_its_words(lines):
    with pytest.raises(NotFittedError):
        MarkerFeatures().transform(lines)
    with pytest.raises(TranscriptError, match="row 0: a list; give a DataFrame or a list of dictionaries"):
        MarkerFeatures().fit([[1, 2]])
    stranger = lines[:1].assign(utterance_id=999, text="wintergreen")
    with pytest.raises(
        CorpusError, match="row 0: its session_id and utterance_id are not in the transcripts"
    ) as caught:
        MarkerFeatures(transcripts=lines).fit(stranger)
    assert "wintergreen" not in str(caught.value)
    with pytest.raises(CorpusError, match="no column session_id or utterance_id"):
        MarkerFeatures(transcripts=lines).fit(lines.drop(columns="utterance_id"))
    two = lines.assign(client_id=[*"ab", *"a" * (len(lines) - 2)])
    with pytest.raises(CorpusError, match="more than one client_id; give one"):
        MarkerFeatures().fit(two)
