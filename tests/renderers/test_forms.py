"""Unmodified react-jsonschema-form and JSON Forms fill in the panel as it was meant."""

import json
from typing import Any

import pytest

from tests.registry_documents.cases import graph, judged, regression
from tests.renderers.case import Case
from tests.renderers.cases import CASES

Answers = dict[str, dict[str, Any]]

# JSON Forms draws the buttons of a row inside the button that opens it; React says so while developing.
KNOWN_WORDS = {"jsonforms": ("cannot be a descendant of", "cannot contain a nested")}
JUDGED = [case for case in CASES if case.model is not None]
pytestmark = pytest.mark.timeout(1000)  # the first test installs the packages and waits for vitest


def asked(cases: list[Case]) -> list[Any]:
    """Each case with each of its renderers; the Material theme of most of them in the long form only."""
    return [
        pytest.param(renderer, case, marks=[pytest.mark.long] * (renderer == "rjsf_mui" and not case.themed))
        for case in cases
        for renderer in case.renderers
    ]


def named(item: Any) -> str:
    return item if isinstance(item, str) else item.name


def typed(document: Any) -> str:
    """Text that tells true from 1, and does not mind the order of keys; 1 and 1.0 are one JSON number."""
    return json.dumps(json.loads(json.dumps(document), parse_int=float), sort_keys=True)


@pytest.mark.parametrize(("renderer", "case"), asked(CASES), ids=named)
class TestForms:
    def test_submits_what_was_meant(self, answers: Answers, renderer: str, case: Case) -> None:
        answer = answers[renderer][case.name]
        assert answer["failure"] is None
        assert answer["submitted"] == case.expected
        assert typed(answer["submitted"]) == typed(case.expected)

    def test_ajv_takes_it(self, answers: Answers, renderer: str, case: Case) -> None:
        assert answers[renderer][case.name]["refused"] == []

    def test_says_nothing_on_the_console(self, answers: Answers, renderer: str, case: Case) -> None:
        known = KNOWN_WORDS.get(renderer, ())
        said = answers[renderer][case.name]["said"]
        assert [text for text in said if not any(words in text for words in known)] == []


@pytest.mark.parametrize(("renderer", "case"), asked(JUDGED), ids=named)
class TestSubmitted:
    def test_our_validator_takes_it(self, answers: Answers, renderer: str, case: Case) -> None:
        submitted = answers[renderer][case.name]["submitted"]
        plain = regression(case.model) if case.model == "ridge_regression" else graph(case.model)
        errors = [item for item in judged(submitted, plain).findings if item.severity == "error"]
        assert errors == []
