"""INVENTED notices, made from the contracts of the invented authority with the noise seen in real ones.

Nothing here is published: the notices measure the rule of matching, they say nothing of any authority. The shares of
noise are choices, made after reading 29 real notices: buyers without a number (24 of 29), suppliers without one (all
the BOAMP), amounts absent from a third of the award notices, objects reworded.
"""

import datetime as dt
import random

import polars as pl

DECOYS = ("Marché public de", "Consultation relative à :", "Accord-cadre -", "Procédure adaptée", "")
LEGAL = ("", " SARL", " SAS", " (mandataire)", " S.A.")


def invent(contracts: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame, dict[tuple[str, str], str]]:
    """Invent one award notice per published contract: notices, their lots, and the contract of each lot."""
    draw = random.Random(seed)  # noqa: S311 - invented data
    notices, lots, truth = [], [], {}
    for number, group in enumerate(contracts.sort("uid").partition_by("uid_publie", maintain_order=True)):
        avis_id = f"INVENTE:{number}"
        first = group.row(0, named=True)
        notices.append(_notice(draw, avis_id, first, len(group)))
        for place, row in enumerate(group.iter_rows(named=True), start=1):
            lots.append(_lot(draw, avis_id, str(place), row))
            truth[avis_id, str(place)] = row["uid"]
    days = {"date_publication": pl.Date, "date_attribution": pl.Date}
    schema = {name: days.get(name, pl.String) for name in notices[0]} | {"nb_lots": pl.Int32, "montant_eur": pl.Float64}
    return (
        pl.DataFrame(notices, schema=schema),
        pl.DataFrame(lots, schema={n: days.get(n, pl.String) for n in lots[0]} | {"montant_eur": pl.Float64}),
        truth,
    )


def _notice(draw, avis_id, row, count):
    name = row["acheteur_nom"]
    return {
        "avis_id": avis_id,
        "acheteur_siren": row["acheteur_siren"] if draw.random() < 0.3 else None,
        "acheteur_nom": draw.choice((name, name.upper(), name.replace("Ville d'", "Commune d'"))) if name else None,
        "objet": _reworded(draw, row["objet"]),
        "cpv": row["cpv"] if draw.random() < 0.6 else None,
        "date_publication": _later(row["date_notification"], draw.randint(0, 60)),
        "avis_initial": None,
        "nb_lots": count,
        "montant_eur": None,
    }


def _lot(draw, avis_id, place, row):
    names, sirens = row["titulaires"], row["titulaires_siren"]
    return {
        "avis_id": avis_id,
        "lot": place,
        "objet": _reworded(draw, row["objet"]),
        "cpv": row["cpv"][:4] + "0000" if row["cpv"] and draw.random() < 0.5 else None,
        "issue": "attribué",
        "montant_eur": _near(draw, row["montant_initial_eur"]),
        "date_attribution": _later(row["date_notification"], -draw.randint(0, 75)) if draw.random() < 0.85 else None,
        "titulaires": _respelt(draw, names),
        "titulaires_siren": sirens if draw.random() < 0.2 else None,
    }


def _reworded(draw, text):
    words = [word for word in (text or "").split() if draw.random() < 0.8]
    return f"{draw.choice(DECOYS)} {' '.join(words)}".strip() or None


def _near(draw, amount):
    chance = draw.random()
    if amount is None or chance < 0.3:
        return None
    return amount if chance < 0.7 else round(amount, -3) or None if chance < 0.85 else amount * draw.uniform(0.85, 1.15)


def _later(day: dt.date | None, days: int) -> dt.date | None:
    return None if day is None else day + dt.timedelta(days=days)


def _respelt(draw, names):
    if names is None or draw.random() < 0.05:
        return None
    told = names.split(" | ")[:1] if draw.random() < 0.2 else names.split(" | ")
    return " | ".join((name.upper() if draw.random() < 0.5 else name) + draw.choice(LEGAL) for name in told)
