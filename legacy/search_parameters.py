"""Which parameters a search holds fixed and which it varies, from a job, its node and its model."""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.legacy_imports.field_reading import read_field
from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.legacy_imports.search_configuration import SearchConfiguration
from hyperparameter_tuning.node.compat_search_space import read_object
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.migrations.origin_params import migrate_params, migrate_space
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.values import default_params, known_field, typed_param, typed_params

_BASELINE = "baseline_hyperparameters"


def _prepare_search_parameters(
    job: Any, node_config: Mapping[str, Any] | None, spec: ModelSpec | str, search_config: SearchConfiguration
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Return (parameters every candidate shares, values to try by parameter), typed by the model's fields.

    Args:
        job: Its ``baseline_hyperparameters`` overlay the model's defaults; where it has none the node's do.
        node_config: Of the tuning node; its baseline may be JSON text.
        spec: The model, or its name.
        search_config: Has the search space.

    Raises:
        OldCallError: the space is empty, or names a parameter or a value that the model does not take.
    """
    with value_errors():
        model = get_model(spec) if isinstance(spec, str) else spec
        rows, _ = migrate_space(
            model, {name: list(tried) for name, tried in search_config.search_space.items()}
        )
        if not rows:
            raise OldCallError(
                f"Search space is empty: name at least one parameter of {model.label} with values to try.",
                code="empty_search_space",
            )
        typed = {row["name"]: _typed(model, row) for row in rows}
        written = read_field(job, _BASELINE) or (node_config or {}).get(_BASELINE)
        given = migrate_params(model, read_object(written, _BASELINE))
        base = default_params(model, search_config.random_state)
        base |= typed_params(model, given.values, given.number_types)
    return {name: value for name, value in base.items() if name not in typed}, typed


def _typed(model: ModelSpec, row: Mapping[str, Any]) -> list[Any]:
    field = known_field(model, row["name"])
    return [typed_param(field, value, row.get("number_type")) for value in row["choices"]]
