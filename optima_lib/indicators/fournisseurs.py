"""Suppliers (*fournisseurs*)."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import AmountShare, Count, Distinct, Mean, Shape, Share, Spread
from optima_lib.indicators.spreads import first_shares, herfindahl, normalised
from optima_lib.references import bound

PART = nw.col("part")
SUPPLIERS_AT_LEAST = int(bound("fournisseurs_minimum_concentration"))
NAMED = ~nw.col("titulaire_no").is_null()
SHARED = nw.col("montant_part_eur")
REGISTER = (
    "Un titulaire absent du répertoire lu, ou dont le répertoire tait la réponse, abaisse la couverture. Chaque contrat "
    "pèse une fois, partagé entre ses cotitulaires."
)
REGISTER_SOURCE = "INSEE, répertoire SIRENE"
WILSON = "Intervalle de Wilson à 95 % ; bornes sous les réponses manquantes."
SIZE_LIMIT = (
    "La catégorie est celle du groupe auquel l'entreprise appartient, à l'année du répertoire et non à celle du contrat ; "
    "les microentreprises y comptent parmi les petites et moyennes. Les sous-traitants n'y sont pas."
)


@indicator(
    "F01",
    libelle="Nombre de fournisseurs différents",
    unite="nombre",
    sens="haut",
    methode="Nombre de titulaires différents, reconnus à leur SIREN (à défaut, à l'identifiant publié). Les "
    "cotitulaires d'un groupement comptent chacun.",
    exclusions="Un contrat sans titulaire publié abaisse la couverture et relève la borne haute.",
    limites="Les filiales d'un groupe comptent séparément ; les sous-traitants n'y sont pas.",
    source="Open Contracting Partnership U004.",
    formule="nombre de titulaires différents",
    champs=("titulaire_no", "part"),
)
def nombre_fournisseurs() -> Shape:
    """Count the different suppliers."""
    return Distinct(key="titulaire_no", weight=PART)


@indicator(
    "F07",
    libelle="Concentration des fournisseurs (indice de Herfindahl-Hirschman)",
    unite="indice",
    sens="bas",
    methode="Somme des carrés des parts, en pourcentage, que chaque fournisseur prend dans les montants fermes à leur "
    "dernier état : 10 000 quand un seul fournisseur a tout, 10 000 / n quand n se partagent tout à égalité. Le "
    "montant d'un groupement est réparti à parts égales entre ses membres.",
    exclusions="Les accords-cadres et concessions. Rien n'est calculé sous cinq fournisseurs.",
    limites="Un gros marché de travaux suffit à élever l'indice d'une année. " + CLASS_LIMIT,
    source="Herfindahl-Hirschman ; Open Contracting Partnership R051 ; indicators.md F07 (au moins cinq).",
    formule="Σ (100 s)², s = part d'un fournisseur dans le montant ferme",
    champs=(
        "titulaire_no",
        "part",
        "montant_part_eur",
        "montant_eur",
        "est_engage",
        "est_de_classe_inconnue",
    ),
)
def concentration_fournisseurs() -> Shape:
    """Herfindahl-Hirschman index of firm amounts over suppliers."""
    return Spread(
        key="titulaire_no",
        amount=nw.col("montant_part_eur"),
        weight=PART,
        among=COMMITTED | UNTOLD,
        known=COMMITTED & ~nw.col("montant_eur").is_null(),
        figure=herfindahl,
        keys_at_least=SUPPLIERS_AT_LEAST,
    )


def _enter_first(code: str, first: int, words: str) -> None:
    """Enter the share of the first suppliers."""

    def part() -> Shape:
        """Share of the firm amount that the first suppliers hold."""
        known = COMMITTED & ~nw.col("montant_eur").is_null()
        return Spread(
            key="titulaire_no",
            amount=SHARED,
            weight=PART,
            among=COMMITTED | UNTOLD,
            known=known,
            figure=first_shares(first),
            keys_at_least=SUPPLIERS_AT_LEAST,
        )

    indicator(
        code,
        libelle=f"Part du montant ferme {words}",
        unite="part",
        sens="bas",
        formule=f"Σ montant des {first} premiers fournisseurs / Σ montant ferme" if first > 1
        else "montant du premier fournisseur / Σ montant ferme",
        methode="Montants fermes à leur dernier état ; celui d'un groupement est réparti à parts égales entre ses membres.",
        exclusions="Les accords-cadres et concessions. Rien n'est calculé sous cinq fournisseurs.",
        limites="Un gros marché de travaux suffit à élever la part d'une année. " + CLASS_LIMIT,
        source="Open Contracting Partnership U025, U034 et R040.",
        champs=("titulaire_no", "part", "montant_part_eur", "montant_eur", "est_engage", "est_de_classe_inconnue"),
    )(part)  # fmt: skip


_enter_first("F06", 1, "détenue par le premier fournisseur")
_enter_first("F06.cinq", 5, "détenue par les cinq premiers fournisseurs")
_enter_first("F06.dix", 10, "détenue par les dix premiers fournisseurs")


@indicator(
    "F07.normalise",
    libelle="Concentration des fournisseurs, corrigée de leur nombre",
    unite="part",
    sens="bas",
    formule="(H − 1/N) / (1 − 1/N), H = Σ s², N = nombre de fournisseurs",
    methode="Indice de Herfindahl-Hirschman ramené de 0 (parts égales) à 1 (un seul fournisseur), quel que soit le nombre "
    "de fournisseurs. Montants fermes à leur dernier état, groupements répartis à parts égales.",
    exclusions="Les accords-cadres et concessions. Rien n'est calculé sous cinq fournisseurs.",
    limites="Un gros marché de travaux suffit à élever l'indice d'une année. " + CLASS_LIMIT,
    source="Herfindahl-Hirschman ; Open Contracting Partnership R051.",
    champs=("titulaire_no", "part", "montant_part_eur", "montant_eur", "est_engage", "est_de_classe_inconnue"),
)
def concentration_normalisee() -> Shape:
    """Herfindahl-Hirschman index, corrected for the number of suppliers."""
    return Spread(
        key="titulaire_no",
        amount=SHARED,
        weight=PART,
        among=COMMITTED | UNTOLD,
        known=COMMITTED & ~nw.col("montant_eur").is_null(),
        figure=normalised,
        keys_at_least=SUPPLIERS_AT_LEAST,
    )


@indicator(
    "F02",
    libelle="Part des marchés attribués à une PME au moins",
    unite="part",
    sens="haut",
    formule="contrats dont un titulaire au moins est une PME / contrats dont les titulaires sont connus",
    methode=f"Contrats dont un titulaire au moins est une petite ou moyenne entreprise, rapportés à ceux pour lesquels la "
    f"réponse est connue : un titulaire est une PME, ou tous sont connus et aucun ne l'est. {WILSON}",
    exclusions="Un contrat sans titulaire, ou dont les titulaires ne sont pas au répertoire lu, abaisse la couverture.",
    limites=SIZE_LIMIT,
    source=f"{REGISTER_SOURCE} (catégorieEntreprise, décret 2008-1354) ; Observatoire économique de la commande publique ; "
    "Single Market Scoreboard, indicateur 7.",
    champs=("a_une_pme",),
)
def part_pme() -> Shape:
    """Share of contracts with an SME among the suppliers."""
    return Share(hit=nw.col("a_une_pme"), known=~nw.col("a_une_pme").is_null())


@indicator(
    "F03",
    libelle="Part du montant ferme attribuée aux PME",
    unite="part",
    sens="haut",
    formule="Σ part de montant des PME / Σ part de montant des titulaires de catégorie connue",
    methode="Montants fermes à leur dernier état, répartis à parts égales entre cotitulaires ; part de ceux dont le "
    "titulaire est une petite ou moyenne entreprise. Bornes : aucun, puis tous les montants sans réponse.",
    exclusions=f"Les plafonds d'accords-cadres et les concessions. {REGISTER}",
    limites=SIZE_LIMIT,
    source=f"{REGISTER_SOURCE} (catégorieEntreprise) ; Observatoire économique de la commande publique.",
    champs=("est_pme", "part", "montant_part_eur", "est_engage"),
)
def part_pme_montant() -> Shape:
    """Share of the firm amount of SMEs."""
    small = nw.col("est_pme")
    return AmountShare(
        hit=small, known=~small.is_null(), amount=SHARED, among=COMMITTED, facts="titulaires", weight=PART
    )


def _enter_share(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, column: str, libelle: str, *, what: str, sens: str, limites: str, source: str
) -> None:
    """Enter a share of the contracts, each split among its suppliers, that a supplier's yes-or-no tells."""

    def part() -> Shape:
        """Share of the contracts whose supplier answers yes."""
        return Share(hit=nw.col(column), known=~nw.col(column).is_null(), facts="titulaires", weight=PART)

    indicator(
        code,
        libelle=libelle,
        unite="part",
        sens=sens,
        formule=f"parts de contrats dont {what} / parts de contrats à la réponse connue",
        methode=f"Contrats dont {what}, rapportés à ceux dont la réponse est connue. {WILSON}",
        exclusions=REGISTER,
        limites=limites,
        source=source,
        champs=(column, "part"),
    )(part)


