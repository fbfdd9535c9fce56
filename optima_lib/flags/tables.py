"""From columns of numbers to the tables that the rules read.

======================  ================================================================================
``processus``           one row per process: ``processus`` (number), ``annule`` (null when the status is not told),
                        ``methode``, ``details``, ``acheteur`` and ``entite`` (numbers),
                        ``soumissionnaires``, ``jours``, ``jours_stricts``, ``a_offres``, ``a_attributions``
                        (whether the list is there)
``offres``              one row per bid: ``processus``, ``unite``, ``statut``, ``montant``, ``devise`` (number),
                        ``groupe`` (who bids), ``lot`` (number), ``en_retard`` (null when not known),
                        ``retard_texte``
``attributions``        one row per award: ``attribution`` (number), ``processus``, ``unite``, ``statut``,
                        ``groupe`` (who supplies), ``lot`` (number)
``articles``            one row per classified item of an award: ``attribution``, ``code``
``groupes``             one row per party: ``groupe``, ``entrees`` (references it holds, null when there is no
                        list), ``seul`` (number of its member when it holds one reference only), ``cle`` (the same
                        for parties of the same members, whatever their order; 0 when none is named)
``membres``             one row per party and member, each as often as it stands there: ``groupe``, ``membre``
``unites``              one row per thing compared, a process or one of its lots: ``unite``, and the columns of
                        ``processus``
======================  ================================================================================

``ocid`` and ``date`` hold the identifier and the moment of each process, ``organismes`` and ``noms`` the identifiers
that the numbers of buyers and of members stand for, ``mots`` the numbers of currencies, methods and their details.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from optima_lib.flags.extraction import BODIES, NO_COUNT, NO_DAYS, PARTIES, TYPES, WORDS, Codes, Columns
from optima_lib.flags.moments import IN_TIME, LATE, LATE_AS_TEXT
from optima_lib.flags.settings import Preparation

Numbers = npt.NDArray[Any]
OTHER = "other"
STATUSES = ["valid", "disqualified", "pending", "invited", "withdrawn", "active", "cancelled", "unsuccessful", OTHER]
STATUS_TYPE = pl.Enum(STATUSES)
SETS = 1 << 30  # the keys of several members come after it, those of one member are its number
SEVERAL_LOTS = -1  # a bid or an award on several lots


@dataclass(frozen=True)
class Tables:
    """The tables of the processes of a file."""

    processus: pl.DataFrame
    offres: pl.DataFrame
    attributions: pl.DataFrame
    articles: pl.DataFrame
    groupes: pl.DataFrame
    membres: pl.DataFrame
    unites: pl.DataFrame
    ocid: pl.Series
    date: pl.Series
    organismes: pl.Series
    noms: pl.Series
    mots: Mapping[str, int]

    def codes(self, words: Iterable[str]) -> list[int]:
        """Give the numbers of words, those that the file holds."""
        return [self.mots[each] for each in words if each in self.mots]

    def keep(self, kept: pl.Expr) -> "Tables":
        """Keep the processes that a condition on ``processus`` keeps."""
        processus = self.processus.filter(kept)
        if processus.height == self.processus.height:
            return self
        numbers = processus.select("processus")
        offres, attributions, unites = (
            frame.join(numbers, on="processus", how="semi", maintain_order="left")
            for frame in (self.offres, self.attributions, self.unites)
        )
        articles = self.articles.join(attributions, on="attribution", how="semi", maintain_order="left")
        return replace(
            self, processus=processus, offres=offres, attributions=attributions, articles=articles, unites=unites
        )


@dataclass(frozen=True)
class _Read:
    """The columns of all shares, and what their numbers stand for."""

    numbers: dict[str, Numbers]
    words: list[Hashable]
    preparation: Preparation

    def texts(self, name: str) -> pl.Series:
        """Give the texts of a column."""
        words = [each if isinstance(each, str) else None for each in self.words]
        return pl.Series(words, dtype=pl.String).gather(pl.Series(self.numbers[name]))

    def statuses(self, name: str, default: str | None, known: "dict[str, str]") -> pl.Series:
        """Give the statuses of a column: those of the standard, or ``OTHER``."""
        filled = [each if isinstance(each, str) else default for each in self.words]
        told = [known.get(each, each) if each else None for each in filled]
        usual = [each if each is None or each in STATUSES else OTHER for each in told]
        return pl.Series(usual, dtype=STATUS_TYPE).gather(pl.Series(self.numbers[name]))


def tabulate(shares: list[Columns], preparation: Preparation | None = None) -> Tables:
    """Make the tables of columns that were read apart, in the order of the file.

    Parameters
    ----------
    shares : list of Columns
        What was read; the list is emptied, so that its memory is free.
    preparation : Preparation, optional
        What is corrected on the way, as Cardinal's ``prepare`` command does.
    """
    preparation = preparation or Preparation()
    words, bodies, parties = (
        _merge([getattr(each, name) for each in shares]) for name in ("words", "bodies", "parties")
    )
    new = {**dict.fromkeys(WORDS, words[1]), **dict.fromkeys(BODIES, bodies[1]), **dict.fromkeys(PARTIES, parties[1])}
    numbers = {name: _column(shares, name, new.get(name)) for name in TYPES}
    lots = np.array([SEVERAL_LOTS if isinstance(each, tuple) else code for code, each in enumerate(words[0])], np.int32)
    numbers |= {name: lots[numbers[name]] for name in ("bid_lot", "award_lot")}
    if preparation.currency and preparation.currency not in words[0]:
        words[0].append(preparation.currency)
    ocid = pl.Series([each for share in shares for each in share.ocid], dtype=pl.String)
    date = pl.Series([each for share in shares for each in share.date], dtype=pl.String)
    shares.clear()
    if preparation.details_end:
        numbers["details"] = _cut(words[0], preparation.details_end)[numbers["details"]]
    read = _Read(numbers, words[0], preparation)
    hidden = [bodies[0].index(each) for each in preparation.organisations if each in bodies[0]]
    processus = in_order(_processes(read, [0, *hidden]), "processus")
    groupes, membres, noms = _parties(parties[0], preparation)
    items = pl.DataFrame({"attribution": _owners(numbers["items"]), "code": read.texts("item_class")})
    unites = processus.with_columns(unite="processus")
    organismes = pl.Series(bodies[0], dtype=pl.String)
    mots = {each: code for code, each in enumerate(read.words) if isinstance(each, str)}
    bids, awards = (in_order(each, "processus", "unite") for each in (_bids(read), _awards(read)))
    return Tables(processus, bids, awards, items, groupes, membres, unites, ocid, date, organismes, noms, mots)


def _cut(words: list[Hashable], end: str) -> Numbers:
    """Give, for each word, the number of what stands before a mark; what is new joins the words."""
    known = {each: code for code, each in enumerate(words)}
    cut = []
    for each in words.copy():
        start = each.split(end)[0].rstrip() if isinstance(each, str) else each
        if start not in known:
            known[start] = len(words)
            words.append(start)
        cut.append(known[start])
    return np.array(cut, dtype=np.int32)


def _merge(codes: Sequence[Codes]) -> tuple[list[Hashable], list[Numbers]]:
    """Give one number to what several shares met: the things, and the new number of each code of each share."""
    merged = Codes()
    translations = [np.array(list(map(merged.__getitem__, each)), dtype=np.int32) for each in codes]
    return list(merged), translations


def _column(shares: Sequence[Columns], name: str, new: list[Numbers] | None) -> Numbers:
    parts: list[Numbers] = [np.frombuffer(each.columns[name], dtype=TYPES[name]) for each in shares]
    if new is not None:
        parts = [translation[part] for translation, part in zip(new, parts, strict=True)]
    return np.concatenate(parts)


def in_order(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Tell that columns are in ascending order, which makes groups and joins faster."""
    return frame.with_columns(pl.col(name).set_sorted() for name in names)


