"""Other spellings of a configuration that people and programs write, brought to the published form.

Judging does not belong here: what cannot be understood is left as it is, for the validator to name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec
from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.shared.errors import UnknownNameError

Document = dict[str, Any]
Fields = Callable[[str], FieldSpec | None]
FIXED = "fixed"


def normalise(
    document: Any, problem_type: str | None = None, model: str | None = None
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

    Returns:
        The document in the published form, and one sentence per change that an author may want to know.
    """
    if document is None:
        return {}, ()
    if not isinstance(document, Mapping):
        return document, ()
    result, notes = dict(document), list[str]()
    _strategy(result, notes)
    _model(result, notes, problem_type)
    _objective(result, notes)
    _search_space(result, notes, _fields(model or result.get("model"), problem_type))
    _fixed_rows(result, notes)
    _fixed_params(result, notes)
    _max_trials(result)
    return result, tuple(notes)


def _strategy(document: Document, notes: list[str]) -> None:
    strategy = document.get("strategy")
    if isinstance(strategy, str):
        strategy = {"name": strategy}
    if isinstance(strategy, Mapping) and isinstance(strategy.get("name"), str):
        name = strategy["name"]
        document["strategy"] = {
            **strategy,
            "name": _resolved(lambda: get_strategy_spec(name).value, name, notes),
        }


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
        space = [_named_row(name, row) for name, row in space.items()]
    if isinstance(space, list):
        document["search_space"] = [_tagged_row(row, fields) for row in space]


def _named_row(name: str, row: Any) -> Any:
    if isinstance(row, list):
        return {"kind": "categorical", "name": name, "choices": row}
    return {**row, "name": name} if isinstance(row, Mapping) else row


def _fields(model: Any, problem_type: str | None) -> Fields:
    """Return the look-up of a model's fields; an unknown model has none."""
    try:
        found = get_model(model, problem_type) if isinstance(model, str) else None
    except UnknownNameError:
        found = None
    return lambda name: None if found is None else found.field(name)


def _tagged_row(row: Any, fields: Fields) -> Any:
    """A row without ``kind`` gets the one that its keys and its parameter's declared type tell."""
    if not isinstance(row, Mapping) or "kind" in row:
        return row
    if "choices" in row:
        return {"kind": "categorical", **row}
    if "value" in row:
        return {"kind": FIXED, **row}
    if "low" not in row or "high" not in row:
        return row
    return {"kind": _range_kind(row, fields(str(row.get("name")))), **row}


def _range_kind(row: Mapping[str, Any], field: FieldSpec | None) -> str:
    declared = {"int", "float"} & set(field.types) if field is not None else set()
    if len(declared) == 1:
        return declared.pop()
    if row.get("number_type") in ("int", "float"):
        return str(row["number_type"])
    ends = (row["low"], row["high"])
    return "int" if all(isinstance(end, int) and not isinstance(end, bool) for end in ends) else "float"


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
    moved = [row for row in space if _is_fixed(row)]
    if not moved:
        return
    _fixed_params(document, notes)
    given = document.get("fixed_params", [])
    if not isinstance(given, list):
        return
    document["search_space"] = [row for row in space if not _is_fixed(row)]
    document["fixed_params"] = [*given, *(_fixed_param(row) for row in moved if row.get("enabled", True))]
    notes.extend(f"The fixed row '{row.get('name')}' is kept under fixed_params." for row in moved)


def _is_fixed(row: Any) -> bool:
    return isinstance(row, Mapping) and row.get("kind") == FIXED


def _fixed_param(row: Mapping[str, Any]) -> Document:
    return {key: value for key, value in row.items() if key not in ("kind", "enabled")}


def _max_trials(document: Document) -> None:
    """Set the strategy's own number of candidates where the document is silent; None is an answer."""
    strategy, budget = document.get("strategy"), document.get("budget", {})
    if not isinstance(budget, Mapping) or "max_trials" in budget:
        return
    name = strategy.get("name") if isinstance(strategy, Mapping) else None
    try:
        default = get_strategy_spec(name).default_max_trials
    except UnknownNameError:
        return
    document["budget"] = {**budget, "max_trials": default}
