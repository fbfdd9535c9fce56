"""Data quality: records, identifiers, modifications, ceilings, freshness (*qualité des données*, the source)."""

import narwhals as nw

from optima_lib.indicators.catalogue import declare, indicator
from optima_lib.indicators.depense import AMOUNT, CEILING, CLASS_LIMIT, COMMITTED, UNTOLD
from optima_lib.indicators.shapes import EVERY, AmountShare, Extreme, Shape, Share

PART = nw.col("part")


@indicator(
    "Q01",
    libelle="Part des enregistrements en double",
    unite="part",
    sens="bas",
    methode="Enregistrements lus qui répètent mot pour mot un autre enregistrement du même contrat, rapportés à tous les "
    "enregistrements lus qui parlent des contrats de l'acheteur. Intervalle de Wilson à 95 %.",
    exclusions="Les enregistrements écartés, qui ne nomment pas d'acheteur (Q09).",
    limites="Un double vient souvent de la réunion des fichiers, et non de l'acheteur : il ne compte qu'une fois dans "
    "tous les autres indicateurs. Deux enregistrements du même contrat qui diffèrent ne sont pas des doubles.",
    source="decp-processing (doublons entre sources) ; French-public-procurement-observatory.",
    formule="enregistrements en double / enregistrements lus",
    champs=("est_doublon",),
)
def part_doublons() -> Shape:
    """Share of raw records that repeat another."""
    return Share(hit=nw.col("est_doublon"), known=~nw.col("est_doublon").is_null(), facts="enregistrements")


@indicator(
    "Q01.plusieurs",
    libelle="Part des marchés décrits par plusieurs fichiers",
    unite="part",
    sens="aucun",
    methode="Contrats qu'au moins deux fichiers décrivent, rapportés à tous les contrats. Intervalle de Wilson à 95 %.",
    exclusions="Un contrat dont le nombre de fichiers n'est pas connu abaisse la couverture.",
    limites="Dépend des fichiers réunis. Plusieurs fichiers se complètent autant qu'ils se répètent.",
    source="decp-processing (doublons entre sources).",
    formule="contrats de deux fichiers ou plus / contrats",
    champs=("nb_fichiers",),
)
def part_plusieurs_fichiers() -> Shape:
    """Share of contracts that several files describe."""
    return Share(hit=nw.col("nb_fichiers") > 1, known=~nw.col("nb_fichiers").is_null())


@indicator(
    "Q01.possibles",
    libelle="Part des marchés qui pourraient être un autre marché publié sous un second numéro",
    unite="part",
    sens="bas",
    methode="Contrats qui ont l'acheteur, le jour, le montant et les titulaires d'un contrat publié sous un autre "
    "numéro, rapportés à tous les contrats. Intervalle de Wilson à 95 %.",
    exclusions="Un contrat dont la ressemblance n'a pas été cherchée abaisse la couverture.",
    limites="Deux lots égaux attribués le même jour à la même entreprise y sont aussi : ces contrats sont montrés, et "
    "jamais réunis.",
    source="docs/lots.md ; French-public-procurement-observatory (clé de dédoublonnage).",
    formule="contrats semblables sous deux numéros / contrats",
    champs=("double_possible",),
)
def part_doubles_possibles() -> Shape:
    """Share of contracts that may be another under a second number."""
    return Share(hit=nw.col("double_possible"), known=~nw.col("double_possible").is_null())


@indicator(
    "Q02",
    libelle="Part des marchés dont le SIRET de l'acheteur est faux",
    unite="part",
    sens="bas",
    methode="Contrats dont le SIRET publié de l'acheteur n'a pas quatorze chiffres ou ne passe pas la clé de contrôle "
    "(celle de La Poste à part), rapportés à tous les contrats. Intervalle de Wilson à 95 %.",
    exclusions="Les enregistrements sans acheteur, écartés (Q09).",
    limites="Le contrat reste rattaché aux neuf premiers chiffres publiés. Une clé juste ne dit pas que le SIRET est "
    "celui de l'acheteur.",
    source="INSEE, répertoire Sirene (clé de Luhn, exception de La Poste) ; Single Market Scoreboard, indicateur 12.",
    formule="contrats au SIRET d'acheteur faux / contrats",
    champs=("est_siret_acheteur_invalide",),
)
def part_siret_faux() -> Shape:
    """Share of contracts whose buyer's SIRET fails its check."""
    return Share(hit=nw.col("est_siret_acheteur_invalide"), known=EVERY)


@indicator(
    "Q02.fournisseurs",
    libelle="Part des titulaires dont le SIRET est faux",
    unite="part",
    sens="bas",
    methode="Titulaires dont l'identifiant est donné pour un SIRET et dont on ne lit aucun SIREN à la clé juste, "
    "rapportés aux titulaires dont l'identifiant est ou devrait être un SIRET. Un contrat compte une fois, partagé entre "
    "ses cotitulaires. Intervalle de Wilson à 95 %.",
    exclusions="Les identifiants étrangers et d'outre-mer ne sont pas concernés. Un contrat sans titulaire publié, un "
    "identifiant dont ni le genre ni la forme ne se lisent abaissent la couverture.",
    limites="La clé contrôlée est celle du SIREN ; les cinq derniers chiffres ne le sont pas.",
    source="INSEE, répertoire Sirene (clé de Luhn) ; Single Market Scoreboard, indicateur 12.",
    formule="titulaires au SIRET faux / titulaires identifiés par un SIRET",
    champs=("est_siret_attendu", "est_siret_invalide", "part"),
)
def part_siret_titulaire_faux() -> Shape:
    """Share of suppliers whose SIRET fails its check."""
    expected = nw.col("est_siret_attendu")
    return Share(
        hit=nw.col("est_siret_invalide"),
        known=~expected.is_null(),
        among=expected.is_null() | expected,
        weight=PART,
        facts="titulaires",
    )


