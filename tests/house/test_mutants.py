"""The tables of `make mutants` name text that is there, once, and tests that exist."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tests.house.test_reliability_page import is_there
from tests.mutants.guards import Guard
from tests.mutants.tables import TABLES, chosen

ROOT = Path(__file__).parents[2]
EVALUATION = ROOT / "tasks/evaluation"
CONDITIONS = {"allows", "has", "part", "takes"}
"""Methods of a rule that say what it holds for."""


def can_be_taken_out(guard: Guard) -> bool:
    """Say whether its text is there, once, and something that can be run is left without it."""
    text = (ROOT / guard.file).read_text()
    try:
        ast.parse(text.replace(guard.text, guard.without))
    except SyntaxError:
        return False
    return text.count(guard.text) == 1 and guard.without != guard.text


@pytest.mark.parametrize("table", TABLES)
def test_every_guard_stands_once_in_its_file_and_can_be_taken_out(table: str) -> None:
    assert [guard for guard in TABLES[table] if not can_be_taken_out(guard)] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_guard_names_a_test_that_exists(table: str) -> None:
    assert [test for test in sorted({guard.test for guard in TABLES[table]}) if not is_there(test)] == []


def test_a_guard_whose_text_has_changed_is_noticed() -> None:
    guard = chosen(())[0]
    assert can_be_taken_out(guard)
    assert not can_be_taken_out(replace(guard, text=guard.text + " no more"))
    assert not can_be_taken_out(replace(guard, without=guard.text))
    assert not can_be_taken_out(replace(guard, without="("))


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
