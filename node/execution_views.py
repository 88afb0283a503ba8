"""The result of a job as values and references by output port; nothing is read or decided here."""

from collections.abc import Mapping, Sequence

from hyperparameter_tuning.jobs.records import JobRecord, TrialRecord
from hyperparameter_tuning.jobs.trial_tables import TABLE_FORMATS, column_dtypes, flat_trial
from hyperparameter_tuning.node.execution_documents import (
    ModelOutput,
    NodeOutputs,
    ParamsOutput,
    ReportOutput,
    TableOutput,
    TrialColumn,
)
from hyperparameter_tuning.node.stored_models import artifact_link

MODEL_TYPES = {"raw": "model.trained.pipeline", "prepared": "model.trained"}


def node_outputs(job: JobRecord, links: Mapping[str, str], shown: Sequence[TrialRecord]) -> NodeOutputs:
    """Return what the node gives.

    Args:
        job: Succeeded.
        links: See `node.job_views.job_links`.
        shown: Trials that have every column of the table: the references and one of the search.
    """
    outcome = job.outcome or {}
    return NodeOutputs(
        best_params=ParamsOutput(
            value=dict(outcome["best_params"]), number_types=dict(outcome.get("number_types") or {})
        ),
        tuned_model=_model(job, links),
        trials=trials_table(links, shown),
        report=ReportOutput(href=links["report"]),
    )


def trials_table(links: Mapping[str, str], shown: Sequence[TrialRecord]) -> TableOutput:
    """Return where the trials are as a table, and its columns in order, as far as *shown* has them."""
    dtypes = column_dtypes([flat_trial(trial) for trial in shown])
    return TableOutput(
        href=links["trials"],
        formats={name: f"{links['trials']}?format={name}" for name in TABLE_FORMATS},
        columns=[TrialColumn(name=name, dtype=dtype) for name, dtype in dtypes.items()],
    )


def _model(job: JobRecord, links: Mapping[str, str]) -> ModelOutput | None:
    model, artifact = (job.outcome or {}).get("tuned_model"), artifact_link(job, links)
    if not model or artifact is None:
        return None
    return ModelOutput(
        type=MODEL_TYPES[model["input"]],
        artifact=artifact,
        input=model["input"],
        columns=[dict(column) for column in model.get("columns") or ()],
        steps=list(model.get("steps") or ()),
    )
