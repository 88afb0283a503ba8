"""Linear classifiers: logistic regression and stochastic gradient descent.

Linear models for regression are in `registry.models.linear_regressors`.
"""

from hyperparameter_tuning.registry.base import Bounds, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import (
    FIT_INTERCEPT,
    INNER_SHARE,
    N_JOBS,
    POSITIVE,
    RANDOM_STATE,
    SHARE,
    class_weight,
    flag,
    nullable,
    option,
    real,
    whole,
)
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension

_BALANCE = CategoricalDimension("class_weight", (None, "balanced"))

LOGISTIC_REGRESSION = ModelSpec(
    key="logistic_regression",
    label="Logistic regression",
    description="A linear model of the log odds of each class.",
    problem_type="classification",
    estimator="sklearn.linear_model:LogisticRegression",
    aliases=("logistic", "logistic_regression_classifier", "LogisticRegression"),
    has_decision_function=True,
    seeded=True,
    # scikit-learn's 100 iterations often end before lbfgs converges; more cost nothing where it does.
    defaults={"max_iter": 1000},
    fields=(
        real("C", "C", 1.0, "Inverse strength of the penalty.", POSITIVE, log=True, simpler="lower"),
        real(
            "l1_ratio",
            "L1 ratio",
            0.0,
            "0: L2 penalty; 1: L1, with solver liblinear or saga; between: both, with saga.",
            SHARE,
        ),
        option(
            "solver",
            "Solver",
            "lbfgs",
            "lbfgs, newton-cg, newton-cholesky and sag take the L2 penalty only; liblinear two classes only.",
            ("lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga"),
        ),
        class_weight(),
        FIT_INTERCEPT,
        whole("max_iter", "Iterations", 100, "Most iterations of the solver."),
        real("tol", "Tolerance", 1e-4, "The solver stops when it gains less than this.", log=True),
        real(
            "intercept_scaling",
            "Intercept scaling",
            1.0,
            "For liblinear: weight of the constant term in the penalty.",
            POSITIVE,
        ),
        flag(
            "dual", "Dual form", False, "For liblinear with L2: solve the dual, for fewer rows than columns."
        ),
        RANDOM_STATE,
    ),
    suggested=(FloatDimension("C", 1e-4, 1e3, log=True), _BALANCE),
    suggested_grid=(FloatDimension("C", 1e-3, 1e2, log=True, grid_points=11), _BALANCE),
)

SGD_CLASSIFIER = ModelSpec(
    key="sgd_classifier",
    label="Linear model by stochastic gradient descent",
    description="A linear classifier for many rows; wants scaled columns.",
    problem_type="classification",
    estimator="sklearn.linear_model:SGDClassifier",
    aliases=("sgd", "SGDClassifier"),
    # predict_proba exists for log_loss and modified_huber only.
    has_probabilities=False,
    has_decision_function=True,
    seeded=True,
    fields=(
        option(
            "loss",
            "Loss",
            "hinge",
            "hinge: a linear support vector machine; log_loss: logistic regression.",
            (
                "hinge",
                "log_loss",
                "modified_huber",
                "squared_hinge",
                "perceptron",
                "squared_error",
                "huber",
                "epsilon_insensitive",
                "squared_epsilon_insensitive",
            ),
        ),
        nullable(option("penalty", "Penalty", "l2", "Empty: none.", ("l2", "l1", "elasticnet"))),
        real("alpha", "Alpha", 1e-4, "Strength of the penalty.", log=True, simpler="higher"),
        real("l1_ratio", "L1 ratio", 0.15, "For elasticnet: share of L1.", SHARE),
        class_weight(),
        FIT_INTERCEPT,
        option(
            "learning_rate",
            "Learning rate",
            "optimal",
            "How the step shrinks.",
            ("optimal", "constant", "invscaling", "adaptive", "pa1", "pa2"),
        ),
        real("eta0", "First step", 0.01, "For all learning rates but optimal.", POSITIVE, log=True),
        real("power_t", "Power of t", 0.5, "For invscaling: how fast the step shrinks.", Bounds()),
        real("epsilon", "Epsilon", 0.1, "For huber and the epsilon losses: width of the tolerated error."),
        whole("max_iter", "Epochs", 1000, "Most passes over the rows."),
        nullable(real("tol", "Tolerance", 1e-3, "Stop when an epoch gains less; empty: never.", log=True)),
        whole("n_iter_no_change", "Patience", 5, "Epochs without gain before it stops."),
        flag("early_stopping", "Early stopping", False, "Judge the gain on rows set apart."),
        real("validation_fraction", "Rows set apart", 0.1, "For early stopping.", INNER_SHARE),
        flag("shuffle", "Shuffle", True, "Shuffle the rows before each epoch."),
        flag("average", "Average", False, "Use the mean of the weights over all steps."),
        RANDOM_STATE,
        N_JOBS,
    ),
    suggested=(
        FloatDimension("alpha", 1e-6, 1e-1, log=True),
        CategoricalDimension("loss", ("hinge", "log_loss", "modified_huber")),
        CategoricalDimension("penalty", ("l2", "l1", "elasticnet")),
        FloatDimension("l1_ratio", 0.0, 1.0),
        _BALANCE,
    ),
    suggested_grid=(
        FloatDimension("alpha", 1e-5, 1e-1, log=True, grid_points=5),
        CategoricalDimension("loss", ("hinge", "log_loss", "modified_huber")),
        CategoricalDimension("penalty", ("l2", "l1")),
    ),
)

MODELS = (LOGISTIC_REGRESSION, SGD_CLASSIFIER)
