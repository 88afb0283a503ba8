"""The editor's database: where it is, its sessions, and its history brought up to date."""

import hashlib
import io
from pathlib import Path

import pandas as pd
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from example_host.tables import StoredTable

Sessions = sessionmaker[Session]


def database_url(shared: str | None, folder: Path) -> str:
    """Return the URL of a database that is shared with others, or of a file of our own in *folder*."""
    return shared or f"sqlite:///{folder.absolute() / 'editor.db'}"


def open_sessions(url: str) -> tuple[Engine, Sessions]:
    """Return the engine and what makes sessions."""
    engine = create_engine(url, pool_pre_ping=True)
    return engine, sessionmaker(engine)


def history(url: str) -> Config:
    """Return Alembic's configuration of the editor's own history."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the editor's tables up to date."""
    command.upgrade(history(url), "head")


def keep_table(session: Session, name: str, frame: pd.DataFrame) -> StoredTable:
    """Store a table as Parquet."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    content = buffer.getvalue()
    table = StoredTable(name=name, sha256=hashlib.sha256(content).hexdigest(), content=content)
    session.add(table)
    session.flush()
    return table
