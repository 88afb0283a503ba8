"""JSON Schemas of the reference kinds' configurations, in the subset that real form renderers accept.

The tuning node's own schema does not belong here: `registry.config` is its only source. What a step does
with its configuration is in `shared.preparation_steps` and `shared.splits`.

The subset (DESIGN.md section 3): no ``$ref``, ``anyOf``, conditionals or free maps; unions are ``oneOf``
tagged by a ``const`` that is required; nullable types are type lists; defaults stand on the leaves.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.parameter_schema import parameter_schema

Schema = dict[str, Any]


def tag(value: str, title: str) -> Schema:
    """Return the schema of a branch's tag: one text, which is also its default."""
    return {"type": "string", "const": value, "default": value, "title": title}


def branch(
    title: str, tag_name: str, properties: Mapping[str, Schema], *, required: tuple[str, ...] = ()
) -> Schema:
    """Return one closed object of a tagged union; the tag is always required."""
    return {
        "type": "object",
        "title": title,
        "properties": dict(properties),
        "required": [tag_name, *required],
        "additionalProperties": False,
    }


def closed(title: str, properties: Mapping[str, Schema]) -> Schema:
    """Return a closed object whose properties all have defaults."""
    return {"type": "object", "title": title, "properties": dict(properties), "additionalProperties": False}


def text(title: str, *, default: str | None = None, description: str = "", limit: int = 256) -> Schema:
    """Return the schema of a short text."""
    schema: Schema = {"type": "string", "title": title, "minLength": 1, "maxLength": limit}
    return schema | _extras(default, description)


def choice(title: str, values: tuple[str, ...], *, default: str, description: str = "") -> Schema:
    """Return the schema of one text out of *values*."""
    return {"type": "string", "title": title, "enum": list(values)} | _extras(default, description)


def whole(
    title: str, *, default: int, minimum: int, maximum: int | None = None, description: str = ""
) -> Schema:
    """Return the schema of a whole number."""
    schema: Schema = {"type": "integer", "title": title, "minimum": minimum}
    if maximum is not None:
        schema["maximum"] = maximum
    return schema | _extras(default, description)


def flag(title: str, *, default: bool, description: str = "") -> Schema:
    """Return the schema of a yes or no."""
    return {"type": "boolean", "title": title} | _extras(default, description)


def _extras(default: Any, description: str) -> Schema:
    extras: Schema = {} if default is None else {"default": default}
    return extras | ({"description": description} if description else {})


def _columns(applies_to: str) -> Schema:
    return {
        "type": "array",
        "title": "Columns",
        "items": {"type": "string", "minLength": 1, "maxLength": 256},
        "maxItems": 2000,
        "default": [],
        "description": f"Empty: {applies_to}.",
    }


_SEED = whole("Seed", default=42, minimum=0, maximum=2**32 - 1, description="Same seed, same result.")
_TARGET: Schema = {
    "type": ["string", "null"],
    "title": "Target column",
    "maxLength": 256,
    "default": None,
    "description": "The column that models downstream predict.",
}

DATASET: Schema = {
    "title": "Dataset",
    "oneOf": [
        branch(
            "File",
            "source",
            {
                "source": tag("file", "Source"),
                "path": text(
                    "Path", limit=1024, description="CSV or Parquet, relative to one of the data roots."
                ),
                "target": _TARGET,
            },
            required=("path",),
        ),
        branch(
            "SQL table",
            "source",
            {
                "source": tag("sql", "Source"),
                "connection": text(
                    "Connection", description="Name of a connection in the server's settings."
                ),
                "table": text("Table", description="Table or view, with its schema where needed."),
                "target": _TARGET,
            },
            required=("connection", "table"),
        ),
        branch(
            "Sample table",
            "source",
            {
                "source": tag("sample", "Source"),
                "name": choice(
                    "Table",
                    ("penguins", "diabetes", "breast_cancer", "wine", "iris", "digits"),
                    default="penguins",
                ),
                "target": _TARGET,
            },
            required=("name",),
        ),
    ],
}

SPLIT: Schema = closed(
    "Split",
    {
        "test_size": {
            "type": "number",
            "title": "Test share",
            "minimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.2,
            "description": "Share of all rows that the search never sees; 0 for none.",
        },
        "validation_size": {
            "type": "number",
            "title": "Validation share",
            "minimum": 0,
            "exclusiveMaximum": 1,
            "default": 0,
            "description": "Share of all rows that leave by the validation output; 0 for none.",
        },
        "shuffle": flag(
            "Shuffle", default=True, description="Off: test rows are the last ones, as for series."
        ),
        "stratify": choice(
            "Stratify",
            ("auto", "on", "off"),
            default="auto",
            description="Keep the class shares in every part; auto: in classification, where possible.",
        ),
        "seed": _SEED,
    },
)

