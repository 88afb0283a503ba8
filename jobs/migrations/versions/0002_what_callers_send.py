"""Jobs that wait to be started, and what callers of the first contract sent with a job."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("hpt_outbox", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "hpt_requests",
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("pipeline_id", sa.String(200), nullable=False),
        sa.Column("dataset_source_id", sa.String(200), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_requests_job_id_hpt_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_hpt_requests")),
    )
    op.create_index(op.f("ix_hpt_requests_pipeline_id"), "hpt_requests", ["pipeline_id"])
    op.create_index(op.f("ix_hpt_requests_dataset_source_id"), "hpt_requests", ["dataset_source_id"])


def downgrade() -> None:
    op.drop_table("hpt_requests")
    op.drop_column("hpt_outbox", "held")
