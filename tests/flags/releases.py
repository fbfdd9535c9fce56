"""Small invented releases, and the flags of some of them."""

import json

from optima_lib.flags.ini import read_settings
from optima_lib.flags.lines import Batch
from optima_lib.flags.measure import measure_flags
from optima_lib.flags.settings import default_settings
from optima_lib.flags.tables import tabulate


def bid(tenderers, amount=None, status="valid", **more):
    """A bid of one tenderer or several, named by letters."""
    value = {} if amount is None else {"value": {"amount": amount, "currency": "EUR"}}
    return {"status": status, "tenderers": [{"id": each} for each in tenderers]} | value | more


def award(suppliers, status="active", **more):
    return {"status": status, "suppliers": [{"id": each} for each in suppliers]} | more


def release(ocid, bids=None, awards=None, **more):
    told = {"ocid": ocid} | more
    if bids is not None:
        told["bids"] = {"details": bids}
    return told if awards is None else told | {"awards": awards}


def duel(ocid, winning, second, **more):
    """A process won by W against L."""
    return release(ocid, [bid("W", winning), bid("L", second)], [award("W")], **more)


def lines(releases):
    return [json.dumps(each).encode() for each in releases]


def flags(releases, mode="optima", settings=None, **options):
    """The flags of releases, under default settings or those of an INI file."""
    chosen = read_settings(settings, mode) if settings else default_settings(mode)
    batch = Batch()
    batch.read(lines(releases), prepared=chosen.repaired)
    return measure_flags(tabulate([batch.columns], chosen.preparation), chosen, **options)


def found(result, code, group="OCID"):
    """The things that a flag is raised on, with their values."""
    return {each: values[code] for each, values in result.get(group, {}).items() if code in values}


def states(result, code, prefix=""):
    """How many cases were judged, lacked data, were outside of the rule."""
    names = ("evalues", "donnees_insuffisantes", "sans_objet")
    return tuple(result["Meta"][code].get(f"{prefix}{name}", 0) for name in names)