LOCAL = (
    "Décrit, et ne se vise pas : préférer une entreprise parce qu'elle est proche est illégal. Un groupe répond parfois par "
    "son siège, parfois par son agence : le lieu publié n'est pas toujours celui qui exécute."
)
for _code, _column, _place in (
    ("F05", "est_meme_departement", "le département"),
    ("F05.commune", "est_meme_commune", "la commune"),
    ("F05.region", "est_meme_region", "la région"),
):
    _enter_share(
        _code,
        _column,
        f"Part des marchés dont le titulaire est établi dans {_place} de l'acheteur",
        what=f"le titulaire est établi dans {_place} de l'acheteur",
        sens="aucun",
        limites=LOCAL,
        source=f"{REGISTER_SOURCE} ; Open Contracting Partnership U036.",
    )
_enter_share(
    "F12",
    "est_heterogene",
    "Part des marchés tenus par des fournisseurs aux métiers inhabituellement nombreux",
    what="le titulaire l'emporte dans un nombre inhabituel de divisions CPV",
    sens="aucun",
    limites="Centrales d'achat, groupes généralistes et groupements ont de bonnes raisons d'être présents partout. Seuls "
    "les fournisseurs d'au moins vingt contrats de la base sont jugés ; les autres sont sans réponse.",
    source="Cardinal R048 (quartiles de type 8 de Hyndman et Fan).",
)
_enter_share(
    "F13",
    "est_jeune",
    "Part des marchés attribués à une entreprise de moins d'un an",
    what="le titulaire a été créé moins d'un an avant la notification",
    sens="aucun",
    limites="Une réorganisation donne un nouveau numéro à une entreprise ancienne. Une création postérieure à la "
    "notification est tenue pour inconnue.",
    source=f"{REGISTER_SOURCE} ; OpenTender (NewCompany) ; Open Contracting Partnership R045.",
)
_enter_share(
    "F16",
    "est_ess",
    "Part des marchés attribués à l'économie sociale et solidaire",
    what="le titulaire relève de l'économie sociale et solidaire",
    sens="haut",
    limites="La mention du répertoire est incomplète : elle dépend d'une déclaration. L'insertion et le handicap n'y sont "
    "pas tous.",
    source=f"{REGISTER_SOURCE} (économieSocialeSolidaire) ; loi 2014-856, art. 1.",
)


