"""JSON Schemas of the reference kinds' configurations.

The tuning node's own schema does not belong here: `registry.config` is its only source. The model node's is
in `registry.model_schema`. What a step does with its configuration is in `shared.preparation_steps` and
`shared.split_node`.
"""

from hyperparameter_tuning.registry.schema_forms import Schema, branch, choice, closed, flag, tag, text, whole
from hyperparameter_tuning.shared.sample_names import SAMPLE_TARGETS


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
                "name": choice("Table", {name: name for name in SAMPLE_TARGETS}, default="penguins"),
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
            {"auto": "Auto", "on": "On", "off": "Off"},
            default="auto",
            description="Keep the class shares in every part; auto: in classification, where possible.",
        ),
        "seed": _SEED,
    },
)

_FILLED_TEXTS = {"most_frequent": "Most frequent value", "constant": "A constant"}
_FILLED_NUMBERS = {"median": "Median", "mean": "Mean", **_FILLED_TEXTS}

IMPUTE: Schema = closed(
    "Impute",
    {
        "numeric": choice("Numbers", _FILLED_NUMBERS, default="median"),
        "numeric_fill_value": {
            "type": "number",
            "title": "Fill value for numbers",
            "default": 0,
            "description": "Used by the constant.",
        },
        "categorical": choice("Texts and categories", _FILLED_TEXTS, default="most_frequent"),
        "categorical_fill_value": text(
            "Fill value for texts", default="missing", description="Used by the constant."
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
            {
                "standard": "Mean and deviation",
                "minmax": "Range 0 to 1",
                "robust": "Median and quartiles",
                "maxabs": "Greatest magnitude",
            },
            default="standard",
            description="In scikit-learn: StandardScaler, MinMaxScaler, RobustScaler and MaxAbsScaler.",
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
                    "Drop",
                    {"none": "None", "first": "The first", "if_binary": "The first of two"},
                    default="none",
                    description="A category left out.",
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
    {"auto": "Automatic", "f": "F test", "mutual_info": "Mutual information"},
    default="auto",
    description="How a column is judged alone; automatic: the F test of the problem type.",
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
