import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from optima_lib.comparison.multiplicity import adjust, adjust_family
from optima_lib.errors import ComparisonError

# R 4.2.2, p.adjust
P = [0.01, 0.02, 0.03, 0.04, 0.05, 0.0005, 0.6]
ADJUSTED = {
    "holm": [0.06, 0.1, 0.12, 0.12, 0.12, 0.0035, 0.6],
    "bh": [0.035, 0.04666666666667, 0.0525, 0.056, 0.05833333333333, 0.0035, 0.6],
    "by": [0.09075, 0.121, 0.136125, 0.1452, 0.15125, 0.009075, 1],
    "hommel": [0.06, 0.06666666666667, 0.075, 0.08, 0.1, 0.0035, 0.6],
    "hochberg": [0.06, 0.1, 0.1, 0.1, 0.1, 0.0035, 0.6],
}
STATSMODELS = {"holm": "holm", "bh": "fdr_bh"}

p_values = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-300, 0.01, 0.05, 1.0]))


@pytest.mark.parametrize("method", ADJUSTED)
def test_a_family_is_adjusted_as_in_r(method):
    assert adjust_family(P, 7, method) == pytest.approx(ADJUSTED[method], abs=1e-12)


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_many_families_are_adjusted_as_in_r(method):
    shuffled = np.random.default_rng(1).permutation(21)
    p, group = np.tile(P, 3)[shuffled], np.repeat([0, 1, 2], 7)[shuffled]
    expected = np.tile(ADJUSTED[method], 3)[shuffled]
    assert adjust(p, group, [7, 7, 7], method) == pytest.approx(expected, abs=1e-12)


def test_a_refused_comparison_counts_in_its_family():
    # four declared, two made: Holm multiplies by 4 and 3, Benjamini and Hochberg by 4/1 and 4/2
    p = [0.01, np.nan, 0.02, np.nan]
    for adjusted in (adjust_family(p, 4, "holm"), adjust(p, [0] * 4, [4], "holm")):
        assert adjusted == pytest.approx([0.04, np.nan, 0.06, np.nan], nan_ok=True)
    for adjusted in (adjust_family(p, 4, "bh"), adjust(p, [0] * 4, [4], "bh")):
        assert adjusted == pytest.approx([0.04, np.nan, 0.04, np.nan], nan_ok=True)


def test_a_comparison_that_was_never_made_counts_too():
    assert adjust([0.01], [1], [3, 10]) == pytest.approx([0.1])
    assert adjust_family([0.01], 10) == pytest.approx([0.1])


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_nothing_to_adjust(method):
    assert adjust([], [], [], method).tolist() == []
    assert np.isnan(adjust([np.nan], [0], [1], method)).all()
    assert np.isnan(adjust_family([np.nan, np.nan], 2, method)).all()


def test_more_comparisons_than_declared_are_an_error():
    for p, group, sizes, family in (([0.1, 0.2], [1, 1], [5, 1], 2), ([np.nan] * 3, [0] * 3, [2], 1), ([0.1], [2], [1, 1], 3)):  # fmt: skip
        with pytest.raises(ComparisonError, match=f"La famille n° {family} compte plus de comparaisons faites"):
            adjust(p, group, sizes)
    with pytest.raises(ComparisonError, match="plus de comparaisons faites"):
        adjust_family([0.1, np.nan], 1)


@pytest.mark.parametrize("p", [-0.1, 1.1, np.inf])
def test_what_is_no_p_value_is_an_error(p):
    with pytest.raises(ComparisonError, match="Valeurs de p impossibles \\(1 sur 2\\)"):
        adjust([0.5, p], [0, 0], [2])


@given(
    st.lists(st.tuples(st.one_of(p_values, st.just(np.nan)), st.integers(0, 4)), max_size=60),
    st.lists(st.integers(0, 5), min_size=5, max_size=5),
    st.sampled_from(["holm", "bh"]),
)
def test_many_families_are_adjusted_as_statsmodels_does_one_by_one(rows, more, method):
    p = np.array([value for value, _ in rows], dtype=float)
    group = np.array([number for _, number in rows], dtype=int)
    sizes = np.bincount(group, minlength=5) + np.array(more)
    adjusted = adjust(p, group, sizes, method)
    for number in range(5):
        told = group == number
        known = told & ~np.isnan(p)
        assert np.isnan(adjusted[told & np.isnan(p)]).all()
        family = np.concatenate([p[known], np.ones(sizes[number] - known.sum())])
        expected = multipletests(family, method=STATSMODELS[method])[1][: known.sum()] if known.any() else []
        assert adjusted[known] == pytest.approx(np.array(expected), rel=1e-12)


@given(st.lists(p_values, min_size=1, max_size=30), st.sampled_from(["holm", "bh"]), st.integers(0, 10))
def test_an_adjusted_value_keeps_the_order_and_grows_with_the_family(p, method, more):
    told, larger = (adjust(p, [0] * len(p), [len(p) + each], method) for each in (0, more))
    order = np.argsort(p, kind="stable")
    assert (np.diff(told[order]) >= 0).all()
    assert (told >= np.array(p) * (1 - 1e-12)).all()
    assert (larger >= told).all()
    assert (told <= 1).all()