@indicator(
    "F16.montant",
    libelle="Part du montant ferme attribuée à l'économie sociale et solidaire",
    unite="part",
    sens="haut",
    formule="Σ part de montant des titulaires de l'économie sociale et solidaire / Σ part de montant connue",
    methode="Montants fermes à leur dernier état, répartis à parts égales entre cotitulaires.",
    exclusions=f"Les plafonds d'accords-cadres et les concessions. {REGISTER}",
    limites="La mention du répertoire est incomplète : elle dépend d'une déclaration.",
    source=f"{REGISTER_SOURCE} (économieSocialeSolidaire) ; loi 2014-856, art. 1.",
    champs=("est_ess", "part", "montant_part_eur", "est_engage"),
)
def part_ess_montant() -> Shape:
    """Share of the firm amount of the social economy."""
    known = ~nw.col("est_ess").is_null()
    return AmountShare(
        hit=nw.col("est_ess"), known=known, amount=SHARED, among=COMMITTED, facts="titulaires", weight=PART
    )


@indicator(
    "F14",
    libelle="Contrats dont un titulaire a cessé son activité avant le terme",
    unite="nombre",
    sens="bas",
    formule="nombre de couples contrat et titulaire cessé entre la notification et le terme",
    methode="Nombre de titulaires de contrats que le répertoire dit cessés après la notification et avant le terme, durée "
    "et reconductions publiées comprises.",
    exclusions="Un titulaire absent du répertoire, une date de cessation ou une durée inconnues abaissent la couverture.",
    limites="Une cessation peut être une fusion ou un changement de numéro, et non une défaillance. Les procédures "
    "collectives ne sont pas au répertoire.",
    source=f"{REGISTER_SOURCE} (état administratif) ; Open Contracting Partnership R045.",
    champs=("est_cesse_en_cours", "titulaire_no"),
)
def titulaires_cesses() -> Shape:
    """Count the suppliers closed while their contract ran."""
    closed = nw.col("est_cesse_en_cours")
    return Count(hit=closed, known=~closed.is_null(), among=NAMED, facts="titulaires")


