"""Red flags that bids tell, where they are published (OCDS, opening reports): questions, never verdicts."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.shapes import Quantile, Ratio, Shape, Share
from optima_lib.references import reference

QUESTION = "Un signal est une question à poser, jamais un constat d'irrégularité."
NEEDED = "Les données essentielles ne publient pas les offres : il faut un fichier OCDS qui les détaille, ou les procès-verbaux d'ouverture des plis."
EXCLUSIONS = (
    "Les contrats sans publicité ni mise en concurrence. Un contrat dont les offres ne sont pas publiées, ou dont une "
    "offre manque de ce que la règle compare, abaisse la couverture : il n'est pas réputé sans signal. Les offres de "
    "plusieurs lots ne sont pas comparées entre elles."
)
CARDINAL = "Cardinal compte sans signal ce qu'il ne peut juger ; ici, la réponse est alors inconnue."
TWO = 2  # bids to compare
CALLED = ~nw.col("est_sans_appel") | nw.col("est_sans_appel").is_null()
OPEN = tuple(row["procedure"] for row in reference("procedures_ocds") if row["methode"] in {"open", "selective"})


def _unless(outside: nw.Expr) -> nw.Expr:
    """Leave out the contracts of which a rule surely says nothing; those of which it is not known stay."""
    return CALLED & (~outside | outside.is_null())


SUBMITTED, SET_ASIDE = nw.col("offres_deposees"), nw.col("offres_ecartees")
WITH_GAP = _unless(nw.col("est_ecart_sans_objet"))
NO_GAP = (
    "Sans objet, et non compté : un seul soumissionnaire recevable, plusieurs soumissionnaires retenus, une offre "
    "retenue qui n'est pas la moins chère."
)


def _share(flag: str, among: nw.Expr = CALLED) -> Share:
    """Share of the contracts put to competition that bear a flag."""
    return Share(hit=nw.col(flag), known=~nw.col(flag).is_null(), among=among)


declare(
    "I01",
    libelle="Part des consultations au délai de remise court",
    unite="part",
    sens="bas",
    formule="consultations de moins de 15 jours / consultations aux deux dates connues",
    besoins="Les dates d'ouverture et de clôture des consultations. Les avis de publicité les donnent : voir P02 ; un "
    "fichier OCDS aussi : voir « optima flags » (R003).",
    limites=f"Un délai court peut être légal. {QUESTION}",
    source="Cardinal R003 ; Open Contracting Partnership R003.",
)


@indicator(
    "I02",
    libelle="Part des procédures ouvertes ou sélectives à offre unique",
    unite="part",
    sens="bas",
    methode="Contrats de procédure ouverte ou sélective ayant reçu une seule offre, rapportés à ceux dont le nombre d'offres "
    "est connu. La méthode est lue de la procédure publiée, selon la liste de l'OCDS. Intervalle de Wilson "
    "à 95 %.",
    exclusions="Les procédures sans publicité, et celles qui ne sont pas publiées. Un nombre d'offres inconnu abaisse la "
    "couverture.",
    limites=f"Plus étroit que C01, qui retient aussi les procédures non publiées. {QUESTION}",
    source="Cardinal R018 ; Open Contracting Partnership R018.",
    formule="contrats à une offre / contrats ouverts ou sélectifs au nombre d'offres connu",
    champs=("procedure", "offres_recues"),
)
def part_offre_unique_ouverte() -> Shape:
    """Share of open or selective procedures that drew one bid."""
    offers = nw.col("offres_recues")
    among = nw.col("procedure").cast(nw.String).is_in(OPEN)
    return Share(hit=offers == 1, known=~offers.is_null(), among=among)


@indicator(
    "I03",
    libelle="Part des contrats dont la deuxième offre est anormalement proche de l'offre retenue",
    unite="part",
    sens="bas",
    methode="Écart entre la deuxième offre recevable et l'offre retenue, rapporté à celle-ci. Signalé sous la clôture basse de "
    "Tukey des logarithmes de tous les écarts de la base (quartiles de type 8). Intervalle de Wilson à 95 %.",
    exclusions=f"{EXCLUSIONS} {NO_GAP}",
    limites="Cardinal place la clôture sur les écarts eux-mêmes : elle tombe presque toujours sous zéro et ne signale "
    f"rien. {CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R024 ; Open Contracting Partnership R024 ; Tukey (1977).",
    formule="contrats à l'écart sous la clôture basse / contrats à l'écart connu",
    champs=("est_sans_appel", "est_ecart_sans_objet", "est_prix_proche"),
)
def part_prix_proches() -> Shape:
    """Share of contracts whose second price is very near the first."""
    return _share("est_prix_proche", WITH_GAP)


@indicator(
    "I03.ecart",
    libelle="Écart médian entre la deuxième offre et l'offre retenue",
    unite="part",
    sens="aucun",
    methode="Médiane de l'écart entre la deuxième offre recevable et l'offre retenue, rapporté à celle-ci (type 7 de Hyndman "
    "et Fan). Intervalle par statistiques d'ordre, 95 % au moins.",
    exclusions=f"{EXCLUSIONS} {NO_GAP}",
    limites=f"Un écart faible peut dire un marché mûr, un écart fort une estimation difficile. {NEEDED}",
    source="Cardinal R024 et R058.",
    formule="médiane de (deuxième prix − prix retenu) / prix retenu",
    champs=("est_sans_appel", "est_ecart_sans_objet", "ecart_prix"),
)
def ecart_median_prix() -> Shape:
    """Median gap between the two lowest prices."""
    return Quantile(number="ecart_prix", known=~nw.col("ecart_prix").is_null(), among=WITH_GAP)


declare(
    "I04",
    libelle="Part des offres de soumissionnaires qui perdent anormalement souvent",
    unite="part",
    sens="aucun",
    formule="offres de soumissionnaires sous la clôture basse de la part de succès / offres recevables",
    besoins="Les offres de tout un marché, soumissionnaire par soumissionnaire : la règle juge un soumissionnaire, et non un "
    "acheteur. « optima flags » (R025) la calcule sur un fichier OCDS.",
    limites=f"Perdre souvent peut dire une entreprise jeune ou mal ciblée. {QUESTION}",
    source="Cardinal R025 ; Open Contracting Partnership R025.",
)


@indicator(
    "I05",
    libelle="Part des contrats dont deux soumissionnaires ont remis le même prix",
    unite="part",
    sens="bas",
    methode="Contrats dont deux offres déposées pour un même lot par des soumissionnaires différents ont le même montant, "
    "rapportés aux contrats d'au moins deux offres toutes chiffrées. Deux prix identiques suffisent, même si d'autres "
    "manquent. Intervalle de Wilson à 95 %.",
    exclusions=f"{EXCLUSIONS} Sans objet, et non compté : moins de deux offres.",
    limites="Un prix imposé (livre, tarif réglementé) ou un budget annoncé rend des prix égaux sans entente. "
    f"{CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R028 ; Open Contracting Partnership R028.",
    formule="contrats à prix identiques / contrats d'au moins deux offres chiffrées",
    champs=("est_sans_appel", "offres_deposees", "a_prix_identiques"),
)
def part_prix_identiques() -> Shape:
    """Share of contracts with the same price twice."""
    return _share("a_prix_identiques", _unless(SUBMITTED < TWO))


@indicator(
    "I06",
    libelle="Part des contrats dont l'offre retenue est datée d'après l'heure limite",
    unite="part",
    sens="bas",
    methode="Contrats dont toutes les offres d'un soumissionnaire retenu sont datées d'après la clôture de la consultation, "
    "rapportés à ceux dont les deux moments sont connus. Une clôture à minuit est un jour sans heure, qui dure jusqu'à sa "
    "fin. Intervalle de Wilson à 95 %.",
    exclusions=EXCLUSIONS,
    limites="Une limite reportée et non republiée, ou une heure sans fuseau, font paraître tardive une offre à l'heure : "
    f"des moments avec et sans fuseau ne sont pas comparés. {CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R030 ; Open Contracting Partnership R030 ; code de la commande publique, R2151-5 (offres tardives).",
    formule="contrats à l'offre retenue tardive / contrats aux moments connus",
    champs=("est_sans_appel", "est_retenue_hors_delai"),
)
def part_retenue_hors_delai() -> Shape:
    """Share of contracts won by a late bid."""
    return _share("est_retenue_hors_delai")


@indicator(
    "I07",
    libelle="Part des contrats dont toutes les offres sauf celle retenue ont été écartées",
    unite="part",
    sens="bas",
    methode="Contrats où un seul soumissionnaire, retenu, garde une offre recevable et où l'offre d'un autre au moins est "
    "écartée, rapportés à ceux dont l'offre retenue et le sort des autres sont connus. Intervalle de Wilson à 95 %.",
    exclusions=EXCLUSIONS,
    limites=f"Des offres peuvent être toutes irrégulières. {CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R035 ; Open Contracting Partnership R035.",
    formule="contrats à une seule offre restante / contrats à l'offre retenue connue",
    champs=("est_sans_appel", "est_seule_recevable"),
)
def part_seule_recevable() -> Shape:
    """Share of contracts in which all but the winner were set aside."""
    return _share("est_seule_recevable")


@indicator(
    "I08",
    libelle="Part des contrats dont l'offre la moins chère a été écartée",
    unite="part",
    sens="aucun",
    methode="Contrats où une offre écartée est strictement moins chère que toutes les offres recevables, rapportés à ceux qui "
    "ont une offre écartée, une offre recevable et tous leurs prix. Intervalle de Wilson à 95 %.",
    exclusions=f"{EXCLUSIONS} Sans objet, et non compté : aucune offre écartée, ou aucune recevable.",
    limites="N'étonne que si le prix est le seul critère, ce que les offres ne disent pas ; une offre anormalement basse doit "
    f"être écartée (L2152-6). {CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R036 ; Open Contracting Partnership R036.",
    formule="contrats à la moins-disante écartée / contrats comparables",
    champs=("est_sans_appel", "offres_deposees", "offres_ecartees", "a_moins_disante_ecartee"),
)
def part_moins_disante_ecartee() -> Shape:
    """Share of contracts whose lowest bid was set aside."""
    nothing = (SET_ASIDE == 0) | (SET_ASIDE == SUBMITTED)
    return _share("a_moins_disante_ecartee", _unless(nothing))


@indicator(
    "I09",
    libelle="Part des offres écartées",
    unite="part",
    sens="aucun",
    methode="Offres écartées rapportées aux offres déposées, contrats mis en concurrence. Aucun intervalle : les offres d'une "
    "consultation ne sont pas indépendantes.",
    exclusions=EXCLUSIONS,
    limites="Cardinal signale les acheteurs au-dessus d'une clôture de tout le marché ; ici la part elle-même est donnée, à "
    f"comparer entre pairs. Les offres d'un lot à plusieurs contrats comptent dans chacun. {NEEDED} {QUESTION}",
    source="Cardinal R038 ; Open Contracting Partnership R038.",
    formule="Σ offres écartées / Σ offres déposées",
    champs=("est_sans_appel", "offres_ecartees", "offres_deposees"),
)
def part_offres_ecartees() -> Shape:
    """Share of the bids that were set aside."""
    return Ratio(above=SET_ASIDE, below=SUBMITTED, known=~SET_ASIDE.is_null(), among=CALLED)


@indicator(
    "I10",
    libelle="Part des contrats dont la deuxième offre est anormalement éloignée de l'offre retenue",
    unite="part",
    sens="bas",
    methode="Écart entre la deuxième offre recevable et l'offre retenue, rapporté à celle-ci. Signalé au-dessus de la clôture "
    "haute de Tukey des logarithmes de tous les écarts de la base (quartiles de type 8). Intervalle de Wilson à 95 %.",
    exclusions=f"{EXCLUSIONS} {NO_GAP}",
    limites="Cardinal place la clôture sur les écarts eux-mêmes, étalés vers le haut : elle signale alors plusieurs "
    f"contrats sur cent. {CARDINAL} {NEEDED} {QUESTION}",
    source="Cardinal R058 ; Open Contracting Partnership R058 ; Tukey (1977).",
    formule="contrats à l'écart au-dessus de la clôture haute / contrats à l'écart connu",
    champs=("est_sans_appel", "est_ecart_sans_objet", "est_prix_eloigne"),
)
def part_prix_eloignes() -> Shape:
    """Share of contracts whose second price is far above the first."""
    return _share("est_prix_eloigne", WITH_GAP)
