"""What `schemathesis` is told besides the OpenAPI document: ids that exist, and to ask for streams as lists.

Loaded by its command line (`tests.node.test_openapi`), which sends whatever the document allows or forbids.
"""

from __future__ import annotations

import json
import os
from itertools import count
from typing import Any

import schemathesis

_KNOWN: dict[str, list[str]] = json.loads(os.environ["HPT_TEST_KNOWN_IDS"])
_asked = count()


@schemathesis.hook
def before_call(_context: Any, case: Any, _options: Any) -> None:
    """Ask about what exists, two times in three; and follow a job only as far as it is now."""
    number = next(_asked)
    # What is deleted would be unknown to every later question.
    if case.method != "DELETE" and number % 3:
        for name in _KNOWN.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = _KNOWN[name][number % len(_KNOWN[name])]
    if case.operation.path.endswith("/events"):
        case.headers["Accept"] = "application/json"
        if not isinstance(case.query.get("wait"), str):
            case.query["wait"] = 0
