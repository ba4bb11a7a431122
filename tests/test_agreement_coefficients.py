"""Coefficients give the figures that their authors print."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import COHEN_1960, FLEISS_1971, FOUR_OBSERVERS, fleiss_rows, ratings_of, rows_of_table

from alliance_nlp.agreement import measure
from alliance_nlp.agreement.coefficients import (
    cohen_kappa,
    gwet_ac,
    krippendorff_alpha,
    nominal_distance,
    power_distance,
    specific_agreement,
    tables_by_session,
)
from alliance_nlp.rating_table import Scale
from alliance_nlp.ratings import NOT_CODED


def figures(ratings):
    return {name: figure.value for name, figure in measure(ratings, n_resamples=0).figures.items()}


def test_cohens_kappa_is_that_of_cohen_1960():
    """Cohen (1960): .492 for the two judges' 200 cases."""
    assert figures(ratings_of(rows_of_table(COHEN_1960), range(3)))["cohen_kappa"] == pytest.approx(0.492, abs=5e-4)


@pytest.mark.parametrize(
    ("distance", "printed"),
    [([[0, 1, 3], [1, 0, 6], [3, 6, 0]], 0.348), ([[0, 1, 4], [1, 0, 6], [2, 2, 0]], 0.353)],
)
def test_weighted_kappa_is_that_of_cohen_1968(distance, printed):
    """Cohen (1968), Psychological Bulletin 70, 213-220: the same judges; symmetric weights, then asymmetric ones.

    The figures as R's psych repeats them in the help of cohen.kappa.
    """
    kappa = cohen_kappa(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]], float), np.array(distance, float))
    assert kappa == pytest.approx(printed, abs=5e-4)


def test_linear_kappa_is_that_of_sas():
    """SAS prints .4842 and, with its linear weights, .4701 for this table (example in statsmodels' tests)."""
    table = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]], float)
    assert cohen_kappa(table, nominal_distance(3)) == pytest.approx(0.4842, abs=5e-5)
    assert cohen_kappa(table, power_distance(np.arange(3.0), 1)) == pytest.approx(0.4701, abs=5e-5)


def test_linear_and_quadratic_kappa_are_those_of_irr():
    """R's irr, kappa2(anxiety[, 2:3]): -.0063, "equal" .1459, "squared" .2520."""
    second = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
    third = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]
    # irr counts only the levels that occur.
    found = figures(ratings_of(list(zip(second, third, strict=True)), [1, 2, 3, 4, 6], Scale.ORDINAL))
    printed = {"cohen_kappa": -0.0063, "cohen_kappa_linear": 0.1459, "cohen_kappa_quadratic": 0.2520}
    assert {name: round(found[name], 4) for name in printed} == printed


def test_fleiss_kappa_is_that_of_fleiss_1971():
    """Fleiss (1971): overall kappa .430."""
    assert figures(ratings_of(fleiss_rows(), range(1, 6)))["fleiss_kappa"] == pytest.approx(0.430, abs=5e-4)


def test_agreement_on_each_level_is_that_of_fleiss_1971():
    """Fleiss (1971) prints kappa for each diagnosis: (agreement on it - its share) / (1 - its share)."""
    found = figures(ratings_of(fleiss_rows(), range(1, 6)))
    share = {level: sum(int(row[level - 1]) for row in FLEISS_1971) / 180 for level in range(1, 6)}
    kappas = [(found[f"agreement_on_{level}"] - share[level]) / (1 - share[level]) for level in range(1, 6)]
    assert [round(kappa, 3) for kappa in kappas] == [0.245, 0.245, 0.520, 0.471, 0.566]


def test_agreement_among_the_first_15_patients_is_that_of_irrcac():
    """irrCAC's README, distrib.6raters, half of Fleiss's table: .5511, AC1 .4448, kappa .4139, alpha .4204."""
    found = figures(ratings_of(fleiss_rows()[:15], range(1, 6)))
    printed = {"raw_agreement": 0.5511, "gwet_ac1": 0.4448, "fleiss_kappa": 0.4139, "krippendorff_alpha": 0.4204}
    assert {name: round(found[name], 4) for name in printed} == printed


@pytest.mark.parametrize(
    ("scale", "printed"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)]
)
def test_alpha_is_that_of_krippendorff_2011(scale, printed):
    """Krippendorff (2011), example C, four observers with missing values: .743 nominal, .815 ordinal, .849 interval."""
    alpha = figures(ratings_of(FOUR_OBSERVERS, range(1, 6), scale))["krippendorff_alpha"]
    assert alpha == pytest.approx(printed, abs=5e-4)


def test_alpha_of_binary_data_is_that_of_krippendorff_2011():
    """Krippendorff (2011), example A: two observers, ten units, .095."""
    rows = zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True)
    assert figures(ratings_of(list(rows)))["krippendorff_alpha"] == pytest.approx(0.095, abs=5e-4)


def test_figures_with_missing_ratings_are_those_of_gwet():
    """Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., data cac.raw4raters; printed in irrCAC's README."""
    found = figures(ratings_of(FOUR_OBSERVERS, range(1, 6)))
    printed = {
        "raw_agreement": 0.81818, "gwet_ac1": 0.77544, "fleiss_kappa": 0.76117, "krippendorff_alpha": 0.74342,
    }  # fmt: skip
    assert {name: round(found[name], 5) for name in printed} == printed


