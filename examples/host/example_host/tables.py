"""The editor's own tables: people, boards, stored tables, activity. Nothing here knows of tuning."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all tables are registered with."""


class Person(Base):
    """Somebody who may sign in."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    password: Mapped[bytes] = mapped_column(LargeBinary)


class Login(Base):
    """One open session, by the hash of its token."""

    __tablename__ = "logins"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class Board(Base):
    """A graph; each save is one revision more, and of two at once one is refused."""

    __tablename__ = "boards"
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    graph: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class Right(Base):
    """What a person may do with a board: ``view``, ``run`` or ``edit``, each including those before."""

    __tablename__ = "rights"
    board_id: Mapped[str] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))


class Change(Base):
    """A change that came from outside the canvas, so that it is made once."""

    __tablename__ = "changes"
    board_id: Mapped[str] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    change_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    revision: Mapped[int]
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)


class StoredTable(Base):
    """A data table, kept as Parquet."""

    __tablename__ = "stored_tables"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Activity(Base):
    """What happened, for the editor's activity feed."""

    __tablename__ = "activity"
    job_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(100))
