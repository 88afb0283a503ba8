"""Settings of one installation, read from ``HPT_*`` variables, and Celery's settings as a plain dict.

Nothing is opened or created here: a setting is a value.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, computed_field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

QUEUE = "hyperparameter_tuning"
TASK_NAME = "core.feature_engineering.modeling.hyperparameter_tuning.run"
REFERENCE_HOST = "hyperparameter_tuning.jobs.reference_host:create_host"


class Settings(BaseSettings):
    """Every knob, with the embedded default: one folder, no server.

    Attributes:
        data_dir: Folder of everything this installation writes.
        database_url: SQLAlchemy URL (``sqlite+aiosqlite`` or ``postgresql+psycopg``); absent: a SQLite file
            in ``data_dir``.
        database_schema: PostgreSQL schema of our tables; absent: the connection's own.
        broker_url: Celery broker; absent: the filesystem transport in ``data_dir``.
        broker_key_prefix: Prefix of all keys in a shared Redis.
        artifacts_url: fsspec URL of the folder of tuned models; absent: in ``data_dir``.
        artifacts_options: JSON object of what the store of ``artifacts_url`` takes beside it: endpoint, keys.
        data_roots: Folders or fsspec URLs that datasets may lie in; the packaged examples always may.
        connections: Names of SQL connections to their SQLAlchemy URLs; the names may stand in graphs.
        host: Import path of the host's factory.
        strategies: Strategies offered, in this order; absent: all.
        lease_seconds: How long a worker holds a job after its last heartbeat.
        heartbeat_seconds: How often a worker renews its lease.
        self_stop_seconds: A worker that could not renew for so long stops its search.
        grace_seconds: Time a search has to end after stop or cancel before it is killed.
        max_attempts: Claims of one job before it is failed as poison.
        publish_seconds: How often the keeper sends unsent outbox rows.
        reconcile_seconds: How often the keeper looks for expired leases and overdue cancels.
        republish_seconds: A queued job sent so long ago without a claim is sent again.
        silent_seconds: A worker that is idle for so long while a job waits as long, sent twice, ends itself.
        poll_seconds: How often the API looks for new events.
        max_grid_candidates: Largest grid accepted.
        max_trials: Ceiling of any ``budget.max_trials``.
        max_seconds: Ceiling of any ``budget.max_seconds``; applies also where none is asked.
        max_data_bytes: Largest dataset file.
        max_data_rows: Most rows.
        max_data_columns: Most columns.
        max_graph_bytes: Largest graph document.
        max_queued_per_owner: Queued jobs that one owner may have; more are refused.
        max_running_per_owner: Jobs of one owner that run at once; more wait in the queue. Absent: no limit.
        retention_days: Jobs that ended so long ago are removed by the keeper; absent: none ever is.
        child_memory_mb: Resident memory a search may use in all its processes; absent: 80 % of the machine.
        n_jobs: Processes of one search; absent: the usable cores.
        concurrency: Jobs that one worker runs at once.
        api_host: Address of ``serve``.
        api_port: Port of ``serve``; 0 takes a free one.
        auth: Who may ask: ``none`` (everybody on this machine), ``tokens`` (who has one of ours), or ``host``
            (whom the host of the settings knows).
        cors_origins: Origins that browsers may call from; none by default.
        log_json: Log JSON lines; absent: only when standard error is no terminal.
        metrics_token: Bearer token that ``/metrics`` asks for; absent: only this machine may read it.
        traces: Send traces of jobs by OpenTelemetry, as its ``OTEL_*`` variables say.
        webhook_url: Where every event is posted to; absent: nowhere.
        webhook_secret: What posted events are signed with.
        webhook_old_secret: Signed with, too, while receivers still know the old one.
        shutdown_delay_seconds: How long the API says that it is not ready, and answers yet, before it ends.
    """

    model_config = SettingsConfigDict(env_prefix="HPT_", env_ignore_empty=True, extra="ignore", frozen=True)

    data_dir: Path = Path("tuning-node-data")
    database_url: SecretStr | None = None
    database_schema: str | None = None
    broker_url: SecretStr | None = None
    broker_key_prefix: str = "hpt:"
    artifacts_url: str | None = None
    artifacts_options: SecretStr | None = None
    data_roots: tuple[str, ...] = ()
    connections: dict[str, SecretStr] = Field(default_factory=dict)
    host: str = REFERENCE_HOST
    strategies: tuple[str, ...] | None = None

    lease_seconds: float = Field(30.0, gt=0)
    heartbeat_seconds: float = Field(5.0, gt=0)
    self_stop_seconds: float = Field(20.0, gt=0)
    grace_seconds: float = Field(10.0, gt=0)
    max_attempts: int = Field(3, ge=1)
    publish_seconds: float = Field(1.0, gt=0)
    reconcile_seconds: float = Field(5.0, gt=0)
    republish_seconds: float = Field(60.0, gt=0)
    silent_seconds: float = Field(60.0, gt=0)
    poll_seconds: float = Field(0.25, gt=0)

    max_grid_candidates: int = Field(10_000, ge=1)
    max_trials: int = Field(10_000, ge=1)
    max_seconds: float = Field(86_400.0, gt=0)
    max_data_bytes: int = Field(200_000_000, ge=1)
    max_data_rows: int = Field(1_000_000, ge=1)
    max_data_columns: int = Field(2_000, ge=1)
    max_graph_bytes: int = Field(8_000_000, ge=1)
    max_queued_per_owner: int = Field(100, ge=1)
    max_running_per_owner: int | None = Field(None, ge=1)
    retention_days: float | None = Field(None, gt=0, le=36_500)
    child_memory_mb: int | None = Field(None, ge=64)
    n_jobs: int | None = Field(None, ge=1)
    concurrency: int = Field(1, ge=1)

    api_host: str = "127.0.0.1"
    api_port: int = Field(8321, ge=0, le=65_535)
    auth: Literal["none", "tokens", "host"] = "none"
    cors_origins: tuple[str, ...] = ()
    log_json: bool | None = None
    metrics_token: SecretStr | None = None
    traces: bool = False
    webhook_url: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    webhook_old_secret: SecretStr | None = None
    shutdown_delay_seconds: float = Field(0.0, ge=0)

    @field_validator("cors_origins")
    @classmethod
    def _refuse_every_origin(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if "*" in origins:
            raise PydanticCustomError("every_origin", "origins are listed by name, and '*' is none")
        return origins

    @computed_field  # type: ignore[prop-decorator]
    @property
    def database(self) -> str:
        """The database URL in force, password included: never log it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'tuning.db'}"

    @property
    def broker(self) -> str:
        """The broker URL in force, password included: never log it."""
        return "filesystem://localhost/" if self.broker_url is None else self.broker_url.get_secret_value()

    @property
    def artifacts(self) -> str:
        """The fsspec URL of the artifact folder in force."""
        return self.artifacts_url or str(self.data_dir.absolute() / "artifacts")

    @property
    def scratch(self) -> Path:
        """Folder of running jobs' working files."""
        return self.data_dir.absolute() / "scratch"

    def environment(self) -> dict[str, str]:
        """Return the ``HPT_*`` variables that make another process read the same settings."""
        variables: dict[str, str] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name not in self.model_fields_set or value is None:
                continue
            variables[f"HPT_{name.upper()}"] = _as_variable(value)
        variables["HPT_DATA_DIR"] = str(self.data_dir.absolute())
        return variables


