"""For a host with an Alembic history of its own in our database: which names are not its business.

Our own history does not belong here (`jobs.migrations`).
"""

from collections.abc import Mapping
from typing import Any

TABLE_PREFIX = "hpt_"


def include_name(name: str | None, kind: str, parent_names: Mapping[str, Any] | None = None) -> bool:
    """Say whether a host's autogenerate should look at something; our tables are left out.

    For ``context.configure(include_name=...)`` in the host's ``env.py``, where our tables share its schema.
    Without it, autogenerate sees tables that the host's models do not have, and proposes to drop them.

    Args:
        name: Of the table, schema, column, index or constraint.
        kind: Which of these it is, in Alembic's words.
        parent_names: What it is part of; not needed, since nobody looks into a table that is left out.
    """
    return kind != "table" or not (name or "").startswith(TABLE_PREFIX)
