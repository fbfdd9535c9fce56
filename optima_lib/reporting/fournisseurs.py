"""Chapter « Fournisseurs »: how many, how concentrated, how they come and go, who they are."""

from dataclasses import replace

import pandas as pd

from optima_lib.reporting import french, lectures, profil
from optima_lib.reporting.avertissements import annees_partielles
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.figures import Figure, bars_by_year, rising
from optima_lib.reporting.limites import conventions
from optima_lib.reporting.reperes import tableau_reperes
from optima_lib.reporting.saillances import ce_qui_ressort
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte

KEY_FIGURES = {
    "F01": "Fournisseurs différents",
    "F06": "Part du premier fournisseur",
    "F17": "Renouvellement annuel",
    "F02": "Marchés à une PME",
}
CONCENTRATION = ("F01", "F06", "F06.cinq", "F07", "F08", "F09", "F15")
RENEWAL = ("F17", "C11", "C11.montant")
FIRMS = ("F02", "F03", "F05", "F05.region", "F13", "F14", "F16")
TIES = {
    (True, True): "déjà titulaires l'année précédente",
    (True, False): "nouveaux",
    (False, True): "absents cette année",
}


def synthese(etude: Etude) -> Texte:
    """What stands out, in three sentences."""
    told = ce_qui_ressort(etude, ("F06.cinq", "F17", "F02", "F09"))
    compared = {int(year) for last in _followed(etude)["annee"].unique() for year in (last - 1, last)}
    return replace(told, avertissements=(*told.avertissements, *annees_partielles(etude, sorted(compared))))


def _followed(etude: Etude) -> pd.DataFrame:
    """Return the ties with suppliers in the years whose previous one is published too."""
    facts = etude.faits_ensemble["relations"]
    return facts[(facts["acheteur_siren"] == etude.principale) & facts["est_suivi"]]


def chiffres_cles(etude: Etude) -> Chiffres:
    """Key figures of suppliers."""
    return lectures.chiffres(etude, KEY_FIGURES)


def figure_cumul(etude: Etude) -> Figure:
    """How concentrated: the share of the firm amount that the first suppliers make, one after the other."""
    table = profil.titulaires(etude).dropna(subset=["montant_eur"])
    share = table["montant_eur"].cumsum() / table["montant_eur"].sum()
    frame = pd.DataFrame({"rang": range(1, len(share) + 1), "part": share.to_numpy()})
    told = [
        f"{'le premier' if rank == 1 else f'les {rank} premiers'}, {french.percent(frame['part'].iloc[rank - 1])}"
        for rank in (1, 5, 10, 20, 50)
        if rank <= len(frame)
    ]
    return Figure(
        rising(frame, "rang", "part", across="Fournisseurs, du plus gros au plus petit", up="Part cumulée"),
        "Part du montant ferme que réunissent les premiers fournisseurs",
        f"Courbe croissante. Part du montant ferme : {' ; '.join(told) or 'aucun montant ferme connu'}.",
        "Montants fermes au dernier état connu ; celui d'un groupement est réparti à parts égales. Les plafonds "
        "d'accords-cadres n'y sont pas.",
    )


def figure_renouvellement(etude: Etude) -> Figure | Texte:
    """How suppliers come and go, year by year, where two years in a row are published."""
    ties = _followed(etude)
    if ties.empty:
        return Texte(("Deux années consécutives ne sont jamais publiées : le renouvellement ne peut pas être décrit.",))
    counted = ties.groupby(["annee", "est_titulaire", "etait_titulaire"]).size()
    rows = [
        (int(year), label, int(counted.get((year, *state), 0)))
        for state, label in TIES.items()
        for year in sorted(ties["annee"].unique())
    ]
    frame = pd.DataFrame(rows, columns=["annee", "etat", "fournisseurs"])
    told = [f"{year}, {label} : {french.agree(number, 'fournisseur')}" for year, label, number in rows]
    return Figure(
        bars_by_year(frame, "fournisseurs", "etat", label="Fournisseurs"),
        "Fournisseurs gardés, nouveaux et absents d'une année sur l'autre",
        f"Diagramme en barres. {' ; '.join(told)}.",
        "Seules figurent les années dont la précédente est publiée. Un accord-cadre de plusieurs années garde ses "
        "fournisseurs sans nouvelle attribution.",
    )


def tableau_concentration(etude: Etude) -> Tableau:
    """The indicators of concentration."""
    return lectures.tableau_indicateurs(etude, CONCENTRATION, "Nombre et concentration des fournisseurs")


def tableau_renouvellement(etude: Etude) -> Tableau:
    """The indicators of renewal."""
    return lectures.tableau_indicateurs(etude, RENEWAL, "Renouvellement des fournisseurs")


def tableau_entreprises(etude: Etude) -> Tableau:
    """What the company register says of the suppliers."""
    return lectures.tableau_indicateurs(
        etude, FIRMS, "Qui sont les fournisseurs, d'après le répertoire des entreprises"
    )


def valeurs_ailleurs() -> Tableau:
    """Published values elsewhere."""
    return tableau_reperes(("F02", "F03"))


def lecture_repertoire(etude: Etude) -> Texte:
    """How far the company register tells who the suppliers are."""
    read = set(etude.entreprises["siren"])
    mine = etude.titulaires["titulaire_siren"].dropna().unique()
    known = french.whole(len(read.intersection(mine)))
    if not read:
        return Texte(
            (
                "Aucun extrait du répertoire SIRENE n'a été lu : la taille, le lieu et l'âge des fournisseurs restent "
                "inconnus. Ajoutez-le avec « optima clean ».",
            )
        )
    return Texte((f"Le répertoire lu décrit {known} des {french.agree(len(mine), 'fournisseur')} qui ont un SIREN.",))


def limites(etude: Etude) -> Liste:
    """What this chapter cannot say."""
    unnamed = int((etude.marches["nb_titulaires"] == 0).sum())
    points = [
        conventions(etude),
        (
            "Paiements",
            "Les montants sont ceux des attributions : ce qu'un fournisseur a réellement reçu n'est dit que par les "
            "mandats de la collectivité.",
        ),
        (
            "Groupes et sous-traitants",
            "Les filiales d'un groupe comptent séparément, et les sous-traitants n'y figurent pas : la part des petites "
            "entreprises qui travaillent réellement peut être plus grande.",
        ),
    ]
    if unnamed:
        points.append(
            ("Titulaires inconnus", f"{french.agree(unnamed, 'contrat')} ne {'nomme' if unnamed == 1 else 'nomment'} aucun titulaire.")
        )  # fmt: skip
    return Liste(tuple(points))


def comment_lire(etude: Etude) -> Liste:  # noqa: ARG001 - the notes are the same for all
    """How to read the figures of this chapter."""
    return lectures.comment_lire((*CONCENTRATION, *RENEWAL, *FIRMS))
