"""The tables of the job store, all named ``hpt_*``, and the two column types that they need.

No queries here (`*_repository` modules have them) and no engine (`jobs.database`). No foreign key leaves
these tables, so that they fit into a host's own database.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

SQLITE_TIME = "%Y-%m-%d %H:%M:%f"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps it as text of fixed width, so that texts sort as instants do."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of *dialect*."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(23))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Give the driver what it stores."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "milliseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read an aware instant."""
        if value is None:
            return None
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


class DatabaseTime(FunctionElement[datetime]):
    """The database's own clock, some seconds from now: the only clock that leases are judged by."""

    type = UtcDateTime()
    inherit_cache = True
    name = "database_time"


def utc_now(seconds: float = 0.0) -> DatabaseTime:
    """Return the expression for the instant *seconds* after now (before, when negative)."""
    return DatabaseTime(literal(float(seconds), Double()))


@compiles(DatabaseTime, "sqlite")
def _sqlite_time(element: DatabaseTime, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('{SQLITE_TIME}', 'now', printf('%+.3f seconds', {seconds}))"


@compiles(DatabaseTime, "postgresql")
def _postgresql_time(element: DatabaseTime, compiler: SQLCompiler, **options: Any) -> str:
    # now() would be the start of the transaction, which may have waited for a lock since.
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Absent texts of keys are "", since NULLs never collide in a unique constraint.
JOBS = Table(
    "hpt_jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("run_id", String(200), nullable=False),
    Column("owner_id", String(200), nullable=False),
    Column("owner_claims", JSON, nullable=False),
    Column("graph_ref", String(500), nullable=False),
    Column("node_id", String(200), nullable=False),
    Column("model_type", String(100), nullable=False),
    Column("run_number", Integer, nullable=False),
    Column("base_revision", Integer),
    Column("concurrent", Boolean, nullable=False),
    Column("resumed_from", String(32)),
    Column("config", JSON, nullable=False),
    Column("plain", JSON, nullable=False),
    Column("data_summary", JSON, nullable=False),
    Column("fingerprints", JSON, nullable=False),
    Column("providers", JSON, nullable=False, server_default=text("'[]'")),
    Column("run_fingerprint", String(80), nullable=False),
    Column("strategy", String(100), nullable=False),
    Column("metric", String(100), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("write_back_mode", String(10), nullable=False),
    Column("n_planned", BigInteger),
    Column("state", String(12), nullable=False),
    Column("stop_requested", Boolean, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("cancel_requested_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", String(32)),
    Column("lease_until", UtcDateTime),
    Column("worker", String(200)),
    Column("search", JSON, nullable=False),
    Column("n_units", Integer, nullable=False),
    Column("n_complete", Integer, nullable=False),
    Column("n_failed", Integer, nullable=False),
    Column("n_pruned", Integer, nullable=False),
    Column("best_trial", Integer),
    Column("best_score", Double),
    Column("best_params", JSON(none_as_null=True)),
    Column("outcome", JSON(none_as_null=True)),
    Column("artifact_key", String(500)),
    Column("artifact_sha256", String(80)),
    Column("artifact_size", BigInteger),
    Column("artifact_keys", JSON, nullable=False),
    Column("error_code", String(100)),
    Column("error_message", Text),
    Column("reason", String(100)),
    Column("name", String(200)),
    Column("note", Text),
    Column("last_seq", Integer, nullable=False),
    Column("forwarded_seq", Integer, nullable=False),
    # None: nobody asked for webhooks when the job was stored, so it is never told of.
    Column("webhook_seq", Integer),
    # Of the span that stored the job, where traces are kept (W3C trace context).
    Column("traceparent", String(55)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("owner_id", "run_id"),
    UniqueConstraint("graph_ref", "node_id", "model_type", "run_number"),
    Index(None, "state", "lease_until"),
    Index(None, "created_at", "id"),
    Index(None, "owner_id", "created_at"),
    Index(None, "owner_id", "state"),
    Index(None, "graph_ref", "node_id", "created_at"),
    Index(None, "run_fingerprint"),
    Index(
        "ix_hpt_jobs_untold",
        "webhook_seq",
        sqlite_where=text("webhook_seq < last_seq"),
        postgresql_where=text("webhook_seq < last_seq"),
    ),
)

COUNTERS = Table(
    "hpt_counters",
    METADATA,
    Column("graph_ref", String(500), primary_key=True),
    Column("node_id", String(200), primary_key=True),
    Column("model_type", String(100), primary_key=True),
    Column("value", Integer, nullable=False),
)


def _of_job() -> Column[str]:
    return Column(
        "job_id", String(32), ForeignKey("hpt_jobs.id", ondelete="CASCADE"), primary_key=True, nullable=False
    )


TRIALS = Table(
    "hpt_trials",
    METADATA,
    _of_job(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("params", JSON, nullable=False),
    Column("number_types", JSON, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("resource", Double),
    Column("rung", Integer),
    Column("n_folds", Integer, nullable=False),
    Column("score", Double),
    Column("std", Double),
    Column("scores", JSON, nullable=False),
    Column("error", Text),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
)

TRIAL_FOLDS = Table(
    "hpt_trial_folds",
    METADATA,
    _of_job(),
    Column("trial", Integer, primary_key=True, autoincrement=False),
    Column("resource", Double, primary_key=True),
    Column("repeat", Integer, primary_key=True, autoincrement=False),
    Column("fold", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("scores", JSON, nullable=False),
    Column("fit_seconds", Double),
    Column("score_seconds", Double),
    Column("error", Text),
    Column("how", String(20), nullable=False),
)

EVENTS = Table(
    "hpt_events",
    METADATA,
    _of_job(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

OUTBOX = Table(
    "hpt_outbox",
    METADATA,
    _of_job(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("n_sent", Integer, nullable=False),
    # Stored, but not to be sent before somebody starts it.
    Column("held", Boolean, nullable=False, server_default=false()),
    # Sent and not taken, since its owner had as many running as one may; sent again when one has ended.
    Column("waiting", Boolean, nullable=False, server_default=false()),
    Index(None, "sent_at"),
)

# What callers of the first contract sent, apart from the job so that heartbeats do not carry it.
REQUESTS = Table(
    "hpt_requests",
    METADATA,
    _of_job(),
    Column("pipeline_id", String(200), nullable=False, index=True),
    Column("dataset_source_id", String(200), nullable=False, index=True),
    Column("document", JSON, nullable=False),
)

# How often something happened since the tables were made, for metrics; a number in several parts, so that
# those who count at once seldom wait for each other.
TALLIES = Table(
    "hpt_tallies",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("value", BigInteger, nullable=False),
)

LEASES = Table(
    "hpt_leases",
    METADATA,
    Column("name", String(50), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
)

# Of a token or a ticket only the sha256 is kept: who reads these tables can use none.
TOKENS = Table(
    "hpt_tokens",
    METADATA,
    Column("id", String(12), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("owner_id", String(200), nullable=False),
    Column("label", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    UniqueConstraint("sha256"),
)

TICKETS = Table(
    "hpt_tickets",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("job_id", String(32), ForeignKey("hpt_jobs.id", ondelete="CASCADE"), nullable=False),
    Column("owner_id", String(200), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "job_id"),
    Index(None, "expires_at"),
)

# SQLite only counts by itself in a column that is exactly INTEGER.
_BigIdentity = BigInteger().with_variant(Integer, "sqlite")

WRITE_BACKS = Table(
    "hpt_write_backs",
    METADATA,
    Column("id", _BigIdentity, primary_key=True, autoincrement=True),
    Column("job_id", String(32), ForeignKey("hpt_jobs.id", ondelete="CASCADE"), nullable=False),
    Column("patch_id", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("graph_ref", String(500)),
    Column("patch", JSON, nullable=False),
    Column("inverse", JSON, nullable=False),
    Column("conflicts", JSON, nullable=False),
    Column("skipped_nodes", JSON, nullable=False),
    Column("reason", String(200)),
    Column("revision", Integer),
    Column("attempts", Integer, nullable=False),
    Column("try_after", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("applied_at", UtcDateTime),
    UniqueConstraint("patch_id"),
    Index(None, "job_id"),
    Index(None, "state", "try_after"),
)

PIPELINES = Table(
    "hpt_pipelines",
    METADATA,
    Column("id", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("owner_id", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("graph", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "created_at", "id"),
)

PIPELINE_REVISIONS = Table(
    "hpt_pipeline_revisions",
    METADATA,
    Column("pipeline_id", String(200), ForeignKey("hpt_pipelines.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # None once many newer ones exist; the row stays, since it makes patches idempotent.
    Column("graph", JSON(none_as_null=True)),
    Column("patch_id", String(200)),
    Column("outcome", JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("pipeline_id", "patch_id"),
)
