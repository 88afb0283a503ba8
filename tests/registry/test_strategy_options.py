"""Options are closed, finite, bounded, and mean what the libraries take."""

import inspect

import optuna
import pytest
from pydantic import ValidationError

from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.strategy_options import HalvingOptions, OptunaOptions


class TestOptions:
    @pytest.mark.parametrize("spec", BUILT_IN_STRATEGIES, ids=lambda spec: spec.value)
    def test_unknown_options_and_other_tags_are_refused(self, spec):
        with pytest.raises(ValidationError):
            spec.options.model_validate({"n_iter": 3})
        with pytest.raises(ValidationError):
            spec.options.model_validate({"name": "other"})

    @pytest.mark.parametrize("spec", BUILT_IN_STRATEGIES, ids=lambda spec: spec.value)
    def test_every_option_has_a_title_and_but_for_the_tag_a_description(self, spec):
        for name, field in spec.options.model_fields.items():
            assert field.title
            assert name == "name" or field.description

    @pytest.mark.parametrize(
        "bad", [{"factor": 1}, {"factor": 11}, {"min_rows": 0}, {"min_resources": "most"}, {"factor": 2.5}]
    )
    def test_halving_options_are_bounded(self, bad):
        with pytest.raises(ValidationError):
            HalvingOptions.model_validate(bad)

    @pytest.mark.parametrize(
        "bad",
        [
            {"percentile": 0},
            {"percentile": float("nan")},
            {"p_threshold": 1},
            {"sampler": "gp"},
            {"sigma0": 0},
        ],
    )
    def test_optuna_options_are_bounded(self, bad):
        with pytest.raises(ValidationError):
            OptunaOptions.model_validate(bad)

    def test_sampler_defaults_are_optunas_own_but_for_the_population(self):
        own = inspect.signature(optuna.samplers.TPESampler).parameters
        options = OptunaOptions()
        assert options.n_startup_trials == own["n_startup_trials"].default
        assert options.n_ei_candidates == own["n_ei_candidates"].default
        pruners = inspect.signature(optuna.pruners.MedianPruner).parameters
        assert options.pruner_startup_trials == pruners["n_startup_trials"].default
        assert (
            options.p_threshold
            == inspect.signature(optuna.pruners.WilcoxonPruner).parameters["p_threshold"].default
        )
