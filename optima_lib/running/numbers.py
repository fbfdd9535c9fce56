"""Numbers and their plurals, as the commands say them."""


def count(number: int) -> str:
    r"""Write a whole number the French way, with thin no-break spaces.

    Examples
    --------
    >>> count(5180)
    '5\u202f180'
    """
    return f"{number:,}".replace(",", "\u202f")


def plural(number: int) -> str:
    """Return the mark of the plural, which French gives from two on; a list of counts gives it to zero too."""
    return "" if number == 1 else "s"
