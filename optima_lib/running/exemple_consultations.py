"""The consultations of each invented buyer, year after year: what it needs, when, in how many lots."""

import datetime as dt
from dataclasses import replace

from optima_lib.running.exemple_identites import Acheteur, acheteurs
from optima_lib.running.exemple_marches import Famille, Marche, Modele, familles, lieux, modeles
from optima_lib.running.exemple_passation import Passation, threshold
from optima_lib.running.exemple_tirage import Draw

SEED = 20150521
YEARS = {2019: 0.09, 2020: 0.09, 2021: 0.12, 2022: 0.12, 2023: 0.15, 2024: 0.21, 2025: 0.22}
LATE_YEARS = {2019: 0.03, 2020: 0.05, 2021: 0.08, 2022: 0.12, 2023: 0.16, 2024: 0.27, 2025: 0.29}
LOCKDOWN, LOCKDOWN_LEFT = ("2020-03", "2020-05"), 0.25
NUMBERS = ("{year}-{n:03d}", "{yy}M{n:04d}", "{year}{n:05d}", "MP{yy}-{n:03d}")
LOT_FORMS = ("{objet} – Lot n° {n} : {lot}", "{objet} - Lot {n} : {lot}", "Lot n°{n} {lot} – {objet}")
LARGEST_POPULATION, USUAL_POPULATION = 150_000, 48_000


def draw_marches() -> list[Marche]:
    """Draw all the contracts, those of the partner first, each buyer's in order of dates."""
    return [marche for rank, acheteur in enumerate(acheteurs()) for marche in Buyer(acheteur, rank).marches()]


