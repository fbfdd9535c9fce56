"""What cannot be concluded from a partner's data, and why: built from the holes that they have."""

from optima_lib.indicators.seuils import publication_rule
from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.donnees import FIELDS, files_of_one_kind
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.texts import Liste


def limites(etude: Etude) -> Liste:
    """What cannot be concluded, and why: built from the holes that this partner's data have."""
    points = [*_gaps(etude), *_partial_files(etude), *_weak_fields(etude), *_undated(etude)]
    points += [
        (
            "Achats de faible montant",
            f"Les données essentielles ne couvrent que les contrats à partir de {publication_rule()} : les achats plus "
            "petits, nombreux, n'y sont pas.",
        ),
        (
            "Dépense réelle",
            "Un montant attribué n'est pas un paiement, et un plafond d'accord-cadre n'est pas une commande. "
            "Seuls les mandats de la collectivité disent la dépense.",
        ),
        (
            "Régularité",
            "La valeur estimée du besoin, la date de lancement et les critères ne sont pas publiés : aucun chiffre "
            "de ce rapport n'établit une irrégularité.",
        ),
    ]
    return Liste((*points, conventions(etude)))


def conventions(etude: Etude) -> tuple[str, str]:
    """Say how suppliers share a contract, and which of its amounts counts."""
    told = str(etude.conventions)
    return "Conventions de calcul", f"{told[0].upper()}{told[1:]}."


def _gaps(etude: Etude) -> list[tuple[str, str]]:
    missing = [year for year in etude.annees if year not in etude.annees_publiees]
    if not missing:
        return []
    return [
        (
            f"{'Année' if len(missing) == 1 else 'Années'} sans données ({french.years(missing)})",
            "Aucune évolution ne peut être lue à travers ce vide ; il se comble en ajoutant les fichiers du profil "
            "d'acheteur ou le registre des marchés.",
        )
    ]


def _partial_files(etude: Etude) -> list[tuple[str, str]]:
    return [
        (
            f"Extrait limité aux {kind}",
            f"Le fichier {name} ne contient, tous acheteurs confondus, que des {kind} : les autres achats des mêmes mois "
            "n'y sont pas, et la part de chaque famille en est faussée.",
        )
        for name, kind in files_of_one_kind(etude)
    ]


def _weak_fields(etude: Etude) -> list[tuple[str, str]]:
    least = bound("couverture_comparaison")
    told = etude.marches[list(FIELDS)].notna().assign(nb_titulaires=etude.marches["nb_titulaires"] > 0).mean()
    weak = {FIELDS[str(name)]: share for name, share in told.items() if share < least}
    if not weak:
        return []
    words = [f"{name[0].lower()}{name[1:]} ({french.percent(share)})" for name, share in weak.items()]
    return [
        (
            "Champs trop peu renseignés",
            f"Sur la période, ces champs sont remplis pour moins de {french.percent(least)} des contrats : "
            f"{french.enumerate_words(words)}. Les indicateurs qui en dépendent ne se comparent pas d'un acheteur à "
            "l'autre.",
        )
    ]


def _undated(etude: Etude) -> list[tuple[str, str]]:
    number = int(etude.marches["date_notification"].isna().sum())
    if not number:
        return []
    return [
        (
            "Contrats sans date",
            f"{french.agree(number, 'contrat')} sans date de notification exploitable : comptés sur la période, dans "
            "aucune année.",
        )
    ]
