"""What the search child and the refit child do: documents and files in, messages out.

Processes do not belong here (`tasks.child_main`), nor the search itself (`tasks.execution`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.registry.space import grid_size
from hyperparameter_tuning.registry.values import number_types_of, typed_params
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.tasks import execution
from hyperparameter_tuning.tasks.data_bundle import read_bundle
from hyperparameter_tuning.tasks.job_documents import JobDocuments

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.settings import Settings
    from hyperparameter_tuning.tasks.child_channel import ChildChannel


def search(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    """Search; the work of the search child.

    Args:
        payload: ``documents``, ``folder`` of the bundle, ``recorded`` units, ``only_recorded`` to find the
            best of these and score nothing, ``elapsed`` seconds that an earlier try used.
        settings: Ceilings of the installation.
        channel: Told the messages of the search and, at the end, ``search.report`` with the winner.
    """
    documents = JobDocuments.from_payload(payload["documents"])
    task = documents.task(settings)
    _refuse_large_grid(task, settings)
    only_recorded = payload["only_recorded"]
    report = execution.execute_search(
        replace(task, n_jobs=task.n_jobs or spare_cores(settings)),
        read_bundle(Path(payload["folder"])),
        documents.plain,
        emit=channel.send,
        should_stop=lambda: only_recorded or channel.stop_requested.is_set(),
        recorded=payload["recorded"],
        elapsed=payload["elapsed"],
    )
    winner = report.winner
    found = (
        None
        if winner is None
        else {
            **asdict(winner),
            "score": winner.scores[task.metric.key],
            "number_types": number_types_of(task.model, winner.params),
        }
    )
    channel.send(
        {
            "type": "search.report",
            "reason": report.reason,
            "winner": found,
            "metric_reason": task.metric_reason,
            "warnings": list(report.warnings),
            "path_checks": [asdict(check) for check in report.path_checks],
        }
    )


def _refuse_large_grid(task: TuningTask, settings: Settings) -> None:
    """Keep the worker's own ceiling, which may be lower than that of the API that took the job."""
    size = None if task.strategy.supports.continuous else grid_size(task.space)
    if size is not None and size > settings.max_grid_candidates:
        raise UserError(
            f"The grid has {size:,} candidates; this worker builds {settings.max_grid_candidates:,} at most: "
            "take values out, or search at random.",
            code="grid_too_large",
        )


def spare_cores(settings: Settings) -> int:
    """Return how many cores one job may use: its share of what affinity and container leave the worker."""
    from joblib import cpu_count

    return max(1, int(cpu_count()) // settings.concurrency)


def refit(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    """Fit the chosen candidate; the work of the refit child.

    Args:
        payload: ``documents``, ``folder`` of the bundle and of the files to write, ``params`` and
            ``number_types`` of the chosen trial.
        settings: Ceilings of the installation.
        channel: Told ``refitted`` with the fields of `execution.Refitted`.
    """
    documents = JobDocuments.from_payload(payload["documents"])
    task, folder = documents.task(settings), Path(payload["folder"])
    params = typed_params(task.model, payload["params"], payload["number_types"])
    refitted = execution.refit(task, read_bundle(folder), documents.plain, params, folder)
    files = {
        "model": str(refitted.model),
        "prepared_model": None if refitted.prepared_model is None else str(refitted.prepared_model),
    }
    channel.send({"type": "refitted", **asdict(refitted), **files})
