"""The editor's backend: its own login, boards and activity feed, and the tuning node below ``/tuning``."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from example_host import people
from example_host.store import Sessions
from example_host.tables import Activity, Board, Person, Right
from hyperparameter_tuning.node import install

router = APIRouter()


def create_app(sessions: Sessions) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="Example editor")
    app.state.sessions = sessions
    app.include_router(router)
    install(app, prefix="/tuning")
    return app


class Credentials(BaseModel):
    """What somebody signs in with."""

    name: str
    password: str


class BoardBody(BaseModel):
    """A board as its canvas saves it."""

    graph: dict[str, Any]
    revision: int


def _session(request: Request) -> Iterator[Session]:
    with request.app.state.sessions.begin() as opened:
        yield opened


# Committed before the answer is sent: whoever reads it may rely on it.
Opened = Annotated[Session, Depends(_session, scope="function")]


def _signed_in(
    opened: Opened,
    token: Annotated[str | None, Cookie(alias=people.COOKIE)] = None,
    authorization: Annotated[str, Header()] = "",
) -> Person:
    person = people.person_of(opened, token or authorization.removeprefix("Bearer "))
    if person is None:
        raise HTTPException(401, "Sign in first: POST /login.")
    return person


SignedIn = Annotated[Person, Depends(_signed_in)]


@router.post("/login")
def login(credentials: Credentials, opened: Opened, response: Response) -> dict[str, str]:
    """Sign in; the token comes as a cookie and in the answer."""
    token = people.sign_in(opened, credentials.name, credentials.password)
    if token is None:
        raise HTTPException(401, "Name and password do not fit.")
    response.set_cookie(people.COOKIE, token, httponly=True, samesite="lax")
    return {"token": token}


@router.get("/boards")
def list_boards(opened: Opened, person: SignedIn) -> list[dict[str, Any]]:
    """List the boards that you may view."""
    mine = select(Board).join(Right).where(Right.person_id == person.id).order_by(Board.id)
    return [{"id": board.id, "title": board.title} for board in opened.scalars(mine)]


@router.get("/boards/{board_id}")
def open_board(board_id: str, opened: Opened, person: SignedIn) -> dict[str, Any]:
    """Open a board."""
    board = _board_for(opened, person, board_id, "view")
    return {"id": board.id, "revision": board.revision, "graph": board.graph}


@router.put("/boards/{board_id}")
def save_board(board_id: str, body: BoardBody, opened: Opened, person: SignedIn) -> dict[str, int]:
    """Save a board that nobody saved since you opened it."""
    board = _board_for(opened, person, board_id, "edit")
    if board.revision != body.revision:
        raise HTTPException(409, f"The board is at revision {board.revision}.")
    board.graph = body.graph
    try:
        opened.flush()
    except StaleDataError as error:
        raise HTTPException(409, "The board was saved at the same moment.") from error
    return {"revision": board.revision}


@router.get("/activity/{job_id}")
def list_activity(job_id: str, opened: Opened, person: SignedIn) -> list[str]:
    """Tell what happened in a run; everybody may follow the feed."""
    kept = select(Activity.what).where(Activity.job_id == job_id).order_by(Activity.seq)
    return list(opened.scalars(kept))


def _board_for(opened: Session, person: Person, board_id: str, level: str) -> Board:
    if not people.may(opened, person.id, "view", board_id):
        raise HTTPException(404, f"There is no board '{board_id}'.")
    if not people.may(opened, person.id, level, board_id):
        raise HTTPException(403, f"You may not {level} board '{board_id}'.")
    return opened.get_one(Board, board_id)
