"""How the invented contracts are awarded: procedure, bids, suppliers, modifications, publication."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from optima_lib.references import reference
from optima_lib.running.exemple_identites import Acheteur, Fournisseur, viviers
from optima_lib.running.exemple_marches import Avenant, Famille, Marche
from optima_lib.running.exemple_tirage import Draw

ADAPTEE, OUVERT, RESTREINT = "Procédure adaptée", "Appel d'offres ouvert", "Appel d'offres restreint"
NEGOCIATION, SANS_APPEL = "Procédure avec négociation", "Marché passé sans publicité ni mise en concurrence préalable"
FORMALISED = {OUVERT: 86.0, NEGOCIATION: 9.0, RESTREINT: 3.0, "Dialogue compétitif": 2.0}
BELOW_EXEMPTION, SPECIFIC_SERVICES = 0.4, ("social", "formation", "restauration")
CONCESSION = {
    "Procédure négociée ouverte": 6.0,
    "Procédure non négociée ouverte": 3.0,
    "Procédure négociée restreinte": 1.0,
}
CONSORTIUM = {"Travaux": 0.09, "Maitrise d'œuvre": 0.45, "Prestations intellectuelles": 0.12}
MODIFIED = {"Travaux": 0.21, "Maitrise d'œuvre": 0.26, "Pas de CCAG": 0.05}
REASONS = ("Travaux supplémentaires", "Prolongation du délai", "Sujétions imprévues", "Ajout de prix nouveaux")
FROM_LAUNCH = dt.timedelta(days=89)  # from the launch to the notification, Single Market Scoreboard 2021
LAST_DAY, LONGEST_DELAY = dt.date(2026, 2, 28), 900


def threshold(name: str, type_achat: str, date: dt.date) -> float:
    """Return the threshold of ``references/seuils.csv`` in force on a day; ``decp_publication`` is for all purchases.

    Examples
    --------
    >>> threshold("formalise_PA_local", "Services", dt.date(2024, 5, 2))
    221000.0
    """
    day, scopes = date.isoformat(), {"marchés", "FS+T", "T" if type_achat == "Travaux" else "FS"}
    return next(
        float(row["montant_eur_ht"])
        for row in _thresholds(name)
        if row["champ"] in scopes and row["du"] <= day <= (row["au"] or day)
    )


@cache
def _thresholds(name: str) -> tuple[dict[str, str], ...]:
    rows = [row for row in reference("seuils") if row["seuil"] == name and row["par_defaut"] == "1"]
    return tuple(sorted(rows, key=lambda row: row["du"], reverse=True))


@dataclass
class Passation:
    """Award of the contracts of one buyer."""

    acheteur: Acheteur
    draw: Draw

    def procedure(self, famille: Famille, type_achat: str, besoin: float, date: dt.date) -> str:
        """Draw a procedure by the value of the need (*besoin*) and the thresholds of the day."""
        draw = self.draw
        if famille.est_concession:
            return draw.weighted(list(CONCESSION), list(CONCESSION.values()))
        exemption = threshold("dispense_publicite_mec", type_achat, date - FROM_LAUNCH)
        formalised = threshold("formalise_PA_local", type_achat, date - FROM_LAUNCH)
        if draw.chance(famille.sans_appel) or (besoin < exemption and draw.chance(BELOW_EXEMPTION)):
            return SANS_APPEL
        adapted = besoin < formalised or (famille.nom in SPECIFIC_SERVICES and draw.chance(0.5))
        if adapted != draw.chance(0.015):
            return ADAPTEE
        return draw.weighted(list(FORMALISED), list(FORMALISED.values()))

    def offres(self, famille: Famille, procedure: str, date: dt.date) -> int | None:
        """Draw a number of bids, missing where the buyer does not say; 0 is how some write it."""
        habit = self.acheteur.offres_absentes * (2.2 if date.year <= 2024 else 0.7)
        if self.draw.chance(min(habit, 0.8)):
            return 0 if self.draw.chance(0.4) else None
        return 1 if procedure == SANS_APPEL else min(38, self.draw.count(famille.offres))

    def titulaires(self, famille: Famille, lot: int, lots: int, count: int) -> list[Fournisseur]:
        """Draw suppliers of a lot: those of its trade, the neighbours first."""
        firms = viviers()[famille.vivier]
        trades = max(1, min(lots, len(firms) // 8))
        trade = firms[lot % trades :: trades]
        shift = "0AB".index(self.acheteur.departement[-1]) * 4
        weights = [1.0 / ((rank - shift) % len(trade) + 2) for rank in range(len(trade))]
        return self.draw.several(trade, weights, count)

    def grouped(self, famille: Famille, lot: int, lots: int) -> tuple[list[Fournisseur], str]:
        """Draw the suppliers and the kind of their grouping."""
        draw = self.draw
        if not draw.chance(CONSORTIUM.get(famille.ccag, 0.02)):
            return self.titulaires(famille, lot, lots, 1), "Pas de groupement"
        count = draw.weighted((2, 3, 4, 5), (60, 25, 10, 5))
        found = self.titulaires(famille, lot, lots, count)
        kind = "Conjoint" if draw.chance(0.65 if famille.ccag.startswith("Maitrise") else 0.35) else "Solidaire"
        return found, kind

    def publication(self, date: dt.date) -> dt.date:
        """Draw the day when data are published; a few are stamped before the notification."""
        if self.draw.chance(0.008):
            return date - dt.timedelta(days=self.draw.whole(1, 20))
        days = int(self.draw.skewed(self.acheteur.delai_jours, 0.75))
        return date + dt.timedelta(days=min(days, LONGEST_DELAY))

    def avenants(self, marche: Marche) -> list[Avenant]:
        """Draw the modifications of a contract."""
        draw = self.draw
        share = 0.03 if marche.plafond else MODIFIED.get(marche.ccag, 0.07)
        if not draw.chance(share) or isinstance(marche.montant, str):
            return []
        changes: list[Avenant] = []
        date, amount, months = marche.date, marche.montant, marche.duree
        for rank in range(1, draw.weighted((1, 2, 3), (70, 22, 8)) + 1):
            date += dt.timedelta(days=draw.whole(45, 40 + 14 * marche.duree))
            if date > LAST_DAY:
                break
            rise = min(0.15, draw.skewed(0.045, 0.8))
            amount = round(amount * (1.0 - rise / 3 if draw.chance(0.14) else 1.0 + rise), 2)
            months += draw.pick((0, 0, 1, 2, 3))
            published = date + dt.timedelta(days=int(min(draw.skewed(self.acheteur.delai_jours, 0.6), 400)))
            changes.append(Avenant(rank, date, published, amount, months, draw.pick(REASONS)))
        return changes

    def social(self, objet: str, famille: Famille) -> str:
        """Draw the social consideration."""
        if "insertion" in objet:
            return "Marché réservé" if self.draw.chance(0.6) else "Clause sociale"
        clause = self.draw.chance(0.2 if famille.ccag == "Travaux" else 0.09)
        return "Clause sociale" if clause else "Pas de considération sociale"

    def environment(self, year: int) -> tuple[str, ...]:
        """Draw the environmental considerations, more frequent every year."""
        share = 0.3 + 0.09 * (year - 2024)
        signs = ("Clause environnementale", "Critère environnemental")
        found = tuple(sign for sign, less in zip(signs, (0.0, 0.07), strict=True) if self.draw.chance(share - less))
        return found or ("Pas de considération environnementale",)
