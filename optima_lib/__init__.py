"""Study how local authorities buy: cleaning, indicators and reports from public procurement records."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optima_lib.running.etude import Etude, open_study

__version__ = "0.1.0"
__all__ = ["Etude", "__version__", "open_study"]


def __getattr__(name: str) -> Any:
    """Import what researchers call only when they call it, so that ``import optima_lib`` is instant."""
    if name in {"Etude", "open_study"}:
        from optima_lib.running import etude

        return getattr(etude, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
