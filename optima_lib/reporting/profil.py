"""Chapter « Profil des achats »: what was bought, from whom, how much, how."""

import pandas as pd

from optima_lib.indicators.facts.contracts import CONCESSIONS
from optima_lib.references import reference
from optima_lib.reporting import french, lectures
from optima_lib.reporting.avertissements import extraits, rappels
from optima_lib.reporting.constats import Constat
from optima_lib.reporting.donnees import files_of_one_kind
from optima_lib.reporting.etude import ENSEMBLE, Etude
from optima_lib.reporting.figures import Figure, bars_across
from optima_lib.reporting.names import printable, read_firms
from optima_lib.reporting.tables import Format, Tableau
from optima_lib.reporting.texts import Chiffres, Texte

HOW = ("C01", "C03", "C03.mediane", "C06", "P05", "P05.retard", "Q03")
COMMITTED = ("ferme", "subsequent")
KEY_FIGURES = {
    "S01": "Contrats notifiés",
    "S02": "Montant ferme attribué",
    "S03": "Plafonds d'accords-cadres",
    "F01": "Fournisseurs différents",
}
UNKNOWN = "non publié"


def chiffres_cles(etude: Etude) -> Chiffres:
    """Key figures: contracts, firm amount, ceilings, suppliers."""
    return lectures.chiffres(etude, KEY_FIGURES)


def synthese(etude: Etude) -> Texte:
    """What the partner buys, in a few sentences."""
    kinds = etude.marches["type_achat"].value_counts(normalize=True)
    told = [f"{french.percent(share)} de {str(kind).lower()}" for kind, share in kinds.items()]
    years = french.years(etude.annees_publiees, when=True)
    what = f"Les contrats publiés, notifiés {years}, comptent {french.enumerate_words(told)}." if told else ""
    return Texte(tuple(each for each in (what, etude.constat("S14").phrase()) if each), extraits(etude))


def tableau_montants(etude: Etude) -> Tableau:
    """How much: contracts, firm amounts and ceilings, by entity and year."""
    rows = [
        (label, year, *_amounts(etude, siren, year))
        for siren, label in etude.entites.items()
        for year in [*etude.annees_publiees, None]
    ]
    names = ("Entité", "Année", "Contrats", "Montant ferme", "Plafonds", "Classe non publiée", "Concessions")
    frame = pd.DataFrame(rows, columns=list(names))
    frame["Année"] = frame["Année"].map(lambda year: "période" if pd.isna(year) else str(int(year))).astype(str)
    if len(etude.entites) == 1:
        frame = frame.drop(columns="Entité")
    frame = frame.drop(columns=[name for name in names[5:] if frame[name].isna().all()])
    euros = dict.fromkeys(names[3:], french.euros)
    return Tableau(
        frame,
        "Contrats et montants attribués, en euros hors taxes",
        {"Contrats": french.whole, **euros},
        "Un tiret : aucun montant de cette classe. Montant ferme : marchés ordinaires et subséquents. Plafond : maximum "
        "ou estimation d'un accord-cadre sur toute sa durée ; il ne s'ajoute pas au montant ferme. Classe non publiée : "
        "le fichier ne dit pas si le montant est ferme ou un plafond. La valeur d'une concession est d'une autre nature.",
        total="période",
    )


def _amounts(etude: Etude, siren: str, year: int | None) -> tuple[float | None, ...]:
    """Return the number of contracts, and the amounts firm, of ceilings, of unknown class and of concessions."""
    number, firm, ceilings = (etude.constat(code, siren, year) for code in ("S01", "S02", "S03"))
    marches = etude.marches
    mine = marches if siren == ENSEMBLE else marches[marches["acheteur_siren"] == siren]
    mine = mine if year is None else mine[mine["annee"] == year]
    unclassed = mine[mine["classe_montant"].isna()]
    concession = unclassed["nature"].astype("str").str.startswith(CONCESSIONS)
    others = (unclassed.loc[test, "montant_initial_eur"].sum() or None for test in (~concession, concession))
    return number.eligibles if year is None else number.valeur, _amount(firm), _amount(ceilings), *others


