"""What people call a job, and what they note about it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("hpt_jobs", sa.Column("name", sa.String(200)))
    op.add_column("hpt_jobs", sa.Column("note", sa.Text()))


def downgrade() -> None:
    op.drop_column("hpt_jobs", "note")
    op.drop_column("hpt_jobs", "name")
