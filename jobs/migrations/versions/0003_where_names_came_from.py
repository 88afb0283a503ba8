"""The packages that a job's strategy, model, metrics and node kinds came from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Of older jobs nobody knows; they name no package.
    op.add_column(
        "hpt_jobs", sa.Column("providers", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )


def downgrade() -> None:
    op.drop_column("hpt_jobs", "providers")