def _owners(counts: Numbers) -> Numbers:
    """Repeat the number of each owner as often as it owns."""
    return np.repeat(np.arange(len(counts), dtype=np.int32), np.maximum(counts, 0))


def _unless(values: Numbers, *missing: int) -> pl.Series:
    """Make a column in which some numbers stand for nothing."""
    series = pl.Series(values)
    return series.set(pl.Series(np.isin(values, missing)), None)


def _processes(read: _Read, nobody: list[int]) -> pl.DataFrame:
    numbers = read.numbers
    cancelled = read.words.index("cancelled") if "cancelled" in read.words else -1
    status = numbers["status"]
    return pl.DataFrame(
        {
            "processus": np.arange(len(status), dtype=np.int32),
            "annule": pl.Series(status == cancelled).set(pl.Series(status == 0), None),
            "methode": _unless(numbers["method"], 0),
            "details": _unless(numbers["details"], 0),
            "acheteur": _unless(numbers["buyer"], *nobody),
            "entite": _unless(numbers["entity"], *nobody),
            "soumissionnaires": _unless(numbers["tenderers"], NO_COUNT),
            "jours": _unless(numbers["days"], NO_DAYS),
            "jours_stricts": numbers["strict"] == 1,
            "a_offres": numbers["bids"] >= 0,
            "a_attributions": numbers["awards"] >= 0,
        }
    )


