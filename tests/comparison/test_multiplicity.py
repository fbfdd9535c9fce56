"""Adjusted probabilities: the values of R, and those of statsmodels family by family."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from optima_lib.comparison.multiplicity import adjust


@pytest.mark.parametrize(("method", "name"), [("holm", "holm"), ("fdr_bh", "BH")])
def test_adjusted_probabilities_are_those_of_r(expected, method, name):
    told = expected["p_adjust"]
    p = np.array(told["p"])
    assert adjust(p, np.zeros(len(p), dtype=int), len(p), method) == pytest.approx(told[name], abs=1e-12)


def test_a_refused_test_counts_in_the_size_of_its_family():
    p = np.array([0.01, np.nan, 0.02, np.nan])
    # Holm on four tests: .01 × 4, then .02 × 3
    assert adjust(p, np.zeros(4, dtype=int), 4, "holm")[[0, 2]] == pytest.approx([0.04, 0.06])
    # Benjamini and Hochberg: .02 × 4 / 2 = .04, and .01 × 4 / 1 = .04
    assert adjust(p, np.zeros(4, dtype=int), 4, "fdr_bh")[[0, 2]] == pytest.approx([0.04, 0.04])
    assert np.isnan(adjust(p, np.zeros(4, dtype=int), 4, "holm")[[1, 3]]).all()


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=6),
    st.sampled_from(["holm", "fdr_bh"]),
)
def test_each_family_is_adjusted_as_if_it_were_alone(families, method):
    p = np.array(families).T.ravel()  # families interlaced
    family = np.tile(np.arange(len(families)), 6)
    found = adjust(p, family, 6, method)
    for place, each in enumerate(families):
        assert found[family == place] == pytest.approx(multipletests(each, method=method)[1], abs=1e-9)


def test_nothing_to_adjust():
    assert np.isnan(adjust(np.array([np.nan]), np.array([0]), 1, "holm")).all()
