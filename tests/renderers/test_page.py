"""What docs/forms.md says of the published form holds."""

import re
from collections.abc import Iterator
from typing import Any

from hyperparameter_tuning.registry.offer import built_in_offer
from hyperparameter_tuning.registry.published_config import published_config
from tests.renderers.pages import DOCUMENT, blocks


def roles(ui: Any) -> Iterator[str]:
    """Every role in a UI schema for react-jsonschema-form."""
    if isinstance(ui, list):
        for item in ui:
            yield from roles(item)
    if isinstance(ui, dict):
        if "role" in ui.get("ui:options", {}):
            yield ui["ui:options"]["role"]
        for part in ui.values():
            yield from roles(part)


def test_it_names_every_role_and_no_other() -> None:
    section = DOCUMENT.read_text().split("## Hints for richer widgets")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))
    assert named == set(roles(published_config(built_in_offer()).rjsf))


def test_it_holds_the_pages_that_are_tested() -> None:
    assert set(blocks()) == {"rjsf.jsx", "validator2020.js", "jsonforms.jsx"}
