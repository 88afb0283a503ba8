"""Decides what a succeeded job writes onto the graph: the result always, the parameters by mode and gain.

Pure: nothing is read or stored here. Single operations are in `jobs.patch_operations`; a person's own choice
of trial and parameters is in `jobs.patches_applied`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs.chosen_parameters import (
    ChosenParameters,
    chosen_parameters,
    model_identity,
    target_parameters,
)
from hyperparameter_tuning.jobs.fingerprints import run_fingerprint
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.jobs.patch_operations import (
    Operation,
    artifact_operation,
    parameter_operations,
    result_operation,
)
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.write_backs_repository import NewWriteBack
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, node_kinds
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, types_match
from hyperparameter_tuning.shared.step_order import unsafe_steps

PIPELINE_MODEL = "model.trained.pipeline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A trial that scored what a model node holds.

    Attributes:
        number: Of the trial.
        score: Natural unit; None when it failed.
        parameters: What was scored, complete with the library's defaults.
        targets: Nodes that it stands for, where the search said so.
    """

    number: int
    score: float | None
    parameters: Parameters
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of the parameters of one target: a state and, unless it is simply written, why."""

    state: str
    reason: str | None = None


def build_patches(
    job: JobRecord,
    outcome: Mapping[str, Any],
    kinds: NodeKinds | None = None,
    *,
    baselines: Sequence[Baseline] = (),
    origin: str = "search",
) -> list[NewWriteBack]:
    """Return the patches of a succeeded job, to be stored with its success.

    Args:
        job: The job, succeeded.
        outcome: As `jobs.finishing.succeed` got it.
        kinds: Node kinds; absent: the registry's.
        baselines: Trials of the targets' current parameters; gain is judged against them, per target.
        origin: Of the chosen trial.

    Returns:
        At most one ``result`` patch, and one ``params`` patch per verdict on the targets: to be written,
        to be proposed, or nothing to do.
    """
    known = node_kinds() if kinds is None else kinds
    chosen = chosen_parameters(job, outcome["best_params"], outcome.get("number_types") or {}, origin)
    return [
        *_result_patch(job, outcome, known, chosen),
        *_params_patches(job, outcome, known, baselines, chosen),
    ]


def patch_document(
    job: JobRecord, patch_id: str, operations: Sequence[Operation], trial: int | None = None
) -> dict[str, Any]:
    """Return the patch that hosts receive.

    Args:
        job: Whose patch it is.
        patch_id: Its id.
        operations: What it does.
        trial: Number of the trial whose values it writes; None for one that takes values back.
    """
    return {
        "patch_id": patch_id,
        "base_revision": job.base_revision,
        "ops": list(operations),
        "provenance": {
            "job_id": job.id,
            "run_id": job.run_id,
            "run_number": job.run_number,
            "trial": trial,
        },
    }


def result_document(job: JobRecord, outcome: Mapping[str, Any], chosen: ChosenParameters) -> dict[str, Any]:
    """Return what the tuning node gets, at its kind's ``result_path``.

    ``fingerprint`` is of the graph at submit and ``applied_fingerprint`` of the same graph with *chosen* on
    its model nodes: applying a result must not make it stale.
    """
    return {
        "job_id": job.id,
        "run_id": job.run_id,
        "tuned_model": outcome.get("tuned_model"),
        "best_params": dict(outcome["best_params"]),
        "number_types": dict(outcome.get("number_types") or {}),
        "score": outcome["best_score"],
        "metric": job.metric,
        "direction": job.direction,
        "cautions": list(outcome.get("cautions") or ()),
        "fingerprint": job.fingerprint,
        "applied_fingerprint": applied_fingerprint(job, chosen),
        "provenance": {
            "run_number": job.run_number,
            "model_type": job.model_type,
            "strategy": job.strategy,
            "seed": job.seed,
            "trial": outcome["best_trial"],
            "n_complete": job.n_complete,
            "reason": job.reason,
            "base_revision": job.base_revision,
            "data_fingerprint": job.data_summary.get("fingerprint"),
            "submitted_at": job.created_at.isoformat(),
            "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        },
    }


def model_operations(
    node_id: str, kind: NodeKindSpec, job: JobRecord, outcome: Mapping[str, Any]
) -> list[Operation]:
    """Return the operation that attaches the tuned model to a model node, where it takes one.

    A kind with a port for whole pipelines gets the model with the upstream steps inside; others get the
    final step alone, which expects prepared data.
    """
    if not (job.config.get("write_back") or {}).get("attach_model", True):
        return []
    takes_pipeline = any(
        port.type != "any" and types_match(PIPELINE_MODEL, port.type) for port in kind.inputs
    )
    whole, final = outcome.get("tuned_model"), outcome.get("prepared_model")
    if final is None and whole is not None and whole.get("input") == "prepared":
        final = whole
    model = whole if takes_pipeline else final
    if not model:
        return []
    value = {**model, "job_id": job.id, "score": outcome["best_score"], "metric": job.metric}
    return [artifact_operation(node_id, kind.artifact_path, value)]


def applied_fingerprint(job: JobRecord, chosen: ChosenParameters) -> str:
    """Return the run fingerprint of the graph at submit with *chosen* on its model nodes."""

    def applied(part: Mapping[str, Any]) -> dict[str, Any]:
        held = Parameters(part.get("params") or {}, part.get("number_types") or {})
        after = chosen.for_node(held).over(held)
        return {**part, "params": dict(after.values), "number_types": dict(after.number_types)}

    plain = {**job.plain, "targets": [applied(target) for target in job.plain.get("targets") or ()]}
    data = str(job.data_summary.get("fingerprint", ""))
    return run_fingerprint(job.config, plain, data, job.fingerprints.get("validation"))


def result_path(job: JobRecord, kinds: NodeKinds) -> str:
    """Return the path into the tuning node's data where the job's result is put."""
    kind = kinds.get(job.plain.get("node_kind") or TUNING_KIND) or kinds[TUNING_KIND]
    return kind.result_path


def _result_patch(
    job: JobRecord, outcome: Mapping[str, Any], kinds: NodeKinds, chosen: ChosenParameters
) -> list[NewWriteBack]:
    if job.node_id is None:
        return []
    patch_id = f"{job.id}.result"
    document = result_document(job, outcome, chosen)
    operation = result_operation(job.node_id, result_path(job, kinds), document)
    return [
        NewWriteBack(
            patch_id=patch_id,
            kind="result",
            state="pending" if job.graph_ref else "proposed",
            reason=None if job.graph_ref else "inline_graph",
            patch=patch_document(job, patch_id, [operation], outcome["best_trial"]),
            graph_ref=job.graph_ref,
        )
    ]


def _params_patches(
    job: JobRecord,
    outcome: Mapping[str, Any],
    kinds: NodeKinds,
    baselines: Sequence[Baseline],
    chosen: ChosenParameters,
) -> list[NewWriteBack]:
    if job.write_back_mode == "off":
        return []
    held = target_parameters(job)
    grouped: dict[_Verdict, list[Operation]] = {}
    for target in job.plain.get("targets") or ():
        node_id, kind = target["node_id"], kinds.get(target.get("kind", "model"))
        verdict = _verdict(job, outcome, kinds, kind, _baseline_of(job, node_id, held[node_id], baselines))
        operations = grouped.setdefault(verdict, [])
        if verdict.state != "skipped" and kind is not None:
            operations += parameter_operations(node_id, kind, chosen.for_node(held[node_id]), held[node_id])
            operations += model_operations(node_id, kind, job, outcome)
    return [
        _params_patch(job, verdict, operations, outcome["best_trial"])
        for verdict, operations in grouped.items()
    ]


def _params_patch(job: JobRecord, verdict: _Verdict, operations: list[Operation], trial: int) -> NewWriteBack:
    suffix = f".{verdict.reason}" if verdict.reason else ""
    patch_id = f"{job.id}.params{suffix}"
    return NewWriteBack(
        patch_id=patch_id,
        kind="params",
        state=verdict.state,  # type: ignore[arg-type]
        reason=verdict.reason,
        patch=patch_document(job, patch_id, operations, trial),
        graph_ref=job.graph_ref,
    )


def _verdict(
    job: JobRecord,
    outcome: Mapping[str, Any],
    kinds: NodeKinds,
    kind: NodeKindSpec | None,
    baseline: Baseline | None,
) -> _Verdict:
    if kind is None or kind.params_path is None:
        return _Verdict("skipped", "no_parameters_path")
    if baseline is not None and baseline.number == outcome["best_trial"]:
        return _Verdict("skipped", "already_best")
    reason = _why_not_written(job, outcome, kinds, baseline)
    return _Verdict("proposed", reason) if reason or job.write_back_mode == "propose" else _Verdict("pending")


def _why_not_written(
    job: JobRecord, outcome: Mapping[str, Any], kinds: NodeKinds, baseline: Baseline | None
) -> str | None:
    """Say why the worker must leave this to the person; None when it may write, or was not asked to."""
    if job.graph_ref is None:
        return "inline_graph"
    if job.write_back_mode != "auto":
        return None
    if unsafe_steps(job.plain, kinds):
        return "unsafe_upstream"
    if baseline is None or baseline.score is None:
        return "baseline_unknown"
    sign = 1 if job.direction == "maximize" else -1
    least = (job.config.get("write_back") or {}).get("min_gain") or 0.0
    return None if sign * (outcome["best_score"] - baseline.score) > least else "gain_too_small"


def _baseline_of(
    job: JobRecord, node_id: str, held: Parameters, baselines: Sequence[Baseline]
) -> Baseline | None:
    """Return the trial that scored what this node holds."""
    for baseline in baselines:
        if node_id in baseline.targets:
            return baseline
    wanted = model_identity(job, held)
    same = (baseline for baseline in baselines if model_identity(job, baseline.parameters) == wanted)
    return next(same, None)
