"""Red flags of OCDS processes: questions that bids and awards raise, never verdicts.

One pass turns releases into columns of numbers (`ocds`, `extraction`, `columns`); rules read the columns
(`rules_*`), under settings in Cardinal's own form (`settings`); `report` lays the result out as Cardinal does.
"""
