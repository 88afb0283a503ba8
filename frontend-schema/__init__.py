"""Generated JSON Schemas, UI schemas, descriptors and TypeScript types, and example graphs with their data.

Nothing is written by hand here but the examples: the rest is made by `registry.schema_export`.
"""

# ruff: noqa: N999 - the folder has the name that editors know; the package is called frontend_schema

from pathlib import Path


def folder() -> Path:
    """Return the folder of these files; in an editable install the checkout's own, links followed."""
    return Path(__file__).resolve().parent
