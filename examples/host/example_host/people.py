"""Who somebody is, and what they may do with a board."""

import hashlib
import os
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from example_host.tables import Login, Person, Right

COOKIE = "editor_login"
LEVELS = ("view", "run", "edit")


def add_person(session: Session, name: str, password: str) -> Person:
    """Let somebody sign in by name and password."""
    salt = os.urandom(16)
    person = Person(name=name, salt=salt, password=_hashed(password, salt))
    session.add(person)
    session.flush()
    return person


def sign_in(session: Session, name: str, password: str) -> str | None:
    """Return a token, or None when name and password do not fit."""
    person = session.scalar(select(Person).where(Person.name == name))
    if person is None or not secrets.compare_digest(person.password, _hashed(password, person.salt)):
        return None
    token = secrets.token_urlsafe(32)
    session.add(Login(token=_digest(token), person_id=person.id))
    return token


def person_of(session: Session, token: str | None) -> Person | None:
    """Return whose token it is."""
    login = session.get(Login, _digest(token)) if token else None
    return session.get(Person, login.person_id) if login else None


def may(session: Session, person_id: int, level: str, board_id: str) -> bool:
    """Say whether somebody's right on a board includes *level*."""
    right = session.get(Right, (board_id, person_id))
    return right is not None and LEVELS.index(right.level) >= LEVELS.index(level)


def _hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
