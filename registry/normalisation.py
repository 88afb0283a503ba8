"""Other spellings of a configuration that people and programs write, brought to the published form.

Judging does not belong here: what cannot be understood is left as it is, for the validator to name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.row_spellings import (
    Fields,
    fields_of,
    fixed_param,
    is_fixed,
    named_row,
    tagged_row,
)
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings

Document = dict[str, Any]


def normalise(
    document: Any,
    problem_type: str | None = None,
    model: str | None = None,
    settings: Settings | None = None,
) -> tuple[Any, tuple[str, ...]]:
    """Bring a configuration to its published form.

    A search space may be a map ``{name: row}`` or ``{name: [values]}``, a row may be ``fixed``, fixed
    parameters may be a map, a strategy may be its bare name, and strategies, models and metrics may go by
    their aliases. Where ``budget.max_trials`` is absent, the strategy's own default is set.

    Args:
        document: Plain JSON values; it is not changed.
        problem_type: Tells aliases apart that stand for a classifier and a regressor; absent: the
            document's own.
        model: The connected model, whose parameters tell the kind of a row that names none; absent: the
            document's own.
        settings: Whose strategies are offered; absent: this process's own.

    Returns:
        The document in the published form, and one sentence per change that an author may want to know.
    """
    if document is None:
        return {}, ()
    if not isinstance(document, Mapping):
        return document, ()
    result, notes = dict(document), list[str]()
    _strategy(result, notes, settings)
    _model(result, notes, problem_type)
    _objective(result, notes)
    _search_space(result, notes, fields_of(model or result.get("model"), problem_type))
    _fixed_rows(result, notes)
    _fixed_params(result, notes)
    _max_trials(result, settings)
    return result, tuple(notes)


def _strategy(document: Document, notes: list[str], settings: Settings | None) -> None:
    strategy = document.get("strategy")
    if isinstance(strategy, str):
        strategy = {"name": strategy}
    if isinstance(strategy, Mapping) and isinstance(strategy.get("name"), str):
        name = strategy["name"]
        canonical = _resolved(lambda: get_strategy_spec(name, settings).value, name, notes)
        document["strategy"] = {**strategy, "name": canonical}


def _model(document: Document, notes: list[str], problem_type: str | None) -> None:
    name = document.get("model")
    if not isinstance(name, str):
        return
    declared = document.get("problem_type")
    kind = declared if declared in ("classification", "regression") else problem_type
    document["model"] = _resolved(lambda: get_model(name, kind).key, name, notes)


def _objective(document: Document, notes: list[str]) -> None:
    objective = document.get("objective")
    if not isinstance(objective, Mapping):
        return
    objective = dict(objective)
    if isinstance(objective.get("metric"), str):
        objective["metric"] = _metric(objective["metric"], notes)
    if isinstance(objective.get("additional_metrics"), list):
        objective["additional_metrics"] = [
            _metric(name, notes) if isinstance(name, str) else name
            for name in objective["additional_metrics"]
        ]
    document["objective"] = objective


def _metric(name: str, notes: list[str]) -> str:
    return name if name == "auto" else _resolved(lambda: get_metric(name).key, name, notes)


def _resolved(resolve: Callable[[], str], name: str, notes: list[str]) -> str:
    """An unknown name stays, so that the validator can name it with its pointer."""
    try:
        canonical = resolve()
    except UnknownNameError:
        return name
    if canonical != name:
        notes.append(f"'{name}' was read as '{canonical}'.")
    return canonical


def _search_space(document: Document, notes: list[str], fields: Fields) -> None:
    space = document.get("search_space")
    if space is None and "search_space" in document:
        space = []
    if isinstance(space, Mapping):
        notes.append("The search space was written as a map; it is kept as a list of rows.")
        space = [named_row(name, row) for name, row in space.items()]
    if isinstance(space, list):
        document["search_space"] = [tagged_row(row, fields) for row in space]


def _fixed_params(document: Document, notes: list[str]) -> None:
    fixed = document.get("fixed_params")
    if fixed is None and "fixed_params" in document:
        document["fixed_params"] = []
    if isinstance(fixed, Mapping):
        notes.append("The fixed parameters were written as a map; they are kept as a list of rows.")
        document["fixed_params"] = [{"name": name, "value": value} for name, value in fixed.items()]


def _fixed_rows(document: Document, notes: list[str]) -> None:
    """Move rows of kind ``fixed`` from the search space to the fixed parameters, behind those given there."""
    space = document.get("search_space")
    if not isinstance(space, list):
        return
    moved = [row for row in space if is_fixed(row)]
    if not moved:
        return
    _fixed_params(document, notes)
    given = document.get("fixed_params", [])
    if not isinstance(given, list):
        return
    document["search_space"] = [row for row in space if not is_fixed(row)]
    document["fixed_params"] = [*given, *(fixed_param(row) for row in moved if row.get("enabled", True))]
    notes.extend(f"The fixed row '{row.get('name')}' is kept under fixed_params." for row in moved)


def _max_trials(document: Document, settings: Settings | None) -> None:
    """Set the strategy's own number of candidates where the document is silent; None is an answer."""
    strategy, budget = document.get("strategy"), document.get("budget", {})
    if not isinstance(budget, Mapping) or "max_trials" in budget:
        return
    name = strategy.get("name") if isinstance(strategy, Mapping) else None
    try:
        default = get_strategy_spec(name, settings).default_max_trials
    except UnknownNameError:
        return
    document["budget"] = {**budget, "max_trials": default}
