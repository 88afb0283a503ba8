"""Cross-validation as the old functions took it; folds are those of `shared.splits`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hyperparameter_tuning.legacy_imports.old_errors import value_errors
from hyperparameter_tuning.node.compat_cross_validation import CrossValidationConfig, parse_cross_validation
from hyperparameter_tuning.shared.splits import may_stratify

__all__ = [
    "CrossValidationConfig",
    "_build_cv_splitter",
    "_parse_cross_validation_config",
    "_resolve_problem_type_hint",
]

_PROBLEM_TYPES = {
    "classification": "classification",
    "classifier": "classification",
    "regression": "regression",
    "regressor": "regression",
}


def _parse_cross_validation_config(node_config: Mapping[str, Any] | None) -> CrossValidationConfig:
    """Read a node's settings in either spelling (``cv_folds`` or ``folds``).

    Raises:
        OldCallError: a value is of the wrong type, or a name is unknown.
    """
    with value_errors():
        return parse_cross_validation(node_config)


def _build_cv_splitter(problem_type: str, cv_config: CrossValidationConfig, y_train: Any) -> Any:
    """Make the splitter: stratified for classification, unless ``kfold`` was asked or classes are small.

    Args:
        problem_type: ``classification`` or ``regression``.
        cv_config: See `CrossValidationConfig`.
        y_train: Target, shape (n_rows,).
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    codes = np.unique(np.asarray(y_train), return_inverse=True)[1]
    counts = np.bincount(codes) if problem_type == "classification" else np.zeros(0, dtype=np.intp)
    wanted = "off" if cv_config.strategy == "kfold" else "auto"
    splitter = StratifiedKFold if may_stratify(wanted, counts, cv_config.folds) else KFold
    seed = cv_config.random_state if cv_config.shuffle else None
    return splitter(n_splits=cv_config.folds, shuffle=cv_config.shuffle, random_state=seed)


def _resolve_problem_type_hint(hint: Any, default: str = "classification") -> str:
    """Return the problem type that a person wrote, in any case; *default* for everything else."""
    return _PROBLEM_TYPES.get(str(hint or "").strip().lower(), default)
