"""The documents of patches: their operations and expectations. What they do is in `shared.patches`."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from hyperparameter_tuning.shared.errors import InvalidDocumentError
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.json_pointers import MISSING, same_json

RESULT_PATH = "/data/result"
ARTIFACT_PATH = "/data/artifact"
_DEFAULT_PATHS = {"set_result": RESULT_PATH, "attach_artifact": ARTIFACT_PATH}


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Operation(_Document):
    """One change of one value of one node.

    Attributes:
        op: ``set`` writes a value and ``unset`` removes one; ``attach_artifact`` and ``set_result`` write the
            value at their own default place.
        node_id: The node.
        path: JSON pointer below the node, within its ``data``.
        value: What is written.
        expect: What must be there now; 1 and 1.0 are the same here, since a browser cannot tell them apart.
        expect_absent: True when nothing may be there now.
        prune: For ``unset``: an object on the way; from it on, objects left empty are removed as well.
    """

    op: Literal["set", "unset", "attach_artifact", "set_result"]
    node_id: str
    path: str = Field("", pattern=r"^(/data(/[^/]*)+)?$")
    value: JsonValue = None
    expect: JsonValue = None
    expect_absent: bool = False
    prune: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_path(cls, document: Any) -> Any:
        if isinstance(document, Mapping) and "path" not in document and document.get("op") in _DEFAULT_PATHS:
            return {**document, "path": _DEFAULT_PATHS[document["op"]]}
        return document

    @model_validator(mode="after")
    def _is_sound(self) -> "Operation":
        if not self.path:
            raise ValueError("'path' is missing")
        if self.op != "unset" and "value" not in self.model_fields_set:
            raise ValueError("'value' is missing")
        if self.expects_value and self.expect_absent:
            raise ValueError("'expect' and 'expect_absent' exclude each other")
        return self

    @property
    def expects_value(self) -> bool:
        """Whether a value is expected; None is one."""
        return "expect" in self.model_fields_set

    def refusal(self, actual: Any) -> str | None:
        """Return why the operation may not happen where *actual* stands, or None.

        Args:
            actual: The present value, or `MISSING`.
        """
        if self.expect_absent:
            return None if actual is MISSING else "value_present"
        if not self.expects_value:
            return None
        if actual is MISSING:
            return "value_absent"
        return None if same_json(actual, self.expect) else "value_changed"


class Patch(_Document):
    """Operations that belong together; what else a host or a job says of them is kept.

    Attributes:
        patch_version: Version of this document.
        patch_id: A graph receives a patch of one id at most once.
        run_id: The run whose result it is.
        source_node: The tuning node.
        base_revision: Revision of the graph that the patch was made for.
        ops: In the order in which they happen.
        inverse: Operations that undo it, where they are known.
        summary: One sentence for the person at the canvas.
    """

    model_config = ConfigDict(extra="allow", frozen=True, allow_inf_nan=False)

    patch_version: Literal[1] = 1
    patch_id: str
    run_id: str | None = None
    source_node: str | None = None
    base_revision: int | None = None
    ops: tuple[Operation, ...] = ()
    inverse: tuple[Operation, ...] = ()
    summary: str | None = None

    @classmethod
    def parse(cls, patch: "Patch | Mapping[str, Any]") -> "Patch":
        """Read a patch document.

        Raises:
            InvalidDocumentError: it is none; pointers lead into it.
        """
        if isinstance(patch, Patch):
            return patch
        try:
            return cls.model_validate(patch)
        except ValidationError as error:
            findings = [
                Finding(
                    json_pointer(*item["loc"]),
                    "invalid_patch",
                    "error",
                    f"The patch is invalid: {item['msg']}.",
                )
                for item in error.errors()
            ]
            raise InvalidDocumentError(findings) from error

    def by_node(self) -> dict[str, list[Operation]]:
        """Return the operations of each node, nodes in the order in which they are first named."""
        grouped: dict[str, list[Operation]] = {}
        for operation in self.ops:
            grouped.setdefault(operation.node_id, []).append(operation)
        return grouped

    def as_document(self) -> dict[str, Any]:
        """Return the JSON form; what was not said is left out."""
        return self.model_dump(mode="json", exclude_unset=True) | {"patch_version": self.patch_version}
