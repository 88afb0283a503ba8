"""Strategies of other packages: their options join the union, and their own checks speak with a pointer."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.config import config_model
from hyperparameter_tuning.registry.offer import Offer, built_in_offer
from hyperparameter_tuning.registry.published_config import published_config, strategy_defaults
from hyperparameter_tuning.registry.schema_findings import model_findings, schema_findings
from hyperparameter_tuning.registry.schema_subset import unsafe_keywords


class AnnealingOptions(BaseModel):
    """Options of an annealing search.

    Attributes:
        start: Temperature at the start,
            in any unit.
    """

    model_config = ConfigDict(extra="forbid")

    name: Literal["annealing"] = Field("annealing", title="Strategy")
    start: float = Field(10.0, gt=0, title="Start")
    end: float | None = Field(None, gt=0, title="End")

    @model_validator(mode="after")
    def _cools(self) -> "AnnealingOptions":
        if self.end is not None and self.end >= self.start:
            raise ValueError("The end must be below the start.")
        return self


@pytest.fixture(scope="module")
def offer() -> Offer:
    spec = StrategySpec("annealing", "Annealing", "Cools down.", AnnealingOptions, "outside:Proposer")
    known = built_in_offer()
    return Offer((*known.strategies, spec), known.models, known.metrics)


class TestOutsideStrategy:
    def test_adds_a_branch_in_the_safe_subset(self, offer: Offer) -> None:
        schema = published_config(offer).schema
        branch = schema["properties"]["strategy"]["oneOf"][-1]
        assert branch["title"] == "Annealing"
        assert branch["properties"]["end"]["type"] == ["number", "null"]
        assert branch["properties"]["start"]["description"] == "Temperature at the start, in any unit."
        assert list(unsafe_keywords(schema)) == []
        assert strategy_defaults(offer)["annealing"]["strategy"] == {
            "name": "annealing",
            "start": 10.0,
            "end": None,
        }

    def test_its_own_check_speaks_at_the_strategy(self, offer: Offer) -> None:
        document: dict[str, Any] = {"strategy": {"name": "annealing", "start": 1, "end": 2}}
        assert schema_findings(published_config(offer).schema, document) == []
        with pytest.raises(ValueError, match="below the start") as caught:
            config_model(offer.strategies).model_validate(document)
        (finding,) = model_findings(caught.value, document)  # type: ignore[arg-type]
        assert (finding.pointer, finding.code) == ("/strategy", "invalid_value")
        assert finding.message == "The end must be below the start."
