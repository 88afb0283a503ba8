"""The tuned models of a job and their documents, read through the API and never by path."""

import asyncio
import base64
from collections.abc import Iterator
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.entity_tags import quoted
from hyperparameter_tuning.node.job_documents import ArtifactDocument
from hyperparameter_tuning.node.job_requests import JOBS_PATH
from hyperparameter_tuning.node.job_views import job_links
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services
from hyperparameter_tuning.node.stored_models import ModelInput, artifact_document, stored_model
from hyperparameter_tuning.shared.artifacts import open_verified
from hyperparameter_tuning.shared.host import Principal

router = APIRouter(route_class=ContractRoute, tags=["jobs"])

MEDIA_TYPE = "application/vnd.skops"
SHA256_HEADER = "HPT-Artifact-SHA256"
TYPES_HEADER = "HPT-Artifact-Trusted-Types"
CHUNK_BYTES = 1 << 16


Wanted = Annotated[
    ModelInput | None,
    Query(description="raw: takes rows as the dataset has them; prepared: the model without its steps."),
]


@router.get(
    JOBS_PATH + "/{job_id}/artifact",
    operation_id="download_artifact",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The tuned model.",
            "headers": {
                SHA256_HEADER: {"schema": {"type": "string"}, "description": "sha256, hexadecimal."},
                TYPES_HEADER: {
                    "schema": {"type": "string"},
                    "description": "Types of other packages inside, by commas; absent: none.",
                },
            },
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
        **problem_responses(404, 503),
    },
    summary="Download the tuned model",
)
async def download_artifact(
    job_id: str, services: CurrentServices, principal: CurrentPrincipal, input: Wanted = None
) -> Response:
    """Return the model in skops format; `shared.prediction` opens it and predicts with it.

    Its document names the columns that it takes and the types that it holds. A model with types of another
    package needs it installed, and those types trusted. Compare the sha256 first.
    """
    job = await _job(job_id, services, principal)
    model = stored_model(job, input)
    stream = await asyncio.to_thread(open_verified, model["artifact_key"], model["sha256"], services.settings)
    name = f"{job.model_type}-run-{job.run_number}{'-prepared' if input == 'prepared' else ''}.skops"
    digest = base64.b64encode(bytes.fromhex(model["sha256"])).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(model["size"]),
        "ETag": quoted(model["sha256"]),
        "Repr-Digest": f"sha-256=:{digest}:",
        SHA256_HEADER: model["sha256"],
    }
    if model.get("trusted_types"):
        headers[TYPES_HEADER] = ", ".join(model["trusted_types"])
    return StreamingResponse(_chunks(stream), media_type=MEDIA_TYPE, headers=headers)


@router.get(
    JOBS_PATH + "/{job_id}/artifact/document",
    operation_id="get_artifact_document",
    response_model=ArtifactDocument,
    responses=problem_responses(404, 503),
    summary="Read what the tuned model takes and holds",
)
async def get_artifact_document(
    request: Request,
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    input: Wanted = None,
) -> Response:
    """Return input columns, classes, hash and the allow-list to open the file with."""
    job = await _job(job_id, services, principal)
    links = job_links(request, job.id)
    return ContractResponse(artifact_document(job, stored_model(job, input), links, input))


async def _job(job_id: str, services: Services, principal: Principal) -> JobRecord:
    async with services.database.read() as session:
        return await service.get(session, job_id, owner=principal.id)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
