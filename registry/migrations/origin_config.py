"""The origin's tuning configuration becomes ours: version 0 to version 1.

Both eras are read: the node of its own (``search_strategy``, ``search_space`` as JSON text,
``search_iterations`` ...) and the training node in tuning mode (``n_trials``, ``metric``, or a
``tuning_config``), and the spellings of the job payload (``n_iterations``, ``scoring``, ``random_state``).
Values that cannot be understood stay as they are, for the validator to name.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec, StrategySpec
from hyperparameter_tuning.registry.migrations.migrated import Migrated
from hyperparameter_tuning.registry.migrations.origin_cross_validation import migrate_cross_validation
from hyperparameter_tuning.registry.migrations.origin_keys import unread_notes
from hyperparameter_tuning.registry.migrations.origin_params import migrate_params, migrate_space
from hyperparameter_tuning.registry.migrations.origin_values import first, json_object, number, text, whole
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.shared.errors import UnknownNameError

Config = dict[str, Any]

STRATEGIES = "__tuning_strategies"
ACTIVE = "__active_tuning_strategy_id"
ORIGIN_KEYS = frozenset(
    {STRATEGIES, ACTIVE, "search_strategy", "search_iterations", "search_random_state", "scoring_metric"}
    | {"baseline_hyperparameters", "model_type", "target_column", "cv_enabled", "cv_strategy", "cv_folds"}
    | {"cv_shuffle", "cv_random_state", "tuning_config", "n_trials"}
)
"""Keys of which one is enough to know a configuration of version 0; version 1 has none of them."""
PRESENT_KEYS = frozenset(
    {"model", "target", "fixed_params", "objective", "budget", "execution", "selection", "write_back"}
)
"""Keys that only version 1 has: beside one of them, a key of the origin is for the validator to name."""

_BLANK_METRIC = {"classification": "accuracy", "regression": "r2"}
_WITHOUT_COUNTERPART = {
    "cv_refit_strategy": "The tuned model is fitted on the training rows, as before.",
    "tune_threshold": "Decision thresholds are not tuned.",
}


def migrate_origin_config(config: Mapping[str, Any], *, kept: bool = True) -> Migrated:
    """Bring a configuration of the origin to the present form.

    Args:
        config: As the origin saved or sent it; it is not changed.
        kept: Whether what it was stays somewhere, as in a node's ``migrated_from``; where not, every key that
            means nothing gets a note.

    Returns:
        A configuration of version 1, to be validated like any other, and notes.
    """
    notes: list[str] = []
    read = _joined(config, notes)
    model = _model(read)
    problem_type = _problem_type(read, model, notes)
    seed = whole(first(read, "search_random_state", "random_state"))
    result: Config = {"strategy": {"name": _strategy_name(read)}, "budget": _budget(read)}
    result |= _named(read, model, problem_type)
    result |= _space(read, model, notes)
    result |= _fixed(read, model, result.get("search_space"), notes)
    metric = text(first(read, "scoring_metric", "scoring", "metric")) or _own_score(problem_type, notes)
    if metric is not None:
        result["objective"] = {"metric": metric}
    folds = migrate_cross_validation(read, seed, problem_type, notes)
    if folds is not None:
        result["cross_validation"] = folds
    execution = _execution(read, seed)
    if execution:
        result["execution"] = execution
    _strategy_options(read, result, notes)
    if not kept:
        notes += unread_notes(read)
    notes += [sentence for key, sentence in _WITHOUT_COUNTERPART.items() if read.get(key)]
    return Migrated(result, tuple(notes))


def is_origin_config(config: Mapping[str, Any]) -> bool:
    """Say whether a configuration is one of the origin's."""
    present = not PRESENT_KEYS.isdisjoint(config) or isinstance(config.get("strategy"), Mapping)
    return not present and not ORIGIN_KEYS.isdisjoint(config)


def _joined(config: Mapping[str, Any], notes: list[str]) -> Config:
    """Lay the strategy that is active, and the later era's own object, over the rest."""
    read = dict(config)
    entries = [item for item in _list(config.get(STRATEGIES)) if isinstance(item, Mapping)]
    if entries:
        active = next((item for item in entries if item.get("id") == config.get(ACTIVE)), entries[0])
        own = active.get("config")
        read |= own if isinstance(own, Mapping) else active
        others = [str(item.get("label") or item.get("id")) for item in entries if item is not active]
        if others:
            label = active.get("label") or active.get("id")
            notes.append(
                f"The node held {len(entries)} searches: '{label}' was active and is used; "
                f"kept in the node's 'migrated_from': {', '.join(others)}. Copy the node to run them, too."
            )
    later = config.get("tuning_config")
    if isinstance(later, Mapping):
        read |= {_LATER_NAMES.get(str(name), str(name)): value for name, value in later.items()}
    return read


