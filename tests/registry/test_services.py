"""Strategies: which are on offer, and what a selection means."""

import pytest

import hyperparameter_tuning.registry.services as services
from hyperparameter_tuning.registry.base import TuningStrategyOption, normalize_aliases
from hyperparameter_tuning.registry.defaults import (
    BUILT_IN_STRATEGIES,
    DEFAULT_TUNING_STRATEGIES,
    SUPPORTED_IMPLS,
)
from hyperparameter_tuning.registry.services import (
    get_default_strategy_value,
    get_strategy_alias_map,
    get_strategy_choices_for_ui,
    get_strategy_impl,
    get_strategy_option,
    get_strategy_spec,
    get_supported_strategy_values,
    get_tuning_strategy_options,
    normalize_strategy_value,
    resolve_strategy_selection,
    strategy_specs,
)
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings

SPELLINGS = [(name, spec.value) for spec in BUILT_IN_STRATEGIES for name in (spec.value, *spec.aliases)]


class TestResolveStrategySelection:
    @pytest.mark.parametrize(("name", "value"), SPELLINGS)
    def test_names_and_aliases_resolve_whatever_their_case(self, name, value):
        assert resolve_strategy_selection(name) == (value, value)
        assert resolve_strategy_selection(f"  {name.upper()} ") == (value, value)
        assert resolve_strategy_selection(name.replace("_", "-")) == (value, value)

    @pytest.mark.parametrize("nothing", [None, "", "  "])
    def test_nothing_gives_the_default(self, nothing):
        assert resolve_strategy_selection(nothing) == ("random", "random")

    def test_an_unknown_name_is_never_taken_for_the_default(self):
        with pytest.raises(UnknownNameError) as caught:
            resolve_strategy_selection("bayes")
        assert caught.value.code == "unknown_strategy"
        assert caught.value.details["known"] == ["random", "grid", "halving", "halving_random", "optuna"]
        assert "random, grid, halving, halving_random, optuna" in caught.value.message

    def test_the_name_nearest_to_an_alias_is_its_strategy(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'optuna'"):
            resolve_strategy_selection("baysian")


class TestStrategySpecs:
    def test_settings_restrict_and_order_the_list(self):
        chosen = Settings(strategies=("bayesian", "grid", "optuna"))
        assert [spec.value for spec in strategy_specs(chosen)] == ["optuna", "grid"]
        assert get_strategy_spec(None, chosen).value == "optuna"
        with pytest.raises(UnknownNameError, match=r"Known: optuna, grid\."):
            get_strategy_spec("random", chosen)

    def test_settings_that_name_nothing_known_are_refused(self):
        with pytest.raises(UnknownNameError, match="evolution"):
            strategy_specs(Settings(strategies=("evolution",)))

    def test_every_plan_and_every_options_model_belongs_to_its_strategy(self):
        for spec in BUILT_IN_STRATEGIES:
            assert spec.options().model_dump()["name"] == spec.value
            assert spec.plan == f"hyperparameter_tuning.registry.plans:plan_{spec.value}"

    def test_a_restricted_process_answers_by_its_settings_everywhere(self, monkeypatch):
        monkeypatch.setattr(services, "get_settings", lambda: Settings(strategies=("grid", "random")))
        assert get_default_strategy_value() == "grid"
        assert get_supported_strategy_values() == ["grid", "random"]
        assert get_strategy_option("optuna") is None
        assert resolve_strategy_selection(None) == ("grid", "grid")


class TestLists:
    def test_options_carry_what_a_dropdown_shows(self):
        first = get_tuning_strategy_options()[0]
        assert first == TuningStrategyOption(
            value="random",
            label="Random search",
            description=BUILT_IN_STRATEGIES[0].description,
            impl="random",
            aliases=("random_search",),
        )
        assert get_strategy_choices_for_ui()[0] == {
            "value": "random",
            "label": "Random search",
            "description": first.description,
        }

    def test_the_alias_map_holds_every_spelling_in_lower_case(self):
        assert {name.casefold(): value for name, value in SPELLINGS} == {
            name: option.value for name, option in get_strategy_alias_map().items()
        }

    def test_lookups_agree(self):
        assert normalize_strategy_value("Bayesian") == "optuna"
        assert get_strategy_impl("halving_search") == "halving_random"
        option = get_strategy_option("grid_search")
        assert option is not None
        assert option.value == "grid"

    def test_the_plain_list_holds_the_same(self):
        assert [entry["value"] for entry in DEFAULT_TUNING_STRATEGIES] == get_supported_strategy_values()
        assert {entry["impl"] for entry in DEFAULT_TUNING_STRATEGIES} == SUPPORTED_IMPLS


class TestNormalizeAliases:
    def test_the_first_spelling_is_kept_and_the_empty_dropped(self):
        assert normalize_aliases([" Grid ", "grid", None, "", "b"]) == ("Grid", "b")
        assert normalize_aliases(None) == ()
