"""The evidence behind what is printed: findings, their identity, their ledger."""
