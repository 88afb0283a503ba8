"""Which stored model of a job is meant, and what whoever predicts with it must know.

Reading files does not belong here (`node.routes.artifacts`).
"""

from collections.abc import Mapping
from typing import Any, Literal

from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.node.job_documents import ArtifactDocument, ArtifactLink
from hyperparameter_tuning.shared.artifact_types import ALLOWED_TYPES
from hyperparameter_tuning.shared.errors import NotFoundError

ModelInput = Literal["raw", "prepared"]


def stored_model(job: JobRecord, wanted: ModelInput | None = None) -> Mapping[str, Any]:
    """Return what the outcome says of a stored model.

    Without steps before it, a model takes the rows of the dataset as they are: then it is both.

    Args:
        job: The job.
        wanted: ``raw`` takes rows as the dataset has them, ``prepared`` as the steps before the model leave
            them; absent: the one with the steps inside.

    Raises:
        NotFoundError: the job has no tuned model, or none of that input.
    """
    outcome = job.outcome or {}
    whole, final = outcome.get("tuned_model"), outcome.get("prepared_model")
    if not whole:
        raise NotFoundError(
            f"The job is {job.state} and has no tuned model.", code="no_artifact", job_id=job.id
        )
    found = final or (whole if whole.get("input") == "prepared" else None) if wanted == "prepared" else whole
    if not found:
        raise NotFoundError(
            "The job has no tuned model for prepared rows.", code="no_artifact", job_id=job.id
        )
    return dict(found)


def artifact_links(job: JobRecord, links: Mapping[str, str]) -> list[ArtifactLink]:
    """Return a link to each stored model of a job, the one with the steps inside first."""
    outcome = job.outcome or {}
    models = [model for name in ("tuned_model", "prepared_model") if (model := outcome.get(name))]
    return [_link(model, links, f"?input={model['input']}") for model in models]


def artifact_link(job: JobRecord, links: Mapping[str, str]) -> ArtifactLink | None:
    """Return the link to the tuned model, where there is one."""
    model = (job.outcome or {}).get("tuned_model")
    return _link(model, links, "") if model else None


def artifact_document(
    job: JobRecord, model: Mapping[str, Any], links: Mapping[str, str], wanted: ModelInput | None
) -> ArtifactDocument:
    """Return what `shared.prediction.load_tuned` takes beside the file.

    Args:
        job: The job.
        model: From `stored_model`.
        links: Of the job.
        wanted: As it was asked for.
    """
    trusted = list(model.get("trusted_types") or ())
    return ArtifactDocument(
        job_id=job.id,
        model_type=job.model_type,
        href=links["artifact"] + ("" if wanted is None else f"?input={wanted}"),
        sha256=model["sha256"],
        size=model["size"],
        input=model["input"],
        columns=[dict(column) for column in model.get("columns") or ()],
        steps=list(model.get("steps") or ()),
        steps_before=list(model.get("steps_before") or ()),
        target=model.get("target"),
        classes=list(model.get("classes") or ()),
        trusted_types=trusted,
        allowed_types=[*ALLOWED_TYPES, *trusted],
        cautions=list((job.outcome or {}).get("cautions") or ()),
    )


def _link(model: Mapping[str, Any], links: Mapping[str, str], query: str) -> ArtifactLink:
    return ArtifactLink(
        href=links.get("artifact", "") + query,
        document=links.get("artifact_document", "") + query,
        sha256=model["sha256"],
        size=model["size"],
        input=model["input"],
        trusted_types=list(model.get("trusted_types") or ()),
    )
