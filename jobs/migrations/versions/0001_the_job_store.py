"""The job store: jobs and all that belongs to them, and the pipelines of the reference host."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from hyperparameter_tuning.jobs.models import UtcDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES_LAST_FIRST = (
    "hpt_write_backs",
    "hpt_trials",
    "hpt_trial_folds",
    "hpt_pipeline_revisions",
    "hpt_outbox",
    "hpt_events",
    "hpt_pipelines",
    "hpt_leases",
    "hpt_jobs",
    "hpt_counters",
)


def upgrade() -> None:
    _create_counters()
    _create_jobs()
    _create_leases()
    _create_pipelines()
    _create_events()
    _create_outbox()
    _create_pipeline_revisions()
    _create_trial_folds()
    _create_trials()
    _create_write_backs()


def downgrade() -> None:
    for name in _TABLES_LAST_FIRST:
        op.drop_table(name)


def _create_counters() -> None:
    op.create_table(
        "hpt_counters",
        sa.Column("graph_ref", sa.String(length=500), nullable=False),
        sa.Column("node_id", sa.String(length=200), nullable=False),
        sa.Column("model_type", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("graph_ref", "node_id", "model_type", name=op.f("pk_hpt_counters")),
    )


def _what_was_submitted() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.String(length=200), nullable=False),
        sa.Column("owner_claims", sa.JSON(), nullable=False),
        sa.Column("graph_ref", sa.String(length=500), nullable=False),
        sa.Column("node_id", sa.String(length=200), nullable=False),
        sa.Column("model_type", sa.String(length=100), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        sa.Column("concurrent", sa.Boolean(), nullable=False),
        sa.Column("resumed_from", sa.String(length=32), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("plain", sa.JSON(), nullable=False),
        sa.Column("data_summary", sa.JSON(), nullable=False),
        sa.Column("fingerprints", sa.JSON(), nullable=False),
        sa.Column("run_fingerprint", sa.String(length=80), nullable=False),
        sa.Column("strategy", sa.String(length=100), nullable=False),
        sa.Column("metric", sa.String(length=100), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("write_back_mode", sa.String(length=10), nullable=False),
        sa.Column("n_planned", sa.BigInteger(), nullable=True),
    ]


def _what_became_of_it() -> list[sa.Column[Any]]:
    return [
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stop_requested", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("search", sa.JSON(), nullable=False),
        sa.Column("n_units", sa.Integer(), nullable=False),
        sa.Column("n_complete", sa.Integer(), nullable=False),
        sa.Column("n_failed", sa.Integer(), nullable=False),
        sa.Column("n_pruned", sa.Integer(), nullable=False),
        sa.Column("best_trial", sa.Integer(), nullable=True),
        sa.Column("best_score", sa.Double(), nullable=True),
        sa.Column("best_params", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("artifact_key", sa.String(length=500), nullable=True),
        sa.Column("artifact_sha256", sa.String(length=80), nullable=True),
        sa.Column("artifact_size", sa.BigInteger(), nullable=True),
        sa.Column("artifact_keys", sa.JSON(), nullable=False),
        sa.Column("error_code", sa.String(length=100), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("forwarded_seq", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
    ]


def _create_jobs() -> None:
    op.create_table(
        "hpt_jobs",
        *_what_was_submitted(),
        *_what_became_of_it(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hpt_jobs")),
        sa.UniqueConstraint(
            "graph_ref",
            "node_id",
            "model_type",
            "run_number",
            name=op.f("uq_hpt_jobs_graph_ref_node_id_model_type_run_number"),
        ),
        sa.UniqueConstraint("owner_id", "run_id", name=op.f("uq_hpt_jobs_owner_id_run_id")),
    )
    op.create_index(op.f("ix_hpt_jobs_created_at_id"), "hpt_jobs", ["created_at", "id"], unique=False)
    op.create_index(
        op.f("ix_hpt_jobs_graph_ref_node_id_created_at"),
        "hpt_jobs",
        ["graph_ref", "node_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_hpt_jobs_owner_id_created_at"), "hpt_jobs", ["owner_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_hpt_jobs_run_fingerprint"), "hpt_jobs", ["run_fingerprint"], unique=False)
    op.create_index(op.f("ix_hpt_jobs_state_lease_until"), "hpt_jobs", ["state", "lease_until"], unique=False)


def _create_leases() -> None:
    op.create_table(
        "hpt_leases",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hpt_leases")),
    )


def _create_pipelines() -> None:
    op.create_table(
        "hpt_pipelines",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("graph", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hpt_pipelines")),
    )
    op.create_index(
        op.f("ix_hpt_pipelines_created_at_id"), "hpt_pipelines", ["created_at", "id"], unique=False
    )


def _create_events() -> None:
    op.create_table(
        "hpt_events",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_events_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_hpt_events")),
    )


def _create_outbox() -> None:
    op.create_table(
        "hpt_outbox",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("n_sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_outbox_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_hpt_outbox")),
    )
    op.create_index(op.f("ix_hpt_outbox_sent_at"), "hpt_outbox", ["sent_at"], unique=False)


def _create_pipeline_revisions() -> None:
    op.create_table(
        "hpt_pipeline_revisions",
        sa.Column("pipeline_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("graph", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("patch_id", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"],
            ["hpt_pipelines.id"],
            name=op.f("fk_hpt_pipeline_revisions_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pipeline_id", "revision", name=op.f("pk_hpt_pipeline_revisions")),
        sa.UniqueConstraint(
            "pipeline_id", "patch_id", name=op.f("uq_hpt_pipeline_revisions_pipeline_id_patch_id")
        ),
    )


def _create_trial_folds() -> None:
    op.create_table(
        "hpt_trial_folds",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("trial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("resource", sa.Double(), nullable=False),
        sa.Column("repeat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fold", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("fit_seconds", sa.Double(), nullable=True),
        sa.Column("score_seconds", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_trial_folds_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "job_id", "trial", "resource", "repeat", "fold", name=op.f("pk_hpt_trial_folds")
        ),
    )


def _create_trials() -> None:
    op.create_table(
        "hpt_trials",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("number_types", sa.JSON(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("resource", sa.Double(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("n_folds", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("std", sa.Double(), nullable=True),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_trials_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_hpt_trials")),
    )


def _create_write_backs() -> None:
    op.create_table(
        "hpt_write_backs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("patch_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("graph_ref", sa.String(length=500), nullable=True),
        sa.Column("patch", sa.JSON(), nullable=False),
        sa.Column("inverse", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("skipped_nodes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_after", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["hpt_jobs.id"], name=op.f("fk_hpt_write_backs_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hpt_write_backs")),
        sa.UniqueConstraint("patch_id", name=op.f("uq_hpt_write_backs_patch_id")),
    )
    op.create_index(op.f("ix_hpt_write_backs_job_id"), "hpt_write_backs", ["job_id"], unique=False)
    op.create_index(
        op.f("ix_hpt_write_backs_state_try_after"), "hpt_write_backs", ["state", "try_after"], unique=False
    )
