"""Stores a fitted estimator and describes what it was trained on, as the old functions did.

Files are skops, never pickles, in the artifact store of `shared.artifacts`.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from hyperparameter_tuning.legacy_imports.field_reading import read_field
from hyperparameter_tuning.legacy_imports.search_results import _serialize_value
from hyperparameter_tuning.node.compat_cross_validation import CrossValidationConfig
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import get_settings

_log = structlog.get_logger(__name__)


def _persist_best_estimator(job: Any, estimator: Any) -> str | None:
    """Store the estimator of a job.

    Args:
        job: Its ``id``, ``pipeline_id`` and ``run_number`` name the file.
        estimator: Fitted.

    Returns:
        The key in the artifact store; None when it could not be stored, which the log tells.
    """
    folder, name = _part(read_field(job, "pipeline_id", "inline")), _part(read_field(job, "id", "job"))
    key = f"{folder}/tuning/{name}_run{int(read_field(job, 'run_number', 0))}.skops"
    try:
        with tempfile.TemporaryDirectory() as scratch:
            path = artifacts.dump(estimator, Path(scratch) / "model.skops")
            return artifacts.store(path, key, get_settings()).key
    except (OSError, TuningError) as error:
        _log.warning("artifact_not_stored", key=key, reason=str(error))
        return None


def _part(value: Any) -> str:
    """Return one part of a key; what a caller calls a pipeline never leaves the folder."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", str(value)).strip("_-") or "unnamed"


def _build_metadata_update(
    problem_type: str,
    target_column: str,
    feature_columns: Sequence[str],
    cv_config: CrossValidationConfig,
    dataset_meta: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what is worth keeping beside a job: the problem, its columns, the validation, the dataset."""
    update: dict[str, Any] = {
        "problem_type": problem_type,
        "target_column": target_column,
        "feature_columns": list(feature_columns),
        "cross_validation": _serialize_value(vars(cv_config)),
    }
    if dataset_meta:
        update["dataset"] = _serialize_value(dataset_meta)
    return update