IMPUTE: Schema = closed(
    "Impute",
    {
        "numeric": choice("Numbers", ("median", "mean", "most_frequent", "constant"), default="median"),
        "numeric_fill_value": {
            "type": "number",
            "title": "Fill value for numbers",
            "default": 0,
            "description": "Used by 'constant'.",
        },
        "categorical": choice("Texts and categories", ("most_frequent", "constant"), default="most_frequent"),
        "categorical_fill_value": text(
            "Fill value for texts", default="missing", description="Used by 'constant'."
        ),
        "add_indicator": flag(
            "Add indicators",
            default=False,
            description="One more column per column that had gaps, saying where.",
        ),
        "columns": _columns("every numeric, text or category column"),
    },
)

SCALE: Schema = closed(
    "Scale",
    {
        "method": choice(
            "Method",
            ("standard", "minmax", "robust", "maxabs"),
            default="standard",
            description="Mean and deviation; range 0 to 1; median and quartiles; greatest magnitude.",
        ),
        "columns": _columns("every numeric column"),
    },
)

_ENCODED = _columns("every text or category column")
_MIN_FREQUENCY: Schema = {
    "type": ["integer", "null"],
    "title": "Rare below",
    "minimum": 1,
    "default": None,
    "description": "Categories seen less often share one code; empty: none do.",
}

ENCODE: Schema = {
    "title": "Encode",
    "oneOf": [
        branch(
            "One column per category",
            "method",
            {
                "method": tag("one_hot", "Method"),
                "drop": choice(
                    "Drop", ("none", "first", "if_binary"), default="none", description="A category left out."
                ),
                "min_frequency": _MIN_FREQUENCY,
                "columns": _ENCODED,
            },
        ),
        branch(
            "One number per category",
            "method",
            {"method": tag("ordinal", "Method"), "min_frequency": _MIN_FREQUENCY, "columns": _ENCODED},
        ),
        branch(
            "Mean of the target per category",
            "method",
            {
                "method": tag("target", "Method"),
                "smooth": {
                    "type": ["number", "null"],
                    "title": "Smoothing",
                    "minimum": 0,
                    "default": None,
                    "description": "Weight of the overall mean, in rows; empty: an empirical Bayes estimate.",
                },
                "seed": _SEED,
                "columns": _ENCODED,
            },
        ),
    ],
}

_SCORE = choice(
    "Score",
    ("auto", "f", "mutual_info"),
    default="auto",
    description="How a column is judged alone; auto: the F test of the problem type.",
)

SELECT_FEATURES: Schema = {
    "title": "Select features",
    "oneOf": [
        branch(
            "The best few",
            "method",
            {
                "method": tag("k_best", "Method"),
                "k": whole(
                    "Columns to keep",
                    default=10,
                    minimum=1,
                    description="All are kept where there are fewer.",
                ),
                "score": _SCORE,
                "seed": _SEED,
            },
        ),
        branch(
            "The best share",
            "method",
            {
                "method": tag("percentile", "Method"),
                "percentile": whole("Percent to keep", default=50, minimum=1, maximum=100),
                "score": _SCORE,
                "seed": _SEED,
            },
        ),
        branch(
            "Those that vary",
            "method",
            {
                "method": tag("variance", "Method"),
                "threshold": {
                    "type": "number",
                    "title": "Least variance",
                    "minimum": 0,
                    "default": 0,
                    "description": "Columns whose variance is at most this are dropped.",
                },
            },
        ),
    ],
}

REDUCE: Schema = {
    "title": "Reduce",
    "oneOf": [
        branch(
            "Principal components",
            "method",
            {
                "method": tag("pca", "Method"),
                "n_components": {
                    "type": "number",
                    "title": "Components",
                    "exclusiveMinimum": 0,
                    "default": 0.95,
                    "description": "Below 1: the share of variance to keep; 1 or more: their number.",
                },
                "whiten": flag("Whiten", default=False, description="Scale the components to unit variance."),
                "seed": _SEED,
            },
        ),
        branch(
            "Truncated SVD",
            "method",
            {
                "method": tag("truncated_svd", "Method"),
                "n_components": whole("Components", default=2, minimum=1),
                "seed": _SEED,
            },
        ),
    ],
}


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
            "number_types": closed(
                "Counts or fractions",
                {
                    item.name: {"type": "string", "title": item.label, "enum": ["int", "float"]}
                    for item in typed
                },
            ),
        },
    )


def _parameter(spec: ModelSpec, item: FieldSpec) -> Schema:
    default = spec.defaults.get(item.name, item.default)
    # A form that fills in `null` here would unseed the model; absent means the seed of the search.
    return (
        parameter_schema(item)
        if item.name == "random_state"
        else parameter_schema(item) | {"default": default}
    )
