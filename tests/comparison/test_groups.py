"""Several groups: certified and printed values, other programs, and what must hold whatever the values."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from optima_lib.comparison.contrasts import dunn, games_howell
from optima_lib.comparison.estimands import analyse_variance
from optima_lib.comparison.groups import compare_groups
from optima_lib.errors import ComparisonError

# ?kruskal.test of R, after Hollander and Wolfe (1973), p. 116: mucociliary efficiency of three groups of persons
MUCOCILIARY = {
    "normaux": [2.9, 3.0, 2.5, 2.6, 3.2],
    "obstruction": [3.8, 2.7, 4.0, 2.4],
    "amiante": [2.8, 3.4, 3.7, 2.2, 2.0],
}
SAMPLES = st.lists(
    st.lists(st.integers(1, 40), min_size=3, max_size=8).filter(lambda each: len(set(each)) > 1),
    min_size=2,
    max_size=4,
)
FEW = settings(max_examples=15)


def table_of(samples):
    rows = [(name, float(value)) for name, values in samples.items() for value in values]
    return pd.DataFrame(rows, columns=["groupe", "valeur"]).assign(siren=lambda rows: rows.index.astype(str))


def named(lists):
    return {f"g{i}": each for i, each in enumerate(lists)}


def compared(samples, estimand):
    return compare_groups(table_of(samples), "valeur", "groupe", "siren", estimand)


def nist(shared, name):
    data = np.loadtxt(shared / "fixtures" / "statistics" / "nist" / f"{name}.dat", skiprows=60)
    return [data[data[:, 0] == group, 1] for group in np.unique(data[:, 0])]


@pytest.mark.parametrize(("name", "f", "df"), [("SiRstv", 1.18046237440255, (4, 20)), ("SmLs01", 21, (8, 180))])
def test_the_analysis_of_variance_is_that_which_nist_certifies(shared, name, f, df):
    told = analyse_variance(nist(shared, name), equal_variances=True)
    assert told[0] == pytest.approx(f, rel=1e-13)
    assert told[1] == df


@pytest.mark.parametrize(("constant", "kept"), [(1e6, 1e-8), (1e12, 1e-2)])
def test_large_constants_keep_as_many_digits_as_the_numbers_have(shared, constant, kept):
    # SmLs04 and SmLs07 of NIST are SmLs01 with 7 and 13 constant leading digits; certified F is 21 for all
    moved = [np.array([float(f"{constant + round(v - 1, 1):.1f}") for v in each]) for each in nist(shared, "SmLs01")]
    assert analyse_variance(moved, equal_variances=True)[0] == pytest.approx(21, rel=kept)


def test_two_groups_give_the_square_of_the_t_of_welch(shared):
    # welch_sleep: t, df and p of R
    sleep = pd.read_csv(shared / "fixtures" / "statistics" / "groups" / "sleep_student1908.csv")
    sleep["siren"] = sleep.index
    told = compare_groups(sleep, "extra", "group", "siren", "moyennes")
    assert told.statistic == pytest.approx(1.860813467487**2)
    assert told.df == pytest.approx((1, 17.776473516178))
    assert told.p == pytest.approx(0.07939414018736)
    (pair,) = told.contrasts
    assert (pair.low, pair.high, pair.p) == pytest.approx((-3.365483230712, 0.2054832307117, 0.0793941402), abs=1e-6)


def test_the_ranks_give_what_r_prints():
    told = compared(MUCOCILIARY, "rangs")
    assert (told.statistic, told.df) == (pytest.approx(0.77143, abs=5e-6), (2,))
    assert told.p == pytest.approx(0.68, abs=5e-3)
    assert told.n == {"normaux": 5, "obstruction": 4, "amiante": 5}
    assert any("moins de cinq" in remark for remark in told.remarks)


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [(games_howell, "posthoc_games_howell", {}), (dunn, "posthoc_dunn", {"p_adjust": "holm"})],
)
def test_pairs_are_those_of_scikit_posthocs(ours, theirs, options):
    library = pytest.importorskip("scikit_posthocs")
    samples = {name: np.array(each) for name, each in MUCOCILIARY.items()} | {"autres": np.array([4.0, 4.5, 3.8, 5.1])}
    expected = getattr(library, theirs)(list(samples.values()), **options)
    place = {name: i + 1 for i, name in enumerate(samples)}
    for pair in ours(samples, 0.95):
        assert pair.p == pytest.approx(expected.loc[place[pair.first], place[pair.second]], abs=1e-8)


def test_a_ratio_of_geometric_means_is_read_in_the_unit_of_money():
    # geometric means 10 and 1 000: a ratio of one hundredth
    told = compared({"a": [1, 10, 100], "b": [100, 1000, 10_000]}, "moyennes_geometriques")
    assert told.centres == pytest.approx({"a": 10, "b": 1000})
    assert told.contrasts[0].estimate == pytest.approx(0.01)
    assert told.contrasts[0].low < 0.01 < told.contrasts[0].high


@FEW
@given(SAMPLES, st.floats(0.1, 1000), st.floats(-1000, 1000))
def test_neither_the_unit_nor_the_origin_of_the_values_changes_a_test(samples, scale, shift):
    arrays = [np.array(each, dtype=float) for each in samples]
    forth, back = analyse_variance(arrays), analyse_variance([scale * each + shift for each in arrays])
    for one, other in zip((forth[0], *forth[1], forth[2]), (back[0], *back[1], back[2]), strict=True):
        assert other == pytest.approx(one, rel=1e-6, abs=1e-12)


@FEW
@given(SAMPLES)
def test_ranks_are_the_same_for_any_increasing_change_of_scale(samples):
    first = compared(named(samples), "rangs")
    second = compared(named([[value**3 for value in each] for each in samples]), "rangs")
    assert (first.statistic, first.p) == (second.statistic, second.p)
    assert first.contrasts == second.contrasts


@settings(max_examples=6)  # the studentised range is slow
@given(SAMPLES, st.sampled_from(["moyennes", "moyennes_geometriques", "rangs"]))
def test_an_estimate_lies_in_its_interval_and_changes_its_sign_with_the_order(samples, estimand):
    forth, back = compared(named(samples), estimand), compared(named(samples[::-1]), estimand)
    opposite = {
        (f"g{len(samples) - 1 - int(pair.second[1:])}", f"g{len(samples) - 1 - int(pair.first[1:])}"): pair
        for pair in back.contrasts
    }
    for pair in forth.contrasts:
        assert pair.low <= pair.estimate <= pair.high
        other = opposite[pair.first, pair.second]
        turned = 1 / other.estimate if estimand == "moyennes_geometriques" else -other.estimate
        assert pair.estimate == pytest.approx(turned, abs=1e-12)
        assert pair.p == pytest.approx(other.p, abs=1e-6)


@pytest.mark.parametrize(
    ("samples", "estimand", "said"),
    [
        ({"a": [1, 2], "b": [3]}, "moyennes", "« b » a moins de 2 collectivités"),
        ({"a": [1, 2], "b": [3, 3]}, "moyennes", "toutes les valeurs du groupe « b » sont égales"),
        ({"a": [1, 2], "b": [0, 3]}, "moyennes_geometriques", "pas de logarithme"),
        ({"a": [1, 1], "b": [1, 1]}, "rangs", "toutes les valeurs sont égales"),
        ({"a": [1, 2, 3]}, "rangs", "ne forme qu’un groupe"),
        ({"a": [1, 2], "b": [3, 4]}, "médianes", "Choisissez entre moyennes, moyennes_geometriques, rangs"),
        ({"a": [1, 2], "b": [3, np.inf]}, "moyennes", "nombre infini"),
        ({"a": [np.nan]}, "moyennes", "aucune ligne n’est complète"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(samples, estimand, said):
    with pytest.raises(ComparisonError, match=said):
        compared(samples, estimand)


def test_contracts_pooled_over_authorities_are_refused():
    table = table_of({"a": [1, 2], "b": [3, 4]}).assign(siren=["1", "1", "2", "3"])
    with pytest.raises(ComparisonError, match="« 1 » a plusieurs lignes"):
        compare_groups(table, "valeur", "groupe", "siren", "rangs")


def test_a_column_that_is_absent_or_not_of_numbers_is_named():
    table = table_of({"a": [1, 2], "b": [3, 4]})
    with pytest.raises(ComparisonError, match="« valeurs » n’est pas dans le tableau"):
        compare_groups(table, "valeurs", "groupe", "siren", "rangs")
    with pytest.raises(ComparisonError, match="« siren » ne contient pas que des nombres"):
        compare_groups(table, "siren", "groupe", "valeur", "rangs")


def test_missing_values_are_told():
    told = compared({"a": [1, 2, np.nan], "b": [3, 4]}, "rangs")
    assert told.n == {"a": 2, "b": 2}
    assert told.remarks[0].startswith("1 ligne sur 5")
