"""Work done ahead of the one who uses it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(pool: Executor, work: Callable[[T], R], items: Iterable[T], count: int) -> Iterator[R]:
    """Give the results of a piece of work on each item, in order, some of them done ahead.

    Parameters
    ----------
    pool : Executor
        Who works.
    work : callable
        What is done to an item.
    items : iterable
        The items, taken as the work proceeds.
    count : int
        How many items are in work, or done and not yet taken: it bounds the memory.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     list(ahead(pool, abs, [-1, 2, -3], count=2))
    [1, 2, 3]
    """
    waiting = iter(items)
    doing: deque[Future[R]] = deque()
    try:
        doing.extend(pool.submit(work, item) for item in islice(waiting, count))
        while doing:
            result = doing.popleft().result()
            doing.extend(pool.submit(work, item) for item in islice(waiting, 1))
            yield result
    finally:
        for job in doing:
            job.cancel()
