"""One authority beside its peers: peers, case mix, funnel, shrinkage, ranks, verdicts."""
