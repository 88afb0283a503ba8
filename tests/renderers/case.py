"""What one case of filling in a form is, and the documents that cases start from.

The cases do not belong here: see `tests.renderers.cases` and `tests.renderers.resolved_cases`.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.registry.offer import built_in_offer
from hyperparameter_tuning.registry.published_config import default_config, strategy_defaults

RJSF = ("rjsf_core", "rjsf_mui")
FORMS = (*RJSF, "jsonforms")

Steps = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One form that is opened, filled in and submitted.

    Attributes:
        name: For people.
        form: Name of the form that is shown, see `forms`.
        config: What it opens with.
        steps: Verb of the driver and its words.
        expected: The submitted document.
        model: Of the graph that the submitted configuration is validated on; absent: not validated so.
        renderers: Which ones are asked for this.
        themed: Whether the Material theme of react-jsonschema-form is asked in the short form of the tests,
            too: what a form does with its document is the same in every theme, and this one takes seconds.
    """

    name: str
    form: str
    config: Any
    steps: Steps
    expected: Any
    model: str | None = None
    renderers: tuple[str, ...] = field(default=FORMS)
    themed: bool = False


def changed(document: Any, changes: Mapping[str, Any]) -> Any:
    """Return a copy of *document* with other values at these paths; ``...`` takes a key away."""
    copy = deepcopy(document)
    for path, value in changes.items():
        *above, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        place = copy
        for step in above:
            place = place[step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return copy


FRESH = default_config(built_in_offer())
STRATEGIES = strategy_defaults(built_in_offer())

INT_ROW = {
    "kind": "int",
    "name": "max_depth",
    "enabled": True,
    "low": 2,
    "high": 9,
    "step": 1,
    "log": False,
    "number_type": None,
}
FLOAT_ROW = {
    "kind": "float",
    "name": "ccp_alpha",
    "enabled": True,
    "low": 1e-4,
    "high": 0.5,
    "step": None,
    "log": True,
    "grid_points": None,
    "number_type": None,
}
MIXED_ROW = {
    "kind": "categorical",
    "name": "max_features",
    "enabled": True,
    "choices": ["sqrt", 0.5, None],
    "number_type": "float",
}
FLAG_ROW = {
    "kind": "categorical",
    "name": "bootstrap",
    "enabled": True,
    "choices": [True, False],
    "number_type": None,
}
SPACE = [INT_ROW, FLOAT_ROW, MIXED_ROW, FLAG_ROW]
FIXED = [
    {"name": "min_samples_leaf", "value": 3, "number_type": "int"},
    {"name": "class_weight", "value": None, "number_type": None},
    {"name": "criterion", "value": "entropy", "number_type": None},
]
SAVED = FRESH | {"target": "kind", "search_space": SPACE, "fixed_params": FIXED}
FOREST = "random_forest_classifier"