@indicator(
    "Q07",
    libelle="Part des marchés modifiés dont les modifications sont douteuses",
    unite="part",
    sens="bas",
    methode="Contrats modifiés dont un montant modifié ne dépasse pas la moitié du montant initial (il peut être la "
    "hausse seule ou le nouveau total), ou dont les dates reculent ou précèdent la notification, rapportés aux contrats "
    "modifiés où ces contrôles ont pu se faire. Intervalle de Wilson à 95 %.",
    exclusions="Les contrats sans modification publiée. Un montant initial ou une date manquants abaissent la "
    "couverture, sauf si un autre contrôle trouve un défaut.",
    limites="Une vraie baisse de moitié y est aussi. Une hausse de plus de moitié, permise dans de rares cas, passe pour "
    "un total.",
    source="Code de la commande publique, R2194-3 (hausse limitée à 50 %) ; decp-processing n° 156.",
    formule="contrats aux modifications douteuses / contrats modifiés contrôlables",
    champs=("nb_modifications", "a_modification_douteuse"),
)
def part_modifications_douteuses() -> Shape:
    """Share of modified contracts whose modifications cannot be read for sure."""
    doubtful = nw.col("a_modification_douteuse")
    return Share(hit=doubtful, known=~doubtful.is_null(), among=nw.col("nb_modifications") > 0)


@indicator(
    "Q08",
    libelle="Part des plafonds d'accords-cadres dans les montants publiés",
    unite="part",
    sens="aucun",
    methode="Montants initiaux des accords-cadres, rapportés aux montants initiaux des marchés, marchés subséquents et "
    "accords-cadres. Bornes : les montants de classe inconnue sont tous fermes, puis tous des plafonds.",
    exclusions="Les concessions, les valeurs de remplissage.",
    limites="Un plafond n'est pas une dépense : plus cette part est grande, plus un total de montants publiés trompe. "
    + CLASS_LIMIT,
    source="French-public-procurement-observatory ; arrêté du 22 décembre 2022.",
    formule="€ de plafonds / € de plafonds et de montants fermes",
    champs=("montant_initial_eur", "est_plafond", "est_engage", "est_de_classe_inconnue"),
)
def part_plafonds() -> Shape:
    """Share of ceilings in the amounts published."""
    return AmountShare(hit=CEILING, known=CEILING | COMMITTED, amount=AMOUNT, among=CEILING | COMMITTED | UNTOLD)


@indicator(
    "Q11",
    libelle="Jours entre la dernière notification publiée et la fin de la base",
    unite="jours",
    sens="bas",
    methode="Jours de la dernière notification connue de l'acheteur à la dernière notification de toute la base. Pour une "
    "année : de sa dernière notification de l'année.",
    exclusions="Un contrat sans date de notification abaisse la couverture.",
    limites="La fin de la base est celle des fichiers réunis. Un acheteur qui achète peu n'est pas en retard pour autant.",
    source="Open Contracting Partnership U050 ; définition propre.",
    formule="dernière notification de la base − dernière notification de l'acheteur, en jours",
    champs=("jours_avant_fin",),
)
def fraicheur() -> Shape:
    """Days from the buyer's last notification to the last one of the base."""
    return Extreme(number="jours_avant_fin", known=~nw.col("jours_avant_fin").is_null(), highest=False)


declare(
    "Q09",
    libelle="Part des enregistrements écartés",
    unite="part",
    sens="bas",
    formule="enregistrements écartés / enregistrements lus, par fichier",
    besoins="Rien de l'acheteur : un enregistrement est écarté quand il ne nomme aucun acheteur ou ne se lit pas, et ne "
    "peut donc être compté à personne. Le taux se lit par fichier (fonction `quarantine`, table `fichiers`).",
    limites="Un zéro par acheteur serait trompeur : il vaudrait pour tous.",
    source="French-public-procurement-observatory (347 162 lignes rejetées sur 3 286 474).",
)
declare(
    "Q10",
    libelle="Complétude et cohérence du questionnaire",
    unite="part",
    sens="haut",
    formule="réponses données / questions posées ; α de Cronbach par axe",
    besoins="Les réponses de l'acheteur au questionnaire, question par question, avec leur durée.",
    limites="« Ne sait pas », « sans objet » et « non » sont trois réponses différentes.",
    source="Cronbach (1951) ; enquête OPTIMA.",
)
declare(
    "Q12",
    libelle="Écart entre montants publiés et montants payés, par fournisseur et par an",
    unite="part",
    sens="bas",
    formule="Σ |montants fermes publiés − mandats| / Σ mandats, par fournisseur et par an",
    besoins="Les mandats de l'acheteur (fournisseur au SIRET, date, montant, compte), sur les mêmes années.",
    limites="Un marché publié se paie sur plusieurs années ; les achats sous le seuil de publication n'y sont pas.",
    source="Revue de dépenses 2016 ; définition propre.",
)
