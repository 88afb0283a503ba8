"""Support vector machines with kernels.

The linear one for many rows is `sgd_classifier` in `registry.models.linear_classifiers`.
"""

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import (
    NON_NEGATIVE,
    POSITIVE,
    class_weight,
    flag,
    option,
    real,
    whole,
)
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension

_KERNELS = ("rbf", "poly", "sigmoid", "linear")

_SHARED: tuple[FieldSpec, ...] = (
    real("C", "C", 1.0, "Inverse strength of the penalty.", POSITIVE, log=True, simpler="lower"),
    option("kernel", "Kernel", "rbf", "Shape of the similarity of two rows.", _KERNELS),
    FieldSpec(
        "gamma",
        "Gamma",
        ("str", "float"),
        "scale",
        "For all kernels but linear: how fast similarity falls with distance; scale: by number and variance "
        "of the columns, auto: by their number.",
        float_bounds=NON_NEGATIVE,
        choices=("scale", "auto"),
        log=True,
        simpler="lower",
    ),
    whole("degree", "Degree", 3, "For poly.", NON_NEGATIVE, simpler="lower"),
    real("coef0", "Constant", 0.0, "For poly and sigmoid.", Bounds()),
    flag("shrinking", "Shrinking", True, "A heuristic that may save time."),
    real("tol", "Tolerance", 1e-3, "The solver stops when it gains less than this.", POSITIVE, log=True),
    real("cache_size", "Cache (MB)", 200.0, "Memory for the kernel.", POSITIVE, searchable=False),
    whole("max_iter", "Iterations", -1, "Most iterations of the solver; -1: no limit.", Bounds(low=-1)),
)

# Without a limit one linear candidate on unscaled columns runs for hours; a million ends it within seconds.
_BOUNDED = {"max_iter": 1_000_000}

_GAMMAS = CategoricalDimension("gamma", ("scale", "auto", 0.001, 0.01, 0.1, 1.0))
_KERNEL_ROW = CategoricalDimension("kernel", _KERNELS)

SVC = ModelSpec(
    key="svc",
    label="Support vector machine (classifier)",
    description="A wide margin between classes in a space of similarities; wants scaled columns.",
    problem_type="classification",
    estimator="sklearn.svm:SVC",
    aliases=("svm", "support_vector_machine", "svc_classifier", "svm_classifier"),
    # scikit-learn 1.9 deprecates its own probabilities; CalibratedClassifierCV replaces them.
    has_probabilities=False,
    has_decision_function=True,
    defaults=_BOUNDED,
    fields=(
        *_SHARED[:3],
        class_weight(),
        *_SHARED[3:],
        option(
            "decision_function_shape",
            "Many classes",
            "ovr",
            "Shape of the decision function: one against the rest, or one against one.",
            ("ovr", "ovo"),
        ),
        flag("break_ties", "Break ties", False, "For ovr: by the size of the decision function."),
    ),
    suggested=(
        FloatDimension("C", 1e-2, 1e2, log=True),
        _KERNEL_ROW,
        _GAMMAS,
        CategoricalDimension("class_weight", (None, "balanced")),
    ),
    suggested_grid=(
        FloatDimension("C", 1e-1, 1e2, log=True, grid_points=4),
        _KERNEL_ROW,
        CategoricalDimension("gamma", ("scale", 0.01, 0.1)),
    ),
)

SVR = ModelSpec(
    key="svr",
    label="Support vector machine (regressor)",
    description="A tube around the target in a space of similarities; wants scaled columns.",
    problem_type="regression",
    estimator="sklearn.svm:SVR",
    aliases=("svm", "support_vector_machine", "svr_regressor", "svm_regressor"),
    has_probabilities=False,
    defaults=_BOUNDED,
    fields=(
        *_SHARED[:1],
        real("epsilon", "Epsilon", 0.1, "Errors up to this, in the target's unit, cost nothing.", log=True),
        *_SHARED[1:],
    ),
    suggested=(
        FloatDimension("C", 1e-1, 1e3, log=True),
        FloatDimension("epsilon", 1e-3, 1.0, log=True),
        _KERNEL_ROW,
        _GAMMAS,
    ),
    suggested_grid=(
        FloatDimension("C", 1e-1, 1e2, log=True, grid_points=4),
        CategoricalDimension("epsilon", (0.01, 0.1)),
        _KERNEL_ROW,
        CategoricalDimension("gamma", ("scale", 0.1)),
    ),
)

MODELS = (SVC, SVR)
