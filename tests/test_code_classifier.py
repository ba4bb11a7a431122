"""The classifier behaves as scikit-learn's do, and tells what the bench's models tell."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.datasets import make_classification
from sklearn.metrics import f1_score, log_loss, recall_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from alliance_nlp.classifier import fit_scores
from alliance_nlp.code_classifier import CodeClassifier


@parametrize_with_checks([CodeClassifier()])
def test_it_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def rare():
    """Features and codes of a marker that one line in ten holds."""
    return make_classification(1200, 12, n_informative=5, weights=[0.9], flip_y=0.05, random_state=2)


@pytest.fixture(scope="module")
def several():
    """Features and codes of a set of four."""
    features, places = make_classification(
        900, 12, n_informative=6, n_classes=4, weights=[0.6, 0.2, 0.15], flip_y=0.05, random_state=3
    )
    return features, np.array(["question", "reflection", "other", "advice"])[places]


def test_weights_are_those_of_the_bench(rare):
    features, codes = rare
    weights, intercept = fit_scores(sparse.csr_matrix(features), codes.astype(np.int8), 0, 1.5)
    fitted = CodeClassifier(C=1.5).fit(features, codes)
    np.testing.assert_allclose(fitted.coef_[0], weights, atol=1e-6)
    np.testing.assert_allclose(fitted.intercept_, [intercept], atol=1e-6)


def test_probabilities_are_calibrated_on_what_the_fit_had_not_seen(rare):
    features, codes = rare
    seen, unseen = slice(0, 800), slice(800, None)
    told = CodeClassifier().fit(features[seen], codes[seen]).predict_proba(features[unseen])
    # Balanced regressions alone say .3 and more where one line in ten holds the code.
    assert told[:, 1].mean() == pytest.approx(codes[unseen].mean(), abs=0.04)
    prevalence = codes[seen].mean()
    assert log_loss(codes[unseen], told) < log_loss(codes[unseen], np.full(400, prevalence))


def test_a_rule_decides_where_it_is_asked_to(rare):
    features, codes = rare
    by_rule = {rule: CodeClassifier(decision=rule).fit(features, codes) for rule in ("likeliest", "f1", "recall=.95")}
    assert by_rule["likeliest"].threshold_ == 0.5
    assert by_rule["f1"].threshold_ < 0.5
    told = {rule: fitted.predict(features) for rule, fitted in by_rule.items()}
    assert f1_score(codes, told["f1"]) >= f1_score(codes, told["likeliest"])
    assert recall_score(codes, told["recall=.95"]) > 0.9
    for rule, fitted in by_rule.items():
        second = fitted.predict_proba(features)[:, 1]
        assert ((second >= fitted.threshold_) == told[rule]).mean() > 0.999


def test_of_several_codes_the_rare_are_told_where_macro_f1_decides(several):
    features, codes = several
    likeliest = CodeClassifier().fit(features, codes)
    macro = CodeClassifier(decision="macro_f1").fit(features, codes)
    assert likeliest.priorities_.tolist() == [1, 1, 1, 1]
    np.testing.assert_array_equal(likeliest.predict_proba(features), macro.predict_proba(features))
    np.testing.assert_allclose(macro.predict_proba(features).sum(axis=1), 1)
    score = {
        fitted.decision: f1_score(codes, fitted.predict(features), average="macro") for fitted in (likeliest, macro)
    }
    assert score["macro_f1"] >= score["likeliest"] - 0.01
    assert likeliest.classes_[likeliest.predict_proba(features).argmax(axis=1)].tolist() == list(
        likeliest.predict(features)
    )


def test_sparse_and_dense_features_are_told_alike(several):
    features, codes = several
    dense = CodeClassifier().fit(features, codes).predict_proba(features)
    np.testing.assert_allclose(
        CodeClassifier().fit(sparse.csr_matrix(features), codes).predict_proba(sparse.csr_array(features)),
        dense,
        atol=1e-6,
    )


def test_groups_stay_together_in_the_folds():
    # Lines of one client are all but copies: told on themselves they would look certain, told on others they are noise.
    chance = np.random.default_rng(0)
    features = np.repeat(chance.normal(size=(40, 30)), 10, axis=0) + chance.normal(scale=0.01, size=(400, 30))
    codes = np.repeat(chance.integers(0, 2, 40), 10)
    clients = np.repeat(np.arange(40), 10)
    alone = CodeClassifier().fit(features, codes).predict_proba(features).max(axis=1).mean()
    grouped = CodeClassifier().fit(features, codes, groups=clients).predict_proba(features).max(axis=1).mean()
    assert alone > 0.9
    assert grouped < alone - 0.1


@pytest.mark.parametrize(
    ("options", "codes", "groups", "message"),
    [
        ({}, [1] * 8, None, "codes of one class only"),
        ({}, [1] + [0] * 7, None, "class .*1.* has 1 sample"),
        ({}, [1, 1] + [0] * 6, ["a"] * 2 + ["b", "c"] * 3, "has 1 group"),
        ({"folds": 1}, [0, 1] * 4, None, "2 folds or more"),
        ({"decision": "best"}, [0, 1] * 4, None, "decision 'best': for 2 classes, give likeliest, kappa, f1"),
        ({"decision": "f1"}, [0, 1, 2, 0] * 2, None, "decision 'f1': for 3 classes, give likeliest, macro_f1"),
    ],
)
def test_what_cannot_be_learned_is_named(options, codes, groups, message):
    features = np.arange(16.0).reshape(8, 2)
    with pytest.raises(ValueError, match=message):
        CodeClassifier(**options).fit(features, codes, groups=groups)
