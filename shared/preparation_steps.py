"""Builders of the reference kinds' steps: impute, scale, encode, select features, reduce.

Each names what it does to the columns and how to make its transformer; pipelines are put together in
`shared.preparation`. Schemas of the configurations are in `registry.kind_schemas`.

Only scikit-learn's own classes are used, so that a stored model opens wherever scikit-learn is. Columns are
found by name at fit time: a step after a feature selection sees fewer than were planned.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.column_selection import (
    TEXT_KINDS,
    chosen_columns,
    for_columns,
    needs_numbers,
    replaced,
)
from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.step_contracts import PreparedStep

Config = Mapping[str, Any]


def impute(config: Config, columns: Sequence[Column]) -> PreparedStep:
    """Fill gaps in numbers, booleans, texts and categories; dates are left alone.

    A column without any value in a fold's training rows is filled with 0 (or the constant), so that folds
    have the same columns.
    """
    chosen, findings = chosen_columns(config, columns, NUMERIC_KINDS | TEXT_KINDS)
    indicator = bool(config.get("add_indicator", False))

    def make(_problem_type: str) -> Any:
        from sklearn.impute import SimpleImputer

        def imputer(strategy: str, fill_value: Any) -> Any:
            return SimpleImputer(
                strategy=strategy, fill_value=fill_value, keep_empty_features=True, add_indicator=indicator
            )

        numeric, text = str(config.get("numeric", "median")), str(config.get("categorical", "most_frequent"))
        # The mean of a yes-or-no column is neither.
        boolean = numeric if numeric == "constant" else "most_frequent"
        number_fill = config.get("numeric_fill_value", 0) if numeric == "constant" else None
        text_fill = config.get("categorical_fill_value", "missing") if text == "constant" else None
        return for_columns(
            ("numeric", imputer(numeric, number_fill), _of_kind(chosen, {"integer", "number"})),
            ("boolean", imputer(boolean, number_fill), _of_kind(chosen, {"boolean"})),
            ("categorical", imputer(text, text_fill), _of_kind(chosen, TEXT_KINDS)),
        )

    after = replaced(columns, chosen, lambda column: column.model_copy(update={"missing": 0}))
    if indicator and any(column.missing for column in chosen):
        after = (*after, Column(name="missingindicator_*", dtype="boolean"))
    return PreparedStep(make, after, findings)


_SCALERS: Mapping[str, str] = {
    "standard": "StandardScaler",
    "minmax": "MinMaxScaler",
    "robust": "RobustScaler",
    "maxabs": "MaxAbsScaler",
}


def scale(config: Config, columns: Sequence[Column]) -> PreparedStep:
    """Bring numeric columns to one scale; yes-or-no columns only where they are named."""
    named = bool(config.get("columns"))
    chosen, findings = chosen_columns(config, columns, NUMERIC_KINDS if named else {"integer", "number"})

    def make(_problem_type: str) -> Any:
        from sklearn import preprocessing

        scaler = getattr(preprocessing, _SCALERS[config.get("method", "standard")])
        return for_columns(("scaled", scaler(), chosen))

    after = replaced(columns, chosen, lambda column: column.model_copy(update={"dtype": "number"}))
    return PreparedStep(make, after, findings)


def encode(config: Config, columns: Sequence[Column]) -> PreparedStep:
    """Turn texts and categories into numbers; categories unseen in training never fail.

    ``one_hot`` gives them zeros, ``ordinal`` -1 (and -2 to a gap), ``target`` the overall mean of the
    target. A gap is a category of its own.
    """
    named = bool(config.get("columns"))
    chosen, findings = chosen_columns(config, columns, TEXT_KINDS | NUMERIC_KINDS if named else TEXT_KINDS)
    method = str(config.get("method", "one_hot"))

    def make(problem_type: str) -> Any:
        return for_columns(("encoded", _ENCODERS[method](config, problem_type), chosen))

    return PreparedStep(make, replaced(columns, chosen, _ENCODED[method]), findings)


def _one_hot(config: Config, _problem_type: str) -> Any:
    from sklearn.preprocessing import OneHotEncoder

    drop, rare = config.get("drop", "none"), config.get("min_frequency")
    return OneHotEncoder(
        drop=None if drop == "none" else drop,
        min_frequency=rare,
        handle_unknown="ignore" if rare is None else "infrequent_if_exist",
        sparse_output=False,
    )


def _ordinal(config: Config, _problem_type: str) -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    return OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        encoded_missing_value=-2,
        min_frequency=config.get("min_frequency"),
    )


def _target(config: Config, problem_type: str) -> Any:
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import TargetEncoder

    smooth = config.get("smooth")
    return TargetEncoder(
        # Whole numbers as a regression target would be taken for classes.
        target_type="continuous" if problem_type == "regression" else "auto",
        smooth="auto" if smooth is None else smooth,
        # Plain folds: stratified ones refuse a class with fewer rows than folds.
        cv=KFold(5, shuffle=True, random_state=int(config.get("seed", 42))),
    )


_ENCODERS: Mapping[str, Callable[[Config, str], Any]] = {
    "one_hot": _one_hot,
    "ordinal": _ordinal,
    "target": _target,
}
_ENCODED: Mapping[str, Callable[[Column], Column]] = {
    "one_hot": lambda column: Column(name=f"{column.name}_*", dtype="boolean"),
    "ordinal": lambda column: column.model_copy(update={"dtype": "integer", "missing": 0}),
    "target": lambda column: column.model_copy(update={"dtype": "number", "missing": 0}),
}


def select_features(config: Config, columns: Sequence[Column]) -> PreparedStep:
    """Keep the columns that tell most about the target, or that vary; needs numbers without gaps."""
    method = str(config.get("method", "k_best"))

    def make(problem_type: str) -> Any:
        return _SELECTORS[method](config, problem_type, len(columns) if _countable(columns) else None)

    findings = () if method == "variance" else needs_numbers(columns, "Select features")
    return PreparedStep(make, tuple(columns), findings)


def _k_best(config: Config, problem_type: str, n_columns: int | None) -> Any:
    from sklearn.feature_selection import SelectKBest

    k = int(config.get("k", 10))
    # More than there are means all, which scikit-learn would repeat as a warning in every fold.
    keep = "all" if n_columns is not None and k >= n_columns else k
    return SelectKBest(_score_function(config, problem_type), k=keep)


def _percentile(config: Config, problem_type: str, _n_columns: int | None) -> Any:
    from sklearn.feature_selection import SelectPercentile

    return SelectPercentile(
        _score_function(config, problem_type), percentile=int(config.get("percentile", 50))
    )


def _variance(config: Config, _problem_type: str, _n_columns: int | None) -> Any:
    from sklearn.feature_selection import VarianceThreshold

    return VarianceThreshold(float(config.get("threshold", 0)))


def _score_function(config: Config, problem_type: str) -> Any:
    from functools import partial

    from sklearn import feature_selection as functions

    regression = problem_type == "regression"
    if config.get("score", "auto") == "mutual_info":
        function = functions.mutual_info_regression if regression else functions.mutual_info_classif
        return partial(function, random_state=int(config.get("seed", 42)))
    return functions.f_regression if regression else functions.f_classif


_SELECTORS: Mapping[str, Callable[[Config, str, int | None], Any]] = {
    "k_best": _k_best,
    "percentile": _percentile,
    "variance": _variance,
}


def reduce(config: Config, columns: Sequence[Column]) -> PreparedStep:
    """Replace all columns by fewer components; needs numbers without gaps."""
    method = str(config.get("method", "pca"))
    asked = float(config.get("n_components", _COMPONENTS[method]))
    findings = needs_numbers(columns, "Reduce")
    if _countable(columns) and asked > len(columns) and asked >= 1:
        message = f"{int(asked)} components are asked for, but only {len(columns)} columns arrive."
        findings = (*findings, Finding("/config/n_components", "out_of_bounds", "error", message))

    def make(_problem_type: str) -> Any:
        return _REDUCERS[method](config, int(asked) if asked >= 1 else asked)

    name = {"pca": "pca", "truncated_svd": "truncatedsvd"}[method]
    known = asked >= 1
    after = [f"{name}{index}" for index in range(int(asked))] if known else [f"{name}*"]
    return PreparedStep(make, tuple(Column(name=item, dtype="number") for item in after), findings)


def _pca(config: Config, n_components: float) -> Any:
    from sklearn.decomposition import PCA

    whiten, seed = bool(config.get("whiten", False)), int(config.get("seed", 42))
    return PCA(n_components=n_components, whiten=whiten, random_state=seed)


def _truncated_svd(config: Config, n_components: float) -> Any:
    from sklearn.decomposition import TruncatedSVD

    return TruncatedSVD(n_components=int(n_components), random_state=int(config.get("seed", 42)))


_COMPONENTS: Mapping[str, float] = {"pca": 0.95, "truncated_svd": 2}
_REDUCERS: Mapping[str, Callable[[Config, float], Any]] = {"pca": _pca, "truncated_svd": _truncated_svd}


def _of_kind(columns: Sequence[Column], kinds: frozenset[str] | set[str]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.dtype in kinds)


def _countable(columns: Sequence[Column]) -> bool:
    return not any(column.name.endswith("*") for column in columns)
