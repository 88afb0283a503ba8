"""The pages that are tested: the blocks of docs/forms.md, as an editor's author would copy them."""

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "forms.md"

_BLOCK = re.compile(r"^```jsx\n// (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_STOCK_THEME = 'from "@rjsf/core"'
_STOCK_VALIDATOR = 'from "@rjsf/validator-ajv8"'


def blocks() -> dict[str, str]:
    """Return each block by the file name on its first line."""
    return {found["name"]: found["text"] for found in _BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8"))}


def write_pages(folder: Path) -> None:
    """Write the pages: react-jsonschema-form in two themes and with the validator for 2020-12, JSON Forms."""
    given = blocks()
    page = given["rjsf.jsx"]
    pages = {
        "rjsf_core.jsx": page,
        "rjsf_mui.jsx": _replaced(page, _STOCK_THEME, 'from "@rjsf/mui"'),
        "rjsf_2020.jsx": _replaced(page, _STOCK_VALIDATOR, 'from "./validator2020.js"'),
        "validator2020.js": given["validator2020.js"],
        "jsonforms.jsx": given["jsonforms.jsx"],
    }
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"the block of {DOCUMENT.name} has no '{old}'"
    return text.replace(old, new)
