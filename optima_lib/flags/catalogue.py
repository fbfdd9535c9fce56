"""The flags: what each looks at, and in what the mode ``optima`` differs from Cardinal.

A page of the dictionary is written from these entries. A flag is named by what the data prove, and is a question to
put to the buyer, never a verdict.
"""

from dataclasses import dataclass

SOURCE = "Open Contracting Partnership, Cardinal (open-contracting/cardinal-rs), docs/cli/indicators/R/{}"
ABOUT_PRICES = "Suppose le prix seul critère ; demande les prix de toutes les offres (procès-verbal d'ouverture)."


@dataclass(frozen=True)
class Flag:
    """A flag.

    Attributes
    ----------
    code : str
        Code of the suite's catalogue.
    cardinal : str
        Code of Cardinal, under which it stands in the results.
    libelle : str
        French label.
    unite : str
        What is flagged.
    regle : str
        The rule of Cardinal.
    difference : str
        What the mode ``optima`` does otherwise, and why.
    limites : str
        What the flag does not say.
    source : str
        Where the definition comes from.
    """

    code: str
    cardinal: str
    libelle: str
    unite: str
    regle: str
    difference: str
    limites: str

    @property
    def source(self) -> str:
        """Return where the definition comes from."""
        return SOURCE.format(self.cardinal[1:])


