"""``optima demo``: the whole chain on the invented authority."""

from collections.abc import Callable
from pathlib import Path

from optima_lib.indicators.catalogue import computable
from optima_lib.partners import load_partner
from optima_lib.running.exemple_base import demo_base, make_base
from optima_lib.running.measure import measure
from optima_lib.running.study import study

PARTNER = "exemple"


def run_demo(data: Path, reports: Path, *, telling: Callable[[str], None]) -> Path:
    """Make the invented authority's files, clean, measure and study them; return the report's index."""
    base = demo_base(load_partner(PARTNER), data)
    make_base(base)
    telling(f"Fichiers inventés lus, tables écrites dans {base / 'processed'}.")
    measure(base)
    telling(f"{len(computable())} indicateurs mesurés.")
    return study(PARTNER, base, reports, telling=lambda title: telling(f"Chapitre écrit : {title}"))
