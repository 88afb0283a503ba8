"""A model that scikit-learn does not have."""

from hyperparameter_tuning.registry import Bounds, FieldSpec, FloatDimension, IntDimension, ModelSpec

PROTOTYPE_CLASSIFIER = ModelSpec(
    key="prototype_classifier",
    label="Prototypes",
    problem_type="classification",
    estimator="tuning_example_plugin.estimator:PrototypeClassifier",
    description="Classes by the nearest centre, drawn towards the middle of all rows.",
    fields=(
        FieldSpec("shrinkage", "Shrinkage", ("float",), 0.0, float_bounds=Bounds(0.0, 1.0)),
        FieldSpec("power", "Power of the distance", ("int",), 2, int_bounds=Bounds(1, 8)),
    ),
    suggested=(FloatDimension("shrinkage", 0.0, 0.9), IntDimension("power", 1, 4)),
    suggested_grid=(FloatDimension("shrinkage", 0.0, 0.9, grid_points=4), IntDimension("power", 1, 4)),
    aliases=("prototype",),
    trusted_types=("tuning_example_plugin.estimator.PrototypeClassifier",),
)
MODELS = (PROTOTYPE_CLASSIFIER,)
