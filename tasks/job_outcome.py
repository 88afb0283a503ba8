"""The result of a job as one document: what the store keeps and the write-back is built from.

Storing it does not belong here (`jobs.finishing.succeed`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.artifacts import Artifact


def outcome_document(
    report: Mapping[str, Any],
    refitted: Mapping[str, Any],
    files: Mapping[str, Artifact],
    cautions: Sequence[str] = (),
) -> dict[str, Any]:
    """Put together what search and refit found.

    Args:
        report: Message ``search.report``, with a winner.
        refitted: Message ``refitted``.
        files: Stored ``model`` and, where there are upstream steps, ``prepared_model``.
        cautions: Labels of the result, from `shared.step_order.cautions`.

    Returns:
        A JSON document; its keys are those of `jobs.finishing.succeed`, and ``cross_validation`` and
        ``final`` among the metrics.
    """
    winner = report["winner"]
    whole, final = _models(refitted, files)
    return {
        "best_trial": winner["trial"],
        "best_score": winner["score"],
        "best_std": winner["std"],
        "best_params": winner["params"],
        "number_types": winner["number_types"],
        "reason": report["reason"],
        "metric_reason": report["metric_reason"],
        "metrics": {"cross_validation": winner["scores"], **refitted["metrics"]},
        "tuned_model": whole,
        "prepared_model": final,
        "classes": refitted["classes"],
        "rows": refitted["n_rows"],
        "refit_seconds": refitted["seconds"],
        "cautions": list(cautions),
        "path_checks": list(report["path_checks"]),
        "warnings": [*report["warnings"], *refitted["warnings"]],
    }


def _models(
    refitted: Mapping[str, Any], files: Mapping[str, Artifact]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the documents of the whole pipeline and, where it has steps, of its last step alone."""
    answers = {"target": refitted["target"], "classes": refitted["classes"]}
    prepared = files.get("prepared_model")
    whole = {
        **_file(files["model"]),
        "input": "prepared" if prepared is None else "raw",
        "columns": refitted["columns"],
        "steps": refitted["steps"],
        "steps_before": refitted["steps_before"],
        "trusted_types": refitted["trusted_types"],
        **answers,
    }
    if prepared is None:
        return whole, None
    final = {
        **_file(prepared),
        "input": "prepared",
        # Whatever the dataset held, a model is fitted on numbers.
        "columns": [{"name": name, "dtype": "number"} for name in refitted["prepared_columns"]],
        "steps": [],
        "steps_before": [*refitted["steps_before"], *refitted["steps"]],
        "trusted_types": refitted["prepared_trusted_types"],
        **answers,
    }
    return whole, final


def _file(artifact: Artifact) -> dict[str, Any]:
    return {"artifact_key": artifact.key, "sha256": artifact.sha256, "size": artifact.size}
