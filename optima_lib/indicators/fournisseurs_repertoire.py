"""Suppliers (*fournisseurs*): who they are, as the company register tells."""

import narwhals as nw

from optima_lib.indicators.catalogue import indicator
from optima_lib.indicators.depense import CLASS_LIMIT, COMMITTED
from optima_lib.indicators.fournisseurs import FIRM, PART, SHARED, WILSON
from optima_lib.indicators.shapes import EVERY, AmountShare, Count, Shape, Share

NAMED = ~nw.col("titulaire_no").is_null()
MONEY = ("part", "montant_part_eur", "est_engage", "est_de_classe_inconnue")
REGISTER = (
    "Un titulaire absent du répertoire lu, ou dont le répertoire tait la réponse, abaisse la couverture. Chaque contrat "
    "pèse une fois, partagé entre ses cotitulaires."
)
REGISTER_SOURCE = "INSEE, répertoire SIRENE"
SIZE_LIMIT = (
    "La catégorie est celle du groupe auquel l'entreprise appartient, à l'année du répertoire et non à celle du contrat ; "
    "les microentreprises y comptent parmi les petites et moyennes. Les sous-traitants n'y sont pas."
)
LOCAL = (
    "Décrit, et ne se vise pas : préférer une entreprise parce qu'elle est proche est illégal. Un groupe répond parfois par "
    "son siège, parfois par son agence : le lieu publié n'est pas toujours celui qui exécute ; le siège est pris où "
    "l'établissement publié n'est pas au répertoire lu. "
)


def answered_amount(column: str, among: nw.Expr = FIRM) -> Shape:
    """Share of the firm amount, split among suppliers, for which an answer of the supplier holds."""
    answer = nw.col(column)
    known = COMMITTED & ~answer.is_null()
    return AmountShare(hit=answer, known=known, amount=SHARED, among=among, facts="titulaires", weight=PART)


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
    limites=f"{SIZE_LIMIT} {CLASS_LIMIT}",
    source=f"{REGISTER_SOURCE} (catégorieEntreprise) ; Observatoire économique de la commande publique.",
    champs=("est_pme", *MONEY),
)
def part_pme_montant() -> Shape:
    """Share of the firm amount of SMEs."""
    return answered_amount("est_pme")


def enter_share(  # noqa: PLR0913 - one argument per paragraph of the dictionary page
    code: str, column: str, libelle: str, *, what: str, sens: str, limites: str, source: str, among: nw.Expr = EVERY,
    fields: tuple[str, ...] = (), concerned: str = ""
) -> None:  # fmt: skip
    """Enter a share of the contracts, each split among its suppliers, that a supplier's yes-or-no tells."""

    def part() -> Shape:
        """Share of the contracts whose supplier answers yes."""
        return Share(hit=nw.col(column), known=~nw.col(column).is_null(), among=among, facts="titulaires", weight=PART)

    indicator(
        code,
        libelle=libelle,
        unite="part",
        sens=sens,
        formule=f"parts de contrats dont {what} / parts de contrats à la réponse connue",
        methode=f"Contrats dont {what}, rapportés à ceux dont la réponse est connue. {WILSON}",
        exclusions=f"{concerned} {REGISTER}".strip(),
        limites=limites,
        source=source,
        champs=(column, "part", *fields),
    )(part)


CATEGORY = nw.col("categorie")
AREAS = (
    ("", "departement", "le département", CATEGORY.is_null() | ~CATEGORY.is_in(["région"]), "Les régions ne sont pas concernées."),
    (".commune", "commune", "la commune", CATEGORY.is_in(["commune"]), "Seules les communes sont concernées."),
    (".epci", "epci", "l'intercommunalité", CATEGORY.is_in(["commune", "EPCI"]), "Seules les communes et les intercommunalités sont concernées."),
    (".region", "region", "la région", EVERY, ""),
)  # fmt: skip


def _enter_area(suffix: str, level: str, place: str, among: nw.Expr, concerned: str) -> None:
    """Enter the share of the suppliers of an area, in number and in amount."""
    column, code = f"est_meme_{level}", f"F05{suffix}"
    fields = () if level == "region" else ("categorie",)
    source = f"{REGISTER_SOURCE} ; Open Contracting Partnership U036 ; code de la commande publique, L3."
    what = f"le titulaire est établi dans {place} de l'acheteur"
    enter_share(
        code,
        column,
        f"Part des marchés dont {what}",
        what=what,
        sens="aucun",
        limites=LOCAL.strip(),
        source=source,
        among=among,
        fields=fields,
        concerned=concerned,
    )

    def part_montant() -> Shape:
        """Share of the firm amount whose supplier is of the buyer's area."""
        return answered_amount(column, among & FIRM)

    indicator(
        f"{code}.montant",
        libelle=f"Part du montant ferme dont {what}",
        unite="part",
        sens="aucun",
        formule=f"Σ part de montant des titulaires établis dans {place} / Σ part de montant au lieu connu",
        methode="Montants fermes à leur dernier état, répartis à parts égales entre cotitulaires. Bornes : aucun, puis tous les "
        "montants sans réponse.",
        exclusions=f"Les plafonds d'accords-cadres et les concessions. {concerned} {REGISTER}".replace("  ", " "),
        limites=f"{LOCAL}Quelques gros marchés font le résultat. {CLASS_LIMIT}",
        source=source,
        champs=(column, *fields, *MONEY),
    )(part_montant)


for area in AREAS:
    _enter_area(*area)


enter_share(
    "F13",
    "est_jeune",
    "Part des marchés attribués à une entreprise de moins d'un an",
    what="le titulaire a été créé moins d'un an avant la notification",
    sens="aucun",
    limites="Une réorganisation donne un nouveau numéro à une entreprise ancienne. Une création postérieure à la "
    "notification est tenue pour inconnue.",
    source=f"{REGISTER_SOURCE} ; OpenTender (NewCompany) ; Open Contracting Partnership R045.",
)
enter_share(
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
    limites="La mention du répertoire est incomplète : elle dépend d'une déclaration. " + CLASS_LIMIT,
    source=f"{REGISTER_SOURCE} (économieSocialeSolidaire) ; loi 2014-856, art. 1.",
    champs=("est_ess", *MONEY),
)
def part_ess_montant() -> Shape:
    """Share of the firm amount of the social economy."""
    return answered_amount("est_ess")


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