@indicator(
    "F08",
    libelle="Concentration moyenne du marché fournisseur sur lequel l'acheteur achète",
    unite="indice",
    sens="bas",
    formule="moyenne, sur les contrats, de l'indice de Herfindahl de leur famille dans la région",
    methode="Pour chaque famille d'achat (trois premiers chiffres du code CPV), l'indice de Herfindahl-Hirschman des "
    "montants fermes de tous les acheteurs de la région présents dans la base ; puis la moyenne sur les contrats de "
    "l'acheteur, titulaire par titulaire. Intervalle de Student à 95 %.",
    exclusions="Une famille de moins de cinq fournisseurs dans la région, un code CPV absent abaissent la couverture.",
    limites="Décrit le marché fournisseur visible dans la base, et non le portefeuille de l'acheteur ; une base partielle "
    "le fait paraître plus concentré.",
    source="Open Contracting Partnership R051 ; Herfindahl-Hirschman.",
    champs=("concentration_famille", "titulaire_no"),
)
def concentration_du_marche() -> Shape:
    """Mean concentration of the supply markets on which the buyer buys."""
    index = nw.col("concentration_famille")
    return Mean(number=index, known=~index.is_null(), among=NAMED, facts="titulaires")


@indicator(
    "F09",
    libelle="Part des familles d'achat qui dépendent d'un seul fournisseur",
    unite="part",
    sens="bas",
    formule="familles où un fournisseur a plus de la moitié du montant / familles d'au moins 1 % du montant",
    methode="Familles d'achat (trois premiers chiffres du code CPV) d'une année dont un fournisseur détient plus de la "
    "moitié du montant ferme, rapportées aux familles qui pèsent au moins 1 % du montant ferme de l'année. Toutes années "
    f"réunies : familles et années mises bout à bout. {WILSON}",
    exclusions="Les accords-cadres, les concessions, les contrats sans code CPV, sans titulaire ou sans montant.",
    limites="Une famille d'un seul contrat dépend par construction de son titulaire : à lire avec le nombre de contrats.",
    source="Open Contracting Partnership R040.",
    champs=("poids", "part_premier"),
)
def familles_dependantes() -> Shape:
    """Share of the families that hang on one supplier."""
    first = nw.col("part_premier")
    among = nw.col("poids") >= bound("poids_famille_minimal")
    return Share(hit=first > bound("part_dependance"), known=~first.is_null(), among=among, facts="familles")


@indicator(
    "F11",
    libelle="Score de partage entre fournisseurs",
    unite="niveau",
    sens="haut",
    formule="moyenne de 100 × (1 − montant du fournisseur / montant de l'acheteur dans l'année)",
    methode="Pour chaque titulaire de chaque contrat, 100 × (1 − part de ce fournisseur dans le montant ferme de l'année) ; "
    "puis la moyenne. 100 : chaque titulaire pèse très peu ; 0 : un seul a tout. Intervalle de Student à 95 %.",
    exclusions="Les contrats sans titulaire, sans date, et les années sans montant ferme abaissent la couverture.",
    limites="Un petit acheteur, qui passe peu de contrats, a mécaniquement un score bas.",
    source="OpenTender, indicateur WinnerCAShare (digiwhist).",
    champs=("score_partage",),
)
def score_de_partage() -> Shape:
    """Mean winner share score."""
    return Mean(number=nw.col("score_partage"), known=~nw.col("score_partage").is_null(), facts="titulaires")


