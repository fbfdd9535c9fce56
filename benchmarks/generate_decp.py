"""Write an invented DECP file of the 2022 layout, of any size, with the distribution of the real files.

    python benchmarks/generate_decp.py SIZE_MB FILE

The shares come from counts on real files (November 2026): marches-publics.info and e-marchespublics (4 979
records, 2019), a selection of works of the second half of 2024 (5 180 contracts) and twenty nested records of
2024. Nothing of those files is copied: objects are drawn from words, identifiers are invented.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARES = {
    "several_suppliers": 0.09,  # 5 % (2019) and 12 % (works, 2024)
    "modified": 0.12,  # 2 % (2019) and 21 % (works, 2024)
    "id_reused": 0.012,  # 42 of 4 979 records share their identifier
    "cpv_check_digit": 0.5,
    "framework": 0.31,  # 1 467 of 4 969 contracts
    "call_off": 0.02,
    "no_bids": 0.04,
    "duration_text": 0.01,
    "date_suffix": 0.035,  # 173 of 4 979
    "amount_filler": 0.012,  # 60 of 4 979
    "supplier_not_siret": 0.025,
    "escaped_quotes": 0.03,
}
BUYERS, SUPPLIERS = 15_000, 80_000
WORDS = [
    "travaux",
    "fourniture",
    "entretien",
    "maintenance",
    "réfection",
    "rénovation",
    "construction",
    "extension",
    "réhabilitation",
    "aménagement",
    "maîtrise",
    "d'œuvre",
    "étude",
    "mission",
    "assistance",
    "acquisition",
    "location",
    "nettoyage",
    "gestion",
    "collecte",
    "transport",
    "restauration",
    "voirie",
    "école",
    "mairie",
    "gymnase",
    "bibliothèque",
    "médiathèque",
    "piscine",
    "réseau",
    "assainissement",
    "éclairage",
    "chauffage",
    "toiture",
    "menuiserie",
    "électricité",
    "plomberie",
    "peinture",
    "couverture",
    "gros",
    "œuvre",
    "terrassement",
    "espaces",
    "verts",
    "véhicules",
    "mobilier",
    "matériel",
    "informatique",
    "logiciel",
    "assurance",
    "formation",
    "communication",
    "impression",
    "bâtiments",
    "communaux",
    "groupe",
    "scolaire",
    "crèche",
    "stade",
    "parking",
    "quartier",
    "centre-ville",
    "lot",
    "accord-cadre",
    "marché",
    "bons",
    "de",
    "commande",
    "tranche",
    "commune",
    "département",
]
CPV = ["45000000", "45210000", "45233140", "45310000", "71200000", "71300000", "79000000", "50700000", "90500000"]
CPV += ["34100000", "30200000", "39160000", "15800000", "66510000", "72260000", "77310000", "80500000", "92000000"]
PROCEDURES = ["Procédure adaptée"] * 72 + ["Appel d'offres ouvert"] * 24
PROCEDURES += ["Marché passé sans publicité ni mise en concurrence préalable"] * 3 + ["Procédure avec négociation"]
CCAG = ["Travaux", "Fournitures courantes et services", "Prestations intellectuelles", "Pas de CCAG"]


def luhn_key(digits: str) -> str:
    """Return the digit that completes a number to pass the Luhn check."""
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def invented_sirets(draw: random.Random, count: int) -> list[str]:
    """Return well-formed SIRET of invented bodies, whose SIREN all start with three zeros."""
    sirets = []
    for number in draw.sample(range(100_000), count):
        siren = f"000{number:05d}"
        siren += luhn_key(siren)
        nic = f"{siren}{draw.randint(1, 99):04d}"
        sirets.append(nic + luhn_key(nic))
    return sirets


class Generator:
    """Draws records; the same seed gives the same file."""

    def __init__(self, seed: int = 2026) -> None:
        self.draw = random.Random(seed)
        sirets = invented_sirets(self.draw, BUYERS + SUPPLIERS)
        self.buyers, self.suppliers = sirets[:BUYERS], sirets[BUYERS:]
        self.weights = [1 / (rank + 20) for rank in range(BUYERS)]
        self.number = 0

    def is_(self, share: str) -> bool:
        """Draw whether a share applies."""
        return self.draw.random() < SHARES[share]

    def records(self) -> Iterator[dict[str, Any]]:
        """Give records without end, buyers unequal in size as the real ones are."""
        while True:
            for buyer in self.draw.choices(self.buyers, self.weights, k=10_000):
                self.number += 1
                record = self.record(buyer)
                yield record
                if self.is_("id_reused"):
                    yield self.record(buyer) | {"id": record["id"]}

    def day(self, year: int) -> str:
        """Draw a day, sometimes with the time zone that some platforms add."""
        day = f"{year}-{self.draw.randint(1, 12):02d}-{self.draw.randint(1, 28):02d}"
        return f"{day}+01:00" if self.is_("date_suffix") else day

    def objet(self) -> str:
        """Draw an object of ten to twenty words."""
        words = self.draw.choices(WORDS, k=self.draw.randint(8, 20))
        if self.is_("escaped_quotes"):
            words.insert(3, '"La Canourgue"')
        return " ".join(words).capitalize()

    def titulaires(self) -> list[dict[str, Any]]:
        """Draw one to four suppliers."""
        count = self.draw.randint(2, 4) if self.is_("several_suppliers") else 1
        return [{"titulaire": self.titulaire()} for _ in range(count)]

    def titulaire(self) -> dict[str, str]:
        """Draw a supplier."""
        if self.is_("supplier_not_siret"):
            return {
                "typeIdentifiant": "TVA",
                "id": f"FR{self.draw.randint(10, 99)}{self.draw.choice(self.suppliers)[:9]}",
            }
        return {"typeIdentifiant": "SIRET", "id": self.draw.choice(self.suppliers)}

    def record(self, buyer: str) -> dict[str, Any]:
        """Draw a contract, all the compulsory fields filled."""
        draw, year = self.draw, self.draw.choices([2022, 2023, 2024, 2025], [1, 3, 10, 12])[0]
        framework, months = self.is_("framework"), draw.choice([1, 3, 6, 12, 18, 24, 36, 48])
        amount = 0 if self.is_("amount_filler") else round(draw.lognormvariate(11.4, 1.5), 2)
        cpv = draw.choice(CPV)
        record = {
            "id": f"{year}{self.number:08d}",
            "acheteur": {"id": buyer},
            "nature": "Marché",
            "objet": self.objet(),
            "codeCPV": f"{cpv}-{draw.randint(0, 9)}" if self.is_("cpv_check_digit") else cpv,
            "techniques": {"technique": ["Accord-cadre" if framework else "Sans objet"]},
            "modalitesExecution": {"modaliteExecution": ["Bons de commande" if framework else "Sans objet"]},
            "marcheInnovant": False,
            "ccag": draw.choice(CCAG),
            "offresRecues": 0 if self.is_("no_bids") else min(40, 1 + int(draw.expovariate(0.4))),
            "attributionAvance": draw.random() < 0.4,
            "tauxAvance": 0.1,
            "typeGroupementOperateurs": "Pas de groupement",
            "procedure": draw.choice(PROCEDURES),
            "lieuExecution": {
                "code": f"{draw.randint(1, 95):02d}{draw.randint(0, 990):03d}",
                "typeCode": "Code postal",
            },
            "dureeMois": "NC" if self.is_("duration_text") else months,
            "dateNotification": self.day(year),
            "datePublicationDonnees": self.day(year),
            "montant": amount,
            "typesPrix": {"typePrix": [draw.choice(["Définitif ferme", "Définitif révisable"])]},
            "formePrix": draw.choice(["Unitaire", "Forfaitaire", "Mixte"]),
            "sousTraitanceDeclaree": draw.random() < 0.1,
            "titulaires": self.titulaires(),
            "considerationsSociales": {"considerationSociale": ["Pas de considération sociale"]},
            "considerationsEnvironnementales": {"considerationEnvironnementale": ["Clause environnementale"]},
            "modifications": self.modifications(year, amount) if self.is_("modified") else [],
            "source": draw.choice(["data.gouv.fr_pes", "AWS", "e-marchespublics", "megalis", "atexo"]),
        }
        if self.is_("call_off"):
            record["idAccordCadre"] = f"{year}AC{draw.randint(0, 9999):04d}"
        return record

    def modifications(self, year: int, amount: float) -> list[dict[str, Any]]:
        """Draw one to three modifications."""
        return [
            {
                "modification": {
                    "id": rank,
                    "dateNotificationModification": self.day(year + 1),
                    "datePublicationDonneesModification": self.day(year + 1),
                    "montant": round(amount * (1 + 0.05 * rank), 2),
                }
            }
            for rank in range(1, self.draw.randint(1, 3) + 1)
        ]


def write(size: int, path: Path) -> int:
    """Write a file of about ``size`` bytes; return its number of records."""
    written = count = 0
    with path.open("w", encoding="utf-8") as file:
        written += file.write('{"marches":{"marche":[')
        for record in Generator().records():
            text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
            file.write(("," if count else "") + text)
            written += len(text.encode())
            count += 1
            if written >= size:
                break
        file.write("]}}")
    return count


if __name__ == "__main__":
    megabytes, target = int(sys.argv[1]), Path(sys.argv[2])
    print(f"{write(megabytes * 1_000_000, target)} records in {target}", file=sys.stderr)
