"""The version of the contract with an editor, and the answer that carries it.

What the single documents look like does not belong here: they are in `node.documents` and its neighbours.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

CONTRACT_VERSION = "1.0"
CONTRACT_HEADER = "HPT-Contract-Version"
# Of revisions, candidates and events: databases keep them in 32 bits.
LARGEST_COUNT = 2**31 - 1


def finite(value: Any) -> Any:
    """Return *value* with every NaN and infinity replaced by null, since JSON has neither."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def plain_document(content: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Return *content* as plain finite JSON values, the contract's version among them."""
    return finite(_versioned(content))  # type: ignore[no-any-return]


def _versioned(content: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    values = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
    return {"contract_version": CONTRACT_VERSION, **values}


class ContractResponse(JSONResponse):
    """A JSON object as every answer of ours is: versioned and finite."""

    def __init__(
        self,
        content: BaseModel | Mapping[str, Any],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        super().__init__(_versioned(content), status_code, headers, media_type, background)

    def render(self, content: Any) -> bytes:
        """Write the document; it is copied without NaN and infinities only where it has some.

        Half a surrogate pair, which JSON can hold and UTF-8 cannot, is escaped.
        """
        try:
            return super().render(content)
        except ValueError:
            return json.dumps(finite(content), allow_nan=False, separators=(",", ":")).encode()
