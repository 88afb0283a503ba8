"""Tokens, tickets for event streams, and queued jobs that wait until their owner has fewer running."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from hyperparameter_tuning.jobs.models import UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "hpt_tokens",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("owner_id", sa.String(200), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("last_used_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hpt_tokens")),
        sa.UniqueConstraint("sha256", name=op.f("uq_hpt_tokens_sha256")),
    )
    op.create_table(
        "hpt_tickets",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.String(200), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_tickets_job_id_hpt_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_hpt_tickets")),
    )
    op.create_index(op.f("ix_hpt_tickets_expires_at"), "hpt_tickets", ["expires_at"])
    op.create_index(op.f("ix_hpt_tickets_job_id"), "hpt_tickets", ["job_id"])
    op.create_index(op.f("ix_hpt_jobs_owner_id_state"), "hpt_jobs", ["owner_id", "state"])
    op.add_column("hpt_outbox", sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("hpt_outbox", "waiting")
    op.drop_index(op.f("ix_hpt_jobs_owner_id_state"), "hpt_jobs")
    op.drop_table("hpt_tickets")
    op.drop_table("hpt_tokens")