def _amount(constat: Constat) -> float | None:
    """Return the amount; none where no contract is of that class."""
    return constat.valeur if constat.effectif else None


def familles(etude: Etude) -> pd.DataFrame:
    """Return one row per CPV division, the most frequent first, the last ones together.

    Columns: ``famille``, ``type_achat`` (that of the division), ``marches``, ``montant_eur`` (firm, initial).
    """
    names = {row["division"]: (row["libelle_court"], row["type_achat"]) for row in reference("cpv_divisions")}
    marches = etude.marches.assign(
        division=etude.marches["cpv"].str[:2],
        ferme=etude.marches["montant_initial_eur"].where(etude.marches["classe_montant"].isin(COMMITTED)),
    )
    marches["famille"] = marches["division"].map(lambda code: names.get(code, (UNKNOWN, UNKNOWN))[0])
    marches["groupe"] = marches["division"].map(lambda code: names.get(code, (UNKNOWN, UNKNOWN))[1])
    table = marches.groupby(["famille", "groupe"], as_index=False).agg(
        marches=("uid", "size"), montant_eur=("ferme", lambda amounts: amounts.sum(min_count=1))
    )
    table = table.sort_values(["marches", "famille"], ascending=[False, True], ignore_index=True)
    first = etude.partner.parametres.premieres_familles
    others = table[first:]
    if len(others) < 2:
        return table
    rest = pd.DataFrame(
        [[f"Autres ({len(others)} familles)", "Autres", others["marches"].sum(), others["montant_eur"].sum()]],
        columns=table.columns,
    )
    return pd.concat([table[:first], rest], ignore_index=True)


def figure_familles(etude: Etude) -> Figure:
    """What: contracts by CPV division."""
    table = familles(etude)
    told = [
        f"{name} : {french.agree(number, 'contrat')}"
        for name, number in zip(table["famille"], table["marches"], strict=True)
    ]
    return Figure(
        bars_across(table, "famille", "marches", label="Contrats"),
        "Les familles d'achat les plus fréquentes",
        f"Diagramme en barres horizontales, de la famille la plus fréquente à la moins fréquente. {' ; '.join(told)}.",
        "Famille : division du code CPV de l'objet principal. En nombre de contrats, et non en montant. "
        + " ".join(
            f"Attention : le fichier {name} ne contient que des {kind}, dont la part est donc trop forte ici."
            for name, kind in files_of_one_kind(etude)
        ),
    )


def tableau_familles(etude: Etude) -> Tableau:
    """What: number, share and firm amount by CPV division."""
    table = familles(etude)
    frame = pd.DataFrame(
        {
            "Famille": table["famille"],
            "Type": table["groupe"],
            "Contrats": table["marches"],
            "Part": table["marches"] / table["marches"].sum(),
            "Montant ferme": table["montant_eur"],
        }
    )
    formats: dict[str, Format] = {"Contrats": french.whole, "Part": french.percent, "Montant ferme": french.euros}
    return Tableau(frame, "Familles d'achat, en nombre et en montant ferme hors taxes", formats)


