"""Published scales: the traffic lights of the European scoreboard, the grades of publication."""

import math

from optima_lib.references import reference

GREEN, YELLOW, RED = "vert", "jaune", "rouge"
NOTHING_PUBLISHED = "E"


def traffic_light(code: str, value: float | None) -> str | None:
    """Return the colour that the European scoreboard gives to a value.

    Parameters
    ----------
    code : str
        Code of the catalogue.
    value : float or None
        In the unit of ``references/feux.csv``: per cent and not shares, days.

    Returns
    -------
    str or None
        ``vert``, ``jaune`` or ``rouge``; None where the value is missing, or the scoreboard has no scale for it.

    Notes
    -----
    The scale was made for countries and for notices published at European level: a mark on a road, not a judgement.

    Examples
    --------
    >>> [traffic_light("C01", value) for value in (10, 10.1, 20, 20.1)]
    ['vert', 'jaune', 'jaune', 'rouge']
    >>> traffic_light("C01", None) is None, traffic_light("S01", 3) is None
    (True, True)
    """
    row = next((row for row in reference("feux") if row["indicateur"] == code), None)
    if row is None or value is None or math.isnan(value):
        return None
    if _reaches(value, row, GREEN, below=row["sens"] == "bas"):
        return GREEN
    return RED if _reaches(value, row, RED, below=row["sens"] == "haut") else YELLOW


def _reaches(value: float, row: dict[str, str], colour: str, *, below: bool) -> bool:
    """Tell whether a value lies on the side of a bound where a colour begins, the bound included or not."""
    edge = float(row[colour])
    if value == edge:
        return row[f"{colour}_compris"] == "oui"
    return value < edge if below else value > edge


def publication_grade(rate: float) -> str:
    """Return the grade that L'Éclaireur public gives to a rate of publication, in per cent.

    Where nothing is known that scale says E, as where nothing is published; our own statuses tell the two apart.

    Examples
    --------
    >>> [publication_grade(rate) for rate in (0, 25, 25.01, 95, 95.01, 105, 105.01, float("nan"))]
    ['E', 'D', 'C', 'B', 'A', 'A', 'B', 'E']
    """
    for row in reference("notes_publication"):
        above = not row["plus_de"] or rate > float(row["plus_de"])
        if above and (not row["jusqu_a"] or rate <= float(row["jusqu_a"])):
            return row["note"]
    return NOTHING_PUBLISHED