def _bids(read: _Read) -> pl.DataFrame:
    numbers, preparation = read.numbers, read.preparation
    owner, when, amount = _owners(numbers["bids"]), numbers["timing"], numbers["amount"]
    if preparation.amounts:
        amount = np.where(np.isin(amount, list(preparation.amounts)), np.nan, amount)
    currency = numbers["currency"]
    if preparation.currency:
        currency = np.where(currency == 0, np.int32(read.words.index(preparation.currency)), currency)
    unknown = (when & (IN_TIME | LATE)) == 0
    return pl.DataFrame(
        {
            "processus": owner,
            "unite": owner,
            "statut": read.statuses("bid_status", preparation.bid_status, dict(preparation.bid_statuses)),
            "montant": pl.Series(amount).fill_nan(None),
            "devise": _unless(currency, 0),
            "groupe": numbers["bid_party"],
            "lot": _unless(numbers["bid_lot"], 0),
            "en_retard": pl.Series((when & LATE) > 0).set(pl.Series(unknown), None),
            "retard_texte": (when & LATE_AS_TEXT) > 0,
        }
    )


def _awards(read: _Read) -> pl.DataFrame:
    owner, preparation = _owners(read.numbers["awards"]), read.preparation
    return pl.DataFrame(
        {
            "attribution": np.arange(len(owner), dtype=np.int32),
            "processus": owner,
            "unite": owner,
            "statut": read.statuses("award_status", preparation.award_status, dict(preparation.award_statuses)),
            "groupe": read.numbers["award_party"],
            "lot": _unless(read.numbers["award_lot"], 0),
        }
    )


def _parties(parties: list[Hashable], preparation: Preparation) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Tell what each party is made of: the tables ``groupes`` and ``membres``, and the names of the members."""
    hidden = preparation.organisations
    names, sets = Codes(), Codes()
    sizes: list[int | None] = []
    sole: list[int | None] = []
    keys: list[int] = []
    counts: list[int] = []
    flat: list[int] = []
    for party in parties:
        if isinstance(party, str):
            member = None if party in hidden else names[party]
            members = [] if member is None else [member]
        else:
            listed = cast("tuple[str | None, ...]", party) or ()
            member, members = None, [names[each] for each in listed if each is not None and each not in hidden]
        flat += members
        counts.append(len(members))
        keys.append(members[0] if len(set(members)) == 1 else SETS + sets[frozenset(members)] if members else 0)
        sole.append(member)
        sizes.append(1 if isinstance(party, str) else None if party is None else len(cast("tuple[str]", party)))
    groupes = pl.DataFrame(
        {
            "groupe": np.arange(len(parties), dtype=np.int32),
            "entrees": pl.Series(sizes, dtype=pl.Int32),
            "seul": pl.Series(sole, dtype=pl.Int32),
            "cle": np.array(keys, dtype=np.int32),
        }
    )
    membres = pl.DataFrame({"groupe": _owners(np.array(counts)), "membre": np.array(flat, dtype=np.int32)})
    return in_order(groupes, "groupe"), in_order(membres, "groupe"), pl.Series(list(names), dtype=pl.String)
