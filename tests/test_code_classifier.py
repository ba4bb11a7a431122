"""The classifier behaves as scikit-learn's do."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from alliance_nlp.code_classifier import CodeClassifier


@parametrize_with_checks([CodeClassifier(), CodeClassifier(decision="likeliest", folds=3)])
def test_it_passes_all_checks_of_scikit_learn(estimator, check):
    check(estimator)