@indicator(
    "F15",
    libelle="Part des marchés attribués à plusieurs titulaires",
    unite="part",
    sens="aucun",
    formule="contrats d'au moins deux titulaires / contrats dont un titulaire est publié",
    methode=f"Contrats qui ont deux titulaires ou plus, rapportés à ceux qui en publient au moins un. {WILSON}",
    exclusions="Un contrat sans titulaire publié abaisse la couverture.",
    limites="Un accord-cadre à plusieurs titulaires et un groupement d'entreprises ne se distinguent pas toujours.",
    source="Open Contracting Partnership R026 ; arrêté du 22 décembre 2022.",
    champs=("nb_titulaires",),
)
def part_cotraitance() -> Shape:
    """Share of contracts of several suppliers."""
    number = nw.col("nb_titulaires")
    return Share(hit=number >= 2, known=number >= 1)


@indicator(
    "F17",
    libelle="Renouvellement des fournisseurs d'une année sur l'autre",
    unite="part",
    sens="aucun",
    formule="1 − fournisseurs communs aux deux années / fournisseurs de l'une ou l'autre",
    methode="Part des fournisseurs d'une année ou de la précédente qui ne sont titulaires que l'une des deux (indice de "
    f"Jaccard). Toutes années réunies : paires d'années mises bout à bout. {WILSON}",
    exclusions="Les années dont la précédente n'est pas publiée ; les contrats sans date ou sans titulaire.",
    limites="Un accord-cadre de plusieurs années garde ses fournisseurs sans nouvelle attribution. Un changement de plateforme "
    "de publication paraît un renouvellement.",
    source="Open Contracting Partnership U032 ; Jaccard (1912).",
    champs=("est_titulaire", "etait_titulaire", "est_suivi"),
)
def renouvellement() -> Shape:
    """Churn of suppliers."""
    both = nw.col("est_titulaire") & nw.col("etait_titulaire")
    return Share(hit=~both, known=nw.col("est_suivi"), among=nw.col("est_suivi"), facts="relations")


_enter_share(
    "F20",
    "est_paire_recurrente",
    "Part des marchés en groupement conclus entre partenaires d'habitude",
    what="le titulaire partage le contrat avec un partenaire d'habitude",
    sens="aucun",
    limites="Travailler souvent ensemble est régulier, et parfois nécessaire. Une paire d'habitude partage au moins trois "
    "contrats de la base, plus que le hasard n'en donnerait ; les contrats d'un seul titulaire sont sans réponse.",
    source="Open Contracting Partnership R053.",
)
declare(
    "F10",
    libelle="Dépendance des fournisseurs envers l'acheteur",
    unite="part",
    sens="bas",
    formule="€ payés au fournisseur / chiffre d'affaires du fournisseur",
    besoins="Les mandats de la collectivité, par fournisseur, et les comptes déposés des entreprises.",
    limites="Le chiffre d'affaires des petites entreprises est rarement public.",
    source="Médiateur des entreprises (seuil d'usage de 25 à 30 %).",
)
declare(
    "F18",
    libelle="Qualité d'exécution des fournisseurs",
    unite="niveau",
    sens="haut",
    formule="moyenne des notes de délai, qualité, sécurité, facturation et responsabilité, contrat par contrat",
    besoins="Les évaluations des services, par deux personnes au moins.",
    limites="L'effet de halo rapproche toutes les notes d'un même fournisseur.",
    source="Open Contracting Partnership R067 ; « qualimétrie » de Saint-Ouen.",
)
declare(
    "F19",
    libelle="Pénalités appliquées, rapportées aux montants exécutés",
    unite="part",
    sens="aucun",
    formule="Σ pénalités / Σ montants exécutés ; contrats avec pénalité / contrats",
    besoins="Les mandats et titres de la collectivité.",
    limites="Une pénalité à laquelle on renonce ne laisse pas de trace.",
    source="Cahiers des clauses administratives générales de 2021.",
)
