"""How often what happened, how far webhooks were told, and the trace that a job belongs to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_UNTOLD = sa.text("webhook_seq < last_seq")


def upgrade() -> None:
    op.create_table(
        "hpt_tallies",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "part", name=op.f("pk_hpt_tallies")),
    )
    # Empty for the jobs that are there: webhooks begin with jobs that are stored from now on.
    op.add_column("hpt_jobs", sa.Column("webhook_seq", sa.Integer()))
    op.add_column("hpt_jobs", sa.Column("traceparent", sa.String(length=55)))
    op.create_index(
        "ix_hpt_jobs_untold",
        "hpt_jobs",
        ["webhook_seq"],
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )


def downgrade() -> None:
    op.drop_index("ix_hpt_jobs_untold", table_name="hpt_jobs")
    op.drop_column("hpt_jobs", "traceparent")
    op.drop_column("hpt_jobs", "webhook_seq")
    op.drop_table("hpt_tallies")
