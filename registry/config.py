"""The configuration of the tuning node: the one source of its schemas, forms and defaults.

Rules between fields do not belong here (`registry.validation`), nor other spellings that are accepted
(`registry.normalisation`).
"""

from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.config_cross_validation import CrossValidation, KFold
from hyperparameter_tuning.registry.config_rows import FixedParam, SearchRow
from hyperparameter_tuning.registry.config_sections import Budget, Execution, Objective, Selection, WriteBack
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.form_fields import COLUMN, MAX_ROWS, FormDocument, Name, hint

Specs = tuple[StrategySpec, ...]


def _union(specs: Specs) -> Any:
    """The first branch is the one that forms start with."""
    if len(specs) == 1:
        return specs[0].options
    options: Any = reduce(or_, [spec.options for spec in specs])
    return Annotated[options, Field(discriminator="name")]


class _BuiltInStrategies:
    """Makes a field a union of the options of the built-in strategies, tagged by ``name``."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(_union(BUILT_IN_STRATEGIES))


_STRATEGY_HINT = hint(registered="strategies")
_SPACE_HINT = hint(ui={"ui:options": {"orderable": True, "copyable": True, "role": "search_space"}})


class TuningConfig(FormDocument):
    """Searches the best hyperparameters of the connected model."""

    model_config = ConfigDict(title="Tune hyperparameters")

    model: Name | None = Field(
        None,
        title="Model",
        description="Given by the model node that the output 'Best parameters' feeds; "
        "choose one where none is connected.",
        json_schema_extra=hint(registered="models", ui={"ui:options": {"role": "node_ref"}}),
    )
    target: Name | None = Field(
        None,
        title="Target column",
        description="The column to predict; empty: the one that a node upstream declares.",
        json_schema_extra=COLUMN,
    )
    problem_type: Literal["auto", "classification", "regression"] = Field(
        "auto",
        title="Problem",
        json_schema_extra=hint(labels=("Automatic", "Classification", "Regression")),
    )
    strategy: Annotated[BaseModel, _BuiltInStrategies()] = Field(
        default_factory=BUILT_IN_STRATEGIES[0].options,
        title="Search strategy",
        json_schema_extra=_STRATEGY_HINT,
    )
    search_space: list[SearchRow] = Field(
        default_factory=list,
        title="Search space",
        description="Empty: the space suggested for the model.",
        max_length=MAX_ROWS,
        json_schema_extra=_SPACE_HINT,
    )
    fixed_params: list[FixedParam] = Field(
        default_factory=list,
        title="Fixed parameters",
        description="Override the model node's current parameters in every candidate.",
        max_length=MAX_ROWS,
    )
    objective: Objective = Field(default_factory=Objective, title="Objective")
    cross_validation: CrossValidation = Field(default_factory=KFold, title="Cross-validation")
    budget: Budget = Field(default_factory=Budget, title="Budget")
    execution: Execution = Field(default_factory=Execution, title="Execution")
    selection: Selection = Field(default_factory=Selection, title="Selection")
    write_back: WriteBack = Field(default_factory=WriteBack, title="Write back")


@lru_cache(maxsize=8)
def config_model(specs: Specs) -> type[TuningConfig]:
    """Return the configuration for the strategies that an installation offers.

    Args:
        specs: At least one; the first is the default.
    """
    default = specs[0].options
    field: Any = (
        _union(specs),
        Field(default_factory=default, title="Search strategy", json_schema_extra=_STRATEGY_HINT),
    )
    return create_model("TuningConfig", __base__=TuningConfig, __doc__=TuningConfig.__doc__, strategy=field)
