"""Study how local authorities buy: cleaning, indicators and reports from public procurement records."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optima_lib.running.behind import contracts_behind
    from optima_lib.running.confrontation import open_confrontations
    from optima_lib.running.etude import Etude, open_study

__version__ = "0.1.0"
__all__ = ["Etude", "__version__", "contracts_behind", "open_confrontations", "open_study"]


def __getattr__(name: str) -> Any:
    """Import what researchers call only when they call it, so that ``import optima_lib`` is instant."""
    if name in {"Etude", "open_study"}:
        from optima_lib.running import etude

        return getattr(etude, name)
    if name == "open_confrontations":
        from optima_lib.running.confrontation import open_confrontations

        return open_confrontations
    if name == "contracts_behind":
        from optima_lib.running.behind import contracts_behind

        return contracts_behind
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