_LATER_NAMES = {"strategy": "search_strategy"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _model(read: Mapping[str, Any]) -> ModelSpec | None:
    name = _model_name(read)
    try:
        return None if name is None else get_model(name, text(read.get("problem_type")))
    except UnknownNameError:
        return None


def _model_name(read: Mapping[str, Any]) -> str | None:
    several = [name for item in _list(read.get("model_types")) if (name := text(item))]
    return text(first(read, "model_type", "algorithm")) or next(iter(several), None)


def _problem_type(read: Mapping[str, Any], model: ModelSpec | None, notes: list[str]) -> str | None:
    declared = text(read.get("problem_type"))
    if model is None:
        return declared if declared in _BLANK_METRIC else None
    if declared in _BLANK_METRIC and declared != model.problem_type:
        notes.append(f"{model.label} is for {model.problem_type}; '{declared}' was the form's default.")
    return model.problem_type


def _named(read: Mapping[str, Any], model: ModelSpec | None, problem_type: str | None) -> Config:
    found: Config = {} if problem_type is None else {"problem_type": problem_type}
    name = model.key if model is not None else _model_name(read)
    target = text(first(read, "target_column", "targetColumn"))
    return found | ({"model": name} if name else {}) | ({"target": target} if target else {})


def _strategy_name(read: Mapping[str, Any]) -> str:
    """The origin ran what it did not know as random search; here the validator names it."""
    return text(first(read, "search_strategy", "strategy")) or "random"


def _spec(read: Mapping[str, Any]) -> StrategySpec | None:
    try:
        return get_strategy_spec(_strategy_name(read))
    except UnknownNameError:
        return None


def _budget(read: Mapping[str, Any]) -> Config:
    """The origin had no time limit; only random and Optuna search used the number of iterations."""
    budget: Config = {"max_seconds": None}
    spec, wanted = _spec(read), whole(first(read, "search_iterations", "n_iterations", "n_iter", "n_trials"))
    if spec is not None and spec.default_max_trials is not None and wanted is not None:
        budget["max_trials"] = wanted
    return budget


def _space(read: Mapping[str, Any], model: ModelSpec | None, notes: list[str]) -> Config:
    written = read.get("search_space")
    try:
        space = json_object(written)
    except ValueError as error:
        notes.append(f"The search space {error}: write it anew, or clear it to search the suggested one.")
        return {"search_space": written}
    if not space:
        notes.append("The search space was empty: the one suggested for the model is searched.")
        return {}
    rows, found = migrate_space(model, space)
    notes += found
    return {"search_space": rows}


def _fixed(read: Mapping[str, Any], model: ModelSpec | None, rows: Any, notes: list[str]) -> Config:
    """Parameters of every candidate; those that are searched never counted."""
    try:
        baseline = json_object(read.get("baseline_hyperparameters"))
    except ValueError as error:
        notes.append(f"The baseline hyperparameters are left out, since their text {error}.")
        return {}
    params = migrate_params(model, baseline)
    # A space that cannot be understood stays as it was written.
    named = (row.get("name") for row in _list(rows) if isinstance(row, Mapping))
    searched = {name for name in named if isinstance(name, str)}
    fixed = [
        {"name": name, "value": value} | _meant(params.number_types, name)
        for name, value in params.values.items()
        if name not in searched and not _is_shared_out(model, name)
    ]
    notes += params.notes
    return {"fixed_params": fixed} if fixed else {}


def _meant(number_types: Mapping[str, str], name: str) -> Config:
    return {"number_type": number_types[name]} if name in number_types else {}


def _is_shared_out(model: ModelSpec | None, name: str) -> bool:
    """Threads are the search's to share out, whatever a baseline says."""
    return name == "n_jobs" and model is not None


def _own_score(problem_type: str | None, notes: list[str]) -> str | None:
    metric = None if problem_type is None else _BLANK_METRIC[problem_type]
    if metric is not None:
        notes.append(f"No metric was chosen, which meant the model's own score, {metric}.")
    return metric


def _execution(read: Mapping[str, Any], seed: int | None) -> Config:
    threads = whole(read.get("n_jobs"))
    execution: Config = {} if seed is None else {"seed": seed}
    return execution | ({"n_jobs": threads} if threads is not None and threads > 1 else {})


def _strategy_options(read: Mapping[str, Any], result: Config, notes: list[str]) -> None:
    """The later era kept a strategy's own settings in ``strategy_params``, a time limit among them."""
    written, spec = read.get("strategy_params"), _spec(read)
    if not isinstance(written, Mapping) or spec is None:
        return
    known, unread = spec.options.model_fields, []
    for name, value in written.items():
        if name == "timeout":
            seconds = number(value)
            result["budget"]["max_seconds"] = seconds if seconds else None
        elif name == "min_resources" and whole(value) is not None and "min_rows" in known:
            result["strategy"] |= {"min_resources": "fixed", "min_rows": whole(value)}
        elif name in known and name != "name":
            result["strategy"][name] = value
        elif (name, value) != ("resource", "n_samples"):
            unread.append(f"'{name}'")
    if unread:
        notes.append(f"{spec.label} has no option {', '.join(unread)}: left out.")
