"""The value that everything about write-backs handles: hyperparameters by name, as JSON.

Which ones a trial stands for does not belong here (`jobs.chosen_parameters`), nor what they come to on a
model (`jobs.effective_parameters`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameters:
    """Hyperparameters as JSON, with what JSON loses beside them.

    Attributes:
        values: By name.
        number_types: ``int`` or ``float`` for parameters that take a count or a fraction.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    number_types: Mapping[str, str] = field(default_factory=dict)

    def only(self, names: frozenset[str] | None) -> "Parameters":
        """Return the part with these names; all for None."""
        if names is None:
            return self
        return Parameters(
            {name: value for name, value in self.values.items() if name in names},
            {name: kind for name, kind in self.number_types.items() if name in names},
        )

    def over(self, below: "Parameters") -> "Parameters":
        """Return both, own values first; a number type goes with its value."""
        kept = {name: kind for name, kind in below.number_types.items() if name not in self.values}
        return Parameters({**below.values, **self.values}, {**kept, **self.number_types})
