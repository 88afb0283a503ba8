"""The schema of a model node's configuration: one branch per model, each with its own parameters.

The other reference kinds are in `registry.kind_schemas`.
"""

from collections.abc import Mapping

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.form_fields import HINT
from hyperparameter_tuning.registry.parameter_schema import edited_schema
from hyperparameter_tuning.registry.schema_forms import Schema, branch, closed, tag


def model_schema(models: Mapping[str, ModelSpec]) -> Schema:
    """Return the model node's schema: one branch per model, each with its own parameters."""
    return {"title": "Model", "oneOf": [_model_branch(spec) for spec in models.values()]}


def _model_branch(spec: ModelSpec) -> Schema:
    typed = [item for item in spec.fields if item.takes_count_or_fraction]
    return branch(
        spec.label,
        "model",
        {
            "model": tag(spec.key, "Model"),
            "params": closed("Parameters", {item.name: _parameter(spec, item) for item in spec.fields}),
            "number_types": closed("Counts or shares", {item.name: _number_type(item) for item in typed}),
        },
    )


def _number_type(item: FieldSpec) -> Schema:
    """Ask what a number means where a parameter takes both; most people never need to say."""
    return {
        "type": "string",
        "title": f"{item.label}: count or share",
        "description": "What a number there is; empty: above 1 it is a count, below 1 a share.",
        "enum": ["int", "float"],
        HINT: {"labels": ["Count", "Share"]},
    }


def _parameter(spec: ModelSpec, item: FieldSpec) -> Schema:
    default = spec.defaults.get(item.name, item.default)
    schema = edited_schema(item)
    # A form that fills in `null` here would unseed the model; absent means the seed of the search.
    return schema if item.name == "random_state" else schema | {"default": default}
