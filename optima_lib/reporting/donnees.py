"""Chapter « Données et limites »: what was published, merged, set aside, and what cannot be concluded."""

from pathlib import PurePosixPath

import pandas as pd

from optima_lib.references import bound
from optima_lib.reporting import french
from optima_lib.reporting.etude import Etude
from optima_lib.reporting.figures import Figure, bars_by_year, heatmap
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Chiffres, Texte

FIELDS = {
    "objet": "Objet",
    "cpv": "Code CPV",
    "procedure": "Procédure",
    "montant_initial_eur": "Montant",
    "classe_montant": "Classe du montant (ferme ou plafond)",
    "duree_mois": "Durée",
    "date_publication": "Date de publication",
    "offres_recues": "Nombre d'offres reçues",
    "nb_titulaires": "Titulaire",
    "a_consideration_sociale": "Considération sociale",
    "a_consideration_environnementale": "Considération environnementale",
}
ANOMALIES = {
    "siret_acheteur_invalide": "SIRET de l'acheteur dont la clé est fausse, gardé tel quel",
    "identifiant_absent": "numéro de marché absent, remplacé par une empreinte du contenu",
    "montant_de_remplissage": "montant de remplissage (un euro, des neufs…), tenu pour manquant",
    "montant_illisible": "montant illisible, tenu pour manquant",
    "date_absente": "date de notification absente",
    "date_illisible": "date de notification illisible, tenue pour manquante",
    "date_impossible": "date de notification impossible, tenue pour manquante",
    "cpv_malforme": "code CPV mal formé, tenu pour manquant",
    "texte_repare": "objet dont les accents étaient abîmés, réparé",
    "texte_perdu": "objet dont une lettre est perdue, signalé",
}
FILES_OF_ONE_KIND_AT_LEAST = 100
MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def chiffres_cles(etude: Etude) -> Chiffres:
    """Key figures: contracts, records, files, years."""
    marches, records = etude.marches, etude.enregistrements
    twice = int((records["sort"] == "doublon").sum())
    published = etude.annees_publiees
    return Chiffres(
        (
            ("Contrats distincts", french.whole(len(marches)), _span(marches)),
            ("Enregistrements lus", french.whole(len(records)), f"dont {french.agree(twice, 'doublon')}"),
            ("Fichiers qui parlent du partenaire", french.whole(len(sources(etude))), "lus et contrôlés"),
            ("Années renseignées", f"{len(published)} sur {len(etude.annees)}", french.years(published) or "aucune"),
        )
    )


def _span(marches: pd.DataFrame) -> str:
    dates = marches["date_notification"].dropna()
    if dates.empty:
        return "aucune date connue"
    return f"notifiés du {french.day(dates.min())} au {french.day(dates.max())}"


def synthese(etude: Etude) -> Texte:
    """What the data are, in two or three sentences that count the holes first."""
    missing = [year for year in etude.annees if year not in etude.annees_publiees]
    first = (
        f"Pour {etude.partner.nom}, les fichiers lus décrivent {french.agree(len(etude.marches), 'contrat')} "
        f"sur la période de {etude.annees[0]} à {etude.annees[-1]}."
    )
    if not missing:
        return Texte((first + " Chaque année de la période y figure.",), _absent_entities(etude))
    gap = (
        f"Aucun contrat n'y est notifié {french.years(missing, when=True)}. Ce n'est pas une absence d'achats : c'est une "
        "absence de données dans les fichiers réunis. Les totaux de la période ne décrivent donc pas toute l'activité."
    )
    return Texte((first, gap), _absent_entities(etude))


def _absent_entities(etude: Etude) -> tuple[str, ...]:
    """Warn of the legal persons of the partner of which nothing was read."""
    if not etude.absents:
        return ()
    names = french.enumerate_words([f"{each.nom} ({each.siren})" for each in etude.absents])
    return (f"Aucun contrat dans les fichiers lus pour {names} : cette étude ne dit rien de ses achats.",)


def figure_annees(etude: Etude) -> Figure:
    """Contracts by year of notification and entity; years without data keep their place."""
    names = {each.siren: each.nom for each in etude.partner.entites}
    counts = etude.marches.groupby(["acheteur_siren", "annee"]).size()
    rows = [(name, year, int(counts.get((siren, year), 0))) for siren, name in names.items() for year in etude.annees]
    frame = pd.DataFrame(rows, columns=["entite", "annee", "marches"])
    totals = frame.groupby("annee")["marches"].sum()
    told = [f"{year} : {french.agree(number, 'contrat')}" for year, number in totals.items()]
    return Figure(
        bars_by_year(frame, "marches", "entite", label="Contrats"),
        "Contrats publiés selon l'année de notification",
        f"Diagramme en barres. {' ; '.join(told)}.",
        "Une année sans barre est une année sans données, et non une année sans achats.",
    )


def figure_mois(etude: Etude) -> Figure:
    """Contracts by month: shows a year that is covered in part only."""
    frame = _by_month(etude)
    return Figure(
        heatmap(frame, write=french.whole, highest=float(frame.max().max() or 1), label=""),
        "Mois de notification des contrats publiés",
        f"Tableau coloré des contrats par année et mois. {' ; '.join(months_told(etude, etude.annees))}.",
        "Case grise : aucun contrat publié ce mois-là.",
    )