def test_ac2_is_that_of_irrcac():
    """Quadratic AC2 of the same data: .914."""
    found = figures(ratings_of(FOUR_OBSERVERS, range(1, 6), Scale.ORDINAL))
    assert found["gwet_ac2_quadratic"] == pytest.approx(0.914, abs=5e-4)


def test_figures_of_two_coders_are_those_of_gwet():
    """irrCAC's README for cont3x3abstractors (100 pregnancies): kappa .7964, pi .7962, AC1 .8493, alpha .7973."""
    found = figures(ratings_of(rows_of_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]]), range(3)))
    printed = {
        "raw_agreement": 0.89, "cohen_kappa": 0.7964, "fleiss_kappa": 0.7962, "gwet_ac1": 0.8493,
        "krippendorff_alpha": 0.7973,
    }  # fmt: skip
    assert {name: round(found[name], 4) for name in printed} == printed


@pytest.mark.parametrize(
    ("table", "printed"),
    [
        ([[45, 6], [9, 40]], {"raw_agreement": 0.85, "cohen_kappa": 0.70}),
        ([[5, 10], [5, 80]], {"raw_agreement": 0.85, "cohen_kappa": 0.32}),
    ],
)
def test_positive_and_negative_agreement_tell_the_tables_of_feinstein_and_cicchetti_apart(table, printed):
    """Feinstein & Cicchetti (1990), J Clin Epidemiol 43, 543-549: both agree on 85 of 100, κ .70 and .32.

    Cicchetti & Feinstein (1990), 551-558: 2a / (2a + b + c) and 2d / (2d + b + c).
    """
    found = figures(ratings_of(rows_of_table(table)))
    assert {name: round(found[name], 2) for name in printed} == printed
    [[d, b], [c, a]] = table
    assert found["positive_agreement"] == pytest.approx(2 * a / (2 * a + b + c))
    assert found["negative_agreement"] == pytest.approx(2 * d / (2 * d + b + c))


# Below: what must hold whatever the ratings are.

matrices = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.sampled_from([NOT_CODED, 0, 1, 2]), min_size=coders, max_size=coders), min_size=2, max_size=25
    )
)


def tables(codes, n_levels=3):
    codes = np.array(codes, dtype=np.int16)
    return tables_by_session(codes, np.zeros(len(codes), dtype=np.int64), n_levels).weighted(np.ones((1, 1)))


@given(matrices)
def test_tables_count_every_ordered_pair_of_ratings(codes):
    expected = np.zeros((3, 3))
    for row in codes:
        given_levels = [code for code in row if code != NOT_CODED]
        for first, second in combinations(given_levels, 2):
            expected[first, second] += 1
            expected[second, first] += 1
    assert tables(codes).pairs[0].tolist() == expected.tolist()


@given(matrices)
def test_alpha_is_one_minus_observed_over_expected_difference_of_all_pairs(codes):
    """Krippendorff's definition, pair by pair."""
    units = [[code for code in row if code != NOT_CODED] for row in codes]
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    n = len(values)
    observed = sum((a - b) ** 2 / (len(unit) - 1) for unit in units for a in unit for b in unit)
    expected = sum((a - b) ** 2 for a in values for b in values)
    alpha = krippendorff_alpha(tables(codes).coincidences, Scale.INTERVAL, np.arange(3.0))[0]
    if expected:
        assert alpha == pytest.approx(1 - (n - 1) * observed / expected)
    else:
        assert np.isnan(alpha)


@given(matrices, st.permutations([0, 1, 2]))
def test_names_of_nominal_levels_do_not_matter(codes, renamed):
    other = [[NOT_CODED if code == NOT_CODED else renamed[code] for code in row] for row in codes]
    for function in (
        lambda table: gwet_ac(table, nominal_distance(3)),
        lambda table: krippendorff_alpha(table.coincidences, Scale.NOMINAL, np.arange(3.0)),
        lambda table: cohen_kappa(table.contingency, nominal_distance(3))[0],
    ):
        assert function(tables(codes)) == pytest.approx(function(tables(other)), nan_ok=True)


@given(matrices)
def test_no_coefficient_exceeds_one(codes):
    table = tables(codes)
    for value in (
        gwet_ac(table, nominal_distance(3)),
        gwet_ac(table, power_distance(np.arange(3.0), 2)),
        krippendorff_alpha(table.coincidences, Scale.ORDINAL, np.arange(3.0)),
        specific_agreement(table.pairs, 1),
    ):
        assert np.isnan(value[0]) or value[0] <= 1 + 1e-12


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=40))
def test_quadratic_kappa_is_an_intraclass_correlation(pairs):
    """Fleiss & Cohen (1973): quadratic kappa is ICC(2,1) but for terms of order 1 / n; exactly, with sums over n."""
    x = np.array(pairs, float)
    kappa = cohen_kappa(tables(pairs, 4).contingency[0, 0], power_distance(np.arange(4.0), 2))
    covariance = ((x[:, 0] - x[:, 0].mean()) * (x[:, 1] - x[:, 1].mean())).mean()
    spread = x.var(axis=0).sum() + (x[:, 0].mean() - x[:, 1].mean()) ** 2
    assert (np.isnan(kappa) and spread == 0) or kappa == pytest.approx(2 * covariance / spread, abs=1e-9)
