"""Node kinds: every default fits its schema, and schemas keep to what form renderers accept."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from hyperparameter_tuning.registry.descriptor import node_descriptor
from hyperparameter_tuning.registry.models.catalog import model_specs
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, node_kinds
from hyperparameter_tuning.registry.published_config import without_hints
from hyperparameter_tuning.registry.typed_params import default_params, number_types_of
from hyperparameter_tuning.shared.node_kinds import types_match

KINDS = {key: kind for key, kind in node_kinds().items() if key != TUNING_KIND}
SAFE_KEYWORDS = {
    "type",
    "title",
    "description",
    "default",
    "const",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "oneOf",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "readOnly",
}


def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(dict(KINDS[kind].config_schema))


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """*schema* and every schema inside it."""
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from schemas(inner)
    for inner in schema.get("oneOf", ()):
        yield from schemas(inner)
    if "items" in schema:
        yield from schemas(schema["items"])


def branches(kind: str) -> list[dict[str, Any]]:
    return list(KINDS[kind].config_schema.get("oneOf", [KINDS[kind].config_schema]))


def filled(schema: dict[str, Any]) -> dict[str, Any]:
    """The configuration that a form makes of a branch nobody touched."""
    config = {name: inner["default"] for name, inner in schema["properties"].items() if "default" in inner}
    required = {"path": "rows.csv", "connection": "examples", "table": "wine"}
    return config | {name: required[name] for name in schema.get("required", ()) if name not in config}


def paired(schema: Any, ui: Any) -> Iterator[tuple[Any, Any]]:
    """Walk a schema and what forms are told of it side by side."""
    yield schema, ui
    for index, branch in enumerate(schema.get("oneOf", [])):
        yield from paired(branch, ui.get("oneOf", [])[index])
    for name, part in schema.get("properties", {}).items():
        yield from paired(part, ui.get(name, {}))


@pytest.mark.parametrize("kind", KINDS)
class TestConfigSchemas:
    def test_the_default_fits(self, kind):
        validator(kind).validate(dict(KINDS[kind].default_config))

    def test_every_branch_filled_with_its_defaults_fits(self, kind):
        for schema in branches(kind):
            validator(kind).validate(filled(schema))

    def test_only_keywords_that_renderers_accept(self, kind):
        for schema in schemas(without_hints(KINDS[kind].config_schema)):
            assert set(schema) <= SAFE_KEYWORDS
            assert not ("oneOf" in schema and "type" in schema)
            assert schema.get("type") != "object" or schema["additionalProperties"] is False

    def test_what_forms_are_told_is_published_beside_the_schema(self, kind):
        published = node_descriptor(kind)
        assert published["config_schema"] == without_hints(KINDS[kind].config_schema)
        for schema, ui in paired(published["config_schema"], published["ui_schema"]["rjsf"]):
            labels = ui.get("ui:enumNames", schema.get("enum", []))
            assert len(labels) == len(schema.get("enum", []))

    def test_tags_are_required_and_have_their_default_and_are_not_edited(self, kind):
        for schema in schemas(KINDS[kind].config_schema):
            for name, inner in schema.get("properties", {}).items():
                if "const" in inner:
                    assert inner["default"] == inner["const"]
                    assert name in schema["required"]
                    assert inner["readOnly"]

    def test_every_leaf_has_a_title_and_a_default_that_fits(self, kind):
        for schema in branches(kind):
            for name, inner in schema["properties"].items():
                assert inner["title"]
                if "default" in inner:
                    jsonschema.Draft202012Validator(inner).validate(inner["default"])
                elif inner["type"] != "object":
                    assert name in schema["required"]

    def test_unknown_keys_are_refused(self, kind):
        for schema in branches(kind):
            assert not validator(kind).is_valid(filled(schema) | {"colour": "red"})

    def test_schemas_are_sound_in_both_drafts(self, kind):
        for draft in (jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
            draft.check_schema(dict(KINDS[kind].config_schema))


class TestModelKind:
    @pytest.mark.parametrize("spec", model_specs().values(), ids=lambda spec: spec.key)
    def test_a_models_default_parameters_fit(self, spec):
        params = default_params(spec, seed=1)
        config = {"model": spec.key, "params": params, "number_types": number_types_of(spec, params)}
        validator("model").validate(config)

    @pytest.mark.parametrize(
        "params",
        [{"max_dept": 3}, {"max_depth": 0}, {"bootstrap": 1}, {"criterion": "x"}, {"max_features": 2.0}],
    )
    def test_wrong_parameters_are_refused_but_for_those_only_values_can_tell(self, params):
        config = {"model": "random_forest_classifier", "params": params, "number_types": {}}
        assert validator("model").is_valid(config) is (params == {"max_features": 2.0})

    def test_an_untouched_seed_stays_the_seed_of_the_search(self):
        for schema in branches("model"):
            assert "default" not in schema["properties"]["params"]["properties"].get("random_state", {})

    def test_parameters_are_written_where_the_kind_says(self):
        kind = node_kinds()["model"]
        assert kind.path_of("max_depth") == "/config/params/max_depth"
        assert kind.model_key == "/config/model"


class TestPorts:
    def test_the_tuning_node_sits_between_data_and_model(self):
        kinds = node_kinds()
        tuning, model = kinds[TUNING_KIND], kinds["model"]
        assert [(port.id, port.type, port.required) for port in tuning.inputs] == [
            ("dataset", "table", True),
            ("validation", "table", False),
        ]
        assert [(port.id, port.type) for port in tuning.outputs] == [
            ("best_params", "params"),
            ("tuned_model", "model.trained"),
            ("trials", "table"),
            ("report", "report"),
        ]
        assert types_match(tuning.outputs[0].type, model.inputs[1].type)
        assert not types_match(tuning.outputs[0].type, model.inputs[0].type)

    def test_every_transformer_takes_a_table_and_gives_one(self):
        found = [kind for kind in node_kinds().values() if kind.fold_policy == "transformer"]
        assert {kind.type for kind in found} == {"impute", "scale", "encode", "select_features", "reduce"}
        for kind in found:
            assert [port.id for port in (*kind.inputs, *kind.outputs)] == ["dataset", "dataset"]
            assert kind.builder == f"hyperparameter_tuning.shared.preparation_steps:{kind.type}"

    def test_outputs_feed_any_number_of_nodes_and_inputs_take_one(self):
        for kind in node_kinds().values():
            assert all(port.max_connections is None for port in kind.outputs)
            assert all(port.max_connections == 1 for port in kind.inputs)

    def test_a_split_names_its_parts(self):
        assert [port.id for port in node_kinds()["split"].outputs] == ["train", "validation", "test"]


class TestLabels:
    def test_a_choice_is_called_by_words(self):
        form = node_descriptor("impute")["ui_schema"]["rjsf"]
        assert form["numeric"]["ui:enumNames"] == ["Median", "Mean", "Most frequent value", "A constant"]

    def test_what_numbers_of_a_forest_mean_is_asked_by_words(self):
        branch = node_descriptor("model")["ui_schema"]["rjsf"]["oneOf"][0]
        assert branch["number_types"]["max_features"]["ui:enumNames"] == ["Count", "Share"]