def _by_month(etude: Etude) -> pd.DataFrame:
    """Return the number of contracts by year of the period and month; a month without any is missing."""
    dates = pd.to_datetime(etude.marches["date_notification"]).dropna()
    counts = pd.crosstab(dates.dt.year, dates.dt.month)
    frame = counts.reindex(index=etude.annees, columns=range(1, 13)).replace(0, float("nan"))
    frame.columns = pd.Index(MONTHS)
    return frame


def months_told(etude: Etude, annees: list[int]) -> list[str]:
    """Say the first and last month of each year that has contracts."""
    told = []
    for year, row in _by_month(etude).loc[annees].iterrows():
        months = [str(month) for month in row.dropna().index]
        first, last = (months[0], months[-1]) if months else ("", "")
        span = f"de {first} à {last}" if first != last else f"en {first} seulement"
        told.append(f"en {year}, {span} ({french.agree(row.sum(), 'contrat')})" if months else f"en {year}, aucun")
    return told


def sources(etude: Etude) -> pd.DataFrame:
    """Return one row per file on disk: its records, contracts and duplicates about the partner."""
    records = etude.enregistrements.assign(disque=etude.enregistrements["fichier"].map(on_disk))
    kept = records[records["sort"] == "contrat"].groupby("disque")["uid"].nunique()
    table = records.groupby("disque").agg(
        lus=("rang", "size"), doublons=("sort", lambda fates: int((fates == "doublon").sum()))
    )
    return table.assign(contrats=kept).fillna({"contrats": 0}).reset_index()


def on_disk(label: str) -> str:
    """Return the name of the file on disk of a file's label.

    Examples
    --------
    >>> on_disk("decp/lot.zip/dossier/a.json"), on_disk("decp/b.json")
    ('lot.zip', 'b.json')
    """
    parts = PurePosixPath(label).parts
    archive = next((part for part in parts[:-1] if part.endswith(".zip")), None)
    return archive or parts[-1]


def files_of_one_kind(etude: Etude) -> list[tuple[str, str]]:
    """Return the name and the kind of purchase of files that hold that kind only, whoever buys.

    Such a file is an extract and not a sample; a small one may hold one kind by chance.
    """
    files = etude.fichiers[
        (etude.fichiers["nb_types_achat"] == 1) & (etude.fichiers["contrats"] >= FILES_OF_ONE_KIND_AT_LEAST)
    ]
    return [
        (on_disk(str(label)), str(kind).lower())
        for label, kind in zip(files["fichier"], files["type_achat"], strict=True)
    ]


def tableau_sources(etude: Etude) -> Tableau:
    """The files that speak of the partner, and what each brings."""
    columns = {
        "disque": "Fichier",
        "lus": "Enregistrements lus",
        "doublons": "Doublons",
        "contrats": "Contrats décrits",
    }
    frame = sources(etude)[list(columns)].rename(columns=columns)
    return Tableau(
        frame,
        "Ce que chaque fichier dit du partenaire",
        dict.fromkeys(["Enregistrements lus", "Doublons", "Contrats décrits"], french.whole),
        "Un même contrat peut être décrit par plusieurs enregistrements (modifications, cotitulaires) et par "
        "plusieurs fichiers ; il ne compte qu'une fois dans l'étude.",
    )


def tableau_anomalies(etude: Etude) -> Tableau:
    """What was repaired or flagged in the partner's contracts."""
    met = etude.marches["anomalies"].dropna().astype(str).str.split(", ").explode().value_counts()
    rows = [(ANOMALIES.get(str(name), str(name)), int(number)) for name, number in met.items()]
    rows += [("aucune anomalie", int(etude.marches["anomalies"].isna().sum()))]
    frame = pd.DataFrame(rows, columns=["Anomalie relevée", "Contrats"])
    frame["Anomalie relevée"] = frame["Anomalie relevée"].map(lambda text: text[0].upper() + text[1:])
    return Tableau(frame, "Ce qui a été réparé ou signalé", {"Contrats": french.whole})


def remplissage(etude: Etude) -> pd.DataFrame:
    """Return the share of contracts that tell each field, by year that has contracts."""
    told = etude.marches[list(FIELDS)].notna().assign(nb_titulaires=etude.marches["nb_titulaires"] > 0)
    return told.groupby(etude.marches["annee"]).mean().T.rename(index=FIELDS)


def figure_remplissage(etude: Etude) -> Figure:
    """How far each field is filled, by year."""
    frame = remplissage(etude)
    frame.columns = pd.Index([int(year) for year in frame.columns])
    empty = [
        f"{field} ({french.years([int(year) for year in row.index[row == 0]])})"
        for field, row in frame.iterrows() if (row == 0).any()
    ]  # fmt: skip
    least = bound("couverture_comparaison")
    weak = int((frame < least).any(axis=1).sum())
    return Figure(
        heatmap(frame, write=french.percent, highest=1, label=""),
        "Part des contrats où chaque champ est renseigné",
        f"Tableau coloré, un champ par ligne, une année par colonne. {french.agree(weak, 'champ')} sous "
        f"{french.percent(least)} au moins une année. Jamais renseignés : {'; '.join(empty) or 'aucun'}.",
        "Seules figurent les années qui comptent au moins un contrat publié.",
    )