class Buyer:
    """Draws the contracts of one buyer."""

    def __init__(self, acheteur: Acheteur, rank: int) -> None:
        self.acheteur, self.rank = acheteur, rank
        self.draw = Draw(SEED + rank)
        self.passation = Passation(acheteur, self.draw)
        self.form = NUMBERS[rank % len(NUMBERS)]
        self.families = [each for each in familles() if each.poids[acheteur.profil]]

    def marches(self) -> list[Marche]:
        """Draw the contracts of all the years."""
        drawn: list[Marche] = []
        due, shares = 0.0, LATE_YEARS if self.acheteur.canal == "pes" else YEARS
        for year, share in shares.items():
            due += self.acheteur.marches * share * sum(self._opening(year)) / 12
            consultations: list[list[Marche]] = []
            while due >= 0.5:
                consultations.append(self.consultation(year))
                due -= len(consultations[-1])
            for number, lots in enumerate(sorted(consultations, key=lambda each: each[0].date), start=1):
                drawn += self.numbered(lots, self.form.format(year=year, yy=year % 100, n=number))
        return sorted(drawn, key=lambda each: each.date)

    def numbered(self, lots: list[Marche], root: str) -> list[Marche]:
        """Give the contracts of a consultation their numbers: its own, then the mark of the lot or call-off."""
        for each in lots:
            each.numero = f"{root}{each.numero}"
            each.cadre = None if each.cadre is None else f"{root}{each.cadre}"
        return lots

    def _opening(self, year: int) -> list[float]:
        """Tell how far the buyer publishes each month: not at all when its platform fails, little in a lockdown."""
        opening = []
        for month in range(1, 13):
            name = f"{year}-{month:02d}"
            silent = self.acheteur.silence and self.acheteur.silence[0] <= name <= self.acheteur.silence[1]
            locked = LOCKDOWN[0] <= name <= LOCKDOWN[1]
            opening.append(0.0 if silent else LOCKDOWN_LEFT if locked else 1.0)
        return opening

    def consultation(self, year: int) -> list[Marche]:
        """Draw one consultation and its contracts: one, or one per lot, and the call-offs of a framework."""
        draw = self.draw
        famille = draw.weighted(self.families, [each.poids[self.acheteur.profil] for each in self.families])
        months = [weight * open_ for weight, open_ in zip(famille.mois, self._opening(year), strict=True)]
        date = draw.day(year, draw.weighted(range(1, 13), months))
        modele = draw.pick(modeles(famille.nom))
        lots = modele.lots if modele.lots and draw.chance(0.6) else ("",)
        framework = draw.chance(famille.accord_cadre)
        amounts = self.amounts(famille, date, len(lots), framework=framework)
        procedure = self.passation.procedure(famille, modele.type_achat, sum(amounts), date)
        shared = len(lots) > 1 and draw.chance(0.13)
        first = self.first(famille, modele, date, procedure)
        contracts = []
        for lot, (name, amount) in enumerate(zip(lots, amounts, strict=True)):
            code = "" if shared or not name else f"-L{lot + 1}"
            objet = draw.pick(LOT_FORMS).format(objet=first.objet, n=lot + 1, lot=name) if name else first.objet
            contracts.append(
                self.lot(replace(first, numero=code, objet=objet, montant=amount), famille, lot, len(lots))
            )
        framed = [self.frame(each, famille) for each in contracts] if framework else []
        return contracts + [call for each in framed if each.modalite != "Bons de commande" for call in self.calls(each)]

    def first(self, famille: Famille, modele: Modele, date: dt.date, procedure: str) -> Marche:
        """Write what the lots of a consultation share."""
        acheteur, draw, award = self.acheteur, self.draw, self.passation
        places = {genre: draw.pick(lieux(acheteur.profil, genre)) for genre in ("site", "voie")}
        recurrent = famille.ccag == "Fournitures courantes et services"
        return Marche(
            acheteur=acheteur,
            siret=acheteur.sirets[draw.chance(0.04)],
            numero="",
            objet=modele.objet.format(an=date.year, **places),
            cpv=modele.cpv,
            procedure=procedure,
            date=date,
            publie=date,
            duree=draw.pick(famille.durees),
            montant=0.0,
            titulaires=[],
            ccag=famille.ccag,
            nature=_nature(famille, modele),
            type_prix="Définitif révisable" if draw.chance(0.8 if recurrent else 0.4) else "Définitif ferme",
            social=award.social(modele.objet, famille),
            environnement=award.environment(date.year),
        )

    def lot(self, marche: Marche, famille: Famille, lot: int, lots: int) -> Marche:
        """Draw the suppliers, bids and publication of a contract."""
        draw, award = self.draw, self.passation
        marche.titulaires, marche.groupement = award.grouped(famille, lot, lots)
        marche.offres = award.offres(famille, marche.procedure, marche.date)
        marche.publie = award.publication(marche.date)
        marche.innovant, marche.avance = draw.chance(0.012), draw.chance(0.42)
        marche.sous_traitance = draw.chance(0.16 if famille.ccag == "Travaux" else 0.02)
        marche.avenants = award.avenants(marche)
        return marche

    def frame(self, marche: Marche, famille: Famille) -> Marche:
        """Make a contract a framework, whose amount is a ceiling; some have several suppliers."""
        several = famille.nom == "energie" or self.draw.chance(0.12)
        marche.plafond, marche.avenants, marche.forme_prix = True, [], "Unitaire"
        marche.modalite = "Marchés subséquents" if several else "Bons de commande"
        if several:
            marche.titulaires = self.passation.titulaires(famille, 0, 1, self.draw.whole(2, 3))
            marche.groupement = "Pas de groupement"
            marche.offres = marche.offres and max(marche.offres, len(marche.titulaires))
        marche.duree = self.draw.weighted((12, 24, 36, 48), (15, 15, 15, 55))
        return marche

    def calls(self, frame: Marche) -> list[Marche]:
        """Draw the call-offs (*marchés subséquents*) of a framework."""
        calls: list[Marche] = []
        date, ceiling = frame.date, float(frame.montant)
        for rank in range(1, self.draw.whole(1, 3) + 1):
            date += dt.timedelta(days=self.draw.whole(40, 260))
            date -= dt.timedelta(days=max(0, date.weekday() - 4))
            if date.year > max(YEARS):
                break
            calls.append(
                replace(
                    frame,
                    numero=f"{frame.numero}S{rank}",
                    objet=f"Marché subséquent n° {rank} – {frame.objet}",
                    date=date,
                    date_ecrite="",
                    publie=self.passation.publication(date),
                    montant=round(ceiling * (0.06 + 0.2 * self.draw.whole(0, 100) / 100), 2),
                    duree=12,
                    plafond=False,
                    modalite="Sans objet",
                    cadre=frame.numero,
                    titulaires=[self.draw.pick(frame.titulaires)],
                    offres=frame.offres and min(frame.offres, len(frame.titulaires)),
                )
            )
        return calls

    def amounts(self, famille: Famille, date: dt.date, lots: int, *, framework: bool) -> list[float]:
        """Draw the amounts of the lots, seldom under the threshold of publication in all."""
        people = min(self.acheteur.population or USUAL_POPULATION, LARGEST_POPULATION)
        median = famille.mediane_eur * (0.55 + 0.45 * people / USUAL_POPULATION) / (lots + 1) * 2
        least = threshold("decp_publication", "", date)
        for _ in range(6):
            drawn = [self.draw.skewed(median, famille.dispersion) for _ in range(lots)]
            if sum(drawn) >= least or self.draw.chance(0.06):
                break
        if framework:
            return [_round(max(amount * 1.6, 5_000.0)) for amount in drawn]
        step = self.draw.pick((1, 1, 1, 100, 1_000))
        return [round(amount, 2) if step == 1 else float(max(1, round(amount / step)) * step) for amount in drawn]


def _nature(famille: Famille, modele: Modele) -> str:
    if not famille.est_concession:
        return "Marché"
    return "Délégation de service public" if modele.objet.startswith("Délég") else "Concession de service"


def _round(amount: float) -> float:
    """Round a ceiling as buyers do."""
    step = 1_000 if amount < 100_000 else 10_000 if amount < 1_000_000 else 50_000
    return float(max(1, round(amount / step)) * step)
