"""A strategy's plan may be foreign code: whatever it does, its author or its user gets a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.registry.plan_calls import call_plan
from hyperparameter_tuning.registry.search_context import Plan, SearchContext
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.space import IntDimension
from hyperparameter_tuning.shared.errors import UserError

CONTEXT = SearchContext((IntDimension("depth", 1, 3),), options=None)


def fails(_context: SearchContext) -> Plan:
    raise ZeroDivisionError("division\nby zero")


def answers_a_number(_context: SearchContext) -> Any:
    return 3


def refuses(_context: SearchContext) -> Plan:
    raise UserError("Take more rows.", code="too_few", pointer="/search_space")


def planned(plan: str) -> Plan:
    return call_plan(replace(get_strategy_spec("grid"), value="climb"), plan, CONTEXT)


class TestCallPlan:
    def test_asks_the_plan(self) -> None:
        assert planned("hyperparameter_tuning.registry.plans:plan_grid") == Plan(3)

    def test_its_own_refusal_stands(self) -> None:
        with pytest.raises(UserError, match="Take more rows") as caught:
            planned(f"{__name__}:refuses")
        assert (caught.value.code, caught.value.pointer) == ("too_few", "/search_space")

    @pytest.mark.parametrize(
        ("plan", "reason"),
        [
            (f"{__name__}:fails", "its plan failed with ZeroDivisionError: division by zero."),
            (f"{__name__}:answers_a_number", "its plan answers int instead of Plan."),
            ("no_such_module:plan", "'no_such_module:plan' cannot be loaded: ModuleNotFoundError"),
        ],
    )
    def test_a_plan_that_cannot_be_asked_makes_the_strategy_unavailable(self, plan: str, reason: str) -> None:
        with pytest.raises(UserError) as caught:
            planned(plan)
        assert caught.value.message.startswith(f"The strategy 'climb' cannot be used: {reason}")
        assert (caught.value.code, caught.value.pointer) == ("strategy_unavailable", "/strategy/name")
