"""Graphs in their plain form and summaries of tables, as small as the rules need them."""

from typing import Any

from hyperparameter_tuning.registry.models.catalog import model_specs
from hyperparameter_tuning.registry.validation import Validation, validate
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainStep, PlainTarget
from hyperparameter_tuning.shared.settings import Settings

SETTINGS = Settings(_env_file=None)

FLOWERS = DataSummary(
    rows=150,
    columns=(
        Column(name="length", dtype="number", distinct=35),
        Column(name="width", dtype="number", distinct=23),
        Column(name="kind", dtype="category", distinct=3, minimum_class_count=50),
        Column(name="plot", dtype="integer", distinct=12),
        Column(name="day", dtype="datetime", distinct=40),
    ),
    fingerprint="sha256:flowers",
)
NUMBERS = DataSummary(
    rows=150,
    columns=tuple(column for column in FLOWERS.columns if column.name != "day"),
    fingerprint="sha256:numbers",
)
TARGETS = {"classification": "kind", "regression": "width"}


def graph(
    model: str | None = "decision_tree_classifier",
    *,
    params: dict[str, Any] | None = None,
    target: str | None = None,
    steps: tuple[PlainStep, ...] = (),
    **changes: Any,
) -> PlainForm:
    """The plain form of dataset, steps, tuning node and one model node."""
    if target is None and model in model_specs():
        target = TARGETS[model_specs()[model].problem_type]
    form = PlainForm(
        dataset={"source": "sample", "name": "iris"},
        steps=steps,
        model=None if model is None else PlainModel(type=model, params=params or {}),
        target=target,
        node_id="tune",
        targets=() if model is None else (PlainTarget(node_id="model", params=params or {}),),
    )
    return form.model_copy(update=changes)


def judged(
    config: Any, plain: PlainForm | None = None, summary: DataSummary | None = NUMBERS, **more: Any
) -> Validation:
    """Validate on a graph where nothing else is wrong."""
    if plain is None:
        plain = graph()
    return validate(config, plain, summary, settings=more.pop("settings", SETTINGS), **more)


def codes(validation: Validation, severity: str | None = None) -> list[str]:
    """The codes of the findings in their order."""
    return [item.code for item in validation.findings if severity in (None, item.severity)]


def only(validation: Validation, code: str) -> Finding:
    """The one finding with this code."""
    (found,) = [item for item in validation.findings if item.code == code]
    return found


ENCODED = (PlainStep(node_id="encode", kind="encode", config={"method": "one_hot"}),)


def regression(model: str = "ridge_regression", **changes: Any) -> PlainForm:
    """A graph for a regressor, its category encoded upstream."""
    return graph(model, **{"steps": ENCODED, **changes})
