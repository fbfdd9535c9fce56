"""Samples that hypothesis draws for the properties of comparisons."""

import numpy as np
from hypothesis import strategies as st


def samples(least=2, most=25, *, ties=True):
    """Lists of values on a grid of eighths, exact in binary, that are not all the same."""
    values = st.integers(-400, 400).map(lambda each: each / 8)
    drawn = st.lists(values, min_size=least, max_size=most, unique=not ties)
    return drawn.filter(lambda sample: np.ptp(sample) > 0)


amounts = st.lists(st.integers(1, 10_000), min_size=3, max_size=30).filter(lambda each: len(set(each)) > 1)
counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
