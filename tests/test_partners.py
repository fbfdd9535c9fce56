"""A partner's file: what is wrong in it is said at once, where it stands, with the cure."""

import pytest

from optima_lib.errors import PartnerError
from optima_lib.partners import load_partner, read_partner
from optima_lib.paths import ROOT

GOOD = """nom: Ville d'Essai
entites:
  - siren: "210000014"
    nom: Ville d'Essai
partenariat: exploratoire
periode:
  debut: 2020
  fin: 2024
"""


def written(tmp_path, text):
    path = tmp_path / "essai.yml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(tmp_path, text):
    with pytest.raises(PartnerError) as raised:
        read_partner(written(tmp_path, text))
    return str(raised.value)


def test_a_good_file_is_read(tmp_path):
    partner = read_partner(written(tmp_path, GOOD))
    assert partner.sirens == ["210000014"]
    assert (partner.periode.debut, partner.periode.fin) == (2020, 2024)


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_one(tmp_path):
    told = refusal(tmp_path, GOOD.replace("periode:", "periodes:"))
    assert "essai.yml" in told
    assert "ligne 6, clé inconnue « periodes »" in told
    assert "Vouliez-vous dire « periode » ?" in told
    assert "la clé « periode » manque" in told


def test_an_unknown_key_inside_another_is_refused(tmp_path):
    told = refusal(tmp_path, GOOD.replace("  debut: 2020", "  debit: 2020"))
    assert "« periode.debit »" in told
    assert "« debut »" in told


@pytest.mark.parametrize("siren", ["216404459", '"21640445"', '"21640445X"'])
def test_a_siren_is_nine_digits_between_quotes(tmp_path, siren):
    assert "neuf chiffres entre guillemets" in refusal(tmp_path, GOOD.replace('"210000014"', siren))


def test_a_period_goes_forward(tmp_path):
    assert "commence (2025) après sa fin (2024)" in refusal(tmp_path, GOOD.replace("debut: 2020", "debut: 2025"))


def test_an_unknown_chapter_is_refused_with_the_nearest_one(tmp_path):
    told = refusal(tmp_path, GOOD + "chapitres: [02_profil_des_achat]\n")
    assert "« 02_profil_des_achats »" in told


def test_a_siren_whose_last_digit_is_wrong_is_refused(tmp_path):
    assert "chiffre de contrôle" in refusal(tmp_path, GOOD.replace("210000014", "210000015"))


def test_one_siren_twice_is_refused(tmp_path):
    twice = GOOD.replace("partenariat", '  - siren: "210000014"\n    nom: Encore\npartenariat')
    assert "deux fois" in refusal(tmp_path, twice)


def test_what_is_not_yaml_is_said_with_its_line(tmp_path):
    assert "essai.yml ligne 3" in refusal(tmp_path, "nom: Ville\nentites: [\n")


def test_an_unknown_partner_is_said_with_the_nearest_one():
    with pytest.raises(PartnerError, match="Vouliez-vous dire « exemple »"):
        load_partner("exempel")


def test_the_example_of_the_documentation_is_a_partner(tmp_path):
    text = (ROOT / "docs" / "comparaisons.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    told = "nom: Pau\npartenariat: exploratoire\nperiode: {debut: 2018, fin: 2025}\n" + text
    path = tmp_path / "pau.yml"
    path.write_text(told, encoding="utf-8")
    partner = read_partner(path)
    assert partner.comparaison.voisins.covariables == ["population", "budget_annuel"]
    assert len(partner.entites[0].pairs.sirens) == 5


@pytest.mark.parametrize("path", sorted((ROOT / "partners").glob("*.yml")), ids=lambda path: path.stem)
def test_every_partner_of_the_chair_can_be_read(path):
    assert read_partner(path).entites


@pytest.mark.parametrize(
    ("sirens", "said"),
    [
        (["213300635"] * 6, "deux fois"),
        (["213300635", "216401026", "213105554", "214700015", "216404459"], "parmi ses propres pairs"),
    ],
)
def test_a_list_of_peers_holds_each_once_and_never_the_authority(tmp_path, sirens, said):
    path = tmp_path / "pau.yml"
    told = "\n".join(f'        - "{siren}"' for siren in sirens)
    path.write_text(
        'nom: Pau\npartenariat: exploratoire\nperiode: {debut: 2018, fin: 2025}\nentites:\n  - siren: "216404459"\n'
        f"    nom: Pau\n    pairs:\n      motif: villes du Sud-Ouest\n      sirens:\n{told}\n",
        encoding="utf-8",
    )
    with pytest.raises(PartnerError, match=said):
        read_partner(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("comparaison: {noms_des_pairs: montrés}", "attendu : masqués ou affichés"),
        ("comparaison: {voisins: {nombre: 3}}", "attendu : au moins 5"),
        ("parametres: {premieres_familles: 99}", "attendu : au plus 45"),
    ],
)
def test_a_refused_value_comes_with_its_limit_in_french(tmp_path, line, said):
    path = tmp_path / "pau.yml"
    path.write_text(
        'nom: Pau\npartenariat: exploratoire\nperiode: {debut: 2018, fin: 2025}\nentites: [{siren: "216404459", nom: Pau}]\n'
        f"{line}\n",
        encoding="utf-8",
    )
    with pytest.raises(PartnerError, match=said):
        read_partner(path)
