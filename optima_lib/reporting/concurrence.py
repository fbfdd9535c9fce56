"""Chapter « Concurrence et procédures »: how many answer, how one buys, where amounts stand beside thresholds."""

import pandas as pd

from optima_lib.indicators import seuils
from optima_lib.indicators.measure import measure
from optima_lib.references import bound, reference
from optima_lib.reporting import french, lectures
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.figures import PALETTE, Figure, bars_across, heatmap
from optima_lib.reporting.reperes import tableau_feux, tableau_reperes
from optima_lib.reporting.saillances import ce_qui_ressort
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Chiffres, Liste, Texte

KEY_FIGURES = {
    "C01": "Offre unique",
    "C03.mediane": "Offres par marché (médiane)",
    "C06": "Sans publicité ni mise en concurrence, au-dessus du seuil",
    "P05": "Délai médian de publication",
}
ANSWERS = ("C01", "C02", "C03", "C03.mediane", "C05", "C08")
PROCEDURES = ("C06", "C07", "C14", "P10", "P11", "P12", "T06")
NEAR_THRESHOLDS = ("T01", "T01.formalise", "T02", "T02.formalise", "T03", "T04", "T05", "T06.incertains")
TIMES = ("P01", "P03", "P05", "P05.retard", "P07", "Q03")
LIGHTS = ("C01", "C06", "P03")
ELSEWHERE = ("C01", "C03", "C06", "C14", "P03")
BIDS = ((1, 1, "1 offre"), (2, 2, "2 offres"), (3, 3, "3 offres"), (4, 5, "4 ou 5"), (6, 10, "6 à 10"), (11, None, "11 et plus"))  # fmt: skip
NAMED = {"dispense_publicite_mec": "Dispense de publicité", "formalise_PA_local": "Procédures formalisées"}
SCOPES = {"FS": "fournitures et services", "T": "travaux", "FS+T": "tous"}
NEAR = 0.2
STEP = 0.05


def synthese(etude: Etude) -> Texte:
    """What stands out, in three sentences."""
    return ce_qui_ressort(etude, ("C01", "C03.mediane", "C05", "C06", "C14", "T06"))


def chiffres_cles(etude: Etude) -> Chiffres:
    """Key figures of competition."""
    return lectures.chiffres(etude, KEY_FIGURES)


def figure_offres(etude: Etude) -> Figure:
    """How many answer: contracts put to competition by number of bids, those that do not tell included."""
    called = etude.faits["marches"][etude.faits["marches"]["est_sans_appel"].ne(other=True)]
    offers = called["offres_recues"]
    rows = [(label, int(((offers >= low) & (offers <= (high or offers.max()))).sum())) for low, high, label in BIDS]
    rows.append(("non publié", int(offers.isna().sum())))
    frame = pd.DataFrame(rows, columns=["offres", "marches"])
    frame["groupe"] = ["nombre d'offres publié"] * len(BIDS) + ["nombre d'offres non publié"]
    told = [f"{label} : {french.agree(number, 'marché')}" for label, number in rows]
    shades = (PALETTE[0], PALETTE[-1])
    return Figure(
        bars_across(frame, "offres", "marches", label="Marchés mis en concurrence", palette=shades),
        "Nombre d'offres reçues par marché mis en concurrence",
        f"Diagramme en barres horizontales. {' ; '.join(told)}.",
        "Offres reçues, recevables ou non. « Non publié » : le champ est absent ou porte une valeur de remplissage.",
    )