def titulaires(etude: Etude) -> pd.DataFrame:
    """Return one row per supplier, the largest firm amount first.

    Columns: ``nom``, ``marches``, ``montant_eur`` (latest, equal share of a consortium's), ``part_montant``.
    """
    kept = ["uid", "montant_eur", "classe_montant", "nb_titulaires"]
    joined = etude.titulaires.merge(etude.marches[kept], on="uid", how="inner", validate="m:1")
    firm = joined["montant_eur"].where(joined["classe_montant"].isin(COMMITTED)) / joined["nb_titulaires"]
    keyed = joined.assign(cle=joined["titulaire_siren"].fillna(joined["titulaire_id"]), montant_eur=firm)
    table = keyed.groupby("cle", as_index=False).agg(
        nom=("titulaire_nom", lambda names: names.dropna().mode().iloc[0] if names.notna().any() else None),
        marches=("uid", "nunique"),
        montant_eur=("montant_eur", lambda amounts: amounts.sum(min_count=1)),
    )
    total = table["montant_eur"].sum()
    firms = read_firms(etude.entreprises)
    named = [
        printable(name if isinstance(name, str) else None, key, firms)
        for name, key in zip(table["nom"], table["cle"], strict=True)
    ]
    table = table.assign(nom=named, part_montant=table["montant_eur"] / total if total else None)
    return table.sort_values(["montant_eur", "marches", "cle"], ascending=[False, False, True], ignore_index=True)


def lecture_titulaires(etude: Etude) -> Texte:
    """From whom: how many suppliers, how far the first ones concentrate the amounts."""
    first = etude.partner.parametres.premiers_titulaires
    share = titulaires(etude).head(first)["part_montant"].sum()
    told = [etude.constat("F01").phrase()]
    concentration = etude.constat("F07")
    told.append(concentration.phrase())
    if concentration.valeur:
        alike = french.agree(10_000 / concentration.valeur, "fournisseur")
        told[-1] += f" C'est la concentration qu'auraient {alike} de même poids."
        told.append(
            f"Les {first} premiers titulaires réunissent {french.percent(share)} du montant ferme ; le premier, "
            f"{french.percent(titulaires(etude)['part_montant'].iloc[0])}."
        )
    return Texte(tuple(told), rappels(etude))


def tableau_titulaires(etude: Etude) -> Tableau:
    """From whom: the suppliers that hold most, by firm amount."""
    table = titulaires(etude).head(etude.partner.parametres.premiers_titulaires)
    columns = {
        "nom": "Titulaire",
        "marches": "Contrats",
        "montant_eur": "Montant ferme",
        "part_montant": "Part du montant",
    }
    formats: dict[str, Format] = {
        "Contrats": french.whole,
        "Montant ferme": french.euros,
        "Part du montant": french.percent,
    }
    return Tableau(
        table[list(columns)].rename(columns=columns),
        "Les premiers titulaires, par montant ferme hors taxes",
        formats,
        "Le montant d'un groupement est réparti à parts égales entre ses membres. Un tiret : aucun montant ferme "
        "connu. Le nom d'une personne physique, ou d'une entreprise qui s'oppose à la diffusion, n'est pas imprimé.",
    )


def figure_procedures(etude: Etude) -> Figure:
    """How: contracts by procedure."""
    counts = etude.marches["procedure"].astype(object).fillna(UNKNOWN.capitalize()).value_counts()
    frame = counts.rename_axis("procedure").reset_index(name="marches")
    frame["procedure"] = frame["procedure"].map(_wrap)
    told = [f"{name} : {french.agree(number, 'contrat')}" for name, number in counts.items()]
    return Figure(
        bars_across(frame, "procedure", "marches", label="Contrats"),
        "Les procédures suivies",
        f"Diagramme en barres horizontales. {' ; '.join(told)}.",
        "Libellés du schéma de 2022 ; ceux de 2019 y sont ramenés.",
    )


def _wrap(text: str, width: int = 38) -> str:
    """Break a long label in two lines."""
    cut = text.rfind(" ", 0, width)
    return text if len(text) <= width or cut < 0 else f"{text[:cut]}\n{text[cut + 1 :]}"


def tableau_indicateurs(etude: Etude) -> Tableau:
    """How: the indicators of competition, time and data, with what each rests on."""
    return lectures.tableau_indicateurs(etude, HOW, "Concurrence, délais et qualité des données")


def lecture_concurrence(etude: Etude) -> Texte:
    """What the indicators of competition say, in sentences."""
    return Texte(lectures.phrases(etude, ("C01", "C03", "C06", "P05")).paragraphes, rappels(etude))
