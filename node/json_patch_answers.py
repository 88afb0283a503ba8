"""JSON Patch (RFC 6902) as an answer: a list, so what else is to be said of it stands in headers.

The operations are made by `shared.json_patches`.
"""

from typing import Any

from starlette.responses import JSONResponse

from hyperparameter_tuning.shared.json_patches import JsonPatch

JSON_PATCH_MEDIA_TYPE = "application/json-patch+json"
REVISION_HEADER = "HPT-Graph-Revision"

JSON_PATCH_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "As JSON Patch (RFC 6902): its places hold for the revision in the header alone.",
        "content": {
            JSON_PATCH_MEDIA_TYPE: {
                "schema": {"type": "array", "items": {"type": "object"}},
                "example": [
                    {"op": "test", "path": "/nodes/2/id", "value": "model"},
                    {"op": "test", "path": "/nodes/2/data/config/params/max_depth", "value": 5},
                    {"op": "replace", "path": "/nodes/2/data/config/params/max_depth", "value": 7},
                ],
            }
        },
        "headers": {
            REVISION_HEADER: {
                "description": "Revision of the graph that the places hold for, where it has one.",
                "schema": {"type": "integer"},
            }
        },
    }
}


class JsonPatchResponse(JSONResponse):
    """A JSON Patch document."""

    media_type = JSON_PATCH_MEDIA_TYPE


def json_patch_response(operations: JsonPatch, revision: int | None) -> JsonPatchResponse:
    """Return the operations, and the revision they hold for in the header."""
    headers = {} if revision is None else {REVISION_HEADER: str(revision)}
    return JsonPatchResponse(operations, headers=headers)