def tableau_familles(etude: Etude) -> Tableau:
    """How many answer, family by family, where enough contracts tell."""
    names = {row["division"]: row["libelle_court"] for row in reference("cpv_divisions")}
    table = measure(etude.faits, ["C01", "C03.mediane"], by=("division",))
    wide = table.pivot_table(index="division", columns="indicateur", values="valeur", dropna=False)
    facts = table[table["indicateur"] == "C01"].set_index("division")[["effectif", "eligibles"]]
    told = wide.join(facts).dropna(subset=["C01"]).sort_values("effectif", ascending=False).reset_index()
    frame = pd.DataFrame(
        {
            "Famille": told["division"].map(lambda code: names.get(code, code)),
            "Marchés connus": told["effectif"],
            "Marchés concernés": told["eligibles"],
            "Offre unique": told["C01"],
            "Offres (médiane)": told["C03.mediane"],
        }
    )
    formats: dict[str, Format] = {
        "Marchés connus": french.whole,
        "Marchés concernés": french.whole,
        "Offre unique": french.percent,
        "Offres (médiane)": french.decimal,
    }
    least = french.whole(bound("effectif_minimal"))
    return Tableau(
        frame,
        "Offres reçues selon la famille d'achat",
        formats,
        f"Seules figurent les familles dont au moins {least} marchés mis en concurrence ont un nombre d'offres connu.",
    )


def figure_procedures(etude: Etude) -> Figure:
    """How one buys: contracts by procedure and year."""
    marches = etude.marches[etude.marches["annee"].notna()]
    procedure = marches["procedure"].astype(object).fillna("Non publiée").map(_short)
    frame = pd.crosstab(procedure, marches["annee"].astype(int))
    frame = frame.loc[frame.sum(axis=1).sort_values(ascending=False).index]
    told = [f"{name} : {french.agree(row.sum(), 'marché')}" for name, row in frame.iterrows()]
    return Figure(
        heatmap(frame.replace(0, float("nan")), write=french.whole, highest=float(frame.to_numpy().max()), label=""),
        "Les procédures suivies, année par année",
        f"Tableau coloré du nombre de marchés par procédure et par année. {' ; '.join(told)}.",
        "Libellés du schéma de 2022 ; ceux de 2019 y sont ramenés. Case grise : aucun marché.",
    )


def _short(name: str) -> str:
    """Break a long label in two lines."""
    cut = name.rfind(" ", 0, 34)
    return name if len(name) <= 34 or cut < 0 else f"{name[:cut]}\n{name[cut + 1 :]}"


def figure_seuils(etude: Etude) -> Figure:
    """Where amounts stand beside the threshold of formal procedures."""
    facts = etude.faits["marches"]
    sure = facts[facts["seuil_formalise_bas"].eq(facts["seuil_formalise_haut"])]
    ratio = (sure["montant_initial_eur"] / sure["seuil_formalise_bas"]).dropna()
    steps = [round(1 - NEAR + STEP * number, 2) for number in range(round(2 * NEAR / STEP))]
    rows = [
        (_band(low), int(((ratio >= low - 1e-9) & (ratio < low + STEP - 1e-9)).sum()), "sous le seuil" if low < 1 else "au seuil et au-dessus")
        for low in steps
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["bande", "marches", "groupe"])
    told = [f"{band} : {french.agree(number, 'marché')}" for band, number, _ in rows]
    return Figure(
        bars_across(frame, "bande", "marches", label="Marchés"),
        "Les montants au voisinage du seuil des procédures formalisées",
        f"Diagramme en barres horizontales, du plus bas au plus haut. {' ; '.join(told)}.",
        "Montant initial rapporté au seuil en vigueur à sa date, selon le type d'achat. La loi compare au seuil la valeur "
        "estimée du besoin, que les données ne publient pas.",
    )


def _band(low: float) -> str:
    return f"{french.percent(low)} à {french.percent(low + STEP)}"


def tableau_seuils(etude: Etude) -> Tableau:
    """The thresholds in force over the period, with their legal basis."""
    first, last = etude.annees[0], etude.annees[-1]
    spans = _spans([row for row in reference("seuils") if row["seuil"] in NAMED and row["par_defaut"] == "1"])
    rows = [
        (NAMED[row["seuil"]], SCOPES[row["champ"]], float(row["montant_eur_ht"]), _dates(row))
        for row in sorted(spans, key=lambda row: (row["seuil"], row["du"]))
        if row["du"][:4] <= str(last) and (not row["au"] or row["au"][:4] >= str(first))
    ]
    frame = pd.DataFrame(rows, columns=["Seuil", "Achats", "Montant hors taxes", "Consultations lancées"])
    return Tableau(
        frame,
        "Seuils en vigueur sur la période",
        {"Montant hors taxes": french.euros},
        "Code de la commande publique, R2122-8 et L2124-1. Un seuil vaut à la date de lancement de la consultation, que "
        "les données ne publient pas.",
    )


