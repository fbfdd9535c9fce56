"""A question across authorities: the answer, then what lies below it, section by section."""

from dataclasses import dataclass
from functools import cached_property

from optima_lib.errors import ComparisonError
from optima_lib.reporting.ensembles.annees import Annees
from optima_lib.reporting.ensembles.collectivites import Collectivites
from optima_lib.reporting.ensembles.details import Details
from optima_lib.reporting.ensembles.groupes import GROUP
from optima_lib.reporting.ensembles.marches import Marches
from optima_lib.reporting.ensembles.niveaux import Niveaux
from optima_lib.reporting.ensembles.rupture import Rupture
from optima_lib.reporting.ensembles.trimestres import Trimestres
from optima_lib.reporting.texts import Bloc, Liste, Shown


@dataclass(frozen=True)
class Ensemble(Collectivites):
    """Authorities in groups, one value each, and what lies below.

    Attributes
    ----------
    details : Details
        Facts, years, quarters.
    """

    details: Details

    @cached_property
    def _marches(self) -> Marches:
        return Marches(self.indicator, self.details)

    @cached_property
    def _niveaux(self) -> Niveaux:
        return Niveaux(self.indicator, self.details)

    @cached_property
    def _annees(self) -> Annees:
        return Annees(self.indicator, self.details)

    @cached_property
    def _trimestres(self) -> Trimestres:
        return Trimestres(self.indicator, self.details)

    @cached_property
    def _rupture(self) -> Rupture:
        return Rupture(self._trimestres)

    @cached_property
    def reference(self) -> str:
        """The group beside which the others are read: that of the contracts where it is compared here too."""
        try:
            told = self._marches.reference
        except ComparisonError:
            return super().reference
        return told if told in set(self.comparees[GROUP]) else super().reference

    def marches(self) -> Shown:
        """The groups, compared on their contracts."""
        return self._marches.montrer()

    def niveaux(self) -> Shown:
        """How much lies between authorities, and the level of each, shrunken."""
        return self._niveaux.montrer()

    def annees(self) -> Shown:
        """What changed from one year to the next, and with the term where one is given."""
        return self._annees.montrer()

    def trimestres(self) -> Shown:
        """The series of quarters, and its break where a day is given."""
        told = self._trimestres.montrer()
        return Bloc((told, self._rupture.montrer())) if self._rupture.demandee else told

    def methode(self) -> Liste:
        """How the question was answered, for a paper."""
        card = f"docs/indicateurs/{self.indicator.code}.md"
        broken = [("Rupture", self._rupture.point())] if self._rupture.demandee else []
        points = [
            ("Indicateur", f"{self.indicator.code}, {self.indicator.formule} ; fiche {card}."),
            ("Collectivités", self.point()),
            ("Marchés", self._marches.point()),
            ("Niveaux", self._niveaux.point()),
            ("Années", self._annees.point()),
            ("Trimestres", self._trimestres.point()),
            *broken,
            ("Choix", "Ce qui est comparé est choisi selon la question, jamais après un test de normalité."),
            (
                "Portée",
                "Les groupes ne sont pas tirés au sort : un écart n'est pas l'effet de l'appartenance au groupe.",
            ),
        ]
        return Liste(tuple(points))