def _as_variable(value: Any) -> str:
    import json

    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return json.dumps({key: _as_variable(item) for key, item in value.items()})
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return str(value)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Return Celery's configuration for producer and worker alike.

    The broker is disposable: nothing here tries to make it reliable, the job store is. The filesystem
    transport is polled every 50 ms (its own default of 1 s makes every start wait).
    """
    options: dict[str, Any] = {}
    if settings.broker.startswith("filesystem"):
        queue_dir = settings.data_dir.absolute() / "broker"
        options = {
            "data_folder_in": str(queue_dir / "queue"),
            "data_folder_out": str(queue_dir / "queue"),
            "control_folder": str(queue_dir / "control"),
            "processed_folder": str(queue_dir / "processed"),
            "store_processed": False,
            "polling_interval": 0.05,
        }
    elif settings.broker.startswith("redis"):
        options = {"global_keyprefix": settings.broker_key_prefix, "visibility_timeout": 3600}
    return {
        "broker_url": settings.broker,
        "broker_transport_options": options,
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": 2,
        "task_default_queue": QUEUE,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_publish_retry": False,
        "worker_prefetch_multiplier": 1,
        "worker_pool": "threads",
        "worker_concurrency": settings.concurrency,
        "worker_hijack_root_logger": False,
        "enable_utc": True,
    }