def _spans(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Join the rows of a threshold that follow one another at the same amount."""
    joined: list[dict[str, str]] = []
    for row in sorted(rows, key=lambda row: (row["seuil"], row["champ"], row["du"])):
        last = joined[-1] if joined else None
        same = last and all(last[name] == row[name] for name in ("seuil", "champ", "montant_eur_ht"))
        if last and same and last["au"] and pd.Timestamp(last["au"]) + pd.Timedelta(days=1) == pd.Timestamp(row["du"]):
            joined[-1] = last | {"au": row["au"]}
        else:
            joined.append(row)
    return joined


def lecture_seuils(etude: Etude) -> Texte:
    """How many contracts hang on the launch date, which is not published."""
    number = int(etude.faits["marches"]["depend_du_lancement"].sum())
    if not number:
        return Texte(("Aucun marché n'a un montant situé entre deux seuils que seule la date de lancement départage.",))
    has = "a" if number == 1 else "ont"
    return Texte(
        (
            f"{french.agree(number, 'marché')} {has} un montant situé entre deux seuils que seule la date de lancement, "
            f"non publiée, départage. Elle est cherchée dans les {french.whole(bound('decalage_lancement_mois'))} mois qui "
            "précèdent la notification ; la réponse de ces marchés est tenue pour inconnue.",
        )
    )


def _dates(row: dict[str, str]) -> str:
    start = french.day(pd.Timestamp(row["du"]))
    return f"du {start} au {french.day(pd.Timestamp(row['au']))}" if row["au"] else f"depuis le {start}"


def tableau_reponses(etude: Etude) -> Tableau:
    """The indicators of competition."""
    return lectures.tableau_indicateurs(etude, ANSWERS, "Indicateurs de concurrence")


def tableau_procedures(etude: Etude) -> Tableau:
    """The indicators of procedure."""
    return lectures.tableau_indicateurs(etude, PROCEDURES, "Indicateurs de procédure")


def tableau_voisinage(etude: Etude) -> Tableau:
    """The indicators of amounts beside thresholds."""
    return lectures.tableau_indicateurs(etude, NEAR_THRESHOLDS, "Montants voisins des seuils, et cumuls sur douze mois")


def tableau_delais(etude: Etude) -> Tableau:
    """The indicators of time and of the data themselves."""
    return lectures.tableau_indicateurs(etude, TIMES, "Délais et complétude")


def feux(etude: Etude) -> Tableau:
    """The colours of the European scoreboard."""
    return tableau_feux(etude, LIGHTS)


def valeurs_ailleurs() -> Tableau:
    """Published values elsewhere."""
    return tableau_reperes(ELSEWHERE)


def limites(etude: Etude) -> Liste:
    """What this chapter cannot say."""
    silent = etude.constat("Q03")
    points = [
        (
            "Offres",
            f"Le nombre d'offres n'est publié que depuis le schéma de 2022 ; il manque ici pour {silent.texte} des marchés. "
            "Il compte toutes les offres reçues, recevables ou non.",
        ),
        (
            "Consultations sans suite",
            "Les données ne décrivent que des contrats attribués : les consultations infructueuses ou abandonnées "
            f"n'y sont pas, ni les achats sous les seuils de publication ({seuils.publication_rule()}).",
        ),
        (
            "Régularité",
            "La valeur estimée du besoin et la date de lancement ne sont pas publiées : être proche d'un seuil, "
            "cumuler des achats voisins ou recevoir une seule offre n'établit aucune irrégularité.",
        ),
    ]
    return Liste(tuple(points))


def comment_lire(etude: Etude) -> Liste:  # noqa: ARG001 - the notes are the same for all
    """How to read the figures of this chapter."""
    return lectures.comment_lire((*ANSWERS, *PROCEDURES, *NEAR_THRESHOLDS, *TIMES))
