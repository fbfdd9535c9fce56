"""How one authority stands beside others: intervals, sizes of differences, and what may be said of them."""
