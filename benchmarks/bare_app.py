"""The least that an HTTP endpoint can do and still be durable: one row, one commit.

The yardstick of the run hook: FastAPI and SQLAlchemy with the same SQLite settings, nothing else.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import JSON, Column, MetaData, String, Table, event, insert
from sqlalchemy.ext.asyncio import create_async_engine

METADATA = MetaData()
ROWS = Table("rows", METADATA, Column("id", String(32), primary_key=True), Column("body", JSON))
ENGINE = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BARE_DATABASE']}")


@event.listens_for(ENGINE.sync_engine, "connect")
def _settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(ENGINE.sync_engine, "begin")
def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Create the one table."""
    async with ENGINE.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield
    await ENGINE.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/rows", status_code=202)
async def add(body: dict[str, Any]) -> dict[str, str]:
    """Store the body."""
    key = uuid.uuid4().hex
    async with ENGINE.begin() as connection:
        await connection.execute(insert(ROWS).values(id=key, body=body))
    return {"id": key}


@app.get("/readyz")
async def ready() -> dict[str, str]:
    """Say that the server answers."""
    return {"status": "ready"}
