"""The series of quarters before and after a day: how its level and its slope change there."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from optima_lib.comparison.fits import Coefficient
from optima_lib.comparison.series import LEAST, Break, find_break
from optima_lib.errors import ComparisonError
from optima_lib.evidence.finding import Dit
from optima_lib.reporting import french
from optima_lib.reporting.ecarts import probability
from optima_lib.reporting.ensembles.dates import first_whole, from_to, longest_run, quarter
from optima_lib.reporting.ensembles.details import SURE, not_done, say_p
from optima_lib.reporting.ensembles.echelles import Echelle, bounds
from optima_lib.reporting.ensembles.figures import series
from optima_lib.reporting.ensembles.groupes import UNIT
from optima_lib.reporting.ensembles.tenants import tell_holder
from optima_lib.reporting.ensembles.trimestres import QUARTER, Trimestres
from optima_lib.reporting.figures import Figure
from optima_lib.reporting.tables import Tableau
from optima_lib.reporting.texts import Bloc, Shown, Texte


@dataclass(frozen=True)
class Rupture:
    """A series interrupted at a day.

    Attributes
    ----------
    trimestres : Trimestres
        The series.
    """

    trimestres: Trimestres

    @property
    def demandee(self) -> bool:
        """Whether a day is given, and a series is there."""
        return self.trimestres.details.jour is not None and not self.trimestres.vide

    @property
    def temoin(self) -> str:
        """The control group; none when empty."""
        return self.trimestres.details.temoin

    @cached_property
    def echelle(self) -> Echelle:
        """The scale of the series."""
        contre = self.trimestres.details.contre
        return self.trimestres.echelle if contre is None else self._of(contre)

    def _of(self, contre: pd.DataFrame) -> Echelle:
        return Echelle.of(self.trimestres.indicator, contre[["valeur", "temoin"]].to_numpy(dtype=float).ravel())

    @cached_property
    def suite(self) -> pd.DataFrame:
        """The longest run of quarters without a gap, of the control too where there is one."""
        contre = self.trimestres.details.contre
        if contre is None:
            return self.trimestres.suite
        known = [self.echelle.admet(contre[name].to_numpy(dtype=float)) for name in ("valeur", "temoin")]
        kept = contre[known[0] & known[1]]
        if kept.empty:
            raise ComparisonError(
                f"Aucune rupture n'est cherchée : « {self.temoin} » et les autres groupes n'ont aucun trimestre en commun. "
                "Choisissez un autre témoin, ou ajoutez des fichiers."
            )
        return longest_run(kept, QUARTER)

    @property
    def place(self) -> int:
        """The place of the first whole quarter after the day."""
        day = self.trimestres.details.jour
        return 0 if day is None else first_whole(day) - int(self.suite[QUARTER].iloc[0])

    @cached_property
    def modele(self) -> Break | str:
        """The segmented regression, or the sentence of its refusal."""
        try:
            rows = self.suite
            self._require_inside(rows)
            told = {
                name: self.echelle.vers(rows[name].to_numpy(dtype=float))
                for name in ("valeur", "temoin")
                if name in rows
            }
            seasons = (rows[QUARTER] % 4).tolist()
            return find_break(told["valeur"], self.place, control=told.get("temoin"), season=seasons)
        except ComparisonError as error:
            return str(error)

    def _require_inside(self, rows: pd.DataFrame) -> None:
        if not 0 < self.place < len(rows):
            first, last = (quarter(int(rows[QUARTER].iloc[end])) for end in (0, -1))
            raise ComparisonError(
                f"Aucune rupture n'est cherchée : {self._which} va du {first} au {last}, le "
                f"{french.day(self.trimestres.details.jour)} n'y est pas. {self._cure}"
            )
        if min(self.place, len(rows) - self.place) < LEAST:
            raise ComparisonError(
                f"Aucune rupture n'est cherchée : {self._which} compte {french.agree(self.place, 'trimestre')} avant la date et {len(rows) - self.place} "
                f"après, il en faut {LEAST} de chaque côté. {self._cure}"
            )

    @property
    def _which(self) -> str:
        """Name the run of quarters that is read."""
        if not self.temoin:
            return "la suite sans lacune"
        return f"la suite sans lacune des trimestres communs à « {self.temoin} » et aux autres groupes"

    @property
    def _cure(self) -> str:
        return f"Choisissez une autre date{', un autre témoin' if self.temoin else ''}, ou ajoutez des fichiers."

    def montrer(self) -> Shown:
        """How level and slope change at the day."""
        told = self.modele
        if isinstance(told, str):
            return Texte((told,))
        drawn = (self._figure(),) if self.temoin else ()
        said = Texte((Dit(self._sentence(told), self._told(told)), *told.remarks))
        return Bloc((said, *drawn, self._table(told)))

    @property
    def _premier(self) -> str:
        return quarter(int(self.suite[QUARTER].iloc[0]) + self.place)

    def _sentence(self, told: Break) -> str:
        start = (
            f"{self.trimestres.indicator.libelle} : à partir du {self._premier}, premier trimestre entier "
            f"{'depuis' if self._begins else 'après'} le {french.day(self.trimestres.details.jour)}"
        )
        what = f"saut des autres groupes par rapport à « {self.temoin} »" if self.temoin else "saut du niveau"
        gap = f"{self._effect(told.level)}, de {bounds(told.level, self.echelle.effet)} ; {say_p(told.level.p)}"
        if told.level.p < SURE:
            return f"{start}, un {what} est établi ({gap})."
        return f"{start}, les données ne permettent pas d'établir de {what} ({gap})."

    @property
    def _begins(self) -> bool:
        """Whether the day is the first one of its quarter."""
        day = self.trimestres.details.jour
        return day is not None and day.day == 1 and day.month % 3 == 1

    def _figure(self) -> Figure:
        """Both series, and the day."""
        frame = self.suite.assign(nom=[quarter(number) for number in self.suite[QUARTER]], signal=False)
        said = [
            f"{name}, de {self._write(frame[column].min())} à {self._write(frame[column].max())}"
            for name, column in (("les autres groupes", "valeur"), (f"« {self.temoin} »", "temoin"))
        ]
        return Figure(
            series(frame, write=self._write, moment=self.place, label="autres groupes"),
            f"{self.trimestres.indicator.libelle} : « {self.temoin} », pris pour témoin, et les autres groupes",
            f"{french.agree(len(frame), 'trimestre')}, {from_to(frame['nom'].iloc[0], frame['nom'].iloc[-1])} : {french.enumerate_words(said)}.",
            "Le témoin est un groupe que la date ne concerne pas : c'est à l'utilisateur de le savoir, non à la page. Seuls sont "
            f"montrés les trimestres communs aux deux, sans lacune.{self._holders()}",
        )

    def _holders(self) -> str:
        """Say which authority makes most of one of the two series."""
        told = self.trimestres.details
        if told.parts is None:
            return ""
        beside = told.parts[UNIT].map(told.groupes) == self.temoin
        both = (
            (told.parts[~beside], "la suite des autres groupes"),
            (told.parts[beside], f"celle de « {self.temoin} »"),
        )
        return "".join(
            tell_holder(rows, self.suite[QUARTER], named=told.noms_affiches, series=name) for rows, name in both
        )

    def _write(self, value: float | None) -> str:
        return french.by_unit(value, self.trimestres.indicator.unite)

    def _told(self, told: Break) -> dict[str, object]:
        return {
            "indicateur": self.trimestres.indicator.code,
            "methode": "regression_par_morceaux",
            "valeur": told.level.estimate,
            "ic": [told.level.low, told.level.high],
            "effectif": told.before + told.after,
            "verdict": "établi" if told.level.p < SURE else "non tranché",
            "comparaison": {
                "temoin": self.temoin,
                "avant": told.before,
                "apres": told.after,
                "logarithme": self.echelle.logarithme,
                **{
                    name: {"coefficient": each.estimate, "ic": [each.low, each.high], "p": each.p}
                    for name, each in (("pente_avant", told.slope_before), ("saut", told.level), ("pente", told.slope))
                },
            },
        }

    def _effect(self, each: Coefficient) -> str:
        return self.echelle.effet(each.estimate)

    def _table(self, told: Break) -> Tableau:
        named = (
            ("Pente avant, par trimestre", told.slope_before, told.newey_west.slope_before),
            (f"Saut au {self._premier}", told.level, told.newey_west.level),
            ("Changement de pente, par trimestre", told.slope, told.newey_west.slope),
        )
        write = self.echelle.effet
        rows = [
            (name, self._effect(one), bounds(one, write), probability(one.p), bounds(two, write))
            for name, one, two in named
        ]
        before, after = (french.agree(number, "trimestre") for number in (told.before, told.after))
        return Tableau(
            pd.DataFrame(rows, columns=["Terme", self.echelle.nom, "Intervalle à 95 %", "p", "Selon Newey et West"]),
            f"{self.trimestres.indicator.libelle} : avant et après le {french.day(self.trimestres.details.jour)}",
            note=f"{before} avant, {after} après ; saisons retirées. Un trimestre que la date coupe compte avant.{self.echelle.note}",
        )

    def point(self) -> str:
        """How it was done, for a paper."""
        told = self.modele
        if isinstance(told, str):
            return not_done()
        return "Régression par morceaux, saisons comprises ; ses erreurs sont dites plus haut."
