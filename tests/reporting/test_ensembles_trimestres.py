"""The series of quarters: its run without a gap, its signals, its break."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from optima_lib.reporting.ensembles.dates import quarter
from optima_lib.reporting.ensembles.rupture import Rupture
from optima_lib.reporting.ensembles.trimestres import Trimestres
from tests.reporting.pooled import of, quarters

FIRST = 4 * 2020  # T1 2020
SHARES = [0.25, 0.35, 0.3, 0.4] * 4
WAVES = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]) / 100


def html(section):
    return section.montrer()._repr_html_()


def test_a_share_that_leaps_is_a_signal_and_is_named():
    told = of(Trimestres, "C01", trimestres=quarters(FIRST, [*SHARES, 0.9]))
    assert told.carte.method == "laney_p"
    assert "1\xa0trimestre sort des limites (T1\xa02024)" in html(told)
    assert "Carte p′ de Laney" in html(told)
    assert told.carte.centre == pytest.approx((sum(SHARES) + 0.9) / 17)


def test_without_a_signal_it_is_said():
    assert "aucun ne sort de la variation ordinaire" in html(of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES)))


def test_a_long_run_on_one_side_is_said_with_its_dates():
    told = of(Trimestres, "C01", trimestres=quarters(FIRST, [0.3, 0.32] * 4 + [0.5, 0.52] * 4))
    assert "du T1\xa02020 au T4\xa02021 et du T1\xa02022 au T4\xa02023" in html(told)


def test_amounts_are_charted_on_logarithms():
    told = of(Trimestres, "S14", trimestres=quarters(FIRST, [100.0, 200.0] * 6))
    assert told.carte.method == "xmr"
    assert np.exp(told.carte.centre) == pytest.approx((100 * 200) ** 0.5)
    assert "XmR des logarithmes" in told.point()
    assert told.montrer().findings()[0]["valeur"] == pytest.approx((100 * 200) ** 0.5)


def test_a_gap_ends_the_run_and_the_longest_is_kept():
    told = of(Trimestres, "C01", trimestres=pd.concat([quarters(FIRST, [0.3] * 3), quarters(FIRST + 5, SHARES)]))
    assert quarter(int(told.suite["trimestre"].iloc[0])) == "T2\xa02021"
    assert len(told.suite) == 16
    assert "3\xa0trimestres à l&#x27;écart" in html(told)


def test_a_short_series_is_shown_without_limits():
    told = of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES[:8]))
    assert "il en faut 12 au moins" in html(told)
    assert "<figure" in html(told)


def test_what_has_no_day_is_said():
    assert "pas de date au jour près" in html(of(Trimestres, "C01"))
    nothing = of(Trimestres, "C01", trimestres=quarters(FIRST, []), jour=dt.date(2022, 1, 1))
    assert "aucun trimestre" in html(nothing)
    assert not Rupture(nothing).demandee


def test_a_leap_of_the_level_is_found_at_the_first_whole_quarter():
    values = 0.3 + WAVES + np.where(np.arange(20) >= 10, 0.4, 0.0)
    series = of(Trimestres, "C01", trimestres=quarters(FIRST, values), jour=dt.date(2022, 4, 2))
    told = Rupture(series)
    assert series.place == 10  # T3 2022: the day cuts T2
    assert (told.modele.before, told.modele.after) == (10, 10)
    assert 0.2 < told.modele.level.estimate < 0.6
    assert (
        "à partir du T3\xa02022, premier trimestre entier après le 2 avril 2022, un saut du niveau est établi"
        in html(told)
    )


def test_a_leap_that_the_control_shares_is_no_effect():
    leap = 0.3 + WAVES + np.where(np.arange(20) >= 10, 0.4, 0.0)
    noise = WAVES[::-1] / 10
    for control, said in (
        (leap - 0.1 + noise, "ne permettent pas d&#x27;établir"),
        (0.2 + WAVES + noise, "est établi"),
    ):
        contre = quarters(FIRST, leap).assign(temoin=control)
        told = Rupture(
            of(Trimestres, "C01", trimestres=quarters(FIRST, leap), jour=dt.date(2022, 7, 1), temoin="b", contre=contre)
        )
        assert told.modele.controlled
        assert said in html(told)
        assert "depuis le 1er juillet 2022" in html(told)
        assert "<figure" in html(told)


def test_a_control_without_a_common_quarter_is_refused():
    contre = quarters(FIRST, []).assign(temoin=[])
    told = Rupture(
        of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES), jour=dt.date(2022, 1, 1), temoin="b", contre=contre)
    )
    assert "aucun trimestre en commun" in html(told)


def test_the_run_common_to_both_groups_is_named_as_such():
    contre = quarters(FIRST + 3, [0.3, 0.4]).assign(temoin=[0.2, 0.3])
    told = Rupture(
        of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES), jour=dt.date(2023, 1, 1), temoin="b", contre=contre)
    )
    said = (
        "la suite sans lacune des trimestres communs à «\xa0b\xa0» et aux autres groupes va du T4\xa02020 au T1\xa02021"
    )
    assert said in html(told)
    alone = Rupture(of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES), jour=dt.date(2030, 1, 1)))
    assert "la suite sans lacune va du T1\xa02020 au T4\xa02023" in html(alone)


def parts(shares):
    """Return the facts of authorities, the same in each quarter."""
    rows = [(FIRST + t, siren, f"Ville {siren}", number) for t in range(20) for siren, number in shares.items()]
    return pd.DataFrame(rows, columns=["trimestre", "acheteur_siren", "nom", "effectif"])


def test_an_authority_that_makes_most_of_the_series_is_told_and_named_when_all_is_public():
    told = {"trimestres": quarters(FIRST, SHARES), "parts": parts({"s1": 62, "s2": 30, "s3": 8})}
    masked = html(of(Trimestres, "C01", **told))
    assert "Une collectivité porte à elle seule 62\xa0% des faits de la suite." in masked
    assert "Ville s1" not in masked
    assert "Ville s1 porte à elle seule 62\xa0%" in html(of(Trimestres, "C01", **told, noms_affiches=True))
    even = of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES), parts=parts({"s1": 50, "s2": 50}))
    assert "à elle seule" not in html(even)


def test_each_of_two_series_tells_its_own_holder():
    contre = quarters(FIRST, 0.3 + WAVES).assign(temoin=0.3 + WAVES[::-1])
    told = of(
        Trimestres, "C01", trimestres=quarters(FIRST, 0.3 + WAVES), jour=dt.date(2022, 7, 1), temoin="b", contre=contre,
        parts=parts({"s1": 10, "s2": 10, "s3": 30, "s4": 10}), groupes=pd.Series({"s1": "a", "s2": "a", "s3": "b", "s4": "b"}),
    )  # fmt: skip
    page = html(Rupture(told))
    assert "Une collectivité porte à elle seule 75\xa0% des faits de celle de «\xa0b\xa0»." in page
    assert page.count("à elle seule") == 1


def test_a_day_outside_the_series_or_near_its_end_is_refused_with_its_cure():
    for day, said in ((dt.date(2030, 1, 1), "n&#x27;y est pas"), (dt.date(2020, 7, 1), "il en faut 8 de chaque côté")):
        told = Rupture(of(Trimestres, "C01", trimestres=quarters(FIRST, SHARES), jour=day))
        assert said in html(told)
        assert told.point() == "Non fait, pour la raison dite plus haut."
