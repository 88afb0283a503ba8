"""Generated JSON Schemas, UI schemas, descriptors and TypeScript types, and example graphs with their data.

Nothing is written by hand here but the examples: the rest is made by `registry.schema_export`.
"""

# ruff: noqa: N999 - the folder has the name that editors know; the package is called frontend_schema

from importlib.resources import files
from importlib.resources.abc import Traversable


def folder() -> Traversable:
    """Return the folder of the packaged files, wherever the package is installed."""
    return files(__name__)
