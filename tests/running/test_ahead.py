"""Work done ahead: in order, bounded, and stopped when nobody waits for it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from optima_lib.running.ahead import ahead


def test_results_come_in_the_order_of_the_items():
    with ThreadPoolExecutor(3) as pool:
        assert list(ahead(pool, str, range(20), count=3)) == [str(i) for i in range(20)]


def test_no_more_items_are_taken_than_the_bound_allows():
    taken = []
    items = (taken.append(i) or i for i in count())
    with ThreadPoolExecutor(2) as pool:
        results = ahead(pool, str, items, count=2)
        assert [next(results) for _ in range(3)] == ["0", "1", "2"]
        assert len(taken) <= 3 + 2
        results.close()


def test_a_failure_comes_where_its_result_was_awaited():
    with ThreadPoolExecutor(2) as pool:
        results = ahead(pool, lambda n: 1 // n, [1, 0, 1], count=2)
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)
