"""Naive Bayes classifiers: columns are taken as independent within each class."""

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.field_forms import flag, nullable, real
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension

_ALPHA = real(
    "alpha", "Alpha", 1.0, "Count added to every value (Laplace smoothing).", log=True, simpler="higher"
)
_FORCE_ALPHA = flag("force_alpha", "Keep tiny alpha", True, "Off: alpha is at least 1e-10.")
_FIT_PRIOR = flag("fit_prior", "Learn class shares", True, "Off: all classes are taken as equally frequent.")
_PRIOR_ROW = CategoricalDimension("fit_prior", (True, False))

GAUSSIAN_NB = ModelSpec(
    key="gaussian_nb",
    label="Naive Bayes (Gaussian)",
    description="A normal distribution per column and class; very fast.",
    problem_type="classification",
    estimator="sklearn.naive_bayes:GaussianNB",
    aliases=("naive_bayes", "gaussian_naive_bayes", "GaussianNB"),
    path_families=("var_smoothing",),
    fields=(
        real(
            "var_smoothing",
            "Smoothing",
            1e-9,
            "Share of the largest variance that is added to all variances.",
            log=True,
            simpler="higher",
        ),
    ),
    suggested=(FloatDimension("var_smoothing", 1e-12, 1.0, log=True),),
    suggested_grid=(FloatDimension("var_smoothing", 1e-12, 1.0, log=True, grid_points=25),),
)

MULTINOMIAL_NB = ModelSpec(
    key="multinomial_nb",
    label="Naive Bayes (multinomial)",
    description="For counts, such as words; columns must not be negative.",
    problem_type="classification",
    estimator="sklearn.naive_bayes:MultinomialNB",
    aliases=("multinomial_naive_bayes", "MultinomialNB"),
    requires_non_negative=True,
    fields=(_ALPHA, _FIT_PRIOR, _FORCE_ALPHA),
    suggested=(FloatDimension("alpha", 1e-3, 1e2, log=True), _PRIOR_ROW),
    suggested_grid=(FloatDimension("alpha", 1e-3, 1e2, log=True, grid_points=11), _PRIOR_ROW),
)

BERNOULLI_NB = ModelSpec(
    key="bernoulli_nb",
    label="Naive Bayes (Bernoulli)",
    description="For yes-or-no columns; others are cut in two at a threshold.",
    problem_type="classification",
    estimator="sklearn.naive_bayes:BernoulliNB",
    aliases=("bernoulli_naive_bayes", "BernoulliNB"),
    fields=(
        _ALPHA,
        nullable(
            real("binarize", "Threshold", 0.0, "Values above it are yes; empty: columns are 0 or 1 already.")
        ),
        _FIT_PRIOR,
        _FORCE_ALPHA,
    ),
    suggested=(
        FloatDimension("alpha", 1e-3, 1e2, log=True),
        FloatDimension("binarize", 0.0, 0.9),
        _PRIOR_ROW,
    ),
    suggested_grid=(
        FloatDimension("alpha", 1e-3, 1e2, log=True, grid_points=6),
        CategoricalDimension("binarize", (0.0, 0.25, 0.5)),
        _PRIOR_ROW,
    ),
)

MODELS = (GAUSSIAN_NB, MULTINOMIAL_NB, BERNOULLI_NB)
