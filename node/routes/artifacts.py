"""The tuned model of a job, read through the API and never by path."""

import asyncio
import base64
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.entity_tags import quoted
from hyperparameter_tuning.node.job_requests import JOBS_PATH
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices
from hyperparameter_tuning.shared.artifacts import open_artifact
from hyperparameter_tuning.shared.errors import NotFoundError
from hyperparameter_tuning.shared.settings import Settings

router = APIRouter(route_class=ContractRoute, tags=["jobs"])

MEDIA_TYPE = "application/vnd.skops"
SHA256_HEADER = "HPT-Artifact-SHA256"
CHUNK_BYTES = 1 << 16


@router.get(
    JOBS_PATH + "/{job_id}/artifact",
    operation_id="download_artifact",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The tuned model.",
            "headers": {SHA256_HEADER: {"schema": {"type": "string"}, "description": "sha256, hexadecimal."}},
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
        **problem_responses(404, 503),
    },
    summary="Download the tuned model",
)
async def download_artifact(job_id: str, services: CurrentServices, principal: CurrentPrincipal) -> Response:
    """Return the model in skops format; load it with ``skops.io.load(file, trusted=ALLOWED_TYPES)``.

    The allow-list is `hyperparameter_tuning.shared.artifacts.ALLOWED_TYPES`. Compare the sha256 first.
    """
    async with services.database.read() as session:
        job = await service.get(session, job_id, owner=principal.id)
    if job.artifact_key is None or job.artifact_sha256 is None:
        raise NotFoundError(
            f"The job is {job.state} and has no tuned model.", code="no_artifact", job_id=job_id
        )
    stream = await asyncio.to_thread(_verified, job.artifact_key, job.artifact_sha256, services.settings)
    name = f"{job.model_type}-run-{job.run_number}.skops"
    digest = base64.b64encode(bytes.fromhex(job.artifact_sha256)).decode()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(job.artifact_size),
        "ETag": quoted(job.artifact_sha256),
        "Repr-Digest": f"sha-256=:{digest}:",
        SHA256_HEADER: job.artifact_sha256,
    }
    return StreamingResponse(_chunks(stream), media_type=MEDIA_TYPE, headers=headers)


def _verified(key: str, sha256: str, settings: Settings) -> BinaryIO:
    """Open a stored model after reading it once: a damaged one is never given out.

    Raises:
        NotFoundError: it is not there, or no longer what was stored.
    """
    stream = open_artifact(key, settings)
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    if digest.hexdigest() != sha256:
        stream.close()
        raise NotFoundError(
            "The stored model is damaged: its sha256 is not the one of the job.", code="artifact_changed"
        )
    stream.seek(0)
    return stream


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