FLAGS: tuple[Flag, ...] = (
    Flag(
        "I01",
        "R003",
        "Délai de remise des offres court",
        "consultation",
        "La période de remise compte moins de 15 jours entiers, ou moins que le seuil de la procédure.",
        "Une période absente, illisible ou finissant avant son début est « données insuffisantes » : la lire comme "
        "une absence d'alerte serait une erreur. Une date sans heure est lue.",
        "Une urgence justifiée ou un minimum légal plus court explique un délai court.",
    ),
    Flag(
        "I02",
        "R018",
        "Un seul soumissionnaire",
        "consultation",
        "Le nombre de soumissionnaires vaut 1 dans une procédure ouverte ou sélective.",
        "Où le nombre n'est pas dit (ou vaut 0), les soumissionnaires des offres remises sont comptés : Cardinal ne "
        "lit que le nombre et tient l'absence pour une absence d'alerte. Un statut d'offre absent, ou plus de "
        "soumissionnaires dans les offres que le nombre dit, sont « données insuffisantes ».",
        "Un marché étroit n'a parfois qu'un fournisseur ; un fichier qui ne donne que l'offre retenue, sans nombre, "
        "paraît n'en avoir qu'un.",
    ),
    Flag(
        "I03",
        "R024",
        "Deuxième prix très proche du prix retenu",
        "consultation ou lot, gagnant et deuxième",
        "(deuxième − gagnant) / gagnant ≤ Q1 − 1,5 (Q3 − Q1) des écarts, si cette clôture est positive.",
        "La clôture est posée sur les logarithmes des écarts positifs puis ramenée à un écart : les écarts étant "
        "étalés à droite, la clôture de Cardinal est presque toujours négative et ne peut rien signaler. L'écart doit "
        "aussi être sous le premier quartile ; rien n'est signalé si un quart des écarts est nul, ou s'il y a moins "
        "de 10 écarts. Les lots sont comparés à part, un groupement compte pour un, chaque consultation dans sa "
        "monnaie ; une offre valable sans prix laisse la consultation sans réponse.",
        ABOUT_PRICES,
    ),
    Flag(
        "I04",
        "R025",
        "Soumissionnaire assidu qui ne gagne presque jamais",
        "soumissionnaire",
        "Offres gagnées / offres valables ≤ Q1 − 1,5 (Q3 − Q1), pour les soumissionnaires au-dessus du 75e centile "
        "du nombre d'offres valables.",
        "Les quartiles sont ceux des soumissionnaires d'au moins 10 offres valables : le taux d'une offre unique vaut "
        "0 ou 1 et rend la clôture négative. Les lots et les membres de groupements comptent.",
        "Perdre souvent n'est pas une faute ; la clôture reste négative quand les taux sont très dispersés : les "
        "soumissionnaires sont alors « données insuffisantes ».",
    ),
    Flag(
        "I05",
        "R028",
        "Prix identiques de soumissionnaires différents",
        "consultation ou lot, soumissionnaires",
        "Deux soumissionnaires différents ont remis des offres au même prix, dans la même monnaie.",
        "Seules les offres d'un même lot sont comparées ; un montant nul ou négatif n'est pas un prix.",
        "Un prix fixé ou réglementé est le même pour tous : le dire dans no_price_comparison_procurement_methods.",
    ),
    Flag(
        "I06",
        "R030",
        "Offre retenue reçue après l'heure limite",
        "consultation ou lot, titulaire",
        "Une offre valable reçue après la date limite, d'un soumissionnaire titulaire d'une attribution active.",
        "Les instants sont comparés, non leur écriture (un fuseau horaire différent trompe Cardinal) ; un titulaire "
        "dont une offre valable est à l'heure n'est pas signalé ; une date absente est « données insuffisantes ».",
        "Une prolongation de la date limite non publiée donne la même trace.",
    ),
    Flag(
        "I07",
        "R035",
        "Toutes les autres offres écartées",
        "consultation ou lot, titulaire",
        "Un seul soumissionnaire a des offres valables, il a toutes les attributions actives, et au moins un autre "
        "a été écarté. La valeur est le nombre des autres.",
        "Les lots sont examinés à part et un groupement compte pour un ; une offre sans statut ou sans nom, ou une "
        "attribution en attente, est « données insuffisantes ».",
        "Des offres irrégulières peuvent l'être toutes pour de bonnes raisons.",
    ),
    Flag(
        "I08",
        "R036",
        "Offre la plus basse écartée",
        "consultation ou lot",
        "L'offre remise la plus basse est écartée, alors qu'il y a une attribution et une offre valable.",
        "L'offre écartée doit être strictement la plus basse : à prix égal, la réponse de Cardinal dépend de l'ordre "
        "des offres. Une offre sans prix laisse la consultation sans réponse.",
        ABOUT_PRICES,
    ),
    Flag(
        "I09",
        "R038",
        "Part élevée d'offres écartées",
        "acheteur, entité adjudicatrice, soumissionnaire",
        "Offres écartées / offres remises ≥ Q3 + 1,5 (Q3 − Q1), à partir de 2 offres.",
        "Au moins 10 offres par soumissionnaire et 10 consultations par acheteur (Cardinal compte des offres sous "
        "ce nom) : une part sur une ou deux offres vaut souvent 100 %. La part doit dépasser Q3 : si toutes sont "
        "égales, aucune n'est à part.",
        "Des cahiers des charges plus exigeants écartent plus d'offres.",
    ),
    Flag(
        "I10",
        "R058",
        "Prix retenu très au-dessous du deuxième",
        "consultation ou lot, gagnant",
        "(deuxième − gagnant) / gagnant ≥ Q3 + 1,5 (Q3 − Q1) des écarts.",
        "Même clôture sur les logarithmes que R024 : sur des écarts étalés à droite, celle de Cardinal signale trop ; "
        "et si tous les écarts sont égaux, elle les signale tous.",
        ABOUT_PRICES,
    ),
    Flag(
        "F12",
        "R048",
        "Titulaire de domaines très variés",
        "titulaire",
        "Nombre de divisions de nomenclature attribuées ≥ Q3 + 1,5 (Q3 − Q1), à partir de 20 consultations.",
        "Le nombre doit dépasser Q3 (si tous ont une division, Cardinal les signale tous) ; au moins 10 titulaires.",
        "Une centrale d'achat, un groupement ou une entreprise générale est varié par nature.",
    ),
)
