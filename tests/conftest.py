"""Fixtures of all tests: a clean environment, real servers and node once per session, settings."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from sqlalchemy import make_url

from hyperparameter_tuning.jobs import database as job_database
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.settings import Settings, get_settings
from tests import servers
from tests.node_packages import installed_packages, node_tool

AJV = Path(__file__).parent / "ajv"
RunNode = Callable[[str, Any], Any]

# The machine of a test may be busy: time limits belong to pytest, not to single examples.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
# A gate judges the change and not the luck of the draw: there the same code meets the same examples. Who
# works on the code draws new ones each time.
hypothesis.settings.register_profile("gate", hypothesis.settings.get_profile("house"), derandomize=True)
hypothesis.settings.load_profile("gate" if os.environ.get("CI") else "house")


@pytest.fixture
def restored_logs() -> Iterator[None]:
    """Leave logging as it was found, for tests that configure it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hide the HPT_* variables of whoever runs the tests."""
    for name in os.environ:
        if name.startswith("HPT_") and not name.startswith("HPT_TEST_"):
            monkeypatch.delenv(name)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a real Redis."""
    with servers.redis_url() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a real PostgreSQL server."""
    with servers.postgres_url() as url:
        yield url


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """URL of a real S3 server."""
    with servers.s3_endpoint() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name of a database with our tables, to be copied."""
    with servers.postgres_database(postgres_url) as url:
        folder = tmp_path_factory.mktemp("postgres-template")
        job_database.upgrade(Settings(data_dir=folder, database_url=url))
        yield str(make_url(url).database)


@pytest.fixture(scope="module")
def postgres_database_url(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """URL of a fresh database with our tables, for one test module."""
    with servers.postgres_database(postgres_url, postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables, to be copied."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("sqlite-template"))
    job_database.upgrade(settings)
    return settings.data_dir / "tuning.db"


@pytest.fixture
def sqlite_settings(tmp_path: Path, sqlite_template: Path) -> Settings:
    """Settings of an embedded installation in a folder of its own, tables included."""
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir / "tuning.db")
    return settings


@pytest.fixture
def postgres_settings(tmp_path: Path, postgres_database_url: str) -> Settings:
    """Settings of an installation with PostgreSQL, tables included; the database is the module's."""
    folder = tmp_path / "data"
    folder.mkdir()
    return Settings(data_dir=folder, database_url=postgres_database_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of either installation."""
    name = "sqlite_settings" if request.param == "sqlite" else "postgres_settings"
    found: Settings = request.getfixturevalue(name)
    return found


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The job store of either installation."""
    db = Database(settings)
    yield db
    await db.close()


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """A folder with node_modules, made anew when the lock changes."""
    return installed_packages(AJV, request.config)


@pytest.fixture(scope="session")
def run_node(node_folder: Path) -> RunNode:
    """Run a program of tests/ajv with JSON in and JSON out."""

    def run(program: str, document: Any) -> Any:
        done = subprocess.run(
            [node_tool("node"), str(AJV / program)],
            input=json.dumps(document),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)

    return run
