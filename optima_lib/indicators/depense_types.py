"""Spend and structure (*dépense et structure*): works, supplies, services."""

from typing import Any

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import AMOUNT, CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import AmountShare, Shape, Share

KIND = nw.col("type_achat")
SOURCE = "Open Contracting Partnership U009."
LIMITS = (
    "Un type qui n'est pas publié est tiré de la division du code CPV : une étude rangée sous un code de travaux compte "
    "alors en travaux. Les trois parts font 1."
)


def _numbers(kind: str) -> dict[str, Any]:
    """Return the texts of the share of a kind among contracts."""
    return {
        "libelle": f"Part des marchés de {kind}",
        "unite": "part",
        "sens": "aucun",
        "methode": f"Contrats de {kind}, rapportés aux contrats dont le type d'achat est connu (publié, ou tiré du code "
        "CPV). Intervalle de Wilson à 95 % ; bornes : aucun contrat sans réponse, puis tous.",
        "exclusions": "Un contrat sans type d'achat ni code CPV abaisse la couverture.",
        "limites": LIMITS,
        "source": SOURCE,
        "formule": f"contrats de {kind} / contrats de type connu",
        "champs": ("uid", "type_achat"),
    }


def _amounts(kind: str) -> dict[str, Any]:
    """Return the texts of the share of a kind in the firm amount."""
    return {
        "libelle": f"Part du montant ferme en {kind}",
        "unite": "part",
        "sens": "aucun",
        "methode": f"Montant initial des marchés ordinaires et subséquents de {kind}, rapporté à celui des mêmes marchés "
        "dont le type d'achat est connu. Pas d'intervalle : quelques gros marchés font le total. Bornes : aucun montant "
        "sans réponse, puis tous.",
        "exclusions": "Les plafonds d'accords-cadres et les concessions. Un marché sans type d'achat ni code CPV, ou "
        "sans montant, abaisse la couverture.",
        "limites": f"{LIMITS} {CLASS_LIMIT}",
        "source": SOURCE,
        "formule": f"Σ montant ferme de {kind} / Σ montant ferme de type connu",
        "champs": ("type_achat", "montant_initial_eur", "est_engage", "est_de_classe_inconnue"),
    }


def _share(kind: str) -> Shape:
    return Share(hit=KIND.is_in([kind]), known=~KIND.is_null())


def _amount_share(kind: str) -> Shape:
    known = COMMITTED & ~KIND.is_null()
    return AmountShare(hit=KIND.is_in([kind]), known=known, amount=AMOUNT, among=COMMITTED | UNTOLD)


@indicator("S09.travaux", **_numbers("travaux"))
def part_travaux() -> Shape:
    """Share of works among contracts."""
    return _share("Travaux")


@indicator("S09.fournitures", **_numbers("fournitures"))
def part_fournitures() -> Shape:
    """Share of supplies among contracts."""
    return _share("Fournitures")


@indicator("S09.services", **_numbers("services"))
def part_services() -> Shape:
    """Share of services among contracts."""
    return _share("Services")


@indicator("S09.travaux.montant", **_amounts("travaux"))
def montant_travaux() -> Shape:
    """Share of works in the firm amount."""
    return _amount_share("Travaux")


@indicator("S09.fournitures.montant", **_amounts("fournitures"))
def montant_fournitures() -> Shape:
    """Share of supplies in the firm amount."""
    return _amount_share("Fournitures")


@indicator("S09.services.montant", **_amounts("services"))
def montant_services() -> Shape:
    """Share of services in the firm amount."""
    return _amount_share("Services")
