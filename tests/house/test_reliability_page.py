"""The page of promises names tests that exist, and every promise names one."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text()
PROMISES = re.split(r"^\*\*(?=P\d+\.)", PAGE, flags=re.MULTILINE)[1:]


def names(promise: str) -> list[str]:
    return re.findall(r"`(tests/[\w/]+\.py(?:::\w+)*)`", promise)


def is_there(test: str) -> bool:
    path, *parts = test.split("::")
    body: list[ast.stmt] = ast.parse((ROOT / path).read_text()).body
    for part in parts:
        found = next((item for item in body if getattr(item, "name", None) == part), None)
        if found is None:
            return False
        body = getattr(found, "body", [])
    return True


def test_there_are_eleven_promises() -> None:
    assert [promise.partition(".")[0] for promise in PROMISES] == [f"P{number}" for number in range(1, 12)]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda text: text.partition(".")[0])
def test_every_promise_names_tests_that_exist(promise: str) -> None:
    assert names(promise)
    assert [test for test in names(promise) if not is_there(test)] == []


def test_a_test_that_is_gone_is_noticed() -> None:
    assert not is_there("tests/house/test_reliability_page.py::test_no_more")
    assert is_there("tests/house/test_reliability_page.py::test_a_test_that_is_gone_is_noticed")
