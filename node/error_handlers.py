"""Errors become problem documents here, and only here do they get an HTTP status.

What went wrong is said by whoever raised the error; no sentence about jobs or configurations is written here.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hyperparameter_tuning.node.allowed_methods import allowed_methods
from hyperparameter_tuning.node.contract import CONTRACT_HEADER, CONTRACT_VERSION, ContractResponse
from hyperparameter_tuning.node.problems import PROBLEM_MEDIA_TYPE, PROBLEM_TYPE_PREFIX
from hyperparameter_tuning.shared import errors
from hyperparameter_tuning.shared.findings import json_pointer

# The first class that an error is an instance of decides.
STATUS_BY_CLASS: tuple[tuple[type[errors.TuningError], int], ...] = (
    (errors.TooLargeError, 413),
    (errors.NotSignedInError, 401),
    (errors.NotAllowedError, 403),
    (errors.QuotaError, 429),
    (errors.NotFoundError, 404),
    (errors.ConflictError, 409),
    (errors.StaleTransitionError, 409),
    (errors.UnavailableError, 503),
    (errors.UserError, 422),
    (errors.TuningError, 500),
)
# A few codes are about the request itself rather than about what it says.
STATUS_BY_CODE: Mapping[str, int] = {
    "invalid_json": 400,
    "not_finite": 400,
    "too_deep": 400,
    "unsupported_media_type": 415,
    "not_acceptable": 406,
    "if_match_required": 428,
    "precondition_failed": 412,
    # A data set or a space that is too large is a matter of the document, not of the body.
    "grid_too_large": 422,
    "dataset_too_large": 422,
    "cross_origin": 403,
}
RETRY_AFTER_SECONDS = "5"
INTERNAL_SENTENCE = "Something went wrong on our side. The server's log has it under this instance."

logger = logging.getLogger(__name__)


def status_of(error: errors.TuningError) -> int:
    """Return the HTTP status of *error*."""
    if error.code in STATUS_BY_CODE:
        return STATUS_BY_CODE[error.code]
    return next(status for kind, status in STATUS_BY_CLASS if isinstance(error, kind))


def problem_response(error: Exception, request: Request) -> Response:
    """Turn any error into a problem document; unexpected ones are logged and say nothing of themselves."""
    cause = error.__cause__
    # FastAPI wraps whatever reading the body raised.
    if isinstance(error, HTTPException) and isinstance(cause, errors.TuningError):
        error = cause
    if isinstance(error, errors.TuningError) and status_of(error) < 500:
        return _tuning_problem(error)
    if isinstance(error, errors.UnavailableError):
        logger.warning("%s could not be answered: %s", request.url.path, error.message)
        return _tuning_problem(error, {"Retry-After": RETRY_AFTER_SECONDS})
    if isinstance(error, RequestValidationError):
        return _validation_problem(error.errors())
    if isinstance(error, HTTPException):
        return _http_problem(error, request)
    instance = f"urn:uuid:{uuid.uuid4()}"
    logger.error("%s failed, told as %s", request.url.path, instance, exc_info=error)
    return _problem(500, "internal_error", INTERNAL_SENTENCE, members={"instance": instance})


def install_error_handlers(app: FastAPI) -> None:
    """Answer what no route of ours answers (unknown paths, wrong methods) with problem documents too."""

    async def answer(request: Request, error: Exception) -> Response:
        return problem_response(error, request)

    for kind in (errors.TuningError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)


# What the framework itself refuses, in words of ours.
HTTP_SENTENCES: Mapping[int, str] = {
    404: "There is nothing at '{path}'.",
    405: "'{path}' does not take {method}.",
}


def _http_problem(error: HTTPException, request: Request) -> Response:
    status = error.status_code
    sentence = HTTP_SENTENCES.get(status, "{detail}").format(
        path=request.url.path, method=request.method, detail=error.detail
    )
    headers = dict(error.headers or {})
    if status == 405 and (methods := allowed_methods(request.app, request.scope["path"])):
        headers["Allow"] = ", ".join(methods)
    return _problem(status, _http_code(status), sentence, headers=headers)


def _tuning_problem(error: errors.TuningError, headers: Mapping[str, str] | None = None) -> Response:
    members: dict[str, Any] = dict(error.details)
    if error.pointer is not None:
        members["pointer"] = error.pointer
    if isinstance(error, errors.InvalidDocumentError) and "findings" not in members:
        members["findings"] = [finding.as_document() for finding in error.findings]
    if isinstance(error, errors.NotSignedInError):
        # RFC 9110: a 401 names a scheme, whatever else the host takes.
        headers = {**(headers or {}), "WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.QuotaError):
        headers = {**(headers or {}), "Retry-After": RETRY_AFTER_SECONDS}
    return _problem(status_of(error), error.code, error.message, members=members, headers=headers)


def _validation_problem(items: Sequence[Mapping[str, Any]]) -> Response:
    findings = [_request_finding(item) for item in items]
    first = findings[0]
    members = {"pointer": first["pointer"], "findings": findings}
    return _problem(422, str(first["code"]), str(first["message"]), members=members)


# Pydantic's words for what a person did, where ours are clearer; {0} is the name of the field.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", "'{0}' is missing."),
    "extra_forbidden": ("unknown_field", "'{0}' is not a field of this request."),
    "model_attributes_type": ("wrong_type", "{0} must be a JSON object."),
    "dict_type": ("wrong_type", "'{0}' must be a JSON object."),
}


def _request_finding(item: Mapping[str, Any]) -> dict[str, Any]:
    source, *path = item["loc"]
    name = str(path[-1]) if path else "The body" if source == "body" else str(source)
    code, sentence = SENTENCES.get(str(item["type"]), ("invalid_value", ""))
    if item["type"] == "missing" and not path:
        sentence = "The request needs a JSON body."
    pointer = json_pointer(*path) if source == "body" else ""
    # Pydantic's own words may repeat what was sent, braces and all.
    message = sentence.format(name) if sentence else f"'{name}': {item['msg']}."
    return {"pointer": pointer, "code": code, "severity": "error", "message": message, "source": str(source)}


def _problem(
    status: int,
    code: str,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    document = {
        **(members or {}),
        "type": PROBLEM_TYPE_PREFIX + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    all_headers = {**(headers or {}), CONTRACT_HEADER: CONTRACT_VERSION}
    return ContractResponse(document, status, all_headers, PROBLEM_MEDIA_TYPE)


def _http_code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
