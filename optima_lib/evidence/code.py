"""Which code computed a finding."""

import hashlib
import subprocess
from functools import cache
from importlib.metadata import version
from typing import Any

from optima_lib.paths import ROOT

PACKAGE = ROOT / "optima_lib"


@cache
def code_version() -> dict[str, Any]:
    """Return the version, the hash of the sources, and the commit where there is a checkout.

    Returns
    -------
    dict
        ``version``, ``empreinte`` (sha256 of the library's sources and reference tables, 12 digits), ``revision`` (commit,
        or nothing), ``modifie`` (whether the checkout differs from it).
    """
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "references").glob("*.csv")]):
        digest.update(path.name.encode() + path.read_bytes())
    revision = _git("rev-parse", "--short=12", "HEAD")
    changed = bool(_git("status", "--porcelain", "--", "optima_lib", "references", "notebooks")) if revision else None
    return {
        "version": version("optima-lib"),
        "empreinte": digest.hexdigest()[:12],
        "revision": revision,
        "modifie": changed,
    }


def _git(*words: str) -> str:
    """Return what git says of the checkout; nothing where there is none."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        told = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607 - words of ours
    except OSError:
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""
