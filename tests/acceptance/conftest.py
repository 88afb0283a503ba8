"""Installations that the acceptance tests share: one embedded, one with PostgreSQL and Redis."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.acceptance.stack import Stack, serving

# Beside a job that is being searched another one starts: starting is most of what the small ones take.
TWO_AT_A_TIME = {"HPT_CONCURRENCY": "2"}


@pytest.fixture(scope="session")
def embedded_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """SQLite and the filesystem broker, as a newcomer runs it."""
    with serving(Path(tmp_path_factory.mktemp("embedded")), TWO_AT_A_TIME) as running:
        yield running


@pytest.fixture(scope="session")
def production_stack(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, postgres_template: str, redis_url: str
) -> Iterator[Stack]:
    """PostgreSQL and Redis, as an installation for many runs it."""
    from tests import servers

    with servers.postgres_database(postgres_url, postgres_template) as database_url:
        variables = TWO_AT_A_TIME | {
            "HPT_DATABASE_URL": database_url,
            "HPT_BROKER_URL": redis_url,
            "HPT_BROKER_KEY_PREFIX": f"acceptance-{uuid4().hex[:8]}:",
        }
        with serving(Path(tmp_path_factory.mktemp("production")), variables) as running:
            yield running


# The contract suites of jobs run on both databases, and the short faults on both installations.
@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.long)], scope="session")
def stack(request: pytest.FixtureRequest) -> Stack:
    """Either installation; the one for many in the long form."""
    found: Stack = request.getfixturevalue(f"{request.param}_stack")
    return found
