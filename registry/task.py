"""What the worker runs: one configuration, resolved against its graph and data, every value typed.

Judging does not belong here: `registry.validation` has found nothing wrong before a task is made. The
worker makes the task again from the stored documents and gets the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, ProblemType, StrategySpec
from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.config_rows import FixedParam
from hyperparameter_tuning.registry.config_sections import WriteBack
from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.search_context import SearchBudget
from hyperparameter_tuning.registry.space import Space, candidate_key
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.registry.values import default_params, space_from_rows, typed_params
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings, get_settings

Params = dict[str, Any]
_SEED = "random_state"


@dataclass(frozen=True)
class TuningTask:
    """A search, ready to run.

    Attributes:
        model: The model to tune.
        problem_type: What it predicts.
        target: Column to predict.
        feature_exclusions: Columns that are neither target nor feature: groups, times.
        space: Typed dimensions in the order of the rows.
        rows: The enabled rows behind them.
        fixed: Typed parameters that every candidate shares: the target node's current ones and the
            library's defaults, overlaid by ``fixed_params``, without the searched names.
        baseline: Typed current parameters of the first target node, complete: trial 0.
        library_defaults: Typed defaults of the library, complete: trial 1 where they differ.
        other_baselines: Typed current parameters of further target nodes, in the order of their ids.
        strategy: How candidates are proposed.
        options: The strategy's own options.
        metric: What decides, in its natural unit.
        metric_reason: One sentence on why this metric.
        additional_metrics: Recorded beside it, each once.
        n_classes: Distinct target values; 0 for regression.
        cross_validation: The chosen document of `registry.config_cross_validation`.
        budget: Cut to the server's ceilings.
        seed: Seed of all draws.
        n_jobs: Fits at once; None leaves it to the worker.
        on_trial_error: What a failed candidate does to the job.
        refit_on: What the tuned model is fitted on.
        write_back: What happens to the model nodes downstream.
    """

    model: ModelSpec
    problem_type: ProblemType
    target: str
    feature_exclusions: tuple[str, ...]
    space: Space
    rows: list[Params]
    fixed: Params
    baseline: Params
    library_defaults: Params
    other_baselines: tuple[Params, ...]
    strategy: StrategySpec
    options: BaseModel
    metric: MetricSpec
    metric_reason: str
    additional_metrics: tuple[MetricSpec, ...]
    n_classes: int
    cross_validation: BaseModel
    budget: SearchBudget
    seed: int
    n_jobs: int | None
    on_trial_error: Literal["skip", "fail"]
    refit_on: Literal["train", "train_and_validation"]
    write_back: WriteBack

    @property
    def reference_candidates(self) -> tuple[tuple[str, Params], ...]:
        """Origin and parameters of what is scored outside the strategy, trial 0 first, each model once."""
        return references(self.baseline, self.library_defaults, self.other_baselines)


def references(
    baseline: Params, library_defaults: Params, other_baselines: tuple[Params, ...]
) -> tuple[tuple[str, Params], ...]:
    """Return origin and parameters of what is scored outside the strategy, each model once.

    Args:
        baseline: Complete current parameters of the first target node.
        library_defaults: Complete defaults.
        other_baselines: Complete current parameters of further target nodes.
    """
    named = [
        ("baseline", baseline),
        ("defaults", library_defaults),
        *(("baseline", params) for params in other_baselines),
    ]
    distinct: dict[str, tuple[str, Params]] = {}
    for origin, params in named:
        distinct.setdefault(candidate_key(params), (origin, params))
    return tuple(distinct.values())


def references_of(case: TuningCase, model: ModelSpec) -> tuple[tuple[str, Params], ...]:
    """Return the references of a case whose model is known, whatever else is open.

    Raises:
        UserError: a model node holds a parameter that its model does not take.
    """
    defaults = default_params(model, case.config.execution.seed)
    return references(baseline_params(case, model), defaults, _other_baselines(case, model))


def make_task(
    config: TuningConfig, plain: PlainForm, summary: DataSummary, settings: Settings | None = None
) -> TuningTask:
    """Resolve a configuration without findings into what the worker runs.

    Args:
        config: The completed configuration, as `validate` returned it and the job stores it.
        plain: The graph, as the job stores it.
        summary: The dataset, as the job stores it.
        settings: The server's ceilings; absent: this process's own.

    Returns:
        The same task for the same arguments, in any process.

    Raises:
        UserError: the model, the target or a value is missing or wrong; `validate` would have said so.
    """
    return task_of(TuningCase(config, plain, summary, settings or get_settings(), node_kinds()))


def task_of(case: TuningCase) -> TuningTask:
    """Make the task of a case that was judged; see `make_task`."""
    model, target, decided = case.model, case.target_name, case.metric
    if case.model_refusal is not None:
        raise case.model_refusal
    if model is None or target is None or decided is None:
        raise UserError("A task needs a model and a target column.", code="incomplete_config")
    config, metric = case.config, decided[0]
    rows = [dict(row) for _, row in case.rows]
    space = space_from_rows(model, rows)
    baseline, searched = baseline_params(case, model), {dimension.name for dimension in space}
    fixed = baseline | fixed_params(config.fixed_params, model)
    return TuningTask(
        model=model,
        problem_type=model.problem_type,
        target=target,
        feature_exclusions=case.excluded_columns,
        space=space,
        rows=rows,
        fixed={name: value for name, value in fixed.items() if name not in searched},
        baseline=baseline,
        library_defaults=default_params(model, config.execution.seed),
        other_baselines=_other_baselines(case, model),
        strategy=case.strategy,
        options=config.strategy,
        metric=metric,
        metric_reason=decided[1],
        additional_metrics=_additional(config, metric),
        n_classes=case.n_classes,
        cross_validation=config.cross_validation,
        budget=case.budget,
        seed=config.execution.seed,
        n_jobs=_n_jobs(config.execution.n_jobs, case.settings.n_jobs),
        on_trial_error=config.execution.on_trial_error,
        refit_on=config.selection.refit_on,
        write_back=config.write_back,
    )


def baseline_params(case: TuningCase, model: ModelSpec) -> Params:
    """Return the current parameters of the first target, typed and completed by the defaults.

    Raises:
        UserError: the model node holds a parameter that its model does not take.
    """
    connected = case.plain.model
    if connected is None:
        return default_params(model, case.config.execution.seed)
    return _whole(case, model, connected.params, connected.number_types)


def fixed_params(rows: list[FixedParam], model: ModelSpec) -> Params:
    """Return the configuration's own overrides, typed.

    Raises:
        UserError: as `registry.values.typed_params`.
    """
    types = {row.name: row.number_type for row in rows if row.number_type is not None}
    return typed_params(model, {row.name: row.value for row in rows}, types)


def _other_baselines(case: TuningCase, model: ModelSpec) -> tuple[Params, ...]:
    return tuple(_whole(case, model, target.params, target.number_types) for target in case.plain.targets[1:])


def _whole(
    case: TuningCase, model: ModelSpec, params: Mapping[str, Any], number_types: Mapping[str, Any]
) -> Params:
    """Complete a node's parameters; one without a seed gets the seed of the search, so that runs repeat."""
    typed = typed_params(model, params, number_types)
    if typed.get(_SEED, 0) is None:
        del typed[_SEED]
    return default_params(model, case.config.execution.seed) | typed


def _additional(config: TuningConfig, metric: MetricSpec) -> tuple[MetricSpec, ...]:
    others = {key: get_metric(key) for key in config.objective.additional_metrics}
    return tuple(spec for spec in others.values() if spec.key != metric.key)


def _n_jobs(asked: int | None, ceiling: int | None) -> int | None:
    if asked is None or ceiling is None:
        return asked if ceiling is None else ceiling
    return min(asked, ceiling)
