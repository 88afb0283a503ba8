"""What a path rule is: the one abstract idea behind all families.

Which rule a class has is in `paths.table`.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hyperparameter_tuning.tasks.evaluation.division import is_seed
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PathRows:
    """What the members of a family are fitted and scored on.

    Attributes:
        fold: Training and test rows, and what families share of them.
        with_train: Training rows are scored too.
        own_warnings: By position, what a candidate's own fit would have warned of and the others' would not.
    """

    fold: PreparedFold
    with_train: bool
    own_warnings: dict[int, list[Warning]] = field(default_factory=dict)

    @property
    def scored(self) -> tuple[Any, ...]:
        """The tables that scorers will ask about."""
        return (self.fold.X_test, self.fold.side("train")[0]) if self.with_train else (self.fold.X_test,)

    @contextmanager
    def of(self, position: int) -> Iterator[None]:
        """Note the warnings of a block as those of one candidate."""
        with warnings.catch_warnings(record=True) as records:
            warnings.simplefilter("always")
            yield
        for record in records:
            told = record.message
            self.warn(position, told if isinstance(told, Warning) else record.category(told))

    def warn(self, position: int, warning: Warning) -> None:
        """Note a warning of one candidate; what the one fit warns of is told for all of them."""
        self.own_warnings.setdefault(position, []).append(warning)


class PathRule(ABC):
    """Candidates that differ only in *params* are scored from one fit, as if each had been fitted.

    Attributes:
        name: As it is recorded and told.
        params: The path parameters, by the final estimator's own names.
        needs_seed: Without an int ``random_state`` each fit is another one, so there is no path.
        shares_fold: Families of one fold share something costly and stay in one process.
        takes_weights: The one fit is told ``sample_weight`` too; otherwise weights make plain fits.
        grows: A plain fit costs in proportion to `length`; otherwise as much as the whole path.
        start: What each fit costs before that, in units of `length`.
    """

    name: ClassVar[str]
    params: ClassVar[tuple[str, ...]]
    needs_seed: ClassVar[bool] = True
    shares_fold: ClassVar[bool] = False
    takes_weights: ClassVar[bool] = False
    grows: ClassVar[bool] = False
    start: ClassVar[float] = 0.0

    def takes(self, fit_params: Set[str]) -> bool:
        """Say whether the one fit can be told arguments of these names."""
        return not fit_params or (self.takes_weights and fit_params == {"sample_weight"})

    def allows(self, estimator: Any) -> bool:
        """Say whether *estimator*, unfitted and with the family's parameters, has this path at all."""
        return not self.needs_seed or is_seed(estimator.random_state)

    def path_of(self, estimator: Any, own: Params) -> Params:
        """Return a candidate's values of the path parameters; those it leaves out are the estimator's own.

        Args:
            estimator: Unfitted, as the search was given it.
            own: All parameters of it that the candidate sets.
        """
        return {name: own.get(name, getattr(estimator, name)) for name in self.params}

    def has(self, estimator: Any, path: Params) -> bool:
        """Say whether these values of the path parameters are on the path; others are fitted plainly."""
        return True

    def part(self, estimator: Any, path: Params) -> Params:
        """Return what splits a family into several fits, for example None beside numbers; mostly nothing."""
        return {}

    @abstractmethod
    def length(self, path: Params) -> float:
        """Return how far along the path a candidate is; the longest costs as much as the family's fit."""

    @abstractmethod
    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Fit once, and yield for each of *wanted* its position and an estimator that answers as if fitted.

        Args:
            estimator: Unfitted, with the family's parameters; owned by the rule.
            wanted: Values of the path parameters; those left out of a candidate are the estimator's own.
            rows: What to fit on, and what will be scored.

        Raises:
            Exception: whatever the fit raises; every candidate is then fitted plainly.
        """


def is_count(value: Any, least: int = 1) -> bool:
    """Say whether *value* is a whole number that a count of members can be."""
    return is_seed(value) and value >= least
