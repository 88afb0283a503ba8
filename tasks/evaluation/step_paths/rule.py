"""What a step path is: one fit of a step before the model holds many settings of that step.

Which rule a class has is in `step_paths.table`; paths of the model itself are `paths.rule`.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hyperparameter_tuning.tasks.evaluation.prepared_fold import n_bytes

Params = Mapping[str, Any]
Note = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class GrownStep:
    """A step that was fitted as far along its path as any candidate asks.

    Attributes:
        step: Fitted.
        length: How far.
        kept: What else its rule cuts from.
        warnings: Of its fit, in order.
        marks: How many of them a shorter fit gives, by its length; all of them, where left out.
        error: What the fit raised. It is kept as well: others that share the step need not fit it again.
    """

    step: Any
    length: float
    kept: tuple[Any, ...] = ()
    warnings: tuple[Warning | str, ...] = ()
    marks: Mapping[float, int] = field(default_factory=dict)
    error: Exception | None = None

    @property
    def nbytes(self) -> int:
        """Memory of what is kept."""
        return n_bytes(self.kept)

    def warnings_of(self, length: float) -> tuple[Warning | str, ...]:
        """Return what a fit of this length would have warned of."""
        return self.warnings[: self.marks.get(length, len(self.warnings))]


class StepPath(ABC):
    """Candidates that differ only in *params* of a step have that step cut out of one fit.

    Whatever comes after the step is fitted for each of them.

    Attributes:
        name: As it is recorded and told.
        params: The path parameters, by the step's own names.
    """

    name: ClassVar[str]
    params: ClassVar[tuple[str, ...]]

    @abstractmethod
    def allows(self, step: Any) -> bool:
        """Say whether *step*, unfitted and with what the candidates have in common, has this path at all.

        That it draws by whole numbers only was asked before (`division.is_shareable`).
        """

    @abstractmethod
    def has(self, path: Params) -> bool:
        """Say whether these values of the path parameters are on the path; others are fitted alone."""

    def is_costly(self, step: Any) -> bool:
        """Say whether a fit of *step* may cost more than one of the model."""
        return True

    @abstractmethod
    def length(self, path: Params) -> float:
        """Return how far along the path a setting is; the longest fit holds all others."""

    @abstractmethod
    def grow(self, step: Any, longest: Params, X: Any, y: Any, note: Note) -> tuple[Any, ...]:
        """Fit *step*, which is the rule's own, and return what is to be kept besides.

        Args:
            step: Unfitted, with what the candidates have in common.
            longest: Values of the path parameters.
            X: Training rows before the step.
            y: Their target.
            note: To be told a length once everything has run that a fit of this length runs.

        Raises:
            Exception: whatever the fit raises; every candidate is then fitted plainly.
        """

    @abstractmethod
    def cut(self, grown: GrownStep, path: Params, X: Any) -> Any:
        """Return the step as if it had been fitted with *path* on *X*.

        Raises:
            Exception: *path* is none that these rows allow; its candidates are then fitted plainly.
        """

    def rows(self, grown: GrownStep, step: Any, X: Any, y: Any) -> Any:
        """Return what the fit of the cut *step* would have made of the training rows."""
        return step.transform(X)


def grown(rule: StepPath, step: Any, longest: Params, X: Any, y: Any) -> GrownStep:
    """Fit *step* along its path, as far as *longest*; its warnings are kept for those that share it."""
    marks: dict[float, int] = {}
    length = rule.length(longest)
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        try:
            kept = rule.grow(step, longest, X, y, lambda reached: marks.update({reached: len(records)}))
        except Exception as error:
            return GrownStep(step, length, error=error)
    return GrownStep(step, length, kept, tuple(record.message for record in records), marks)


def taken(rule: StepPath, grown: GrownStep, path: Params, X: Any, y: Any) -> tuple[Any, Any]:
    """Return the step for *path* and the training rows after it, with the warnings of its own fit.

    Raises:
        Exception: what the fit along the path raised, or *path* is none that these rows allow.
    """
    if grown.error is not None:
        raise grown.error
    for warning in grown.warnings_of(rule.length(path)):
        warnings.warn(warning, stacklevel=2)
    step = rule.cut(grown, path, X)
    return step, rule.rows(grown, step, X, y)
