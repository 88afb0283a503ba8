"""Two people, a table and a board to begin with."""

from typing import Any

from sklearn.datasets import load_breast_cancer
from sqlalchemy.orm import Session

from example_host import people
from example_host.store import keep_table
from example_host.tables import Board, Person, Right

BOARD = "tumours"
PASSWORDS = {"ada": "lovelace", "ben": "franklin"}


def seed(session: Session) -> None:
    """Let ada edit the board and ben view it; nothing where somebody is there already."""
    if session.query(Person).first() is not None:
        return
    names = {name: people.add_person(session, name, word) for name, word in PASSWORDS.items()}
    table = keep_table(session, "Tumours", load_breast_cancer(as_frame=True).frame)
    session.add(Board(id=BOARD, title="Malignant or benign", graph=board_graph(table.id)))
    session.flush()
    session.add(Right(board_id=BOARD, person_id=names["ada"].id, level="edit"))
    session.add(Right(board_id=BOARD, person_id=names["ben"].id, level="view"))


def board_graph(table_id: int) -> dict[str, Any]:
    """Return a board: stored table, rescale, the tuning node, and a tree that is cut too short."""
    return {
        "nodes": [
            _node("table", "editor.table", source={"table_id": table_id, "label": "target"}),
            _node("rescale", "editor.rescale", params={"method": "standard"}),
            _node(
                "tune",
                "hyperparameter_tuning",
                config={"budget": {"max_trials": 8}, "execution": {"n_jobs": 1}},
            ),
            _node("tree", "editor.learner", algo="Tree", params={"hyper": {"max_depth": 1}}),
        ],
        "edges": [
            _edge("table.rows", "rescale.rows"),
            _edge("rescale.rows", "tune.dataset"),
            _edge("rescale.rows", "tree.rows"),
            _edge("tune.best_params", "tree.hyper"),
        ],
    }


def _node(node_id: str, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "data": data}


def _edge(source: str, target: str) -> dict[str, Any]:
    (from_node, from_port), (to_node, to_port) = source.split("."), target.split(".")
    return {
        "id": f"{source}-{target}",
        "source": from_node,
        "sourceHandle": from_port,
        "target": to_node,
        "targetHandle": to_port,
    }
