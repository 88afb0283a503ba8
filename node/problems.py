"""Problem documents (RFC 9457): what an editor receives instead of an answer.

Which status an error has is in `node.error_handlers`; the sentences come from whoever raised it.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hyperparameter_tuning.node.contract import CONTRACT_VERSION

PROBLEM_MEDIA_TYPE = "application/problem+json"
PROBLEM_TYPE_PREFIX = "urn:hyperparameter-tuning-node:problem:"


class FindingDocument(BaseModel):
    """One remark on a document.

    Attributes:
        pointer: JSON pointer into the document that ``source`` names.
        code: Stable machine string.
        severity: ``error`` refuses, ``warning`` informs, ``todo`` disables Run without colouring a field.
        message: One sentence for the person at the canvas.
        fix: A machine-applicable remedy, where there is one.
        alternatives: Further remedies, where there are some: one is applied, or ``fix``.
        source: Which document the pointer goes into: the normalised ``config``, the ``graph``, or the
            request's own ``body``.
    """

    pointer: str
    code: str
    severity: str
    message: str
    fix: dict[str, Any] | None = None
    alternatives: list[dict[str, Any]] = Field(default_factory=list)
    source: str = "config"


class ProblemDocument(BaseModel):
    """A problem document (RFC 9457); further members say what a program needs: ids, limits, known names.

    Attributes:
        contract_version: Version of this contract.
        type: URI that names the kind of problem; its last part is ``code``.
        title: The status in words.
        status: HTTP status.
        detail: One sentence that the reader can act on.
        code: Stable machine string.
        pointer: JSON pointer to what is at fault, where there is one.
        findings: Every finding, the errors first, where a document was refused.
        instance: Names this one occurrence in the server's log, for unexpected errors.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "contract_version": CONTRACT_VERSION,
                    "type": PROBLEM_TYPE_PREFIX + "unknown_strategy",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "There is no strategy 'radnom'; did you mean 'random'?",
                    "code": "unknown_strategy",
                    "pointer": "/strategy/name",
                    "findings": [
                        {
                            "pointer": "/strategy/name",
                            "code": "unknown_strategy",
                            "severity": "error",
                            "message": "There is no strategy 'radnom'; did you mean 'random'?",
                            "source": "config",
                        }
                    ],
                }
            ]
        },
    )

    contract_version: str = CONTRACT_VERSION
    type: str
    title: str
    status: int
    detail: str
    code: str
    pointer: str | None = None
    findings: list[FindingDocument] | None = None
    instance: str | None = None


def problem_responses(*statuses: int, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of an operation that may answer with problems.

    Args:
        statuses: Besides 422 and 500, which any operation may answer with.
        body: Whether it reads a body, which may be no JSON, too large, or of another kind.
    """
    return {
        status: _problem(status) for status in sorted({*statuses, *(BODY_STATUSES if body else ()), 422, 500})
    }


def principal_problems() -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of operations that ask the host who may do what."""
    return {status: _problem(status) for status in (401, 403)}


def _problem(status: int) -> dict[str, Any]:
    return {
        "model": ProblemDocument,
        "description": PROBLEM_DESCRIPTIONS[status],
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }


BODY_STATUSES = (400, 413, 415)
PROBLEM_DESCRIPTIONS: dict[int, str] = {
    400: "The body is no JSON that this contract accepts.",
    401: "The host does not know who asks.",
    403: "The host does not allow this to who asks.",
    404: "Nothing with this id exists.",
    406: "The asked format is not offered.",
    409: "The request does not fit the present state.",
    412: "The object was changed since it was read.",
    413: "The body is larger than the limit.",
    415: "The body is not declared as JSON.",
    422: "The document was refused; the findings say where and why.",
    428: "The request must say, by If-Match, which revision it is based on.",
    429: "You have as many queued jobs as one may have; Retry-After says when to try again.",
    500: "Something is wrong on our side; the log has it under the instance.",
    503: "Something outside does not answer now; trying again may help.",
}
