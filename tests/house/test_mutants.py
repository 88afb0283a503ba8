"""The tables of `make mutants` name text that is there, once, and tests that exist."""

import ast
from pathlib import Path

import pytest

from tests.house.test_reliability_page import is_there
from tests.mutants.guards import Guard
from tests.mutants.tables import TABLES, chosen

ROOT = Path(__file__).parents[2]
EVALUATION = ROOT / "tasks/evaluation"
GUARDS = [pytest.param(guard, id=f"{table}: {guard.name}") for table in TABLES for guard in TABLES[table]]
CONDITIONS = {"allows", "has", "part", "takes"}
"""Methods of a rule that say what it holds for."""


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_stands_once_in_its_file_and_can_be_taken_out(guard: Guard) -> None:
    text = (ROOT / guard.file).read_text()
    assert text.count(guard.text) == 1
    assert guard.without != guard.text
    ast.parse(text.replace(guard.text, guard.without))


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guards_test_exists(guard: Guard) -> None:
    assert is_there(guard.test)


def test_no_two_guards_are_the_same() -> None:
    places = [(guard.file, guard.text, guard.without) for guard in chosen(())]
    assert len(set(places)) == len(places)


def test_every_rule_of_the_engine_has_guards() -> None:
    guarded = {guard.file for guard in chosen(["engine"])}
    rules = {
        str(path.relative_to(ROOT))
        for path in [*EVALUATION.glob("paths/*.py"), *EVALUATION.glob("step_paths/*.py")]
        if any(
            isinstance(node, ast.FunctionDef) and node.name in CONDITIONS
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert len(rules) > 20
    assert rules <= guarded


def test_tables_are_chosen_by_name() -> None:
    assert chosen(["job_life"]) == list(TABLES["job_life"])
    assert chosen(["steps"]) == list(TABLES["engine.steps"])
    assert len(chosen(["engine"])) + len(TABLES["job_life"]) == len(chosen(()))
    with pytest.raises(SystemExit, match="No table is called nothing"):
        chosen(["nothing"])
