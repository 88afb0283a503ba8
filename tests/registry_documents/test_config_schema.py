"""The published configuration: in the subset that forms accept, titled, and with defaults that hold."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from hyperparameter_tuning.registry.config import TuningConfig, config_model
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.form_fields import HINT, FormDocument
from hyperparameter_tuning.registry.metrics import metric_specs
from hyperparameter_tuning.registry.models.catalog import model_specs
from hyperparameter_tuning.registry.offer import Offer, built_in_offer
from hyperparameter_tuning.registry.published_config import (
    default_config,
    published_config,
    strategy_defaults,
)
from hyperparameter_tuning.registry.safe_schema import hinted_schema
from hyperparameter_tuning.registry.schema_export import DIALECTS, export_schema, schema_names
from hyperparameter_tuning.registry.schema_findings import schema_findings
from hyperparameter_tuning.registry.schema_subset import unsafe_keywords

FORM = published_config(built_in_offer())
KINDS = [
    name
    for name in schema_names()
    if name
    not in ("graph", "patch", "event", "job", "report", "validation", "resolution", "estimate", "descriptor")
]


def parts(schema: Mapping[str, Any], pointer: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield pointer, schema
    for name, part in schema.get("properties", {}).items():
        yield from parts(part, f"{pointer}/{name}")
    for index, part in enumerate(schema.get("oneOf", ())):
        yield from parts(part, f"{pointer}[{index}]")
    if "items" in schema:
        yield from parts(schema["items"], f"{pointer}/*")


class TestSubset:
    @pytest.mark.parametrize("name", KINDS)
    def test_no_keyword_outside_the_subset(self, name: str) -> None:
        assert list(unsafe_keywords(export_schema(name))) == []

    def test_the_walk_sees_what_is_outside(self) -> None:
        schema = {
            "oneOf": [{"type": "object", "properties": {"a": {"anyOf": []}, "b": {"$ref": "#"}}}],
            "type": "object",
            "additionalProperties": {"type": "string"},
            "x-hint": 1,
        }
        found = {keyword for _, keyword in unsafe_keywords(schema)}
        assert found == {"anyOf", "$ref", "type", "additionalProperties", "x-hint"}

    @pytest.mark.parametrize("name", KINDS)
    def test_every_field_and_every_branch_has_a_title(self, name: str) -> None:
        untitled = [pointer for pointer, part in parts(export_schema(name)) if "title" not in part]
        assert [pointer for pointer in untitled if not pointer.endswith("*")] == []

    @pytest.mark.parametrize("name", KINDS)
    def test_defaults_stand_on_leaves_and_fit_their_type(self, name: str) -> None:
        for pointer, part in parts(export_schema(name)):
            if "default" not in part:
                continue
            assert not isinstance(part["default"], dict), pointer
            jsonschema.validate(part["default"], dict(part))

    @pytest.mark.parametrize("name", KINDS)
    def test_the_tag_of_each_branch_is_constant_default_first_and_required(self, name: str) -> None:
        for pointer, part in parts(export_schema(name)):
            for branch in part.get("oneOf", ()):
                if "properties" not in branch:
                    continue  # a union of scalars
                tag, value = next(iter(branch["properties"].items()))
                assert value["const"] == value["default"], pointer
                assert value["readOnly"] is True, pointer
                assert tag in branch["required"], pointer
                assert branch["additionalProperties"] is False, pointer

    def test_a_value_of_any_type_is_a_titled_choice_of_types_without_defaults(self) -> None:
        properties = FORM.schema["properties"]
        choices = properties["search_space"]["items"]["oneOf"][2]["properties"]["choices"]
        for value in (choices["items"], properties["fixed_params"]["items"]["properties"]["value"]):
            types = {branch["title"]: branch["type"] for branch in value["oneOf"]}
            assert types == {"Text": ["string"], "Number": "number", "Yes or no": "boolean", "None": ["null"]}
            assert "default" not in value
            assert not any("default" in branch for branch in value["oneOf"])

    @pytest.mark.parametrize("given", [[], {}, [1]])
    def test_what_is_no_scalar_gets_one_sentence(self, given: Any) -> None:
        row = {"kind": "categorical", "name": "max_depth", "choices": [given]}
        (finding,) = schema_findings(FORM.schema, {"search_space": [row]})
        assert finding.pointer == "/search_space/0/choices/0"
        assert finding.code == "wrong_type"
        assert "must be a text or a number or true or false or empty, not" in finding.message

    def test_only_the_branch_of_a_scalars_own_type_speaks(self) -> None:
        row = {"kind": "categorical", "name": "max_depth", "choices": ["x" * 257, 1, True, None]}
        (finding,) = schema_findings(FORM.schema, {"search_space": [row]})
        assert (finding.pointer, finding.code) == ("/search_space/0/choices/0", "too_long")

    def test_a_model_that_cannot_be_said_is_refused_by_name(self) -> None:
        class FreeMap(FormDocument):
            values: dict[str, int]

        with pytest.raises(
            ValueError, match=r"FreeMap cannot be published: 'additionalProperties' at '/properties"
        ):
            hinted_schema(FreeMap)


class TestCompiling:
    @pytest.mark.parametrize("name", schema_names())
    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_every_schema_compiles_in_both_dialects(self, name: str, dialect: str) -> None:
        schema = export_schema(name, dialect)  # type: ignore[arg-type]
        validator = jsonschema.validators.validator_for(schema)
        assert validator.META_SCHEMA["$schema" if dialect == "draft-07" else "$id"].rstrip("#") == DIALECTS[
            dialect
        ].rstrip("#")
        validator.check_schema(schema)


class TestOrder:
    def test_fields_stand_in_the_order_of_the_form(self) -> None:
        assert list(FORM.schema["properties"]) == [
            "model",
            "target",
            "problem_type",
            "strategy",
            "search_space",
            "fixed_params",
            "objective",
            "cross_validation",
            "budget",
            "execution",
            "selection",
            "write_back",
        ]

    def test_there_is_one_branch_per_strategy_and_the_default_is_the_first(self) -> None:
        branches = FORM.schema["properties"]["strategy"]["oneOf"]
        assert [branch["properties"]["name"]["const"] for branch in branches] == [
            spec.value for spec in BUILT_IN_STRATEGIES
        ]
        assert [branch["title"] for branch in branches] == [spec.label for spec in BUILT_IN_STRATEGIES]

    def test_a_single_strategy_keeps_the_shape_of_a_union(self) -> None:
        offer = built_in_offer()
        one = published_config(Offer(offer.strategies[1:2], offer.models, offer.metrics))
        (branch,) = one.schema["properties"]["strategy"]["oneOf"]
        assert branch["properties"]["name"]["const"] == "grid"
        assert branch["required"] == ["name"]
        assert default_config(Offer(offer.strategies[1:2], offer.models, offer.metrics))["strategy"] == {
            "name": "grid",
            "racing": False,
        }

    def test_models_and_metrics_are_lists_to_choose_from(self) -> None:
        properties = FORM.schema["properties"]
        assert properties["model"]["enum"] == [*model_specs(), None]
        assert properties["objective"]["properties"]["metric"]["enum"] == ["auto", *metric_specs()]
        assert properties["objective"]["properties"]["additional_metrics"]["items"]["enum"] == [
            *metric_specs()
        ]


class TestUiSchema:
    def test_branches_are_aligned_and_their_tags_hidden(self) -> None:
        for name in ("strategy", "cross_validation"):
            schema, ui = FORM.schema["properties"][name], FORM.rjsf[name]
            assert len(schema["oneOf"]) == len(ui["oneOf"])
            for branch, branch_ui in zip(schema["oneOf"], ui["oneOf"], strict=True):
                tag = next(iter(branch["properties"]))
                assert branch_ui[tag] == {"ui:widget": "hidden"}
                assert branch_ui["ui:order"] == [*branch["properties"], "*"]

    def test_labels_are_as_many_as_values(self) -> None:
        def check(schema: Mapping[str, Any], ui: Mapping[str, Any]) -> int:
            found = 0
            if "ui:enumNames" in ui:
                values = schema["enum"] if "enum" in schema else schema["items"]["enum"]
                assert len(ui["ui:enumNames"]) == len(values)
                found += 1
            for name, part in schema.get("properties", {}).items():
                found += check(part, ui.get(name, {}))
            for index, branch in enumerate(schema.get("oneOf", ())):
                found += check(branch, ui["oneOf"][index])
            return found + (check(schema["items"], ui.get("items", {})) if "items" in schema else 0)

        assert check(FORM.schema, FORM.rjsf) >= 10

    def test_every_order_ends_open(self) -> None:
        def orders(ui: Any) -> Iterator[list[str]]:
            if isinstance(ui, dict):
                if "ui:order" in ui:
                    yield ui["ui:order"]
                for part in ui.values():
                    yield from orders(part)
            elif isinstance(ui, list):
                for part in ui:
                    yield from orders(part)

        found = list(orders(FORM.rjsf))
        assert len(found) > 10
        assert all(order[-1] == "*" for order in found)

    def test_json_forms_has_one_control_per_field_with_a_scope_that_exists(self) -> None:
        def scopes(element: Mapping[str, Any]) -> Iterator[str]:
            if element["type"] == "Control":
                yield element["scope"]
            for part in element.get("elements", ()):
                yield from scopes(part)

        found = list(scopes(FORM.jsonforms))
        assert len(found) == len(set(found)) > 15
        for scope in found:
            part: Any = FORM.schema
            for step in scope.split("/")[1:]:
                part = part[step]
            assert "title" in part

    def test_hints_are_not_published(self) -> None:
        assert HINT not in str(FORM.schema)
        assert HINT not in str(FORM.rjsf)


class TestDefaults:
    @pytest.mark.parametrize("strategy", [spec.value for spec in BUILT_IN_STRATEGIES])
    def test_the_defaults_of_each_strategy_are_complete_and_valid(self, strategy: str) -> None:
        document = strategy_defaults(built_in_offer())[strategy]
        jsonschema.validate(document, FORM.schema)
        config = TuningConfig.model_validate(document)
        assert config.model_dump(mode="json") == document
        assert document["strategy"]["name"] == strategy
        assert set(document) == set(FORM.schema["properties"])

    def test_the_number_of_candidates_is_the_strategys(self) -> None:
        defaults = strategy_defaults(built_in_offer())
        limits = {name: document["budget"]["max_trials"] for name, document in defaults.items()}
        assert limits == {"random": 30, "grid": None, "halving": None, "halving_random": None, "optuna": 30}

    def test_a_fresh_node_is_as_promised(self) -> None:
        document = default_config(built_in_offer())
        assert document["strategy"] == {"name": "random", "free_prefixes": False, "racing": False}
        assert document["budget"]["max_trials"] == 30
        assert document["budget"]["max_seconds"] == 600
        assert document["cross_validation"] == {
            "kind": "k_fold",
            "folds": 5,
            "shuffle": True,
            "stratify": "auto",
            "repeats": 1,
        }
        assert document["execution"]["seed"] == 42
        assert document["objective"]["metric"] == "auto"
        assert document["write_back"]["mode"] == "propose"
        assert document == TuningConfig().model_dump(mode="json")

    def test_a_configuration_of_fewer_strategies_is_still_the_configuration(self) -> None:
        model = config_model(BUILT_IN_STRATEGIES[:2])
        assert issubclass(model, TuningConfig)
        with pytest.raises(ValueError, match="optuna"):
            model.model_validate({"strategy": {"name": "optuna"}})
