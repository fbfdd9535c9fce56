"""Where things are. Constants only: importing this module touches nothing."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent

REFERENCES = ROOT / "references"
NOTEBOOKS = ROOT / "notebooks"
PARTNERS = ROOT / "partners"

DATA = Path("data")
REPORTS = Path("reports")


def processed(data: Path) -> Path:
    """Return the folder of the processed tables of a data folder."""
    return Path(data) / "processed"
