"""What ``optima flags`` says, in French."""

from collections.abc import Iterator
from pathlib import Path

from optima_lib.running.flags import Flagging
from optima_lib.running.numbers import count, plural


def tell_flags(flagging: Flagging, path: Path, seconds: float) -> Iterator[str]:
    """Say what ``optima flags`` read, and how many things each flag is raised on."""
    speed = count(round(flagging.releases / seconds)) if seconds else ""
    yield f"{path} : {count(flagging.releases)} release{plural(flagging.releases)}, {speed} par seconde"
    if flagging.unread:
        first = ", ".join(f"n° {count(position)} ({reason})" for position, reason in flagging.reasons)
        unread = flagging.unread
        yield f"Laissé de côté : {count(unread)} ligne{plural(unread)} ou enregistrement{plural(unread)}, dont {first}"
    yield from flagging.settings.notices
    for code in flagging.settings.codes:
        raised = {
            group: sum(code in values for values in found.values())
            for group, found in flagging.result.items()
            if group not in {"Meta", "Maps"}
        }
        told = [f"{group} {count(number)}" for group, number in raised.items() if number]
        yield f"{code} : {', '.join(told) or 'aucun signalement'}"
